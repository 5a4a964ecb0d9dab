"""Clients of an agency who may be somebody that it is about to add."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client
from referral_hub.rules.client_keys import phones_of
from referral_hub.rules.client_matching import Likeness, likeness, may_compare
from referral_hub.rules.client_profile import Profile, full_name
from referral_hub.use_cases.steps.client_keys import with_keys
from referral_hub.use_cases.steps.clients import profile_of

MOST_OPENED = 200
"""How many clients with the same birth date or phone are looked at."""
MOST_TOLD = 5


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A client who may be the same person, and why."""

    client_id: UUID
    name: str
    likeness: Likeness


def duplicates_of(
    session: Session,
    vault: Vault,
    agency_id: UUID,
    profile: Profile,
    *,
    told_by: UUID | None = None,
    besides: UUID | None = None,
) -> tuple[Duplicate, ...]:
    """Clients of the agency who may be the person of a profile, the likeliest first.

    `told_by` is the agency that disclosed the profile, if not the agency itself; where one of the
    two is a victim-service agency nothing is compared. `besides` is a client who does not count.
    """
    told_by = told_by or agency_id
    if not may_compare(told_by, agency_id, victim_services=_victims(session, told_by, agency_id)):
        return ()
    found = sorted(
        _found(session, vault, agency_id, profile, besides),
        key=lambda each: (list(Likeness).index(each.likeness), each.name, str(each.client_id)),
    )
    return tuple(found[:MOST_TOLD])


def _found(
    session: Session, vault: Vault, agency_id: UUID, profile: Profile, besides: UUID | None
) -> Iterator[Duplicate]:
    tokens = [frozenset(f"p:{phone}" for phone in phones_of(profile))]
    if profile.birth_date is not None:
        tokens.append(frozenset({f"b:{profile.birth_date.isoformat()}"}))
    asked = [with_keys(vault, agency_id, [each]) for each in tokens if each]
    if not asked:
        return
    rows = select(Client).where(or_(*asked)).order_by(Client.changed_at.desc()).limit(MOST_OPENED)
    for client in session.scalars(rows):
        kept = profile_of(vault, client)
        why = likeness(profile, kept)
        if why is not None and client.id != besides:
            yield Duplicate(client.id, full_name(kept), why)


def _victims(session: Session, *agencies: UUID) -> bool:
    asked = select(Agency.id).where(Agency.id.in_(agencies), Agency.victim_services)
    return session.scalars(asked).first() is not None
