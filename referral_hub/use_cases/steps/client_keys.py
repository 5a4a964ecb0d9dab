"""Blind indexes of clients: kept with each profile, searched under every key of the ring; none of
victim-service agencies."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, insert, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, ClientKey
from referral_hub.rules.client_keys import tokens_of
from referral_hub.rules.client_profile import Profile, from_json
from referral_hub.use_cases.batches import in_batches


def key_name(agency_id: UUID) -> str:
    """Under which name an agency's keys are made: equal names in two agencies are unequal keys."""
    return f"client.key:{agency_id}"


def keep_keys(session: Session, vault: Vault, client: Client, profile: Profile) -> None:
    """Make the keys of a client anew, who must be locked."""
    session.flush()
    session.execute(delete(ClientKey).where(ClientKey.client_id == client.id))
    _write(session, vault, [(client.id, client.agency_id, profile)])


def add_keys(session: Session, vault: Vault, clients: Iterable[tuple[Client, Profile]]) -> None:
    """Make the keys of clients who are new."""
    session.flush()
    for batch in in_batches(clients):
        _write(session, vault, [(each.id, each.agency_id, profile) for each, profile in batch])


def remake_keys(session: Session, vault: Vault, profiles: Mapping[UUID, str]) -> None:
    """Make the keys of clients anew from their profiles, as they are sealed; part of a rotation."""
    ids = list(profiles)
    found = session.execute(select(Client.id, Client.agency_id).where(Client.id.in_(ids))).all()
    session.execute(delete(ClientKey).where(ClientKey.client_id.in_(ids)))
    _write(
        session,
        vault,
        [(client_id, agency_id, from_json(profiles[client_id])) for client_id, agency_id in found],
    )


def outside_matching(session: Session, agencies: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the agencies that serve victims. Of their clients no key is kept, from which anybody
    could guess who they are; what they look for is looked for in the profiles."""
    asked = select(Agency.id).where(Agency.id.in_(set(agencies)), Agency.victim_services)
    return frozenset(session.scalars(asked))


def with_keys(
    vault: Vault, agency_id: UUID, token_sets: Iterable[frozenset[str]]
) -> ColumnElement[bool]:
    """The clients of an agency that have a token of each of the sets, as a condition."""
    name = key_name(agency_id)
    conditions = []
    for tokens in token_sets:
        keys = [key for token in sorted(tokens) for key in vault.indexes(name, token)]
        held = select(ClientKey.client_id).where(
            ClientKey.agency_id == agency_id, ClientKey.key.in_(keys)
        )
        conditions.append(Client.id.in_(held))
    return and_(Client.agency_id == agency_id, *conditions)


def _write(session: Session, vault: Vault, clients: Sequence[tuple[UUID, UUID, Profile]]) -> None:
    """Write the keys of clients, each with its agency, where keys are kept."""
    outside = outside_matching(session, (agency_id for _, agency_id, _ in clients))
    rows = [
        {
            "client_id": client_id,
            "agency_id": agency_id,
            "key": vault.index(key_name(agency_id), token),
        }
        for client_id, agency_id, profile in clients
        if agency_id not in outside
        for token in sorted(tokens_of(profile))
    ]
    if rows:
        session.execute(insert(ClientKey), rows)
