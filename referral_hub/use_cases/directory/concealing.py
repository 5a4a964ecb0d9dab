"""Keeping what tells where confidential locations are out of the rows that everybody reads.

A record of such a place (the location, where services are given there, and their parts) has in its
row what may be known. What it truly says is sealed beside it, in `concealed_record`. Whatever reads
rows, now or in years, therefore cannot tell more than it may.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Date, Select, Uuid, delete, func, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DIRECTORY,
    ConcealedRecord,
    Location,
    ServiceAtLocation,
    columns,
    table_of,
)
from referral_hub.models.base import UtcDateTime
from referral_hub.rules.hsds import OWNER_FIELDS, TABLES
from referral_hub.rules.visibility import WITHHELD, concealed, is_drawn
from referral_hub.use_cases.batches import in_batches

Row = dict[str, Any]
FIELDS = "concealed_record.fields"
PLACES_LOCK = int.from_bytes(b"places", "big")
"""The key of PostgreSQL's advisory lock."""
_PLACES = frozenset({"location", "service_at_location"})


def confidential_locations(session: Session) -> set[UUID]:
    """Every location whose address is secret."""
    return set(session.scalars(select(Location.id).where(Location.confidential)))


def lock_places(session: Session, *, exclusive: bool = False) -> None:
    """Hold it until the transaction ends that no location becomes confidential meanwhile; exclusive
    for who makes one so, who waits until nobody goes on from what was public.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if exclusive else func.pg_advisory_xact_lock_shared
        session.execute(select(lock(PLACES_LOCK)))


class Concealing:
    """Knows which records tell where some confidential locations are, and seals what they say.

    Rows are given parents first, as `TABLES` has them: a part is known by what it belongs to. In a
    rehearsal nothing is written.
    """

    def __init__(
        self, session: Session, vault: Vault, places: Iterable[UUID], *, rehearsal: bool = False
    ) -> None:
        self._session = session
        self._vault = vault
        self._rehearsal = rehearsal
        self._places = set(places)
        self._owners = {("location", place): place for place in self._places}
        self._records = dict(self._owners)
        self._described = {place: place for place in self._places}
        self._sealed: dict[tuple[str, UUID], bool] = {}
        self._services: dict[UUID, UUID] = {}
        self._learn()

    def __bool__(self) -> bool:
        """Whether there is any secret to keep."""
        return bool(self._places)

    def is_secret(self, table: str, record_id: UUID) -> bool:
        """Whether a record is known to be of a confidential location."""
        return (table, record_id) in self._records

    def note(self, table: str, row: Mapping[str, Any]) -> UUID | None:
        """The confidential location that a record would tell of, if any; the record is remembered.

        `row` has the record's id and its keys.
        """
        if not self._places:
            return None
        place = self._place_of(table, row)
        if place is not None:
            self._remember(table, row["id"], place)
            if table == "service_at_location":
                self._owners[table, row["id"]] = place
                if row["service_id"] is not None:
                    self._services[row["service_id"]] = place
        return place

    def recall(self, table: str, row: Row) -> UUID | None:
        """As `note`, of a record that may be there no more; what belonged to it is known as well.
        `row` has all columns."""
        place = self.note(table, row)
        if place is not None and self._kept(table, row) is None:
            self._owners[table, row["id"]] = place
        return place

    def keep(self, place: UUID) -> None:
        """From now on this location is confidential as well."""
        self._places.add(place)
        self._owners["location", place] = place
        self._remember("location", place, place)

    def known(self) -> dict[str, set[UUID]]:
        """The ids of all records that are known to be of the places, by table."""
        found: dict[str, set[UUID]] = {}
        for table, record_id in self._records:
            found.setdefault(table, set()).add(record_id)
        return found

    def words(self) -> set[str]:
        """The streets and numbers that are sealed: what a text may not quote."""
        found: set[str] = set()
        for table, name in (("address", "address_1"), ("phone", "number")):
            rows = self.truth(table, [one for kind, one in self._sealed if kind == table])
            found |= {row[name] for row in rows.values() if row.get(name)}
        return found

    def is_unsettled(self, table: str, row: Row) -> bool:
        """Whether what is in a record's row, or not, is other than it should be: something that is
        not sealed yet, or is sealed for no place any more. `row` has what is true."""
        is_sealed = (table, row["id"]) in self._sealed
        if self.note(table, row) is None:
            return is_sealed
        if is_sealed:
            return False
        kept = self._kept(table, row)
        return kept is None or any(row[name] != value for name, value in kept.items())

    def is_away(self, table: str, record_id: UUID) -> bool:
        """Whether a record has no row because nothing of it may be known."""
        return self._sealed.get((table, record_id), False)

    def conceal(self, table: str, row: Row) -> Row | None:
        """What may stand in the record's row, None for no row; what may not is sealed.

        `row` has what is true; where the record may be away, all columns. What is of no
        confidential location comes back as it is, and nothing remains sealed of it.
        """
        place = self.note(table, row)
        if place is None:
            if self._records.pop((table, row["id"]), None) is not None:
                self._owners.pop((table, row["id"]), None)
                self._described.pop(row["id"], None)
            self.forget(table, [row["id"]])
            return row
        kept = self._kept(table, row)
        if kept is None:
            names = [column.name for column in columns(DIRECTORY[table])]
            self._seal(table, row["id"], place, {name: row[name] for name in names}, away=True)
            return None
        secret = {name: row[name] for name, value in kept.items() if row[name] != value}
        if secret:
            self._seal(table, row["id"], place, secret, away=False)
        else:
            self.forget(table, [row["id"]])
        return row | kept

    def truth(self, table: str, ids: Iterable[UUID]) -> dict[UUID, Row]:
        """What is sealed of these records, by id."""
        wanted = [one for one in ids if (table, one) in self._sealed]
        found: dict[UUID, Row] = {}
        for batch in in_batches(wanted):
            query = select(ConcealedRecord).where(
                ConcealedRecord.table_name == table, ConcealedRecord.record_id.in_(batch)
            )
            for sealed in self._session.scalars(query):
                found[sealed.record_id] = opened(self._vault, sealed)
        return found

    def held(self, table: str, ids: Iterable[UUID]) -> dict[UUID, Row]:
        """All columns of records by id: as they are, and not as they are shown."""
        ids = list(ids)
        found: dict[UUID, Row] = {}
        for batch in in_batches(ids):
            query = select(*columns(DIRECTORY[table])).where(DIRECTORY[table].id.in_(batch))
            found |= {row.id: row._asdict() for row in self._session.execute(query)}
        for record_id, true in self.truth(table, ids).items():
            found[record_id] = found.get(record_id, {}) | true
        return found

    def belonging(self, table: str, field: str, owner: UUID) -> list[Row]:
        """The records of a table that name an owner, as they are, in their order."""
        column = table_of(DIRECTORY[table]).c[field]
        ids = set(self._session.scalars(select(DIRECTORY[table].id).where(column == owner)))
        ids |= {one for (name, one), away in self._sealed.items() if name == table and away}
        rows = [row for row in self.held(table, ids).values() if row[field] == owner]
        return sorted(rows, key=lambda row: (row["position"], row["id"].hex))

    def put(self, table: str, row: Row) -> None:
        """Write over a record that is held, as far as it may have a row."""
        model = DIRECTORY[table]
        was_away = self.is_away(table, row["id"])
        shown = self.conceal(table, row)
        if shown is None:
            delete_rows(self._session, table, [row["id"]])
        elif was_away:
            self._session.execute(insert(table_of(model)).values(shown))
        else:
            self._session.execute(update(model).where(model.id == row["id"]).values(shown))

    def away(self, table: str, source_id: int) -> Iterator[Row]:
        """The records of a source that have no row, as they are."""
        ids = [
            record_id for (name, record_id), away in self._sealed.items() if name == table and away
        ]
        for row in self.truth(table, ids).values():
            if row["source_id"] == source_id:
                yield row

    def forget(self, table: str, ids: Iterable[UUID]) -> None:
        """Delete what is sealed of records that are gone, or no secret any more."""
        sealed = [one for one in ids if self._sealed.pop((table, one), None) is not None]
        for batch in in_batches(() if self._rehearsal else sealed):
            self._session.execute(
                delete(ConcealedRecord).where(
                    ConcealedRecord.table_name == table, ConcealedRecord.record_id.in_(batch)
                )
            )

    def conceal_rows(self) -> None:
        """Conceal every row that is not yet, of all the places; what stands in clear is newer than
        what is sealed."""
        gone: list[tuple[str, list[UUID]]] = []
        for table in TABLES:
            model = DIRECTORY[table]
            lost = []
            for row in self._rows(table):
                if self.note(table, row) is None:
                    continue
                kept = self._kept(table, row)
                if kept is not None:
                    clear = {name for name, value in kept.items() if row[name] != value}
                    if not clear:
                        continue
                    true = self.truth(table, [row["id"]]).get(row["id"], {})
                    row |= {name: value for name, value in true.items() if name not in clear}
                shown = self.conceal(table, row)
                if shown is None:
                    lost.append(row["id"])
                else:
                    self._session.execute(update(model).where(model.id == row["id"]).values(shown))
            gone.append((table, lost))
        for table, ids in reversed(gone):
            delete_rows(self._session, table, ids)

    def _learn(self) -> None:
        """What the directory says of the places already."""
        for batch in in_batches(self._places):
            links = select(
                ServiceAtLocation.id, ServiceAtLocation.service_id, ServiceAtLocation.location_id
            ).where(ServiceAtLocation.location_id.in_(batch))
            for link in self._session.execute(links):
                self.note("service_at_location", link._asdict())
            sealed = select(
                ConcealedRecord.table_name, ConcealedRecord.record_id,
                ConcealedRecord.location_id, ConcealedRecord.away,
            ).where(ConcealedRecord.location_id.in_(batch))  # fmt: skip
            for table, record_id, place, away in self._session.execute(sealed):
                self._remember(table, record_id, place)
                self._sealed[table, record_id] = away
                if away:
                    self._owners[table, record_id] = place

    def _remember(self, table: str, record_id: UUID, place: UUID) -> None:
        self._records[table, record_id] = self._described[record_id] = place

    def _place_of(self, table: str, row: Mapping[str, Any]) -> UUID | None:
        if table == "location":
            return row["id"] if row["id"] in self._places else None
        if table in OWNER_FIELDS:
            return self._described.get(row[OWNER_FIELDS[table]])
        owners = (self._owners.get(owner) for owner in _owners(table, row).values())
        place = next(filter(None, owners), None)
        if table == "service_area":
            place = place or self._services.get(row["service_id"])
            return place if is_drawn(row.get("extent_type"), row.get("extent")) else None
        return place

    def _kept(self, table: str, row: Row) -> Row | None:
        """What is to stand in the telling fields of a row; None where no row may be.

        A number or a contact that is also a service's or an organization's own stays, tied to
        these alone.
        """
        owners = _owners(table, row)
        telling = {name: None for name, owner in owners.items() if owner in self._owners}
        hangs_on_one_away = any(owners[name][0] not in _PLACES for name in telling)
        if table not in WITHHELD and not hangs_on_one_away:
            return concealed(table, row)
        if table == "service_area" or table in OWNER_FIELDS or len(telling) == len(owners):
            return None
        return concealed(table, row) | telling

    def _seal(self, table: str, record_id: UUID, place: UUID, fields: Row, *, away: bool) -> None:
        if not self._rehearsal:
            self._write(table, record_id, place, fields, away=away)
        self._sealed[table, record_id] = away
        if away:
            self._owners[table, record_id] = place
        elif table not in _PLACES:
            self._owners.pop((table, record_id), None)

    def _write(self, table: str, record_id: UUID, place: UUID, fields: Row, *, away: bool) -> None:
        known = select(ConcealedRecord).where(
            ConcealedRecord.table_name == table, ConcealedRecord.record_id == record_id
        )
        sealed = self._session.scalars(known).one_or_none()
        if sealed is None:
            sealed = ConcealedRecord(id=uuid4(), table_name=table, record_id=record_id)
            self._session.add(sealed)
        sealed.location_id, sealed.away = place, away
        sealed.fields_sealed = self._vault.seal(FIELDS, sealed.id, _written(fields))
        self._session.flush()

    def _rows(self, table: str) -> Iterator[Row]:
        """The rows of a table that may tell of the places, as far as its parents are known."""
        model = DIRECTORY[table]
        fields = table_of(model).c
        keys: list[tuple[Any, list[UUID]]] = []
        if table == "location":
            keys.append((fields.id, list(self._places)))
        elif table in OWNER_FIELDS:
            keys.append((fields[OWNER_FIELDS[table]], list(self._described)))
        for spec in TABLES[table].references:
            ids = [one for name, one in self._owners if name == spec.references]
            keys.append((fields[spec.name], ids))
        if table == "service_area":
            keys.append((fields.service_id, list(self._services)))
        for key, ids in keys:
            for batch in in_batches(ids):
                query: Select[Any] = select(*columns(model)).where(key.in_(batch))
                yield from [row._asdict() for row in self._session.execute(query)]


def reveal(session: Session, vault: Vault, place: UUID) -> None:
    """Give the records of a location back what is sealed of them, but what would tell of another
    confidential location as well. Raises KeyMissing where no key opens it."""
    elsewhere = select(ServiceAtLocation.service_id, ServiceAtLocation.location_id).join(
        Location, Location.id == ServiceAtLocation.location_id
    )
    secret = elsewhere.where(Location.confidential, Location.id != place)
    others = {row.service_id: row.location_id for row in session.execute(secret)}
    for table in TABLES:
        model = DIRECTORY[table]
        query = select(ConcealedRecord).where(
            ConcealedRecord.location_id == place, ConcealedRecord.table_name == table
        )
        for sealed in session.scalars(query).all():
            true = opened(vault, sealed)
            if table == "service_area" and true["service_id"] in others:
                sealed.location_id = others[true["service_id"]]
                continue
            if sealed.away:
                _cut_loose(session, table, true)
                session.execute(insert(table_of(model)).values(true))
            else:
                session.execute(update(model).where(model.id == sealed.record_id).values(true))
            session.delete(sealed)
    session.flush()


def _cut_loose(session: Session, table: str, row: Row) -> None:
    """Leave out of a row what it belonged to and what is not there any more."""
    for spec in TABLES[table].references:
        if spec.references and row[spec.name] is not None:
            owner = table_of(DIRECTORY[spec.references]).c.id
            if session.execute(select(owner).where(owner == row[spec.name])).first() is None:
                row[spec.name] = None


def opened(vault: Vault, sealed: ConcealedRecord) -> Row:
    """The true fields of a record. Raises KeyMissing where no key opens them."""
    kinds = table_of(DIRECTORY[sealed.table_name]).c
    fields: dict[str, Any] = json.loads(vault.open(FIELDS, sealed.id, sealed.fields_sealed))
    return {name: _read(kinds[name].type, value) for name, value in fields.items()}


def delete_rows(session: Session, table: str, ids: Iterable[UUID]) -> None:
    """Delete rows of a table by their ids."""
    model = DIRECTORY[table]
    for batch in in_batches(ids):
        session.execute(delete(model).where(model.id.in_(batch)))


def _owners(table: str, row: Mapping[str, Any]) -> dict[str, tuple[str, UUID]]:
    """(table, id) of what a row refers to, by the key that does."""
    return {
        spec.name: (spec.references, row[spec.name])
        for spec in TABLES[table].references
        if spec.references and row.get(spec.name)
    }


def _written(fields: Row) -> str:
    return json.dumps(
        {name: value if isinstance(value, _PLAIN) else str(value) for name, value in fields.items()}
    )


_PLAIN = (str, float, int, bool, type(None))


def _read(kind: TypeEngine[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    return UUID(value) if isinstance(kind, Uuid) else value
