"""The tables charts are drawn from: each cell as people read it and as the chart measures it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Flask

from referral_hub.rules.funnel import funnel_limits
from referral_hub.rules.proportions import Interval
from referral_hub.web.presentation import (
    NOT_KNOWN,
    date_in_words,
    month_in_words,
    number,
    percent,
)

KINDS = frozenset({"text", "day", "month", "number", "percent", "interval"})
CURVE_STEPS = 40
Column = Mapping[str, str]
Row = Mapping[str, Any] | Sequence[Any]


@dataclass(frozen=True, slots=True)
class ChartCell:
    """What a cell says, the attributes in which the chart finds its measure, and where it leads."""

    text: str
    data: Mapping[str, str]
    address: str = ""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """The cells of a row, where it leads, and what a chart draws or says of it."""

    cells: tuple[ChartCell, ...]
    address: str = ""
    mark: str = ""
    signal: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The columns and rows of a chart, and whether any row has a mark or a signal."""

    columns: tuple[Column, ...]
    rows: tuple[ChartRow, ...]
    has_marks: bool
    has_signals: bool


def chart_table(columns: Sequence[Column], rows: Iterable[Row]) -> ChartTable:
    """The table of a chart. How columns and rows are written stands in `macros/charts.html`."""
    made = tuple(_row(columns, row) for row in rows)
    return ChartTable(
        tuple(columns), made, any(row.mark for row in made), any(row.signal for row in made)
    )


def funnel_curve(rate: float, sizes: Iterable[int]) -> list[tuple[float, ...]]:
    """The limits of a funnel from the smallest to the largest size: (size, low and high of 95 of
    100, low and high of 99.8 of 100), for `limits` of a funnel chart."""
    known = [size for size in sizes if size > 0]
    if not known:
        return []
    least, most = min(known), max(known)
    growth = (most / least) ** (1 / CURVE_STEPS)
    steps = {round(least * growth**step) for step in range(CURVE_STEPS + 1)}
    return [(size, *_limits_at(rate, size)) for size in sorted(steps)]


def _limits_at(rate: float, size: int) -> tuple[float, ...]:
    limits = funnel_limits(rate, size)
    return (limits.warning.low, limits.warning.high, limits.alarm.low, limits.alarm.high)


def _row(columns: Sequence[Column], row: Row) -> ChartRow:
    if not isinstance(row, Mapping):
        return ChartRow(_cells(columns, row))
    cells = _cells(columns, [row.get(column["key"]) for column in columns])
    links = row.get("links") or {}
    cells = tuple(
        replace(cell, address=links.get(column["key"], ""))
        for column, cell in zip(columns, cells, strict=True)
    )
    address, mark, level = (str(row.get(name) or "") for name in ("address", "mark", "level"))
    signal = row.get("signal") or ""
    causes = signal if isinstance(signal, str) else "; ".join(signal)
    return ChartRow(cells, address, mark, causes, level)


def _cells(columns: Sequence[Column], values: Sequence[Any]) -> tuple[ChartCell, ...]:
    """An interval is written like the value that it belongs to: the last one before it."""
    cells: list[ChartCell] = []
    unit = "number"
    for column, value in zip(columns, values, strict=True):
        kind = column["kind"]
        if kind not in KINDS:
            raise ValueError(f"No column of a chart is of the kind {kind}.")
        missing = column.get("missing", NOT_KNOWN)
        if kind == "interval":
            cells.append(_interval(value, unit, missing))
        else:
            cells.append(_value(value, kind, missing))
        unit = kind if kind in {"number", "percent"} else unit
    return tuple(cells)


def _value(value: Any, kind: str, missing: str) -> ChartCell:
    if value is None:
        return ChartCell(missing, {"data-value": ""})
    if kind == "text":
        return ChartCell(str(value), {})
    if isinstance(value, date):
        day = value.date() if hasattr(value, "date") else value
        words = month_in_words(day) if kind == "month" else date_in_words(day)
        return ChartCell(words, {"data-value": day.isoformat()})
    return ChartCell(_written(value, kind), {"data-value": _measure(value)})


def _interval(value: Interval | Sequence[float] | None, unit: str, missing: str) -> ChartCell:
    if value is None:
        return ChartCell(missing, {})
    low, high = (value.low, value.high) if isinstance(value, Interval) else value
    text = f"{_written(low, unit)} to {_written(high, unit)}"
    return ChartCell(text, {"data-low": _measure(low), "data-high": _measure(high)})


def _measure(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.9g}"


def _written(value: float, kind: str) -> str:
    return percent(value) if kind == "percent" else number(value)


def register_chart_tables(app: Flask) -> None:
    """Give templates the tables of charts."""
    app.add_template_global(chart_table)
