"""What the table of a chart says, and what the chart finds in it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.funnel import funnel_limits
from referral_hub.rules.proportions import Interval
from referral_hub.web.chart_tables import (
    ChartCell,
    chart_table,
    funnel_curve,
    register_chart_tables,
)


def cell(kind: str, value: Any, **more: str) -> ChartCell:
    table = chart_table([{"key": "a", "label": "A", "kind": kind, **more}], [(value,)])
    return table.rows[0].cells[0]


@pytest.mark.parametrize(
    ("kind", "value", "text", "measure"),
    [
        ("text", "Housing", "Housing", None),
        ("day", date(2026, 11, 3), "November 3, 2026", "2026-11-03"),
        ("day", datetime(2026, 11, 3, 23, 30, tzinfo=UTC), "November 3, 2026", "2026-11-03"),
        ("month", date(2026, 11, 1), "November 2026", "2026-11-01"),
        ("number", 1204, "1,204", "1204"),
        ("number", 3.26, "3.3", "3.26"),
        ("percent", 0.634, "63.4%", "0.634"),
        ("percent", 1, "100.0%", "1"),
        ("number", None, "–", ""),
    ],
)
def test_a_cell_is_read_by_people_and_measured_by_the_chart(
    kind: str, value: Any, text: str, measure: str | None
) -> None:
    data = {} if measure is None else {"data-value": measure}
    assert cell(kind, value) == ChartCell(text, data)


def test_a_column_says_what_stands_for_no_value() -> None:
    assert cell("number", None, missing="not reached").text == "not reached"


def test_an_interval_reads_like_the_value_before_it() -> None:
    columns = [
        {"key": "rate", "label": "Rate", "kind": "percent"},
        {"key": "sure", "label": "95 of 100", "kind": "interval"},
        {"key": "days", "label": "Days", "kind": "number"},
        {"key": "between", "label": "Limits", "kind": "interval"},
    ]
    (row,) = chart_table(columns, [(0.5, Interval(0.25, 0.755), 3, (1, 4.5))]).rows
    assert row.cells[1] == ChartCell("25.0% to 75.5%", {"data-low": "0.25", "data-high": "0.755"})
    assert row.cells[3] == ChartCell("1 to 4.5", {"data-low": "1", "data-high": "4.5"})


def test_a_column_of_no_known_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="colour"):
        cell("colour", 1)


def test_a_row_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        chart_table([{"key": "a", "label": "A", "kind": "text"}], [()])


@given(st.floats(0.01, 0.99), st.lists(st.integers(0, 5000), min_size=1, max_size=20))
def test_the_curve_of_a_funnel_spans_all_sizes_and_has_their_limits(
    rate: float, sizes: list[int]
) -> None:
    curve = funnel_curve(rate, sizes)
    known = [size for size in sizes if size]
    if not known:
        assert curve == []
        return
    assert (curve[0][0], curve[-1][0]) == (min(known), max(known))
    assert [each[0] for each in curve] == sorted({each[0] for each in curve})
    limits = funnel_limits(rate, max(known))
    assert curve[-1][1:] == (
        limits.warning.low, limits.warning.high, limits.alarm.low, limits.alarm.high,
    )  # fmt: skip


def rendered(call: str, **names: Any) -> str:
    app = Flask("referral_hub")
    register_chart_tables(app)
    with app.app_context():
        return render_template_string(
            '{% from "macros/charts.html" import chart %}' + call, **names
        )


COLUMNS = [
    {"key": "name", "label": "Name", "kind": "text"},
    {"key": "rate", "label": "Rate", "kind": "percent"},
]


def test_what_people_wrote_stays_text() -> None:
    row = {
        "name": "<b>&", "rate": 0.5, "address": '/?a="b', "mark": "it's \"<new>\"", "signal": "<i>",
    }  # fmt: skip
    page = rendered(
        "{{ chart('bars', title, '', columns, rows, centre_label=title) }}",
        title="\"<script>'", columns=COLUMNS, rows=[row],
    )  # fmt: skip
    for raw in ("<b>", "<i>", "<new>", "<script>", '="/?a="b'):
        assert raw not in page


def test_a_chart_of_nothing_says_so_and_keeps_what_is_pinned_to_it() -> None:
    page = rendered(
        "{% call chart('bars', 'Reasons', '', columns, []) %}pinned{% endcall %}", columns=COLUMNS
    )
    assert "Nothing to show." in page
    assert "<table" not in page
    assert "pinned" in page


def test_marks_and_signals_have_columns_only_where_there_are_any() -> None:
    plain = rendered("{{ chart('line', 'A', '', columns, [('x', 0.5)]) }}", columns=COLUMNS)
    assert "What was changed" not in plain
    assert "What stands out" not in plain
    marked = [{"name": "x", "rate": 0.5, "mark": "New form", "signal": "Beyond"}]
    page = rendered("{{ chart('line', 'A', '', columns, rows) }}", columns=COLUMNS, rows=marked)
    assert "<td>New form</td>" in page
    assert "<td>Beyond</td>" in page
