"""Saying how much room a service has, inside a transaction."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from referral_hub.models import PopulationState, ServiceCapacity, ServiceState, Unit
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.capacity import (
    CapacityState,
    CapacityWord,
    PopulationWord,
    check_word,
)
from referral_hub.rules.errors import VersionConflict
from referral_hub.rules.listing_asks import AskKind
from referral_hub.rules.listing_freshness import Standing, standing_at
from referral_hub.rules.listings import ListingAct, ListingKey, RowEdit, difference
from referral_hub.use_cases.directory.pending import put_on_list
from referral_hub.use_cases.steps.agencies import zone_of
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.listing_asks import answer_ask, lock_listing
from referral_hub.use_cases.steps.listing_change import agency_of_listing, change_listing
from referral_hub.use_cases.steps.partners import agency_of_service
from referral_hub.vocabulary.populations import populations

_OF_THE_HUB = UUID("5e0f1c9c-6a4e-4b2a-9c1e-2f6f0f6f7a10")
"""Namespace of the HSDS rows that the hub writes: a service has one for each population."""
NOTHING_SAID = 1
"""The version of what nobody has said anything about."""
MEANWHILE = "Somebody else said something about its room meanwhile. Look at it again."


def population_labels() -> dict[str, str]:
    """The populations of which an agency may speak, by code."""
    return {each.code: each.label for each in populations()}


def say_capacity(
    session: Session,
    actor: Actor,
    service_id: UUID,
    word: CapacityWord,
    *,
    version: int | None = None,
    now: datetime,
) -> ServiceState:
    """Take an agency's word for how much room a service has; all that it said before is over.

    `version` is what the caller saw; None does not ask. Raises InvalidInput
    for what cannot be meant, VersionConflict where somebody was quicker.
    """
    check_word(word, population_labels(), _own_day(session, service_id, now))
    listing = ListingKey("service", service_id)
    lock_listing(session, listing)
    state = session.get(ServiceState, service_id, populate_existing=True)
    found = NOTHING_SAID if state is None else state.version
    if version is not None and version != found:
        raise VersionConflict(MEANWHILE, found)
    if state is None:
        state = ServiceState(service_id=service_id)
        session.add(state)
    state.capacity, state.note, state.until = word.state, word.note or None, word.until
    state.available, state.maximum, state.unit = word.available, word.maximum, word.unit or None
    state.stated_by, state.stated_at = actor_label(actor), now
    state.version, state.lapsed_at = found + 1, None
    session.execute(delete(PopulationState).where(PopulationState.service_id == service_id))
    for each in word.populations:
        session.add(
            PopulationState(
                service_id=service_id, population=each.population, capacity=each.state,
                available=each.available, maximum=each.maximum,
            )
        )  # fmt: skip
    session.flush()
    answer_ask(session, service_id, AskKind.CAPACITY)
    add_audit(
        session, actor, "capacity:record", state,
        agency_id=agency_of_listing(session, listing), detail=str(service_id), now=now,
    )  # fmt: skip
    edits = list(_standard_rows(session, service_id, word, now))
    if edits:  # which has the service indexed as well
        change_listing(
            session, actor, listing, edits, act=ListingAct.EDIT, note="Capacity", now=now
        )
    else:
        put_on_list(session, [service_id], now)
    return session.get_one(ServiceState, service_id)


def tap_capacity(
    session: Session, actor: Actor, service_id: UUID, state: CapacityState, *, now: datetime
) -> ServiceState:
    """Take the state alone, as one tap says it: what is counted and how much there is in all stay,
    numbers and words of the moment before are over. Tapping what is said already renews it."""
    lock_listing(session, ListingKey("service", service_id))
    held = session.get(ServiceState, service_id, populate_existing=True)
    today = _own_day(session, service_id, now)
    if held is None:
        word = CapacityWord(state)
    elif held.capacity == state and (held.until is None or held.until >= today):
        word = word_of(session, held)
    else:
        unit = held.unit or ""
        word = CapacityWord(state, maximum=held.maximum if unit else None, unit=unit)
    return say_capacity(session, actor, service_id, word, now=now)


def word_of(session: Session, state: ServiceState) -> CapacityWord:
    """What an agency said, as it was said."""
    return words_of(session, [state])[state.service_id]


def words_of(session: Session, states: Sequence[ServiceState]) -> dict[UUID, CapacityWord]:
    """What agencies said of services, as it was said, by service."""
    populations: dict[UUID, list[PopulationWord]] = {}
    for row in session.scalars(
        select(PopulationState)
        .where(PopulationState.service_id.in_([state.service_id for state in states]))
        .order_by(PopulationState.population)
    ):
        said = PopulationWord(
            row.population, CapacityState(row.capacity), row.available, row.maximum
        )
        populations.setdefault(row.service_id, []).append(said)
    return {
        state.service_id: CapacityWord(
            CapacityState(state.capacity), state.available, state.maximum, state.unit or "",
            state.until, state.note or "", tuple(populations.get(state.service_id, ())),
        )
        for state in states
    }  # fmt: skip


def standing_of(session: Session, state: ServiceState, now: datetime) -> Standing:
    """What an agency's word counts for now."""
    zone = UTC if state.until is None else _zone(session, state.service_id)
    return standing_at(CapacityState(state.capacity), state.stated_at, state.until, now, zone)


def _own_day(session: Session, service_id: UUID, now: datetime) -> date:
    """The day where the agency of a service is."""
    return now.astimezone(_zone(session, service_id)).date()


def _zone(session: Session, service_id: UUID) -> tzinfo:
    return zone_of(session, agency_of_service(session, service_id))


def _standard_rows(
    session: Session, service_id: UUID, word: CapacityWord, now: datetime
) -> Iterator[RowEdit]:
    """What makes the rows of the standard say the numbers: one row in all, and one for each
    population with a number. A row of the service's source in the same unit is not kept beside
    that of the hub: two numbers of beds are one too many."""
    wanted: dict[str, CapacityWord | PopulationWord] = {"": word}
    wanted |= {each.population: each for each in word.populations}
    counted = {code: each for code, each in wanted.items() if each.available is not None}
    kept = {uuid5(_OF_THE_HUB, f"{service_id}/{code}"): code for code in wanted}
    unit_id = _unit(session, word.unit, now) if counted else None
    rows = session.scalars(select(ServiceCapacity).where(ServiceCapacity.service_id == service_id))
    held = {row.id: row for row in rows}
    for row_id, row in held.items():
        replaced = "" in counted and row.unit_id == unit_id and row.source_id is not None
        own = row.source_id is None and (kept.get(row_id) not in counted)
        if replaced or own:
            yield _removal(row)
    labels = population_labels()
    for row_id, code in kept.items():
        if code not in counted:
            continue
        values = {
            "unit_id": unit_id,
            "available": counted[code].available,
            "maximum": counted[code].maximum,
            "description": f"For: {labels[code]}" if code else None,
            "updated": now.isoformat(timespec="seconds"),
        }
        before = held.get(row_id)
        if before is None:
            yield RowEdit("service_capacity", row_id, None, {"service_id": service_id, **values})
        else:
            same = {name: getattr(before, name) for name in values}
            edit = difference("service_capacity", row_id, same, values)
            if edit is not None:
                yield edit


def _unit(session: Session, name: str, now: datetime) -> UUID:
    """The unit of a name, however it is written; it is added where it is new. Units belong to no
    listing: two agencies may name the same for the first time at the same moment."""
    made = uuid5(_OF_THE_HUB, f"unit/{name.casefold()}")
    found = session.scalar(
        select(Unit.id)
        .where(or_(func.lower(Unit.name) == name.lower(), Unit.id == made))
        .order_by(Unit.id)
        .limit(1)
    )
    if found is not None:
        return found
    dialect: Any = {"postgresql": postgresql, "sqlite": sqlite}[session.get_bind().dialect.name]
    row = {"id": made, "name": name, "position": 0, "created_at": now, "updated_at": now}
    session.execute(dialect.insert(Unit).values(row).on_conflict_do_nothing())
    return made


def _removal(row: ServiceCapacity) -> RowEdit:
    """What takes a row away."""
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    values.pop("id")
    return RowEdit("service_capacity", row.id, values, None)
