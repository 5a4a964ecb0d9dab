"""Consents as people see them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Consent, ConsentRecipient
from referral_hub.rules.consent import Category, Method, RevokedBy, Signer, state_of
from referral_hub.rules.consent_days import last_day, local_day
from referral_hub.use_cases.consent_views import ConsentView, RecipientLine
from referral_hub.use_cases.steps.consents import words_of
from referral_hub.use_cases.steps.people_views import names_of

PERSON = "person:"


def consent_views(
    session: Session, vault: Vault, consents: Sequence[Consent], zone: ZoneInfo, now: datetime
) -> tuple[ConsentView, ...]:
    """Consents as people see them, in the same order."""
    recipients = _recipients(session, [each.id for each in consents])
    people = [who for each in consents for who in (each.witness_id, person_of(each.recorded_by))]
    names = names_of(session, vault, filter(None, people))
    views = []
    for each in consents:
        words = words_of(vault, each)
        views.append(
            ConsentView(
                id=each.id,
                client_id=each.client_id,
                state=state_of(each, now),
                purpose=words["purpose"],
                categories=in_order(each.categories),
                recipients=recipients.get(each.id, ()),
                any_partner=each.any_partner,
                method=Method(each.method),
                signer=Signer(each.signer),
                signer_basis=words["signer_basis"],
                document=words["document"],
                witness=names[each.witness_id] if each.witness_id else "",
                language=each.language,
                given_on=local_day(each.given_at, zone),
                last_on=last_day(each.expires_at, zone),
                recorded_at=each.recorded_at,
                recorded_by=name_of_actor(each.recorded_by, names),
                revoked_at=each.revoked_at,
                revoked_by=None if each.revoked_by is None else RevokedBy(each.revoked_by),
            )
        )
    return tuple(views)


def person_of(label: str) -> UUID | None:
    """The person whom a label of an actor names, if it names one."""
    return UUID(label.removeprefix(PERSON)) if label.startswith(PERSON) else None


def name_of_actor(label: str, names: dict[UUID, str]) -> str:
    """Who did something, by name; a partner system or the hub by what it is."""
    person_id = person_of(label)
    if person_id is not None:
        return names[person_id]
    return "a partner system" if label.startswith("application:") else "the hub"


def in_order(categories: Iterable[str]) -> tuple[Category, ...]:
    """Categories in the order in which they are always shown."""
    found = set(categories)
    return tuple(each for each in Category if each in found)


def _recipients(
    session: Session, consents: Sequence[UUID]
) -> dict[UUID, tuple[RecipientLine, ...]]:
    found: dict[UUID, tuple[RecipientLine, ...]] = {}
    rows = session.execute(
        select(ConsentRecipient, Agency.name)
        .join(Agency, Agency.id == ConsentRecipient.agency_id)
        .where(ConsentRecipient.consent_id.in_(consents))
        .order_by(Agency.name)
    )
    for named, name in rows:
        line = RecipientLine(named.agency_id, name, named.may_forward)
        found[named.consent_id] = (*found.get(named.consent_id, ()), line)
    return found
