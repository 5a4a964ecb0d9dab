"""What goes into the server and what comes out of it, free of any web framework."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error, OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload

__all__ = ["Answer", "InvalidRequestError", "OAuth2Error", "OAuthRequest", "Parameters"]

KNOWN = frozenset({
    "client_assertion", "client_assertion_type", "client_id", "client_secret", "code",
    "code_challenge", "code_challenge_method", "code_verifier", "grant_type", "id_token_hint",
    "max_age", "nonce", "post_logout_redirect_uri", "prompt", "redirect_uri", "refresh_token",
    "registration", "request", "request_uri", "response_mode", "response_type", "scope", "state",
    "token", "token_type_hint",
})  # fmt: skip
"""Parameters that the server reads; others are ignored, as the protocol asks."""
MOST_LETTERS = 8000
_VISIBLE = re.compile(r"[ -~]*")
_QUOTABLE = re.compile(r"[ !#-\[\]-~]*")
_FREE = frozenset({"nonce", "state"})
"""What an application makes up for itself and nobody quotes in an error."""

Parameters = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server says: a status, a JSON object (or nothing), and headers."""

    status: int
    body: Mapping[str, Any] | None = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


class OAuthRequest(OAuth2Request):  # type: ignore[misc]
    """The parameters of a request, each known one once and readable.

    `uri` is the public address of the endpoint. Raises InvalidRequestError.
    """

    def __init__(
        self, method: str, uri: str, headers: Mapping[str, str], parameters: Parameters
    ) -> None:
        super().__init__(method, uri, headers=headers)
        self.parameters = _read(parameters)
        self.payload = BasicOAuth2Payload(self.parameters)

    @property
    def form(self) -> dict[str, str]:
        """The parameters: where they came from the route has seen to."""
        return self.parameters


def _read(parameters: Parameters) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in parameters:
        if name not in KNOWN or not value:
            continue
        if name in found:
            raise InvalidRequestError(f"The parameter {name} stands there twice.")
        allowed = _VISIBLE if name in _FREE else _QUOTABLE
        if len(value) > MOST_LETTERS or not allowed.fullmatch(value):
            raise InvalidRequestError(f"The parameter {name} cannot be read.")
        found[name] = value
    return found
