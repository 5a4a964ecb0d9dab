"""Between the web framework and the authorization server, which knows nothing of it."""

from flask import Response, jsonify, make_response, redirect, request

from referral_hub.auth.messages import Answer, OAuthRequest, Parameters
from referral_hub.auth.provider import Provider
from referral_hub.auth.server import Server
from referral_hub.web.hub import hub, now, session, vault


def provider() -> Provider:
    """The hub as an OpenID provider. Its name is the address that people use."""
    return Provider(hub().settings.public_url.rstrip("/"), vault(), hub().remote_keys)


def server() -> Server:
    """The authorization server for this request."""
    return Server(session(), provider(), now())


def oauth_request(path: str, parameters: Parameters) -> OAuthRequest:
    """This request, with the parameters that count. Raises InvalidRequestError of Authlib."""
    return OAuthRequest(request.method, provider().address(path), dict(request.headers), parameters)


def to_response(answer: Answer) -> Response:
    """An answer of the server, as JSON or as a way back; never kept by a cache."""
    where = answer.headers.get("Location")
    if where is not None:
        response = make_response(redirect(where, 303 if request.method == "POST" else 302))
    else:
        response = jsonify(answer.body or {})
        response.status_code = answer.status
        response.headers.update(answer.headers)
    response.headers["Pragma"] = "no-cache"
    return response
