"""Comparisons as the columns and rows of charts: by name, with what chance does."""

from collections.abc import Collection
from typing import Any

from flask import Flask

from referral_hub.rules.figure_words import MEASURE_LABEL
from referral_hub.rules.funnel import Position, funnel_limits
from referral_hub.use_cases.figure_views import Comparison, Group
from referral_hub.web.figure_charts import Drawn, column
from referral_hub.web.figure_input import Shown
from referral_hub.web.figure_words import group_link

MOST_GROUPS = 40
"""So many groups are drawn: the largest."""
_SIGNAL = {Position.UNUSUAL: ("unusual", "warning"), Position.FAR_OUTSIDE: ("far outside", "")}


def funnel_chart(shown: Shown[Any], found: Comparison) -> Drawn:
    """Agencies by size and rate, with the limits of chance for each."""
    columns = (
        column("name", "Agency", "text"),
        column("size", "Referrals", "number"),
        column("rate", MEASURE_LABEL[found.measure], "percent"),
        column("warning", "95 of 100 lie within", "interval"),
        column("alarm", "998 of 1,000 lie within", "interval"),
    )
    common = found.total.share.rate
    rows, listed = [], listed_keys(found)
    for group in _drawn(found) if common is not None else ():
        share = group.rates[found.measure].share
        limits = funnel_limits(common or 0, share.of)
        row = {"size": share.of, "warning": limits.warning, "alarm": limits.alarm}
        rows.append({**_group_row(shown, found, group, listed), **row})
    return Drawn(columns, rows)


def funnel_bounds(found: Comparison) -> list[tuple[float, ...]]:
    """The limits of the funnel by size."""
    return [
        (size, each.warning.low, each.warning.high, each.alarm.low, each.alarm.high)
        for size, each in found.limits
    ]


def range_chart(shown: Shown[Any], found: Comparison) -> Drawn:
    """Groups by name, each with its rate and how sure it is."""
    columns = (
        column("name", "Group", "text"),
        column("rate", MEASURE_LABEL[found.measure], "percent"),
        column("interval", "95% interval", "interval"),
        column("size", "Referrals", "number"),
    )
    rows, listed = [], listed_keys(found)
    for group in _drawn(found):
        share = group.rates[found.measure].share
        row = {"interval": share.interval(), "size": share.of}
        rows.append({**_group_row(shown, found, group, listed), **row})
    return Drawn(columns, rows)


def not_drawn(found: Comparison) -> int:
    """How many groups of which there is a rate a chart leaves out."""
    return len(_known(found)) - len(_drawn(found))


def _known(found: Comparison) -> list[Group]:
    return [group for group in found.groups if group.rates[found.measure].share.of]


def _drawn(found: Comparison) -> list[Group]:
    """The largest groups of which there is a rate, by name."""
    known = _known(found)
    largest = sorted(known, key=lambda group: -group.rates[found.measure].share.of)[:MOST_GROUPS]
    kept = {group.key for group in largest}
    return [group for group in known if group.key in kept]


def _group_row(
    shown: Shown[Any], found: Comparison, group: Group, listed: Collection[str]
) -> dict[str, Any]:
    place = group.positions.get(found.measure)
    signal, level = _SIGNAL.get(place, ("", "")) if place else ("", "")
    row = {
        "name": group.label,
        "rate": group.rates[found.measure].share.rate,
        "signal": signal,
        "level": level,
    }
    if group.key in listed:
        row["address"] = group_link(shown, found.by, group.key, measure=found.measure)
    return row


def listed_keys(found: Comparison) -> frozenset[str]:
    """The groups that are what their filter asks for: a need stands with all below it."""
    keys = frozenset(group.key for group in found.groups)
    wider = (key[:end] for key in keys for end, letter in enumerate(key) if letter == ".")
    return keys.difference(wider)


def standing_out(found: Comparison) -> list[tuple[Position, list[str]]]:
    """The groups that chance alone explains badly, by name; those far outside first."""
    by_position = {
        position: [each.label for each in found.groups
                   if each.positions.get(found.measure) is position]
        for position in (Position.FAR_OUTSIDE, Position.UNUSUAL)
    }  # fmt: skip
    return [(position, names) for position, names in by_position.items() if names]


def register_figure_comparisons(app: Flask) -> None:
    """Give templates what charts of comparisons draw."""
    for function in (
        funnel_bounds, funnel_chart, listed_keys, not_drawn, range_chart, standing_out,
    ):  # fmt: skip
        app.add_template_global(function)
