"""Pairs of records that may be one, as somebody looks at them before deciding."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    DIRECTORY,
    Address,
    AgencyOrganization,
    DuplicateCandidate,
    Location,
    Organization,
    Phone,
    Service,
    ServiceAtLocation,
    Source,
    columns,
)
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.directory_matching import NEARLY_CERTAIN
from referral_hub.rules.duplicates import MATCHED_TABLES, PairState, choices
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.rules.sources import source_words
from referral_hub.use_cases.directory.nesting import conceal, plain

PAGE = 25


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against a pair, with its points."""

    points: int
    words: str


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair in the list. `names` and `sources` are of the one and of the other."""

    id: UUID
    table: str
    names: tuple[str, str]
    sources: tuple[str, str]
    score: int
    nearly_certain: bool
    reasons: tuple[Reason, ...]
    state: PairState
    found_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class PairPage:
    """A page of pairs, how many there are by kind of record, and whether another page follows."""

    pairs: tuple[PairLine, ...]
    counts: Mapping[str, int]
    page: int
    more: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair."""

    id: UUID
    name: str
    organization: str
    source: str
    agency: str
    address: tuple[str, ...]
    phones: tuple[str, ...]
    services: int
    verified_on: date | None
    updated_at: datetime
    confidential: bool
    merged: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A field that the two say differently, and whose value is proposed: "one" or "other"."""

    field: str
    label: str
    one: str
    other: str
    proposed: str


@dataclass(frozen=True, slots=True)
class PairView:
    """A pair side by side. `survivor` is "one" or "other": the one that is proposed to stay, or of
    a merged pair the one that stands."""

    line: PairLine
    one: Side
    other: Side
    choices: tuple[Choice, ...]
    same: tuple[tuple[str, str], ...]
    survivor: str


def list_duplicates(
    session: Session,
    actor: Actor,
    state: PairState = PairState.OPEN,
    table: str | None = None,
    *,
    page: int = 1,
) -> PairPage:
    """A page of pairs, what is most alike on top; what was decided last, if decided.

    Administrators of an agency have the pairs among their agency's own records. Raises
    InvalidInput for a page that there cannot be.
    """
    require(actor, Permission.DUPLICATE_DECIDE)
    if page < 1:
        raise InvalidInput("There is no such page.", {"page": "Use 1 or more."})
    shown = [DuplicateCandidate.state == state, *_own(actor)]
    counts: dict[str, int] = {
        row[0]: row[1]
        for row in session.execute(
            select(DuplicateCandidate.table_name, func.count())
            .where(*shown)
            .group_by(DuplicateCandidate.table_name)
        )
    }
    query = select(DuplicateCandidate).where(*shown)
    if table is not None:
        query = query.where(DuplicateCandidate.table_name == table)
    decided = DuplicateCandidate.decided_at.desc()
    order = () if state is PairState.OPEN else (decided,)
    ordered = query.order_by(*order, DuplicateCandidate.score.desc(), DuplicateCandidate.id)
    rows = session.scalars(ordered.offset((page - 1) * PAGE).limit(PAGE + 1)).all()
    names = _names(session, rows[:PAGE])
    lines = tuple(_line(row, names) for row in rows[:PAGE])
    return PairPage(lines, counts, page, len(rows) > PAGE)


def show_duplicate(session: Session, actor: Actor, candidate_id: UUID) -> PairView:
    """One pair side by side. Raises NotFound for one that is not the actor's to decide."""
    require(actor, Permission.DUPLICATE_DECIDE)
    query = select(DuplicateCandidate).where(DuplicateCandidate.id == candidate_id, *_own(actor))
    pair = session.scalars(query).one_or_none()
    if pair is None:
        raise NotFound(NOTHING_HERE)
    model = DIRECTORY[pair.table_name]
    rows = {
        row.id: row
        for row in session.execute(
            select(*columns(model)).where(model.id.in_([pair.one_id, pair.other_id]))
        )
    }
    sides = {key: _side(session, pair.table_name, rows[key]) for key in rows}
    one, other = sides[pair.one_id], sides[pair.other_id]
    survivor = "other" if _goes_first(other, one) else "one"
    said = [_said(pair.table_name, rows[key]) for key in (pair.one_id, pair.other_id)]
    differing = tuple(
        Choice(
            field, field.replace("_", " ").capitalize(), said[0][field], said[1][field],
            _proposed(said[0][field], said[1][field], survivor),
        )
        for field in choices(pair.table_name)
        if said[0][field] != said[1][field]
    )  # fmt: skip
    same = tuple(
        (field.replace("_", " ").capitalize(), said[0][field])
        for field in choices(pair.table_name)
        if said[0][field] and said[0][field] == said[1][field]
    )
    line = _line(pair, _names(session, [pair]))
    return PairView(line, one, other, differing, same, survivor)


def _own(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Conditions that a pair is the actor's to decide."""
    if is_allowed(actor, Permission.QUALITY_READ):
        return ()
    agency = actor.agency_id if isinstance(actor, Person) else None
    tied = select(AgencyOrganization.organization_id).where(AgencyOrganization.agency_id == agency)
    owned: Mapping[str, Select[Any]] = {
        "organization": tied,
        "location": select(Location.id).where(Location.organization_id.in_(tied)),
        "service": select(Service.id).where(Service.organization_id.in_(tied)),
    }
    return (
        or_(
            *(
                and_(
                    DuplicateCandidate.table_name == table,
                    DuplicateCandidate.one_id.in_(owned[table]),
                    DuplicateCandidate.other_id.in_(owned[table]),
                )
                for table in MATCHED_TABLES
            )
        ),
    )


def _names(
    session: Session, pairs: Collection[DuplicateCandidate]
) -> dict[tuple[str, UUID], tuple[str, str]]:
    """Name and source of each record of some pairs; a confidential place has no name."""
    found: dict[tuple[str, UUID], tuple[str, str]] = {}
    for table in {pair.table_name for pair in pairs}:
        model: Any = DIRECTORY[table]
        ids = {
            key
            for pair in pairs
            if pair.table_name == table
            for key in (pair.one_id, pair.other_id)
        }
        query = select(model.id, model.name, Source.name.label("source")).outerjoin(
            Source, Source.id == model.source_id
        )
        if table == "location":
            query = query.add_columns(model.confidential)
        for row in session.execute(query.where(model.id.in_(ids))):
            hidden = table == "location" and row.confidential
            name = "A confidential location" if hidden else row.name or "Without a name"
            found[table, row.id] = name, _source(row.source)
    return found


def _source(name: str | None) -> str:
    return source_words(name) if name else "Entered here"


def _line(pair: DuplicateCandidate, names: Mapping[tuple[str, UUID], tuple[str, str]]) -> PairLine:
    one, other = names[pair.table_name, pair.one_id], names[pair.table_name, pair.other_id]
    return PairLine(
        id=pair.id,
        table=pair.table_name,
        names=(one[0], other[0]),
        sources=(one[1], other[1]),
        score=pair.score,
        nearly_certain=pair.score >= NEARLY_CERTAIN,
        reasons=tuple(Reason(points, words) for points, words in pair.parts),
        state=PairState(pair.state),
        found_at=pair.found_at,
        decided_at=pair.decided_at,
    )


def _said(table: str, row: Any) -> dict[str, str]:
    """What a record says in the fields that are chosen between, as everybody may know it."""
    hidden = {row.id: row} if table == "location" and row.confidential else {}
    shown = conceal(table, row, hidden)
    said = {field: _written(shown[field]) for field in choices(table)}
    if said.get("latitude"):
        said["latitude"] = f"{shown['latitude']}, {shown['longitude']}"
    return said


def _written(value: object) -> str:
    return "" if value is None else str(plain(value))


def _proposed(one: str, other: str, survivor: str) -> str:
    if not one or not other:
        return "one" if one else "other"
    return survivor


def _goes_first(one: Side, other: Side) -> bool:
    """Whether the first stays rather than the second: what an agency owns, then what stands, was
    checked last or holds more. A confidential one before a public one."""

    def weight(side: Side) -> tuple[object, ...]:
        checked = side.verified_on or date.min
        return (not side.merged, side.confidential, bool(side.agency), checked, side.services)

    return weight(one) > weight(other)


def _side(session: Session, table: str, row: Any) -> Side:
    """One record with what a person compares: eight statements at most."""
    owner_id = row.id if table == "organization" else row.organization_id
    owner = session.execute(
        select(Organization.name, AgencyOrganization.agency_id)
        .outerjoin(AgencyOrganization, AgencyOrganization.organization_id == Organization.id)
        .where(Organization.id == owner_id)
    ).one_or_none()
    confidential = table == "location" and row.confidential
    source = session.scalar(select(Source.name).where(Source.id == row.source_id))
    return Side(
        id=row.id,
        name="A confidential location" if confidential else row.name or "Without a name",
        organization=owner.name if owner else "",
        source=_source(source),
        agency=str(owner.agency_id) if owner and owner.agency_id else "",
        address=_addresses(session, table, row.id),
        phones=tuple(session.scalars(
            select(Phone.number).where(getattr(Phone, f"{table}_id") == row.id)
            .order_by(Phone.position, Phone.id).limit(10)
        )),
        services=session.scalar(_services(table, row.id)) or 0,
        verified_on=row.verified_on,
        updated_at=row.updated_at,
        confidential=confidential,
        merged=row.merged_into is not None,
    )  # fmt: skip


def _addresses(session: Session, table: str, record_id: UUID) -> tuple[str, ...]:
    """Where a record is; of confidential places only what everybody may know."""
    there: Mapping[str, Any] = {
        "organization": Location.organization_id == record_id,
        "location": Location.id == record_id,
        "service": Location.id.in_(
            select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id == record_id)
        ),
    }
    rows = session.execute(
        select(*columns(Address), Location.confidential)
        .join(Location, Location.id == Address.location_id)
        .where(there[table])
        .order_by(Address.position, Address.id)
        .limit(5)
    )
    found = []
    for row in rows:
        parts = (row.city, row.state_province, row.postal_code)
        line = "Confidential" if row.confidential else row.address_1
        found.append(", ".join(part for part in (line, *parts) if part))
    return tuple(dict.fromkeys(found))


def _services(table: str, record_id: UUID) -> Select[Any]:
    if table == "organization":
        return select(func.count()).where(Service.organization_id == record_id)
    key = ServiceAtLocation.location_id if table == "location" else ServiceAtLocation.service_id
    return select(func.count()).where(key == record_id)
