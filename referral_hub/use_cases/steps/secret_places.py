"""Locations that become confidential, with those that were merged into them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Location, StoredCard
from referral_hub.rules.actor import Actor
from referral_hub.rules.visibility import WhyRead
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.directory.concealing import Concealing
from referral_hub.use_cases.directory.pending import note_change, put_on_list
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.merging import survivor_of
from referral_hub.use_cases.steps.old_words import concerned_by, forget_old_words
from referral_hub.use_cases.steps.partners import agency_of_location


def one_place(session: Session, location_id: UUID) -> list[UUID]:
    """The records of one place: the one that stands for it first, then those merged into it."""
    found = [survivor_of(session, "location", location_id) or location_id]
    frontier = found
    while frontier:
        merged = select(Location.id).where(Location.merged_into.in_(frontier))
        frontier = [one for one in session.scalars(merged) if one not in found]
        found = [*found, *frontier]
    return found


def seal_places(session: Session, vault: Vault, places: Iterable[UUID], now: datetime) -> None:
    """Seal what tells where locations are that are marked as confidential, keep nothing that was
    noted of it, and have the index forget it, within the transaction of the caller."""
    places = list(places)
    session.flush()
    concerned = concerned_by(session, places)
    secrets = Concealing(session, vault, places)
    secrets.conceal_rows()
    forget_old_words(session, vault, secrets, concerned)
    for batch in in_batches(concerned.service):
        session.execute(delete(StoredCard).where(StoredCard.service_id.in_(batch)))
    session.expire_all()
    index_again(session, concerned.service, now, withheld=True)


def index_again(
    session: Session, service_ids: frozenset[UUID], now: datetime, *, withheld: bool
) -> None:
    """Have the services of a place indexed again; left out of searches until then, or not."""
    note_change(session, service_ids, now)
    put_on_list(session, service_ids, now, withheld=service_ids if withheld else ())


def note_address_read(
    session: Session, actor: Actor, location_id: UUID, why: WhyRead, *, now: datetime
) -> None:
    """Note that somebody reads where a confidential location truly is, and why."""
    add_audit(
        session, actor, "location:read-address", session.get_one(Location, location_id),
        agency_id=agency_of_location(session, location_id), detail=why, now=now,
    )  # fmt: skip
