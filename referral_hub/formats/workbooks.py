"""Office workbooks: the first sheet as a CSV file, so that it is read like any other table."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from referral_hub.formats.errors import BadFile

MOST_UNPACKED = 200 * 1024**2
MOST_ROWS, MOST_COLUMNS = 100_000, 300
LAST_ROW = 1_048_576
"""Of any sheet; empty rows up to it cost next to nothing."""
_MARK = "[Content_Types].xml"
_BROKEN = (
    zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, TypeError, AttributeError,
    IndexError, OSError, EOFError, SyntaxError, RuntimeError, NotImplementedError,
)  # fmt: skip
"""What the library raises for a file that is not as it should be; bad XML is a SyntaxError."""


def is_workbook(content: bytes) -> bool:
    """Whether this is a workbook as Excel and others write it since 2007."""
    if not content.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _MARK in archive.namelist()
    except _BROKEN:
        return False


def workbook_csv(content: bytes) -> bytes:
    """The first sheet of a workbook: its rows keep their numbers as lines. Raises BadFile."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
                raise BadFile(f"The workbook unpacks to more than {MOST_UNPACKED // 1024**2} MB.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(
                io.BytesIO(content), read_only=True, data_only=True, keep_links=False
            )
            try:
                return _written(_rows(book))
            finally:
                book.close()
    except BadFile:
        raise
    except _BROKEN as error:
        raise BadFile(
            "The workbook is damaged, or protected with a password. Save it as CSV and send that."
        ) from error


def _rows(book: object) -> Iterator[list[str]]:
    sheets = getattr(book, "worksheets", [])
    if not sheets:
        raise BadFile("The workbook has no sheet with cells.")
    sheets[0].reset_dimensions()  # what a file says of its own size is often wrong
    filled = 0
    for number, row in enumerate(sheets[0].iter_rows(values_only=True), start=1):
        filled += any(value is not None for value in row)
        if filled > MOST_ROWS or number > LAST_ROW:
            raise BadFile(f"The sheet has more than {MOST_ROWS:,} rows. Split it.")
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise BadFile(f"The sheet has more than {MOST_COLUMNS} columns.")
        yield [_cell(value) for value in row[:MOST_COLUMNS]]


def _written(rows: Iterator[list[str]]) -> bytes:
    """Rows as CSV, without the empty ones at the end. One line a row: breaks become spaces."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    blank = 0
    for row in rows:
        if not any(row):
            blank += 1
            continue
        text.write("\n" * blank)
        blank = 0
        writer.writerow(row)
    if not text.tell():
        raise BadFile("The first sheet of the workbook is empty.")
    return text.getvalue().encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return " ".join(str(value).split())
