"""The series of an improvement as a file that people open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO

from referral_hub.formats.cells import safe_cell
from referral_hub.formats.figure_files import ASKED_COLUMNS, Cell, cell_text
from referral_hub.rules.control_charts import Chart, Point
from referral_hub.rules.improvement_series import Measurement, Series

COLUMNS = (
    *ASKED_COLUMNS, "figure", "begins", "referrals", "met", "value", "centre", "low", "high",
    "changed", "stands_out",
)  # fmt: skip


def series_csv(
    asked: Sequence[Cell],
    series: Series,
    chart: Chart,
    marks: Mapping[int, str],
    signals: Mapping[int, str],
) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head. Each begins with what was `asked`.
    Shares are numbers from 0 to 1; `met` is of how many of the referrals they are, and empty where
    the value is no share."""
    yield _line(COLUMNS)
    head = [*(safe_cell(cell_text(cell)) for cell in asked), series.measured.value]
    for place, (measured, point) in enumerate(zip(series.points, chart.points, strict=True)):
        said = (marks.get(place, ""), signals.get(place, ""))
        yield _line((*head, *_cells(measured, point), *map(safe_cell, said)))


def _cells(measured: Measurement, point: Point) -> Iterator[str]:
    yield measured.begins.isoformat()
    yield str(measured.size)
    yield "" if measured.share is None else str(measured.share.met)
    for value in (measured.value, point.centre, point.low, point.high):
        yield "" if value is None else f"{value:.6g}"


def _line(cells: Iterable[str]) -> str:
    text = StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
