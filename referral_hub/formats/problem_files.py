"""What is wrong with a file that was imported, as a file that people open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from referral_hub.formats.cells import safe_cell

COLUMNS = ("line", "what_became_of_it", "column", "value", "reason", "record", "table", "file")
OUTCOME: Mapping[str, str] = {
    "error": "not loaded",
    "warning": "loaded, the value was repaired or left out",
    "notice": "loaded",
}


def problems_csv(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The rows of the file, one by one, with a header. No cell is taken for a formula."""
    yield _row(COLUMNS)
    for line in lines:
        found = {**line, "what_became_of_it": OUTCOME[line["severity"]]}
        found["line"] = line["line"] or line["path"]
        yield _row("" if found[name] is None else str(found[name]) for name in COLUMNS)


def _row(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()
