"""Applications as the OAuth flows see them: only those that count now."""

from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import ClientMixin
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import token_hash
from referral_hub.models import Agency, Application, ApplicationGrant
from referral_hub.rules.actor import Application as ApplicationActing
from referral_hub.rules.actor import Person
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.applications import ApplicationStatus, ClientAuthentication, GrantType
from referral_hub.rules.redirect_uris import is_registered


@dataclass(frozen=True, slots=True)
class Client(ClientMixin):  # type: ignore[misc]
    """An approved application of a partner agency; a copy that outlives transactions."""

    id: UUID
    client_id: str
    agency_id: UUID
    name: str
    authentication: ClientAuthentication
    secret_hash: bytes | None = field(repr=False)
    jwks: dict[str, Any] | None = field(repr=False)
    jwks_uri: str | None
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...]
    grants: frozenset[str]
    scopes: frozenset[str]
    id_token_algorithm: str

    def acting(self, grant: ApplicationGrant | None = None) -> ApplicationActing:
        """The application for the audit: in the name of who gave the grant, else by itself."""
        person = person_for_audit(grant) if grant is not None else None
        return ApplicationActing(self.client_id, self.agency_id, frozenset(), person)

    def get_client_id(self) -> str:
        """The public name."""
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: an application always says where people go back to."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The scopes as asked; None when one is not registered, or none is asked for."""
        asked = (scope or "").split()
        return " ".join(asked) if asked and self.scopes.issuperset(asked) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether people may be sent there."""
        return is_registered(redirect_uri, self.redirect_uris)

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether this is the secret; never, for an application that has none."""
        return self.secret_hash is not None and compare_digest(
            token_hash(client_secret), self.secret_hash
        )

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Whether the application proves itself like that; it is the same at all endpoints."""
        return method == self.authentication

    def check_response_type(self, response_type: str) -> bool:
        """Whether people may be asked for their consent."""
        return response_type == "code" and GrantType.AUTHORIZATION_CODE in self.grants

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether the application was registered for this way to a token."""
        return grant_type in self.grants


def person_for_audit(grant: ApplicationGrant) -> Person:
    """Who gave a grant: a name for the audit, without any right."""
    return Person(grant.person_id, grant.agency_id, frozenset())


def find_application(session: Session, client_id: str | None) -> Application | None:
    """The application with a public name, whether it counts or not."""
    if client_id is None or not client_id.isascii() or "\0" in client_id:
        return None
    return session.scalars(
        select(Application).where(Application.client_id == client_id)
    ).one_or_none()


def find_client(session: Session, client_id: str | None) -> Client | None:
    """The application with a public name, if it is approved and its agency takes part."""
    row = find_application(session, client_id)
    if row is None or row.status != ApplicationStatus.APPROVED:
        return None
    if session.get_one(Agency, row.agency_id).status != AgencyStatus.PARTNER:
        return None
    return Client(
        id=row.id,
        client_id=row.client_id,
        agency_id=row.agency_id,
        name=row.name,
        authentication=ClientAuthentication(row.authentication),
        secret_hash=row.secret_hash,
        jwks=row.jwks,
        jwks_uri=row.jwks_uri,
        redirect_uris=tuple(row.redirect_uris),
        logout_uris=tuple(row.logout_uris),
        grants=frozenset(row.grants),
        scopes=frozenset(row.scopes),
        id_token_algorithm=row.id_token_algorithm,
    )
