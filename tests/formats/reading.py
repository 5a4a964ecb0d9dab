"""What a reader said about an input, easy to ask about."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from referral_hub.formats.detect import Format
from referral_hub.formats.read import read_directory
from referral_hub.formats.records import Item, Problem, RawRecord, Severity


@dataclass(frozen=True, slots=True)
class Reading:
    """All records and problems of one input."""

    items: tuple[Item, ...]

    @property
    def records(self) -> list[RawRecord]:
        return [item for item in self.items if isinstance(item, RawRecord)]

    @property
    def problems(self) -> list[Problem]:
        return [item for item in self.items if isinstance(item, Problem)]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(record.table for record in self.records))

    @property
    def codes(self) -> dict[str, int]:
        return dict(Counter(problem.code for problem in self.problems))

    @property
    def errors(self) -> list[str]:
        return [item.code for item in self.problems if item.severity is Severity.ERROR]

    def all(self, table: str) -> list[RawRecord]:
        return [record for record in self.records if record.table == table]

    def one(self, table: str) -> RawRecord:
        (record,) = self.all(table)
        return record

    def problem(self, code: str) -> Problem:
        (problem,) = [problem for problem in self.problems if problem.code == code]
        return problem

    def ids(self, table: str) -> set[str]:
        return {record.id for record in self.all(table)}


def reading(
    path: Path, form: Format | None = None, mapping: dict[str, str] | None = None
) -> Reading:
    """Read the whole input."""
    return Reading(tuple(read_directory(path, form, mapping)))
