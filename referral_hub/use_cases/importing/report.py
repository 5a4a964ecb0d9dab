"""What an import says of itself while it runs and when it is done."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from referral_hub.formats.records import Origin, Problem, Severity


class Change(StrEnum):
    """What happens to one record."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    INACTIVATED = "made inactive"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that an import changes. `fields` has old and new value by field."""

    change: Change
    table: str
    id: str
    name: str
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class ImportReport:
    """Counts of an import. Problems and changes are handed on one by one, never collected.

    `whole` turns false when a reader met damage: records may be missing that were sent. `veil`
    takes out of a problem what nobody may read.
    """

    source: str
    format: str
    dry_run: bool
    on_problem: Callable[[Problem], None] = lambda _problem: None
    on_change: Callable[[RecordChange], None] = lambda _change: None
    on_progress: Callable[[str, int], None] = lambda _step, _done: None
    veil: Callable[[Problem], Problem] = lambda problem: problem
    read: int = 0
    whole: bool = True
    changes: Counter[tuple[str, Change]] = field(default_factory=Counter)
    problems: Counter[tuple[Severity, str]] = field(default_factory=Counter)

    def problem(self, problem: Problem) -> None:
        """Count a problem and hand it on."""
        problem = self.veil(problem)
        self.problems[problem.severity, problem.code] += 1
        self.on_problem(problem)

    def say(
        self,
        severity: Severity,
        code: str,
        reason: str,
        *,
        origin: Origin,
        table: str = "",
        record: str = "",
        field: str = "",
        value: str = "",
    ) -> None:
        """Count a problem that the import itself found, and hand it on."""
        self.problem(Problem(origin, severity, code, reason, table, record, field, value))

    def change(self, change: RecordChange) -> None:
        """Count a change and hand it on."""
        self.changes[change.table, change.change] += 1
        if change.change is not Change.UNCHANGED:
            self.on_change(change)

    def changed(self, *kinds: Change) -> int:
        """How many records of any table changed in one of these ways."""
        return sum(number for (_, change), number in self.changes.items() if change in kinds)

    def severity(self, severity: Severity) -> int:
        """How many problems of this severity were met."""
        return sum(number for (held, _), number in self.problems.items() if held is severity)
