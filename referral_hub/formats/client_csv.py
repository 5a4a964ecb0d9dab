"""A CSV file of clients, as a spreadsheet or another system writes it."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from referral_hub.formats.client_cells import READERS, Unreadable, full_name
from referral_hub.formats.client_columns import FULL_NAME, columns_of
from referral_hub.formats.csv_rows import CsvFile, Row
from referral_hub.formats.errors import BadFile
from referral_hub.formats.packages import Member
from referral_hub.formats.records import Problem, Severity
from referral_hub.rules.client_profile import Profile

MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 300_000, 2_000, 200


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A row: its line, its profile as far as it can be read, and what is wrong by field."""

    line: int
    profile: Profile
    faults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ClientFile:
    """A file that was read as a whole. `columns` is header by field, `remarks` are for people."""

    columns: Mapping[str, str]
    unused: tuple[str, ...]
    rows: tuple[ClientRow, ...]
    remarks: tuple[str, ...]


def read_client_file(content: bytes, wanted: Mapping[str, str] | None = None) -> ClientFile:
    """Read a file. `wanted` is header by field, over what the headers say.

    Raises FormatError where it cannot be read as a whole.
    """
    if not content.strip():
        raise BadFile("The file is empty.")
    if len(content) > MOST_BYTES:
        raise BadFile(f"The file is larger than {MOST_BYTES:,} bytes. Split it into smaller ones.")
    if content.count(b'"') % 2:
        raise BadFile("A double quote in the file is not closed. Close or remove it.")
    file = CsvFile(Member("clients.csv", lambda: io.BytesIO(content)))
    if len(file.columns) > MOST_COLUMNS:
        raise BadFile(f"The file has more than {MOST_COLUMNS} columns. Leave out some of them.")
    columns = columns_of(file.columns, wanted)
    remarks = [_begun(problem.reason) for problem in file.problems]
    rows = list(_rows(file, columns, remarks))
    if len(rows) > MOST_ROWS:
        raise BadFile(f"The file has more than {MOST_ROWS:,} rows. Split it into smaller ones.")
    if not rows:
        raise BadFile("The file has a header, but no rows.")
    unused = tuple(header for header in file.columns if header not in columns.values())
    return ClientFile(columns, unused, tuple(rows), tuple(remarks))


def _rows(file: CsvFile, columns: Mapping[str, str], remarks: list[str]) -> Iterator[ClientRow]:
    for row in file.rows():
        if isinstance(row, Row):
            yield _row(row, columns)
        elif row.code == "blank_row":
            continue
        elif row.severity is Severity.ERROR:
            yield ClientRow(row.origin.line or 0, Profile(), {"": row.reason})
        else:
            remarks.append(_remark(row))


def _begun(reason: str) -> str:
    return reason[:1].upper() + reason[1:]


def _remark(problem: Problem) -> str:
    return f"Line {problem.origin.line}: {problem.reason}"


def _row(row: Row, columns: Mapping[str, str]) -> ClientRow:
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for field, header in columns.items():
        cell = row.cells.get(header, "").strip()
        if not cell:
            continue
        if field == FULL_NAME:
            values = full_name(cell) | values
            continue
        try:
            values[field] = READERS.get(field, str)(cell)
        except Unreadable as error:
            faults[field] = str(error)
    known = {name: value for name, value in values.items() if value is not None}
    return ClientRow(row.line, Profile(**known), faults)
