"""The series of an improvement as a file: numbers as they are, and no formula in it."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import StringIO

from referral_hub.formats.series_files import COLUMNS, series_csv
from referral_hub.rules.improvement_series import Measurement, Series, chart_of
from referral_hub.rules.improvements import Drawn, Every, Quantity
from referral_hub.rules.measures import Measure
from referral_hub.rules.proportions import Share

MONDAY = date(2026, 3, 2)
ASKED = ("2026-03-02", "2026-03-15", datetime(2026, 4, 1, tzinfo=UTC), "=Full Table", "")
"""Since, until, as of, of whose referrals, filters."""


def lines(series: Series, drawn: Drawn, marks: dict[int, str]) -> list[dict[str, str]]:
    chart = chart_of(series, drawn, [])
    text = "".join(series_csv(ASKED, series, chart, marks, {0: "Stands out"}))
    return list(csv.DictReader(StringIO(text)))


def test_shares_have_both_their_numbers_their_limits_and_what_was_changed() -> None:
    points = [
        Measurement(MONDAY + timedelta(weeks=n), 4, Share(met, 4), met / 4)
        for n, met in enumerate((1, 3))
    ]
    first, second = lines(
        Series(Measure.RESPONSE, Every.WEEK, tuple(points)), Drawn.CONTROL, {1: "=1+1"}
    )
    assert tuple(first) == COLUMNS
    assert list(first.values()) == [
        "2026-03-02", "2026-03-15", "2026-04-01T00:00:00+00:00", "'=Full Table", "", "response",
        "2026-03-02", "4", "1", "0.25", "0.5", "0", "1", "", "Stands out",
    ]  # fmt: skip
    assert second["changed"] == "'=1+1"


def test_other_numbers_have_no_part_that_was_met_and_a_run_chart_no_limits() -> None:
    points = (Measurement(MONDAY, 3, value=3.0), Measurement(MONDAY + timedelta(weeks=1), 0))
    first, second = lines(Series(Quantity.SENT, Every.WEEK, points), Drawn.RUN, {})
    assert (first["met"], first["value"], first["centre"], first["low"]) == ("", "3", "3", "")
    assert second["value"] == ""
