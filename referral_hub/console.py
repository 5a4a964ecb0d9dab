"""What the command line shows of long work: progress, problems, changes, sums."""

import csv
import sys
import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import click

from referral_hub.formats.cells import safe_cell
from referral_hub.formats.records import Problem, Severity
from referral_hub.use_cases.importing.report import Change, ImportReport, RecordChange

REFRESH_SECONDS = 0.2
SHOWN_PROBLEMS = 50
_COLUMNS = (
    "severity",
    "file",
    "line",
    "path",
    "table",
    "record",
    "field",
    "value",
    "reason",
    "code",
)


class Progress:
    """One line that counts up on a terminal, and a line a step where there is none."""

    def __init__(self) -> None:
        self._step = ""
        self._shown = 0.0
        self._live = sys.stderr.isatty()

    def step(self, label: str, done: int) -> None:
        """Say how far a step has come."""
        if not self._live:
            if label != self._step:
                click.echo(f"{label} …", err=True)
            self._step = label
            return
        now = time.monotonic()
        if label != self._step and self._step:
            click.echo(err=True)
        if label != self._step or now - self._shown > REFRESH_SECONDS:
            click.echo(f"\r{label}: {done:,}   ", nl=False, err=True)
            self._shown = now
        self._step = label

    def close(self) -> None:
        """End the line."""
        if self._live and self._step:
            click.echo(err=True)
        self._step = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class ProblemLog:
    """Problems of an import: errors and warnings as text, everything in the CSV report."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._shown = 0
        self._held: Counter[tuple[Severity, str]] = Counter()
        self._example: dict[tuple[Severity, str], Problem] = {}

    def __enter__(self) -> Self:
        if self._path is not None:
            self._file = self._path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow(_COLUMNS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, problem: Problem) -> None:
        """Write a problem to the report; show it when there is room and reason."""
        if self._writer is not None:
            self._writer.writerow([safe_cell(value) for value in _cells(problem)])
        if problem.severity is not Severity.NOTICE and self._shown < SHOWN_PROBLEMS:
            self._shown += 1
            click.echo(problem_line(problem), err=True)
            return
        key = (problem.severity, problem.code)
        self._held[key] += 1
        self._example.setdefault(key, problem)

    def summarise(self) -> None:
        """What was not shown one by one, by kind, with an example of each."""
        for key, count in self._held.most_common():
            severity, code = key
            click.echo(f"{count:,} more of kind {severity} {code}, such as:", err=True)
            click.echo("    " + problem_line(self._example[key]), err=True)
        if self._held and self._path is None:
            click.echo("Use --report FILE to get all of them as CSV.", err=True)


def problem_line(problem: Problem) -> str:
    """One problem as a person reads it: where, what, why."""
    origin = problem.origin
    place = origin.file
    if origin.line is not None:
        place += f", line {origin.line}"
    if origin.path:
        place += f", {origin.path}"
    what = " ".join(filter(None, (problem.table, problem.record)))
    value = f' (it says "{problem.value[:80]}")' if problem.value else ""
    return f"{problem.severity}: {place}: {what}: {problem.reason}{value}"


def print_change(change: RecordChange) -> None:
    """One record that would change, and in which fields."""
    fields = "; ".join(
        f'{name}: "{old[:60]}" -> "{new[:60]}"' for name, (old, new) in change.fields.items()
    )
    click.echo(
        f"{change.change}: {change.table} {change.name}" + (f" ({fields})" if fields else "")
    )


def print_report(report: ImportReport) -> None:
    """The sums of an import, table by table."""
    kind = "Dry run of" if report.dry_run else "Imported"
    click.echo(f"{kind} {report.source} ({report.format}): {report.read:,} records read.")
    for table in dict.fromkeys(table for table, _ in report.changes):
        parts = [
            f"{report.changes[table, change]:,} {change}"
            for change in Change
            if report.changes[table, change]
        ]
        click.echo(f"  {table:24} {', '.join(parts)}")
    click.echo(
        f"  {report.severity(Severity.ERROR):,} errors (not loaded), "
        f"{report.severity(Severity.WARNING):,} warnings, "
        f"{report.severity(Severity.NOTICE):,} notices."
    )


def _cells(problem: Problem) -> tuple[str, ...]:
    origin = problem.origin
    line = "" if origin.line is None else str(origin.line)
    return (
        str(problem.severity), origin.file, line, origin.path, problem.table, problem.record,
        problem.field, problem.value, problem.reason, problem.code,
    )  # fmt: skip
