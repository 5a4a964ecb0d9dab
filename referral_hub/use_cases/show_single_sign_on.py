"""Which agencies have a sign-in of their own, and what their administrators see of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, IdentityProvider
from referral_hub.rules.actor import Actor
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.single_sign_on import answer_address
from referral_hub.use_cases.steps.identity_providers import enabled_provider, next_id


@dataclass(frozen=True, slots=True)
class ProviderView:
    """A provider as its agency's administrators see it; nobody sees its secret again."""

    id: UUID
    name: str
    issuer: str
    client_id: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SetupView:
    """An agency's single sign-on: its provider if there is one, and the address to enter there."""

    provider: ProviderView | None
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class AgencySignIn:
    """An agency that has a sign-in of its own."""

    provider_id: UUID
    agency: str


def agencies_with_sign_in(session: Session, actor: Actor) -> tuple[AgencySignIn, ...]:
    """The agencies that have a sign-in of their own, by name: all are shown to everybody."""
    require(actor, Permission.SIGN_IN)
    rows = session.execute(
        select(IdentityProvider.id, Agency.name)
        .join(Agency, Agency.id == IdentityProvider.agency_id)
        .where(IdentityProvider.disabled_at.is_(None), Agency.status == AgencyStatus.PARTNER)
        .order_by(func.lower(Agency.name))
    )
    return tuple(AgencySignIn(row.id, row.name) for row in rows)


def show_provider(session: Session, actor: Actor, agency_id: UUID, public_url: str) -> SetupView:
    """The single sign-on of an agency, or what is needed to set it up."""
    require(actor, Permission.PROVIDER_CHANGE, agency_id)
    provider = enabled_provider(session, agency_id)
    provider_id = provider.id if provider else next_id(session, agency_id)
    return SetupView(
        ProviderView(
            provider.id, provider.name, provider.issuer, provider.client_id, provider.created_at
        )
        if provider
        else None,
        answer_address(public_url, provider_id),
    )
