"""Agencies' own OpenID providers inside a transaction."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, IdentityProvider
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import NotFound, SingleSignOnRefused
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.single_sign_on import (
    ProviderAccount,
    Refusal,
    answer_address,
    next_provider_id,
)
from referral_hub.use_cases.steps.agencies import the_agency

SECRET = "identity_provider.client_secret"  # noqa: S105 the name of a column
NOT_OPEN = "This agency has no sign-in of its own now. Sign in in another way."


def open_provider(session: Session, provider_id: UUID) -> IdentityProvider:
    """A provider at which people can sign in now. Raises SingleSignOnRefused."""
    provider = session.get(IdentityProvider, provider_id)
    agency = session.get(Agency, provider.agency_id) if provider else None
    if provider is None or provider.disabled_at is not None:
        raise SingleSignOnRefused(NOT_OPEN, Refusal.DISABLED)
    if agency is None or agency.status != AgencyStatus.PARTNER:
        raise SingleSignOnRefused(NOT_OPEN, Refusal.DISABLED)
    return provider


def account_at(vault: Vault, provider: IdentityProvider, public_url: str) -> ProviderAccount:
    """What the hub is at a provider."""
    return ProviderAccount(
        provider.issuer,
        provider.client_id,
        vault.open(SECRET, provider.id, provider.client_secret_sealed),
        answer_address(public_url, provider.id),
    )


def enabled_provider(session: Session, agency_id: UUID) -> IdentityProvider | None:
    """The provider of an agency, if it has one now."""
    return session.scalars(
        select(IdentityProvider).where(
            IdentityProvider.agency_id == agency_id, IdentityProvider.disabled_at.is_(None)
        )
    ).first()


def the_enabled_provider(session: Session, agency_id: UUID) -> IdentityProvider:
    """The provider, locked with its agency against other changes. Raises NotFound."""
    the_agency(session, agency_id)
    provider = enabled_provider(session, agency_id)
    if provider is None:
        raise NotFound(NOTHING_HERE)
    return provider


def next_id(session: Session, agency_id: UUID) -> UUID:
    """The id of the next provider that an agency sets up."""
    counted = select(func.count()).where(IdentityProvider.agency_id == agency_id)
    return next_provider_id(agency_id, session.execute(counted).scalar_one())
