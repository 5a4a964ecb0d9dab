"""Whether a token counts now, for the application to which it was given (RFC 7662)."""

from typing import Any

from authlib.oauth2.rfc7662 import IntrospectionEndpoint

from referral_hub.auth.clients import Client
from referral_hub.auth.messages import OAuthRequest
from referral_hub.auth.tokens import LiveToken, find_token, live
from referral_hub.rules.applications import ClientAuthentication, TokenKind


class Introspection(IntrospectionEndpoint):  # type: ignore[misc]
    """Answers `active: false` for whatever does not count, and for tokens of others."""

    CLIENT_AUTH_METHODS = (
        ClientAuthentication.PRIVATE_KEY_JWT,
        ClientAuthentication.CLIENT_SECRET_BASIC,
    )

    def query_token(self, token_string: str, token_type_hint: str | None) -> LiveToken | None:
        """The token, if it counts."""
        row = find_token(self.server.session, token_string)
        return live(self.server.session, row, self.server.now) if row is not None else None

    def check_permission(self, token: LiveToken, client: Client, request: OAuthRequest) -> bool:
        """Whether the application asks about a token of its own."""
        return token.row.application_id == client.id

    def create_introspection_payload(self, token: LiveToken | None) -> dict[str, Any]:
        """What the application may know of the token."""
        if token is None:
            return {"active": False}
        row, acting = token.row, token.acting
        payload: dict[str, Any] = {
            "active": True,
            "scope": " ".join(row.scopes),
            "client_id": acting.client_id,
            "iss": self.server.provider.issuer,
            "sub": str(acting.person.person_id) if acting.person else acting.client_id,
            "exp": int(row.expires_at.timestamp()),
            "iat": int(row.issued_at.timestamp()),
            "agency_id": str(acting.agency_id),
        }
        if row.kind == TokenKind.ACCESS:
            payload["token_type"] = "Bearer"  # noqa: S105 a kind of token
        return payload
