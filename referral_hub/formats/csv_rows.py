"""Rows of a CSV file, whatever its encoding, delimiter and faults, with their line numbers."""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from referral_hub.formats.packages import Member
from referral_hub.formats.records import Origin, Problem, Severity
from referral_hub.formats.text import clean, quoted, washed

LONGEST_LINE = 16 * 1024**2
_BLOCK = 1024**2
_DELIMITERS = ",;\t|"

# The outline of a service area is one field and may be megabytes long; the library's own limit
# is 128 KB and can only be set for the whole process.
csv.field_size_limit(LONGEST_LINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the physical line where it starts, and its filled cells by column name."""

    line: int
    cells: dict[str, str]


class CsvFile:
    """A CSV file with a header. Opening it looks at encoding, delimiter and header only."""

    def __init__(self, member: Member) -> None:
        self.name = member.name
        self.columns: tuple[str, ...] = ()
        self.problems: list[Problem] = []
        """What is wrong with the file as a whole."""
        self._member = member
        self._encoding = self._find_encoding()
        self._delimiter = ","
        self._read_header()

    def rows(self) -> Iterator[Row | Problem]:
        """The rows that fit the header; a problem for each of the others."""
        names = dict(enumerate(self._header))
        for line, last_line, fields in self._raw_rows():
            if isinstance(fields, str):
                yield self._problem(line, Severity.ERROR, "unreadable_row", fields)
                continue
            cells = [washed(field) for field in fields]
            if not any(cells):
                yield self._problem(line, Severity.ERROR, "blank_row", "blank row")
                continue
            if any(cells[len(names) :]):
                yield self._too_long(line, last_line, len(cells))
                continue
            if len(cells) < len(names):
                swallowed = last_line > line  # a stray quote took in the rows that follow
                yield self._too_short(line, last_line, len(cells), refused=swallowed)
                if swallowed:
                    continue
            yield Row(
                line, {names[at]: cell for at, cell in enumerate(cells[: len(names)]) if cell}
            )

    def _find_encoding(self) -> str:
        with self._member.open() as stream:
            start = stream.read(4)
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            decoder = codecs.getincrementaldecoder("utf-8")()
            line, block = 1, start
            while True:
                try:
                    decoder.decode(block, final=not block)
                except UnicodeDecodeError as error:
                    self._note_old_encoding(line + block[: error.start].count(b"\n"))
                    return "cp1252"
                if not block:
                    return "utf-8-sig"
                line += block.count(b"\n")
                block = stream.read(_BLOCK)

    def _note_old_encoding(self, line: int) -> None:
        reason = "the file is not UTF-8; it was read as Windows-1252, check accents and dashes"
        self.problems.append(self._problem(line, Severity.NOTICE, "old_encoding", reason))

    def _read_header(self) -> None:
        with self._text() as text:
            first = text.readline(LONGEST_LINE)
        rows = {sign: next(csv.reader([first], delimiter=sign), []) for sign in _DELIMITERS}
        self._delimiter = max(_DELIMITERS, key=lambda sign: len(rows[sign]))
        self._header: list[str] = []
        for _, _, fields in self._raw_rows(skip_header=False):
            self._header = [] if isinstance(fields, str) else [clean(name) for name in fields]
            break
        known: set[str] = set()
        for at, name in enumerate(self._header):
            if name in known:
                reason = f"the column “{quoted(name)}” stands twice; the first one was read"
                self.problems.append(self._problem(1, Severity.WARNING, "double_column", reason))
                self._header[at] = ""
            elif name:
                known.add(name)
        self._header = [name or f"(column {at})" for at, name in enumerate(self._header, start=1)]
        self.columns = tuple(self._header)

    def _text(self) -> IO[str]:
        return io.TextIOWrapper(
            self._member.open(), encoding=self._encoding, errors="replace", newline=""
        )

    def _raw_rows(self, skip_header: bool = True) -> Iterator[tuple[int, int, list[str] | str]]:
        """First line, last line and fields of each row, or what is wrong with it as text."""
        with self._text() as text:
            lines = iter(lambda: text.readline(LONGEST_LINE), "")
            reader = csv.reader(
                (line.replace("\x00", "") for line in lines), delimiter=self._delimiter
            )
            while True:
                line = reader.line_num + 1
                try:
                    fields = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield line, reader.line_num, f"the row cannot be read: {error}"
                    continue
                if fields and skip_header:
                    skip_header = False
                elif fields:
                    yield line, reader.line_num, fields

    def _too_long(self, line: int, last_line: int, count: int) -> Problem:
        reason = (
            f"the row has {count} fields, the header {len(self._header)}; "
            f"is a comma or a quote missing?{_span(line, last_line)}"
        )
        return self._problem(line, Severity.ERROR, "ragged_row", reason)

    def _too_short(self, line: int, last_line: int, count: int, *, refused: bool) -> Problem:
        outcome = "it was not read" if refused else "the missing ones were read as empty"
        reason = (
            f"the row has only {count} fields, the header {len(self._header)}; "
            f"{outcome}{_span(line, last_line)}"
        )
        severity = Severity.ERROR if refused else Severity.WARNING
        return self._problem(line, severity, "ragged_row", reason)

    def _problem(self, line: int, severity: Severity, code: str, reason: str) -> Problem:
        return Problem(Origin(self.name, line), severity, code, reason)


def _span(line: int, last_line: int) -> str:
    return f" (the row runs from line {line} to line {last_line})" if last_line > line else ""
