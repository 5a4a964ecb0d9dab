"""The series of an improvement as its chart wants it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from referral_hub.rules.improvement_series import Measurement
from referral_hub.rules.improvements import UNIT, Drawn, Every, Quantity, last_day_of
from referral_hub.rules.measures import Part
from referral_hub.use_cases.improvement_views import SeriesView
from referral_hub.web.chart_tables import Column
from referral_hub.web.figure_words import LIST

VALUE_LABEL = {
    Quantity.SENT: "Sent",
    Quantity.DAYS_TO_DECISION: "Time to a decision",
    Quantity.OVERDUE: "Overdue",
}


def series_columns(view: SeriesView, drawn: Drawn) -> list[Column]:
    """The columns of the chart of a series."""
    measured = view.series.measured
    kind = "number" if isinstance(measured, Quantity) else "percent"
    unit = {"unit": UNIT[measured]} if isinstance(measured, Quantity) else {}
    is_week = view.series.every is Every.WEEK
    columns: list[Column] = [
        {"key": "begins", "label": "Week of" if is_week else "Month",
         "kind": "day" if is_week else "month"},
        {"key": "value", "label": _value_label(view), "kind": kind, **unit},
        {"key": "centre", "label": "Median" if drawn is Drawn.RUN else "Mean", "kind": kind},
    ]  # fmt: skip
    if drawn is Drawn.CONTROL:
        columns.append({"key": "limits", "label": "Limits", "kind": "interval"})
    if not isinstance(measured, Quantity):
        columns.append({"key": "met", "label": "Met", "kind": "number"})
    columns.append({"key": "of", "label": "Referrals", "kind": "number"})
    return columns


def series_rows(view: SeriesView, conditions: Mapping[str, str]) -> list[dict[str, Any]]:
    """Its rows, with what was changed and what stands out; their numbers lead to the referrals that
    they count, which meet the conditions of the cycle, and their points to all that they are of."""
    lists = [_lists(view, conditions, point) for point in view.series.points]
    return [
        {
            "begins": measured.begins,
            "value": _shown(view, point.value),
            "centre": point.centre,
            "limits": None if point.low is None else (point.low, point.high),
            "met": measured.share.met if measured.share else None,
            "of": measured.size,
            "links": lists[place],
            "address": lists[place].get("of", ""),
            "mark": view.marks.get(place, ""),
            "signal": view.signals.get(place, ""),
        }
        for place, (measured, point) in enumerate(
            zip(view.series.points, view.chart.points, strict=True)
        )
    ]


def _shown(view: SeriesView, value: float | None) -> float | int | None:
    """What is counted stands as a whole number."""
    if value is not None and view.series.measured in (Quantity.SENT, Quantity.OVERDUE):
        return int(value)
    return value


def _value_label(view: SeriesView) -> str:
    measured = view.series.measured
    return VALUE_LABEL[measured] if isinstance(measured, Quantity) else "Share"


def _lists(view: SeriesView, conditions: Mapping[str, str], point: Measurement) -> dict[str, str]:
    """The lists behind the numbers of a point, by their columns. There is none behind what was
    overdue at the end of a week or month: a list knows what is overdue at one time alone."""
    measured = view.series.measured
    if measured is Quantity.OVERDUE:
        return {}
    last = last_day_of(view.series.every, point.begins)
    sent = {**conditions, "since": point.begins.isoformat(), "until": last.isoformat()}
    if isinstance(measured, Quantity):
        counted = ("value", "of") if measured is Quantity.SENT else ("of",)
        return dict.fromkeys(counted, _list(sent)) if point.size else {}
    of = {**sent, "measure": measured.value}
    found = {"of": _list(of)} if point.size else {}
    if point.share and point.share.met:
        found["met"] = _list({**of, "part": Part.MET.value})
    return found


def _list(asked: Mapping[str, str]) -> str:
    return f"{LIST}?{urlencode(asked)}"
