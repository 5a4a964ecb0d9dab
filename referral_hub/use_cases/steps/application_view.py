"""An application as its agency and the steward see it: without what proves who it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from referral_hub.models import Application
from referral_hub.rules.applications import ApplicationStatus, ClientAuthentication
from referral_hub.rules.scopes import Scope


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """An application as its agency and the steward see it."""

    id: UUID
    client_id: str
    name: str
    purpose: str
    agency_id: UUID
    agency: str
    status: ApplicationStatus
    authentication: ClientAuthentication
    grants: tuple[str, ...]
    scopes: tuple[Scope, ...]
    redirect_uris: tuple[str, ...]
    logout_uris: tuple[str, ...]
    jwks_uri: str | None
    registered_at: datetime
    decided_at: datetime | None


def view_of(row: Application, agency: str) -> ApplicationView:
    """The view of a row, with the name of its agency."""
    return ApplicationView(
        id=row.id,
        client_id=row.client_id,
        name=row.name,
        purpose=row.purpose,
        agency_id=row.agency_id,
        agency=agency,
        status=ApplicationStatus(row.status),
        authentication=ClientAuthentication(row.authentication),
        grants=tuple(row.grants),
        scopes=tuple(Scope(scope) for scope in Scope if scope in row.scopes),
        redirect_uris=tuple(row.redirect_uris),
        logout_uris=tuple(row.logout_uris),
        jwks_uri=row.jwks_uri,
        registered_at=row.registered_at,
        decided_at=row.decided_at,
    )
