"""Clients of an agency who may be somebody that it is about to add."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, ClientKey
from referral_hub.rules.client_keys import phones_of
from referral_hub.rules.client_matching import Likeness, likeness, may_compare
from referral_hub.rules.client_profile import Profile, full_name
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.steps.client_keys import key_name, outside_matching
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
) -> tuple[Duplicate, ...]:
    """Clients of the agency who may be the person of a profile, the likeliest first.

    `told_by` is the agency that disclosed the profile, if not the agency itself; where one of the
    two is a victim-service agency nothing is compared.
    """
    told_by = told_by or agency_id
    victims = bool(outside_matching(session, (told_by, agency_id)))
    if not may_compare(told_by, agency_id, victim_services=victims):
        return ()
    return duplicates_of_all(session, vault, agency_id, [profile])[0]


def duplicates_of_all(
    session: Session, vault: Vault, agency_id: UUID, profiles: Sequence[Profile]
) -> list[tuple[Duplicate, ...]]:
    """For each of an agency's own profiles the clients of the agency who may be the person."""
    tokens = [_tokens(profile) for profile in profiles]
    holders = _holders(session, vault, agency_id, {each for some in tokens for each in some})
    asked = [
        {client for token in some for client in holders.get(token, ())[:MOST_OPENED]}
        for some in tokens
    ]
    kept: dict[UUID, Profile] = {}
    for batch in in_batches({client for some in asked for client in some}):
        rows = session.scalars(select(Client).where(Client.id.in_(batch)))
        kept |= {client.id: profile_of(vault, client) for client in rows}
    return [
        _likeliest(profile, {client: kept[client] for client in some})
        for profile, some in zip(profiles, asked, strict=True)
    ]


def _tokens(profile: Profile) -> list[str]:
    """What clients have in common who may be the same person."""
    births = [f"b:{profile.birth_date.isoformat()}"] if profile.birth_date is not None else []
    return [*(f"p:{phone}" for phone in phones_of(profile)), *births]


def _holders(
    session: Session, vault: Vault, agency_id: UUID, tokens: Iterable[str]
) -> dict[str, list[UUID]]:
    """The clients of the agency by token."""
    if outside_matching(session, [agency_id]):
        return _holders_opened(session, vault, agency_id, frozenset(tokens))
    name = key_name(agency_id)
    token_of = {key: token for token in tokens for key in vault.indexes(name, token)}
    found: dict[str, list[UUID]] = defaultdict(list)
    for batch in in_batches(token_of):
        rows = session.execute(
            select(ClientKey.key, ClientKey.client_id)
            .where(ClientKey.agency_id == agency_id, ClientKey.key.in_(batch))
            .order_by(ClientKey.client_id)
        )
        for key, client_id in rows:
            found[token_of[key]].append(client_id)
    return found


def _holders_opened(
    session: Session, vault: Vault, agency_id: UUID, tokens: frozenset[str]
) -> dict[str, list[UUID]]:
    """The same, where no keys are kept: read out of every profile."""
    found: dict[str, list[UUID]] = defaultdict(list)
    rows = select(Client).where(Client.agency_id == agency_id).order_by(Client.id)
    for client in session.scalars(rows):
        for token in tokens.intersection(_tokens(profile_of(vault, client))):
            found[token].append(client.id)
    return found


def _likeliest(profile: Profile, kept: Mapping[UUID, Profile]) -> tuple[Duplicate, ...]:
    found = [
        Duplicate(client_id, full_name(other), why)
        for client_id, other in kept.items()
        if (why := likeness(profile, other)) is not None
    ]
    order = list(Likeness)
    found.sort(key=lambda each: (order.index(each.likeness), each.name, str(each.client_id)))
    return tuple(found[:MOST_TOLD])
