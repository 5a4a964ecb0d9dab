"""What an import leaves as somebody here said it, and what it asks about."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import EditedField, SourceRule, SourceWord
from referral_hub.rules.corrections import Origin
from referral_hub.rules.errors import NotFound
from referral_hub.rules.hsds import PARTS, TABLES
from referral_hub.rules.source_rules import SILENT, SourceWins, who_wins
from referral_hub.rules.sources import source_maker
from referral_hub.use_cases.batches import in_batches
from referral_hub.use_cases.steps.corrections import propose

Row = dict[str, Any]
Field = tuple[UUID, str]
REMOVED = ""
"""The field of a record that somebody here removed: see `models.EditedField`."""


@dataclass(slots=True)
class Deference:
    """Decides field by field between a source and the hub, by `rules.source_rules`.

    In a rehearsal nobody is asked.
    """

    session: Session
    source_id: int
    source: str
    now: datetime
    rehearsal: bool = False
    rules: dict[tuple[str, str], str] = field(init=False)
    removed: dict[str, set[UUID]] = field(init=False)
    marks: dict[UUID, set[str]] = field(default_factory=dict)
    words: dict[Field, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        query = select(SourceRule).where(SourceRule.source_id == self.source_id)
        self.rules = {
            (rule.table_name, rule.field): rule.wins for rule in self.session.scalars(query)
        }
        self.removed = defaultdict(set)
        gone = select(EditedField.table_name, EditedField.record_id).where(
            EditedField.field == REMOVED
        )
        for table, record_id in self.session.execute(gone):
            self.removed[table].add(record_id)

    def look_at(self, table: str, ids: Sequence[UUID]) -> None:
        """Read what was said here of some records, and what the source said of them last."""
        self.marks = self.edited(table, ids)
        self.words = {}
        if not self.marks and not self._asked(table):
            return
        for batch in in_batches(ids):
            words = select(SourceWord).where(
                SourceWord.table_name == table, SourceWord.record_id.in_(batch)
            )
            for word in self.session.scalars(words):
                self.words[word.record_id, word.field] = word.value

    def edited(self, table: str, ids: Sequence[UUID]) -> dict[UUID, set[str]]:
        """The fields that somebody here said otherwise, by record."""
        found: dict[UUID, set[str]] = {}
        for batch in in_batches(ids):
            query = select(EditedField.record_id, EditedField.field).where(
                EditedField.table_name == table, EditedField.record_id.in_(batch)
            )
            for record_id, name in self.session.execute(query):
                found.setdefault(record_id, set()).add(name)
        return found

    def leaves(self, table: str, row: Row, *, held: bool) -> bool:
        """Whether the record may be written: not what was removed here, nor what belongs to that
        alone. Other references to what was removed are taken out of the row."""
        if not self.removed:
            return True
        if not held and row["id"] in self.removed.get(table, ()):
            return False
        named = [
            spec
            for spec in TABLES[table].references
            if spec.references and row[spec.name] is not None
        ]
        lost = [
            spec for spec in named if row[spec.name] in self.removed.get(spec.references or "", ())
        ]
        if not lost:
            return True
        if any(spec.required for spec in lost) or (table in PARTS and len(lost) == len(named)):
            self.removed[table].add(row["id"])  # so that what belongs to it is left out too
            return False
        row.update(dict.fromkeys((spec.name for spec in lost), None))
        return True

    def settle(self, table: str, before: Mapping[str, Any], row: Row, *, asks: bool = True) -> Row:
        """The row with each field as it is to stand; what the source may not decide is as before,
        and where it says something new it is proposed as a correction, if anybody may be asked."""
        marked = self.marks.get(row["id"], set())
        for name in {*marked, *self._ruled(table)} & row.keys():
            said, current = row[name], before[name]
            wins = who_wins(self.rules, table, name, name in marked)
            if wins == SourceWins.SOURCE:
                continue
            row[name] = current
            if asks and wins == SourceWins.ASK and name not in SILENT and not self.rehearsal:
                self._ask(table, row["id"], name, current, said)
        return row

    def _ask(self, table: str, record_id: UUID, name: str, current: Any, said: Any) -> None:
        word = self.words.get((record_id, name), plain(current))
        if plain(said) == word:
            return
        self.session.merge(
            SourceWord(table_name=table, record_id=record_id, field=name, value=plain(said))
        )
        if said == current:
            return
        with suppress(NotFound):  # it belongs to no listing, so nobody decides about it
            propose(
                self.session,
                table=table,
                record_id=record_id,
                field=name,
                current=_text(current),
                proposed=_text(said),
                origin=Origin.IMPORT,
                proposed_by=source_maker(self.source),
                note=None,
                now=self.now,
            )

    def _ruled(self, table: str) -> set[str]:
        return {name for named, name in self.rules if named == table}

    def _asked(self, table: str) -> bool:
        return any(
            named == table and wins == SourceWins.ASK for (named, _), wins in self.rules.items()
        )


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _text(value: Any) -> str | None:
    return None if value is None else str(plain(value))
