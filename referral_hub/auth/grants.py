"""The three ways to a token: a person's consent, its renewal, and an application by itself."""

from typing import Any
from uuid import uuid4

from authlib.oauth2.rfc6749 import (
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    UnauthorizedClientError,
    grants,
)

from referral_hub.auth.clients import Client, person_for_audit
from referral_hub.auth.messages import OAuthRequest
from referral_hub.auth.token_sources import Code, Consent, Refresh
from referral_hub.auth.tokens import (
    Reused,
    find_code,
    find_token,
    goes_on,
    person_of,
    redeem,
)
from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import ApplicationGrant, AuthorizationCode
from referral_hub.rules.actor import Person
from referral_hub.rules.applications import CODE_LENGTH, ClientAuthentication, TokenKind
from referral_hub.rules.scopes import OF_PEOPLE
from referral_hub.use_cases.steps.audit import add_audit


class AuthorizationCodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]
    """A code by way of the person's browser. Its proof key is in `auth.pkce`."""

    TOKEN_ENDPOINT_AUTH_METHODS = tuple(ClientAuthentication)

    @staticmethod
    def validate_authorization_redirect_uri(request: OAuthRequest, client: Client) -> str:
        """The address to go back to, which has to be a registered one."""
        uri: str | None = request.payload.redirect_uri
        if uri is None or not client.check_redirect_uri(uri):
            raise InvalidRequestError("The redirect_uri is not one of this application.")
        return uri

    def generate_authorization_code(self) -> str:
        """A new code."""
        return new_token()

    def save_authorization_code(self, code: str, request: OAuthRequest) -> None:
        """Put the code into the transaction."""
        consent: Consent = request.user
        now = self.server.now
        self.server.session.add(
            AuthorizationCode(
                code_hash=token_hash(code),
                family=uuid4(),
                application_id=request.client.id,
                grant_id=consent.grant_id,
                session_id=consent.session_id,
                redirect_uri=request.payload.redirect_uri,
                scopes=request.scope.split(),
                nonce=request.parameters.get("nonce"),
                challenge=request.parameters["code_challenge"],
                issued_at=now,
                expires_at=now + CODE_LENGTH,
            )
        )
        grant = self.server.session.get_one(ApplicationGrant, consent.grant_id)
        add_audit(
            self.server.session, person_for_audit(grant), "code:issue", grant,
            agency_id=request.client.agency_id, detail=request.scope, now=now,
        )  # fmt: skip
        self.server.session.flush()

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        """The code, if it is this application's; it may be used up or too old."""
        row = find_code(self.server.session, code)
        return Code(row) if row is not None and row.application_id == client.id else None

    def create_token_response(self) -> Any:
        """Use up the code, then issue tokens."""
        row = self.request.authorization_code.row
        redeem(self.server.session, row, self.server.now)
        if not goes_on(self.server.session, row, self.server.now):
            raise InvalidGrantError("The person has signed out.")
        return super().create_token_response()

    def authenticate_user(self, authorization_code: Code) -> Person | None:
        """Who agreed, if that counts."""
        return person_of(self.server.session, authorization_code.row, self.server.now)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """Codes stay, used up, so that a second use is seen."""


class RefreshTokenGrant(grants.RefreshTokenGrant):  # type: ignore[misc]
    """A new pair of tokens for a refresh token, which is used up by that."""

    TOKEN_ENDPOINT_AUTH_METHODS = tuple(ClientAuthentication)
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Refresh | None:
        """The token, if it counts. Raises Reused for one that was redeemed before."""
        client: Client = self.request.client
        row = find_token(self.server.session, refresh_token, TokenKind.REFRESH)
        if row is None or row.application_id != client.id:
            return None
        if row.used_at is not None:
            raise Reused(row)
        counts = row.revoked_at is None and row.expires_at > self.server.now
        if not counts or not goes_on(self.server.session, row, self.server.now):
            return None
        return Refresh(row)

    def create_token_response(self) -> Any:
        """Use up the refresh token, then issue new ones."""
        redeem(self.server.session, self.request.refresh_token.row, self.server.now)
        return super().create_token_response()

    def authenticate_user(self, refresh_token: Refresh) -> Person:
        """Who agreed. Raises InvalidGrantError when that counts no more."""
        person = person_of(self.server.session, refresh_token.row, self.server.now)
        if person is None:
            raise InvalidGrantError("The person has withdrawn this, has left, or must sign in.")
        return person

    def revoke_old_credential(self, refresh_token: Refresh) -> None:
        """It is used up already."""


class ClientCredentialsGrant(grants.ClientCredentialsGrant):  # type: ignore[misc]
    """An application by itself, for the agency that owns it."""

    TOKEN_ENDPOINT_AUTH_METHODS = (
        ClientAuthentication.PRIVATE_KEY_JWT,
        ClientAuthentication.CLIENT_SECRET_BASIC,
    )

    def validate_token_request(self) -> None:
        """Refuse what needs a person, and what was not registered."""
        if self.request.auth_method not in self.TOKEN_ENDPOINT_AUTH_METHODS:
            raise UnauthorizedClientError("An application without a secret cannot act by itself.")
        super().validate_token_request()
        client: Client = self.request.client
        asked = self.request.payload.scope or " ".join(sorted(client.scopes - OF_PEOPLE))
        if client.get_allowed_scope(asked) is None:
            raise InvalidScopeError("A scope is not one that the application was registered for.")
        if OF_PEOPLE & set(asked.split()):
            raise InvalidScopeError("Some of these scopes need a person.")
        self.request.parameters["scope"] = asked
