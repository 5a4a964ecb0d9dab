"""Cells of tables that people open in a spreadsheet."""

import csv
from collections.abc import Iterable
from io import StringIO

# Where the keyboard writes wide signs, spreadsheets read those as well (OWASP, "CSV Injection").
_BEGINS_A_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def safe_cell(value: str) -> str:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_BEGINS_A_FORMULA) else value


def csv_line(cells: Iterable[str]) -> str:
    """A line of a CSV file, RFC 4180; no cell is taken for a formula."""
    text = StringIO()
    csv.writer(text).writerow(safe_cell(cell) for cell in cells)
    return text.getvalue()
