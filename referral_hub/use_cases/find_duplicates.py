"""Looking for records that are listed twice, portion by portion, beside everything else.

After an import, and once a day, all records are gone through, table by table in the order of their
ids; between that, those whose listing somebody changed. A record is compared only where what it
says of itself is new, and only with those that share a key with it. Where the work stops, it goes
on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, or_, select
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
)
from referral_hub.rules.duplicates import MATCHED_TABLES, PairState
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.steps.sketches import digest_of, key_number, read_sketches
from referral_hub.use_cases.transaction import let_go, transaction

PORTION = 200
EVERY = timedelta(days=1)
Pair = tuple[UUID, UUID]


def find_duplicates(session: Session, actor: Actor, *, now: datetime) -> int:
    """Look through a portion of the directory; returns how many records, 0 when nothing waits."""
    require(actor, Permission.DUPLICATES_FIND)
    if not _waits(session, now):
        let_go(session)
        return 0
    with transaction(session):
        sweep = session.get(MatchingSweep, 1)
        if sweep is None:
            sweep = MatchingSweep(id=1, change_id=0)
            session.add(sweep)
        changed = _changed(session, sweep)
        if changed:
            for table, ids in changed.items():
                _look_at(session, table, ids, now)
            return sum(map(len, changed.values())) or 1
        if sweep.table_name is None:
            sweep.table_name, sweep.last_id, sweep.started_at = MATCHED_TABLES[0], None, now
        return _go_on(session, sweep, now)


def _waits(session: Session, now: datetime) -> bool:
    sweep = session.get(MatchingSweep, 1)
    if sweep is None or sweep.table_name is not None or sweep.started_at is None:
        return True
    if now - sweep.started_at >= EVERY:
        return True
    imported = session.scalar(select(func.max(Source.imported_at)))
    if imported is not None and imported > sweep.started_at:
        return True
    latest = session.scalar(select(func.max(ListingChange.id))) or 0
    return latest > sweep.change_id


def _changed(session: Session, sweep: MatchingSweep) -> dict[str, set[UUID]]:
    """The records of the next changes of listings, by table. A change of a merge names two."""
    rows = session.execute(
        select(ListingChange.id, ListingChange.table_name, ListingChange.record_id,
               ListingChange.edits)
        .where(ListingChange.id > sweep.change_id).order_by(ListingChange.id).limit(20)
    ).all()  # fmt: skip
    found: defaultdict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        found[row.table_name].add(row.record_id)
        for edit in row.edits:
            found[edit["table"]].add(UUID(edit["id"]))
        sweep.change_id = row.id
    return {table: ids for table, ids in found.items() if table in MATCHED_TABLES}


def _go_on(session: Session, sweep: MatchingSweep, now: datetime) -> int:
    table = sweep.table_name or MATCHED_TABLES[0]
    model = DIRECTORY[table]
    query = select(model.id).order_by(model.id).limit(PORTION)
    if sweep.last_id is not None:
        query = query.where(model.id > sweep.last_id)
    ids = list(session.scalars(query))
    _look_at(session, table, ids, now)
    if len(ids) == PORTION:
        sweep.last_id = ids[-1]
        return len(ids)
    after = MATCHED_TABLES.index(table) + 1
    sweep.last_id = None
    if after < len(MATCHED_TABLES):
        sweep.table_name = MATCHED_TABLES[after]
    else:
        sweep.table_name, sweep.finished_at = None, now
    return len(ids) or 1


def _look_at(session: Session, table: str, ids: Collection[UUID], now: datetime) -> None:
    """Compare those of the records that say something new of themselves."""
    for batch in in_batches(ids):
        sketches = read_sketches(session, table, batch)
        digests = {key: digest_of(sketch) for key, sketch in sketches.items()}
        held: dict[UUID, str] = {
            row.record_id: row.digest
            for row in session.execute(
                select(MatchedRecord.record_id, MatchedRecord.digest).where(
                    MatchedRecord.table_name == table, MatchedRecord.record_id.in_(batch)
                )
            )
        }
        gone = held.keys() - sketches.keys()
        fresh = {key for key, digest in digests.items() if held.get(key) != digest}
        if not gone and not fresh:
            continue
        _forget(session, table, [*gone, *(fresh & held.keys())])
        partners = _hold(session, table, {key: sketches[key] for key in fresh}, digests)
        pairs = _compared(session, table, sketches, partners)
        _keep(session, table, gone, fresh, pairs, now)


def _forget(session: Session, table: str, ids: list[UUID]) -> None:
    for model in (MatchingKey, MatchedRecord):
        session.execute(delete(model).where(model.table_name == table, model.record_id.in_(ids)))


def _hold(
    session: Session, table: str, sketches: Mapping[UUID, Sketch], digests: Mapping[UUID, str]
) -> set[Pair]:
    """Keep the keys of records; returns the pairs that share one with few others."""
    keys = {record: {key_number(key) for key in keys_of(each)} for record, each in sketches.items()}
    rows = [
        {"table_name": table, "key": key, "record_id": record}
        for record, some in keys.items()
        for key in some
    ]
    if rows:
        session.execute(insert(MatchingKey), rows)
    if sketches:
        session.execute(
            insert(MatchedRecord),
            [{"table_name": table, "record_id": one, "digest": digests[one]} for one in sketches],
        )
    holders: defaultdict[int, list[UUID]] = defaultdict(list)
    for batch in in_batches(sorted({key for some in keys.values() for key in some})):
        found = session.execute(
            select(MatchingKey.key, MatchingKey.record_id).where(
                MatchingKey.table_name == table, MatchingKey.key.in_(batch)
            )
        )
        for key, record in found:
            holders[key].append(record)
    return {
        _pair(record, other)
        for record, some in keys.items()
        for key in some
        if len(holders[key]) <= MOST_WITH_A_KEY
        for other in holders[key]
        if other != record
    }


def _compared(
    session: Session, table: str, known: Mapping[UUID, Sketch], pairs: Iterable[Pair]
) -> dict[Pair, Comparison]:
    """Those of the pairs that may be one."""
    pairs = list(pairs)
    others = {record for pair in pairs for record in pair} - known.keys()
    sketches = {**known, **read_sketches(session, table, sorted(others))}
    asked = [pair for pair in pairs if pair[0] in sketches and pair[1] in sketches]
    if table == "service":
        alike = _alike_organizations(session, [(sketches[a], sketches[b]) for a, b in asked])
        asked = [
            (a, b)
            for a, b in asked
            if comparable_services(
                sketches[a], sketches[b],
                organizations_alike=_owners(sketches[a], sketches[b]) in alike,
            )
        ]  # fmt: skip
    compared = {(a, b): compare(sketches[a], sketches[b]) for a, b in asked}
    return {pair: found for pair, found in compared.items() if found.score >= PROPOSED}


def _owners(one: Sketch, other: Sketch) -> Pair | None:
    if one.organization is None or other.organization is None:
        return None
    return _pair(one.organization, other.organization)


def _alike_organizations(session: Session, pairs: Iterable[tuple[Sketch, Sketch]]) -> set[Pair]:
    """Those of the owners of services that may be one organization, as far as known."""
    wanted = {owners for one, other in pairs if (owners := _owners(one, other)) is not None}
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
    found: dict[Pair, Comparison],
    now: datetime,
) -> None:
    """Write the pairs; what was open and is no pair any more, goes. Decisions stay, but for a pair
    that was said to be none and is much more alike by now."""
    for batch in in_batches({*gone, *fresh, *(one for pair in found for one in pair)}):
        held = session.scalars(
            select(DuplicateCandidate).where(
                DuplicateCandidate.table_name == table,
                or_(DuplicateCandidate.one_id.in_(batch), DuplicateCandidate.other_id.in_(batch)),
            )
        )
        for row in held:
            pair = row.one_id, row.other_id
            if pair in found:
                _say_again(row, found.pop(pair), now)
            elif row.state == PairState.OPEN and _concerns(pair, gone, fresh):
                session.delete(row)
    session.add_all(
        DuplicateCandidate(
            table_name=table, one_id=one, other_id=other, score=compared.score,
            parts=written(compared), found_at=now,
        )
        for (one, other), compared in found.items()
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
