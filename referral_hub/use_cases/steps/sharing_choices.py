"""What there is to choose from when something is shared: categories, and consents for them."""

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Consent, Referral
from referral_hub.rules.consent import Category, ConsentTerms, covers
from referral_hub.rules.disclosures import Snapshot, is_known
from referral_hub.use_cases.steps.consents import load_terms


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """Something that can be shared; `known` where the profile says anything of it."""

    category: Category
    known: bool
    chosen: bool
    always: bool


@dataclass(frozen=True, slots=True)
class ConsentChoice:
    """A consent that names the receiver, with what it covers."""

    id: UUID
    purpose: str
    categories: tuple[Category, ...]
    expires_at: datetime | None


def category_choices(
    everything: Snapshot, chosen: Set[Category], always: Set[Category] = frozenset()
) -> tuple[CategoryChoice, ...]:
    """All categories, with what is known in a snapshot of everything."""
    return tuple(
        CategoryChoice(each, is_known(everything[each.value]), each in chosen, each in always)
        for each in Category
    )


def consent_choices(
    session: Session, vault: Vault, referral: Referral, now: datetime
) -> tuple[ConsentChoice, ...]:
    """The client's consents that count now and name the receiver, the latest first."""
    rows = session.scalars(
        select(Consent)
        .where(Consent.client_id == referral.client_id, Consent.revoked_at.is_(None))
        .order_by(Consent.given_at.desc(), Consent.id)
    )
    loaded = [(row.id, load_terms(session, vault, row.id)) for row in rows]
    return tuple(
        _choice(consent_id, terms)
        for consent_id, terms in loaded
        if terms is not None and covers(terms, referral.to_agency_id, (), now)
    )


def _choice(consent_id: UUID, terms: ConsentTerms) -> ConsentChoice:
    categories = tuple(each for each in Category if each in terms.categories)
    return ConsentChoice(consent_id, terms.purpose, categories, terms.expires_at)
