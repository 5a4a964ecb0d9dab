"""The authorization server: one for each request, made of what the request needs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import (
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    OAuth2Error,
    UnsupportedResponseTypeError,
)
from sqlalchemy.orm import Session

from referral_hub.auth.client_authentication import authenticate, note_refused
from referral_hub.auth.clients import Client, find_client
from referral_hub.auth.grants import (
    AuthorizationCodeGrant,
    ClientCredentialsGrant,
    RefreshTokenGrant,
)
from referral_hub.auth.id_token import IdTokens
from referral_hub.auth.introspection import Introspection
from referral_hub.auth.issuing import new_tokens, save_tokens
from referral_hub.auth.messages import Answer, OAuthRequest
from referral_hub.auth.pkce import ProofKey
from referral_hub.auth.provider import Provider
from referral_hub.auth.revocation import Revocation
from referral_hub.auth.signing_keys import ensure_signing_keys
from referral_hub.auth.token_sources import Consent
from referral_hub.auth.tokens import Reused, end_family
from referral_hub.rules.actor import System
from referral_hub.rules.applications import ClientAuthentication
from referral_hub.rules.scopes import Scope
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.steps.sign_in_tries import address_index
from referral_hub.use_cases.transaction import transaction

TOKEN_RATE = Rate("oauth:token", 300, timedelta(minutes=1))
ADDRESS_RATE = Rate("oauth:address", 3000, timedelta(minutes=1))
"""Requests from one address, whoever they say they are: many programs may share it."""
ABOUT_RATE = Rate("oauth:about", 1200, timedelta(minutes=1))
"""Requests of one application; of a public one also by address, since anybody knows its name."""

SIGNER = System("signer")


class Server(AuthorizationServer):  # type: ignore[misc]
    """Authlib's server on the hub's tables, with all rules of the hub."""

    def __init__(self, session: Session, provider: Provider, now: datetime) -> None:
        super().__init__(scopes_supported=list(Scope))
        self.session = session
        self.provider = provider
        self.now = now
        self.register_grant(AuthorizationCodeGrant, [ProofKey(), IdTokens()])
        self.register_grant(RefreshTokenGrant)
        self.register_grant(ClientCredentialsGrant)
        self.register_endpoint(Introspection)
        self.register_endpoint(Revocation)

    def answer_token_request(self, request: OAuthRequest, address: str) -> Answer:
        """Trade a code, a refresh token or an application's proof for tokens: one commit.

        Raises TooManyTries.
        """
        try:
            client = self._authenticated(request, address, TOKEN_RATE, ClientAuthentication)
        except OAuth2Error as error:
            return self.answer_error(error)
        ensure_signing_keys(self.session, SIGNER, self.provider.vault, now=self.now)
        try:
            with transaction(self.session):
                if not request.payload.grant_type:
                    raise InvalidRequestError("The parameter grant_type is missing.")
                grant = self.get_token_grant(request)
                grant.validate_token_request()
                return self.handle_response(*grant.create_token_response())
        except Reused as reused:
            end_family(self.session, reused, client, self.now)
            return self.answer_error(InvalidGrantError("This was used before."))
        except OAuth2Error as error:
            return self.answer_error(error)

    def answer_introspection(self, request: OAuthRequest, address: str) -> Answer:
        """Whether a token counts. Raises TooManyTries."""
        return self._about_token(Introspection, request, address)

    def answer_revocation(self, request: OAuthRequest, address: str) -> Answer:
        """End a token. Raises TooManyTries."""
        return self._about_token(Revocation, request, address)

    def answer_authorization(self, request: OAuthRequest, grant: Any, consent: Consent) -> Answer:
        """Send a person back with a code."""
        with transaction(self.session):
            answer: Answer = self.create_authorization_response(request, consent, grant)
        return answer

    def answer_error(self, error: OAuth2Error) -> Answer:
        """An error as the protocol words it; one that knows where to goes back there."""
        return self.handle_response(*error(None))

    # What Authlib asks of its server.

    def create_oauth2_request(self, request: OAuthRequest) -> OAuthRequest:
        """Requests come in as they should be already."""
        return request

    def query_client(self, client_id: str) -> Client | None:
        """The application with a public name, if it counts."""
        return find_client(self.session, client_id)

    def authenticate_client(
        self, request: OAuthRequest, methods: Iterable[str], endpoint: str = "token"
    ) -> Client:
        """The application, which has proved before who it is, if it may do so like that here."""
        if request.auth_method not in methods:
            raise InvalidClientError("This needs a key or a secret.", status_code=401)
        client: Client = request.client
        return client

    def validate_requested_scope(self, scope: str | None) -> None:
        """Refuse scopes that do not exist, instead of dropping them."""
        unknown = sorted(set((scope or "").split()) - set(Scope))
        if unknown:
            raise InvalidScopeError(f"There is no scope {', '.join(unknown)[:200]}.")

    def get_authorization_grant(self, request: OAuthRequest) -> Any:
        """The grant for a response type: there is one."""
        response_type = request.payload.response_type
        if response_type == "code":
            return super().get_authorization_grant(request)
        uri = request.payload.redirect_uri
        client = self.query_client(request.payload.client_id)
        back = uri if client is not None and uri and client.check_redirect_uri(uri) else None
        if response_type is None:
            raise InvalidRequestError("The parameter response_type is missing.", redirect_uri=back)
        raise UnsupportedResponseTypeError(response_type, redirect_uri=back)

    def generate_token(
        self, grant_type: str, client: Client, user: object = None, scope: str = "",
        expires_in: object = None, include_refresh_token: bool = True,
    ) -> dict[str, Any]:  # fmt: skip
        """New tokens."""
        return new_tokens(scope, with_refresh=include_refresh_token)

    def save_token(self, token: dict[str, Any], request: OAuthRequest) -> None:
        """Put the tokens into the transaction."""
        source = request.authorization_code or request.refresh_token
        save_tokens(self.session, request.client, source, token, self.now)

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: Any, headers: Iterable[tuple[str, str]]) -> Answer:
        """The answer. Who is sent back learns from whom (RFC 9207), also with an error."""
        named = dict(headers)
        if "Location" in named:
            origin = [("iss", self.provider.issuer)]
            named["Location"] = add_params_to_uri(named["Location"], origin)
        return Answer(status, dict(body) if body else None, named)

    def _about_token(
        self, endpoint: type[Introspection | Revocation], request: OAuthRequest, address: str
    ) -> Answer:
        try:
            self._authenticated(request, address, ABOUT_RATE, endpoint.CLIENT_AUTH_METHODS)
        except OAuth2Error as error:
            return self.answer_error(error)
        request.parameters.pop("token_type_hint", None)  # a wrong hint may not matter
        answer: Answer = self.create_endpoint_response(endpoint.ENDPOINT_NAME, request)
        return answer

    def _authenticated(
        self, request: OAuthRequest, address: str, rate: Rate, methods: Iterable[str]
    ) -> Client:
        known = address_index(self.provider.vault, Browser("", "", address))
        spend(self.session, ADDRESS_RATE, known, now=self.now)
        try:
            client = authenticate(self.session, self.provider, request, self.now)
            self.authenticate_client(request, methods)
        except InvalidClientError as error:
            note_refused(self.session, request, error, known, self.now)
            raise
        is_public = client.authentication is ClientAuthentication.NONE
        who = f"{client.client_id} {known}" if is_public else client.client_id
        spend(self.session, rate, who, now=self.now)
        return client
