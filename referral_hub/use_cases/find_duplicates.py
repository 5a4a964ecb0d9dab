"""Looking for records that are listed twice, portion by portion, beside everything else.

After an import, and once a day, all records are gone through, table by table in the order of their
ids; between that, those whose listing somebody changed. A record is compared only where what it
says of itself is new, and only with those that share a key with it. Where the work stops, it goes
on. Reading and comparing lock nothing; only what was found is written in a transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    DIRECTORY,
    DuplicateCandidate,
    ListingChange,
    MatchedRecord,
    MatchingKey,
    MatchingSweep,
    Source,
)
from referral_hub.rules.actor import Actor
from referral_hub.rules.directory_matching import (
    MOST_WITH_A_KEY,
    PROPOSED,
    Comparison,
    Sketch,
    changed_much,
    comparable_services,
    compare,
    keys_of,
    names_fit,
)
from referral_hub.rules.duplicates import MATCHED_TABLES, PairState
from referral_hub.rules.listings import ListingAct
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.steps.sketches import digest_of, key_number, read_names, read_sketches
from referral_hub.use_cases.transaction import look, transaction

PORTION = 500
EVERY = timedelta(days=1)
Pair = tuple[UUID, UUID]


def find_duplicates(session: Session, actor: Actor, *, now: datetime) -> int:
    """Look through a portion of the directory; returns how many records, 0 when nothing waits."""
    require(actor, Permission.DUPLICATES_FIND)
    with look(session):
        began = _standing(session.get(MatchingSweep, 1))
        step = _next_step(session, began, now)
        looked = list(_look_at(session, step.records)) if step is not None else []
    if step is None:
        return 0
    with transaction(session):
        sweep = session.get(MatchingSweep, 1, with_for_update=True)
        if _standing(sweep) != began:
            return 1  # another worker was faster
        if sweep is None:
            sweep = MatchingSweep(id=1)
            session.add(sweep)
        (sweep.table_name, sweep.last_id, sweep.started_at, sweep.change_id) = step.after
        if step.ends:
            sweep.finished_at = now
        for each in looked:
            _write(session, each, now)
    return sum(map(len, step.records.values())) or 1


_Standing = tuple[str | None, UUID | None, datetime | None, int]
"""How far the search has come: table and last id of a sweep, when it began, the last change."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What is looked at next, how far the search is then, and whether a sweep ends with it."""

    records: Mapping[str, Collection[UUID]]
    after: _Standing
    ends: bool = False


@dataclass(frozen=True, slots=True)
class _Looked:
    """What came of a look at records of one table: those that are compared no more, digests and
    keys of those that say something new, what was known of them before, and pairs."""

    table: str
    gone: Collection[UUID]
    fresh: Mapping[UUID, str]
    keys: Mapping[UUID, Collection[int]]
    known: Collection[UUID]
    pairs: Mapping[Pair, Comparison]


def _standing(sweep: MatchingSweep | None) -> _Standing:
    if sweep is None:
        return None, None, None, 0
    return sweep.table_name, sweep.last_id, sweep.started_at, sweep.change_id


def _next_step(session: Session, began: _Standing, now: datetime) -> _Step | None:
    """What waits: changes of listings first, then the sweep that goes on or is due."""
    table, last_id, started_at, change_id = began
    if changes := session.scalars(_changes(change_id).limit(20)).all():
        return _Step(_changed(changes), (table, last_id, started_at, changes[-1].id))
    if table is None:
        if not _is_due(session, started_at, now):
            return None
        latest = session.scalar(select(func.max(ListingChange.id))) or 0
        table, last_id, started_at, change_id = MATCHED_TABLES[0], None, now, latest
    model = DIRECTORY[table]
    query = select(model.id).order_by(model.id).limit(PORTION)
    if last_id is not None:
        query = query.where(model.id > last_id)
    ids = list(session.scalars(query))
    if len(ids) == PORTION:
        return _Step({table: ids}, (table, ids[-1], started_at, change_id))
    rest = MATCHED_TABLES[MATCHED_TABLES.index(table) + 1 :]
    after = (rest[0] if rest else None, None, started_at, change_id)
    return _Step({table: ids}, after, ends=not rest)


def _is_due(session: Session, started_at: datetime | None, now: datetime) -> bool:
    if started_at is None or now - started_at >= EVERY:
        return True
    imported = session.scalar(select(func.max(Source.imported_at)))
    return imported is not None and imported > started_at


def _changes(after: int) -> Select[ListingChange]:
    """Changes of listings but those by imports, after which all records are gone through."""
    return (
        select(ListingChange)
        .where(ListingChange.id > after, ListingChange.act != ListingAct.IMPORT)
        .order_by(ListingChange.id)
    )


def _changed(changes: Iterable[ListingChange]) -> dict[str, set[UUID]]:
    """The records that changed, by table. A change of a merge names two."""
    found: dict[str, set[UUID]] = {table: set() for table in MATCHED_TABLES}
    for change in changes:
        named = [(edit["table"], UUID(edit["id"])) for edit in change.edits]
        for table, record_id in [(change.table_name, change.record_id), *named]:
            if table in found:
                found[table].add(record_id)
    return found


def _look_at(session: Session, records: Mapping[str, Collection[UUID]]) -> Iterator[_Looked]:
    """Compare those of the records that say something new of themselves; organizations are given
    first, as services are compared by theirs."""
    alike: set[Pair] = set()
    for table, ids in records.items():
        looked = _look_at_some(session, table, sorted(ids), alike)
        if table == "organization":
            alike |= looked.pairs.keys()
        yield looked


def _look_at_some(
    session: Session, table: str, ids: Sequence[UUID], alike: Collection[Pair]
) -> _Looked:
    sketches = read_sketches(session, table, ids)
    digests = {key: digest_of(sketch) for key, sketch in sketches.items()}
    held: dict[UUID, str] = {}
    for batch in in_batches(ids):
        rows = session.execute(
            select(MatchedRecord.record_id, MatchedRecord.digest).where(
                MatchedRecord.table_name == table, MatchedRecord.record_id.in_(batch)
            )
        )
        held |= {row.record_id: row.digest for row in rows}
    gone = held.keys() - sketches.keys()
    fresh = {key: digest for key, digest in digests.items() if held.get(key) != digest}
    keys = {one: {key_number(key) for key in keys_of(sketches[one])} for one in fresh}
    known = {*gone, *(fresh.keys() & held.keys())}
    partners = _partners(session, table, keys, known)
    pairs = _compared(session, table, sketches, partners, alike)
    return _Looked(table, gone, fresh, keys, known, pairs)


def _partners(
    session: Session, table: str, keys: Mapping[UUID, Collection[int]], known: Collection[UUID]
) -> set[Pair]:
    """The pairs of records that share a key with few others. What is `known` of these is old."""
    holders: defaultdict[int, list[UUID]] = defaultdict(list)
    for record, some in keys.items():
        for key in some:
            holders[key].append(record)
    for batch in in_batches(sorted(holders)):
        of_batch = (MatchingKey.table_name == table, MatchingKey.key.in_(batch))
        counted = session.execute(
            select(MatchingKey.key, func.count()).where(*of_batch).group_by(MatchingKey.key)
        )
        shared = {row[0]: row[1] for row in counted}
        few = [key for key, number in shared.items() if number <= MOST_WITH_A_KEY + len(known)]
        for key in shared.keys() - few:
            del holders[key]
        found = session.execute(
            select(MatchingKey.key, MatchingKey.record_id).where(*of_batch,
                                                                 MatchingKey.key.in_(few))
        )  # fmt: skip
        for key, record in found:
            if record not in known:
                holders[key].append(record)
    return {
        _pair(record, other)
        for record, some in keys.items()
        for key in some
        if len(holders.get(key, ())) <= MOST_WITH_A_KEY
        for other in holders.get(key, ())
        if other != record
    }


def _write(session: Session, looked: _Looked, now: datetime) -> None:
    """Keep what came of a look."""
    table = looked.table
    if not looked.gone and not looked.fresh:
        return
    for batch in in_batches(looked.known):
        for model in (MatchingKey, MatchedRecord):
            session.execute(
                delete(model).where(model.table_name == table, model.record_id.in_(batch))
            )
    keys = [
        {"table_name": table, "key": key, "record_id": record}
        for record, some in looked.keys.items()
        for key in some
    ]
    records = [
        {"table_name": table, "record_id": record, "digest": digest}
        for record, digest in looked.fresh.items()
    ]
    for into, rows in ((MatchingKey, keys), (MatchedRecord, records)):
        if rows:
            session.execute(insert(into), rows)
    _keep(session, table, looked.gone, looked.fresh, looked.pairs, now)


def _compared(
    session: Session,
    table: str,
    known: Mapping[UUID, Sketch],
    pairs: Iterable[Pair],
    alike: Collection[Pair],
) -> dict[Pair, Comparison]:
    """Those of the pairs that may be one. `alike` are organizations that may be, besides those of
    which that is kept."""
    asked = list(pairs)
    if table == "service":
        others = _others(asked, known)
        named = {**known, **read_names(session, table, others)}
        asked = [(a, b) for a, b in asked if a in named and b in named]
        owners = {pair: _owners(named[pair[0]], named[pair[1]]) for pair in asked}
        alike = _alike_organizations(session, owners.values()) | set(alike)
        asked = [
            (a, b)
            for a, b in asked
            if names_fit(named[a], named[b], organizations_alike=owners[a, b] in alike)
        ]
    sketches = {**known, **read_sketches(session, table, _others(asked, known))}
    asked = [(a, b) for a, b in asked if a in sketches and b in sketches]
    if table == "service":
        asked = [
            (a, b)
            for a, b in asked
            if comparable_services(
                sketches[a], sketches[b], organizations_alike=owners[a, b] in alike
            )
        ]
    compared = {(a, b): compare(sketches[a], sketches[b]) for a, b in asked}
    return {pair: found for pair, found in compared.items() if found.score >= PROPOSED}


def _others(pairs: Iterable[Pair], known: Collection[UUID]) -> list[UUID]:
    """The records of pairs that are not known yet."""
    return sorted({record for pair in pairs for record in pair if record not in known})


def _owners(one: Sketch, other: Sketch) -> Pair | None:
    if one.organization is None or other.organization is None:
        return None
    return _pair(one.organization, other.organization)


def _alike_organizations(session: Session, owners: Iterable[Pair | None]) -> set[Pair]:
    """Those of the owners of services that may be one organization, as far as known."""
    wanted = set(filter(None, owners))
    found: set[Pair] = set()
    for batch in in_batches({owner for owner, _ in wanted}):
        rows = session.execute(
            select(DuplicateCandidate.one_id, DuplicateCandidate.other_id).where(
                DuplicateCandidate.table_name == "organization",
                DuplicateCandidate.state != PairState.NOT_DUPLICATES,
                DuplicateCandidate.one_id.in_(batch),
            )
        )
        found |= {(row.one_id, row.other_id) for row in rows}
    return found & wanted


def _keep(
    session: Session,
    table: str,
    gone: Collection[UUID],
    fresh: Collection[UUID],
    found: Mapping[Pair, Comparison],
    now: datetime,
) -> None:
    """Write the pairs; what was open and is no pair any more, goes. Decisions stay, but for a pair
    that was said to be none and is much more alike by now."""
    known: set[Pair] = set()
    for batch in in_batches({*gone, *fresh, *(one for pair in found for one in pair)}):
        held = session.scalars(
            select(DuplicateCandidate).where(
                DuplicateCandidate.table_name == table,
                or_(DuplicateCandidate.one_id.in_(batch), DuplicateCandidate.other_id.in_(batch)),
            )
        )
        for row in held:
            pair = row.one_id, row.other_id
            known.add(pair)
            if pair in found:
                _say_again(row, found[pair], now)
            elif row.state == PairState.OPEN and _concerns(pair, gone, fresh):
                session.delete(row)
    session.add_all(
        DuplicateCandidate(
            table_name=table, one_id=one, other_id=other, score=compared.score,
            parts=written(compared), found_at=now,
        )
        for (one, other), compared in found.items()
        if (one, other) not in known
    )  # fmt: skip
    session.flush()


def _concerns(pair: Pair, gone: Collection[UUID], fresh: Collection[UUID]) -> bool:
    return any(one in gone or one in fresh for one in pair)


def _say_again(row: DuplicateCandidate, compared: Comparison, now: datetime) -> None:
    if row.state == PairState.NOT_DUPLICATES and changed_much(row.score, compared.score):
        row.state, row.found_at, row.decided_by, row.decided_at = PairState.OPEN, now, None, None
    if row.state == PairState.OPEN:
        row.score, row.parts = compared.score, written(compared)


def written(compared: Comparison) -> list[list[object]]:
    """The parts of a comparison as JSON holds them."""
    return [[part.points, part.words] for part in compared.parts]


def _pair(one: UUID, other: UUID) -> Pair:
    return (one, other) if one < other else (other, one)
