"""Spreadsheets of listings with broken rows, whose faults are known."""

import csv
import io

from openpyxl import Workbook

HEADER = ("Ref", "Site", "What we do", "Street", "Town", "State", "ZIP", "Tel", "E-mail", "Shoe")
WAYS_TO_BREAK = 5


def a_row(number: int) -> list[str]:
    """A row that can be loaded as it is."""
    return [
        f"r{number}", f"Pantry {number}", "Food for everybody", f"{number} W 18th St", "Chicago",
        "IL", "60608", "312-555-0101", f"pantry{number}@example.org", "37",
    ]  # fmt: skip


def a_broken_row(number: int) -> list[str]:
    """A row that cannot be loaded, each in one of several ways."""
    row = a_row(number)
    match number % WAYS_TO_BREAK:
        case 0:
            row[1] = ""  # no name
        case 1:
            row += ["one", "two", "too many"]
        case 2:
            row = [""] * len(row)
        case 3:
            row[1] = "   "
        case _:
            row[1], row[2] = "", ""
    return row


def rows(count: int, broken: int) -> list[list[str]]:
    """A header and so many rows, the broken ones among them evenly."""
    every = count // broken if broken else count + 1
    found = [list(HEADER)]
    for number in range(1, count + 1):
        is_broken = broken and number % every == 0
        found.append(a_broken_row(number // every) if is_broken else a_row(number))
    return found


def csv_of(table: list[list[str]]) -> bytes:
    """The table as a CSV file."""
    text = io.StringIO()
    csv.writer(text).writerows(table)
    return text.getvalue().encode()


def workbook_of(table: list[list[str]]) -> bytes:
    """The table as a workbook."""
    book = Workbook()
    for row in table:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
