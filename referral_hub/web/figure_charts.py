"""Figures as the columns and rows of charts, whose tables hold the same numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask

from referral_hub.rules.figure_words import END_LABEL, MEASURE_LABEL, STAGE_LABEL
from referral_hub.rules.measured_times import FROM_ACCEPTANCE, End
from referral_hub.rules.measures import Measure, Standing
from referral_hub.use_cases.figure_views import CurveView, Overview, Period, ReasonCount
from referral_hub.web.figure_input import Shown
from referral_hub.web.figure_words import list_link
from referral_hub.web.presentation import percent

TOO_YOUNG = "too young"
_DRAWN_DAYS = (*range(15), *range(16, 31, 2), *range(35, 91, 5))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a chart draws."""

    columns: Sequence[Mapping[str, str]]
    rows: Sequence[Mapping[str, Any]]


def column(key: str, label: str, kind: str, **more: str) -> dict[str, str]:
    """A column of a chart."""
    return {"key": key, "label": label, "kind": kind, **more}


def stage_chart(shown: Shown[Any], found: Overview) -> Drawn:
    """How far referrals came, with their share of the sent."""
    columns = (column("stage", "Stage", "text"), column("number", "Referrals", "number"))
    rows = [
        {
            "stage": f"{STAGE_LABEL[stage]}, {percent(number / found.sent)}",
            "number": number,
            "address": list_link(shown, stage=stage),
        }
        for stage, number in found.stages.items()
        if found.sent
    ]
    return Drawn(columns, rows)


def month_chart(shown: Shown[Any], found: Overview) -> Drawn:
    """Rates by the month of sending; none where nothing is old enough."""
    measures = (Measure.COMPLETION, Measure.ACCEPTANCE, Measure.RESPONSE)
    columns = [column("month", "Month", "month")]
    for measure in measures:
        columns.append(column(measure, MEASURE_LABEL[measure], "percent", missing=TOO_YOUNG))
    ends = [period.begins for period in found.months[1:]] + [found.frame.query.until]
    rows = []
    for period, end in zip(found.months, ends, strict=True):
        rates = {measure.value: period.rates[measure].share.rate for measure in measures}
        last = end - timedelta(days=1)
        address = list_link(shown, since=period.begins, until=last)
        rows.append({"month": period.begins, **rates, "address": address})
    return Drawn(columns, rows)


def young_months(found: Overview) -> list[tuple[date, int, int]]:
    """Months of which part is too young to be completed: (begin, too young, all)."""
    return [
        (period.begins, young, young + _of(period))
        for period in found.months
        if (young := period.rates[Measure.COMPLETION].maturing)
    ]


def _of(period: Period) -> int:
    return period.rates[Measure.COMPLETION].share.of


def curve_chart(curve: CurveView) -> Drawn:
    """The share of each end by so many days, as far as anybody was seen."""
    ends = sorted(curve.ends, key=lambda end: end is not curve.goal)
    columns = [column("day", "Days", "number", unit="days")]
    columns += [column(end, END_LABEL[end], "percent") for end in ends]
    rows = []
    for day in (day for day in _DRAWN_DAYS if day <= _seen_until(curve)):
        reached = [shares for time, shares in curve.points if time <= day]
        shares = reached[-1] if reached else {}
        rows.append({"day": day, **{end.value: shares.get(end, 0.0) for end in ends}})
    return Drawn(columns, rows if ends else [])


def _seen_until(curve: CurveView) -> float:
    known = [each.day for end in curve.by_day.values() for each in end if each.value is not None]
    return max([*known, *(time for time, _ in curve.points[-1:])], default=-1)


def curve_table(curve: CurveView) -> list[tuple[End, Sequence[Any]]]:
    """What is told at fixed days, the end that is asked about on top."""
    return sorted(curve.by_day.items(), key=lambda each: each[0] is not curve.goal)


def begins_accepted(curve: CurveView) -> bool:
    """Whether a wait begins with the acceptance, and not with the sending."""
    return curve.wait in FROM_ACCEPTANCE


def reason_chart(shown: Shown[Any], standing: Standing, reasons: Sequence[ReasonCount]) -> Drawn:
    """Why referrals ended so, the most frequent reason on top."""
    columns = (column("reason", "Reason", "text"), column("number", "Referrals", "number"))
    rows = []
    for each in reasons:
        row: dict[str, Any] = {"reason": each.label, "number": each.number}
        if each.attribution is not None:
            row["address"] = list_link(shown, standing=standing, reason=each.code)
        rows.append(row)
    return Drawn(columns, rows)


def counted_all(reasons: Sequence[ReasonCount]) -> int:
    """How many ended so, for whatever reason."""
    return sum(each.number for each in reasons)


def column_sum(counts: Mapping[Any, Sequence[int]], place: int) -> int:
    """How many are of an age, whoever has the next word."""
    return sum(numbers[place] for numbers in counts.values())


def register_figure_charts(app: Flask) -> None:
    """Give templates what charts of figures draw."""
    for function in (
        begins_accepted, column_sum, counted_all, curve_chart, curve_table, month_chart,
        reason_chart, stage_chart, young_months,
    ):  # fmt: skip
        app.add_template_global(function)
