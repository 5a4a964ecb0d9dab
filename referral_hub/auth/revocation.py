"""Ending a token, by the application to which it was given (RFC 7009)."""

from authlib.oauth2.rfc7009 import RevocationEndpoint

from referral_hub.auth.clients import Client
from referral_hub.auth.messages import OAuthRequest
from referral_hub.auth.tokens import find_token
from referral_hub.models import ApplicationGrant, Token
from referral_hub.rules.applications import ClientAuthentication, TokenKind
from referral_hub.use_cases.steps.access import end_tokens
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction


class Revocation(RevocationEndpoint):  # type: ignore[misc]
    """With a refresh token its whole family ends, with an access token only that."""

    CLIENT_AUTH_METHODS = tuple(ClientAuthentication)

    def authenticate_token(self, request: OAuthRequest, client: Client) -> Token | None:
        """The token; what does not exist or is another's is answered like what is revoked."""
        self.check_params(request, client)
        row = find_token(self.server.session, request.parameters["token"])
        return row if row is not None and row.application_id == client.id else None

    def revoke_token(self, token: Token, request: OAuthRequest) -> None:
        """End it."""
        session, now = self.server.session, self.server.now
        client: Client = request.client
        with transaction(session):
            if token.kind == TokenKind.REFRESH:
                family = token.family
                end_tokens(session, lambda given: given.family == family, now=now)
            else:
                access = token.id
                end_tokens(session, lambda given: given.id == access, now=now)
            grant = session.get(ApplicationGrant, token.grant_id) if token.grant_id else None
            add_audit(
                session, client.acting(grant), "token:revoke", token,
                agency_id=client.agency_id, now=now,
            )  # fmt: skip
