"""Caseloads as the columns and rows of charts, whose tables hold the same numbers."""

from statistics import median

from flask import Flask

from referral_hub.use_cases.caseload_views import History, TeamFlow
from referral_hub.web.figure_charts import Drawn, column

MOST_LINES = 6
"""More lines than these are not told apart."""
_NOT_KEPT = "not kept"


def flow_chart(flow: TeamFlow) -> Drawn:
    """Cases that came to a team and that were closed, by full weeks."""
    columns = (
        column("week", "Week of", "day"),
        column("arrivals", "Arrivals", "number", unit="cases"),
        column("closures", "Closures", "number"),
    )
    rows = [
        {"week": monday, "arrivals": week.arrivals, "closures": week.closures}
        for monday, week in flow.weeks
    ]
    return Drawn(columns, rows)


def expected_chart(flow: TeamFlow) -> Drawn:
    """Open cases to expect, in whole cases, each with its interval."""
    columns = (
        column("day", "By", "day"),
        column("expected", "Expected", "number", unit="cases"),
        column("interval", "Interval", "interval"),
    )
    ahead = flow.projection.ahead if flow.projection else ()
    rows = [
        {"day": day, "expected": round(each.mean), "interval": (each.low, each.high)}
        for day, each in zip(flow.ahead, ahead, strict=False)
    ]
    return Drawn(columns, rows)


def load_chart(history: History) -> Drawn:
    """What people carried at the ends of weeks: a line of each; of more than can be told apart
    their median, from the least to the most that one of them carried."""
    if len(history.lines) > MOST_LINES:
        return _middle(history)
    columns = [column("day", "End of", "day")]
    for place, (name, _) in enumerate(history.lines):
        columns.append(column(f"{place}", name, "number", unit="points", missing=_NOT_KEPT))
    rows = [
        {"day": day, **{f"{place}": kept[at] for place, (_, kept) in enumerate(history.lines)}}
        for at, day in enumerate(history.days)
    ]
    return Drawn(columns, rows)


def has_a_line_each(history: History) -> bool:
    """Whether the chart of loads shows each worker."""
    return len(history.lines) <= MOST_LINES


def _middle(history: History) -> Drawn:
    columns = (
        column("day", "End of", "day"),
        column("median", "Median", "number", unit="points", missing=_NOT_KEPT),
        column("ends", "Least to most", "interval", missing=_NOT_KEPT),
    )
    rows = []
    for at, day in enumerate(history.days):
        known = [float(points) for _, kept in history.lines if (points := kept[at]) is not None]
        middle, ends = (median(known), (min(known), max(known))) if known else (None, None)
        rows.append({"day": day, "median": middle, "ends": ends})
    return Drawn(columns, rows)


def register_caseload_charts(app: Flask) -> None:
    """Give templates what they draw."""
    for function in (expected_chart, flow_chart, has_a_line_each, load_chart):
        app.add_template_global(function)
