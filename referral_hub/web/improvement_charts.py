"""The series of an improvement as its chart wants it."""

from typing import Any

from referral_hub.rules.improvement_series import Measurement
from referral_hub.rules.improvements import UNIT, Drawn, Every, Quantity
from referral_hub.use_cases.improvement_views import SeriesView
from referral_hub.web.chart_tables import Column

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
    columns.append({"key": "of", "label": "Referrals", "kind": "text"})
    return columns


def series_rows(view: SeriesView) -> list[dict[str, Any]]:
    """Its rows, with what was changed and what stands out."""
    return [
        {
            "begins": measured.begins,
            "value": _shown(view, point.value),
            "centre": point.centre,
            "limits": None if point.low is None else (point.low, point.high),
            "of": _of(measured),
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


def _of(measured: Measurement) -> str:
    if measured.share is not None:
        return f"{measured.share.met:,} of {measured.share.of:,}"
    return f"{measured.size:,}"
