"""Forms that only the hub's own pages can send.

Each form carries a token that belongs to the browser's session, or before sign-in to a cookie of
its own; and what the browser says of where the form came from must agree.
"""

from hmac import compare_digest, new
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from referral_hub.gateways.tokens import new_token
from referral_hub.rules.errors import FormExpired
from referral_hub.web.cookies import FORM_COOKIE, cookie, set_cookie
from referral_hub.web.hub import hub, session_token

FIELD = "form_token"
_EXPIRED = "This form is no longer valid. Go back, load the page again, and send it once more."


def form_token() -> str:
    """The token that a form of this answer carries: such an answer is for this browser alone."""
    g.has_form_token = True
    return _token(session_token() or _form_secret())


def holds_form() -> bool:
    """Whether this answer carries a form, or a secret for one."""
    return "has_form_token" in g or "new_form_secret" in g


def require_own_form() -> None:
    """Raise FormExpired unless the form came from a page of the hub in this browser."""
    secret = session_token() or cookie(FORM_COOKIE)
    sent = request.form.get(FIELD) or request.headers.get("X-Form-Token", "")
    if not secret or not compare_digest(_token(secret).encode(), sent.encode()):
        raise FormExpired(_EXPIRED)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise FormExpired(_EXPIRED)
    origin = request.headers.get("Origin")
    if origin is not None and not _is_own(origin):
        raise FormExpired(_EXPIRED)


def browser_secret() -> str:
    """What only this browser knows before anybody has signed in: binds a sign-in to it."""
    return _form_secret()


def register_form_tokens(app: Flask) -> None:
    """Give templates `form_token()`, and browsers the cookie behind it."""
    app.add_template_global(form_token)

    @app.after_request
    def keep(response: Response) -> Response:
        secret = g.get("new_form_secret")
        if secret:
            set_cookie(response, FORM_COOKIE, secret)
        return response


def _form_secret() -> str:
    known = cookie(FORM_COOKIE) or g.get("new_form_secret")
    if not known:
        known = g.new_form_secret = new_token()
    return str(known)


def _token(secret: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return new(key, f"form:{secret}".encode(), "sha256").hexdigest()


def _is_own(origin: str) -> bool:
    """Whether an origin is that of the hub: as it is published, or as this request came."""
    public = urlsplit(hub().settings.public_url)
    return origin in (f"{public.scheme}://{public.netloc}", f"{request.scheme}://{request.host}")
