"""Filters of a search, and how many services each choice would give."""

from collections.abc import Mapping
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from search_index.columns import Flags, RowNumbers, Values
from search_index.documents import SearchRequest
from search_index.facts import Facts
from search_index.opening import open_at

_COUNTED = ("categories", "languages", "accessibility", "cost", "delivery")


def filters(facts: Facts, request: SearchRequest) -> dict[str, Flags]:
    """Return for each filter that was asked, by the name of its facet, who passes it."""
    passing: dict[str, Flags] = {}
    for name in _COUNTED:
        wanted = getattr(request, name)
        if wanted:
            passing[name] = getattr(facts, name).any_of(wanted, facts.size)
    if request.accepting:
        passing["accepting"] = facts.accepting
    if request.partner:
        passing["partner"] = facts.partner
    if request.organization_id is not None:
        passing["organization"] = facts.organization.any_of([request.organization_id], facts.size)
    if request.age is not None:
        young_enough = request.age <= facts.maximum_age
        passing["age"] = (facts.minimum_age <= request.age) & young_enough
    if request.open_at is not None:
        passing["open"] = _open(facts, request.open_at)
    return passing


def passing_all(rows: RowNumbers, passing: Mapping[str, Flags]) -> Flags:
    """Tell which rows pass every filter."""
    return np.asarray(_failures(rows, passing) == 0)


def facets(
    rows: RowNumbers, facts: Facts, request: SearchRequest, passing: Mapping[str, Flags]
) -> dict[str, dict[str, int]]:
    """Count services by value, each facet with every filter applied but its own."""
    failures = _failures(rows, passing)

    def others(name: str) -> RowNumbers:
        own = ~passing[name][rows] if name in passing else 0
        return np.asarray(rows[failures == own])

    counts = {name: _by_value(others(name), facts, getattr(facts, name)) for name in _COUNTED}
    for name, flags in (("accepting", facts.accepting), ("partner", facts.partner)):
        counts[name] = {"yes": _services(others(name), facts, flags)}
    moment = request.now or request.open_at
    if moment is not None:
        counts["open"] = {"now": _services(others("open"), facts, _open(facts, moment))}
    return counts


def _failures(rows: RowNumbers, passing: Mapping[str, Flags]) -> NDArray[np.int64]:
    """Return how many filters each row fails."""
    failures = np.zeros(rows.size, dtype=np.int64)
    for flags in passing.values():
        failures += ~flags[rows]
    return failures


def _open(facts: Facts, moment: datetime) -> Flags:
    return open_at(moment, facts.zone, facts.shifts, facts.exceptions, facts.size)


def _services(rows: RowNumbers, facts: Facts, flags: Flags) -> int:
    """Count the services with a flagged document among the rows."""
    having = np.zeros(len(facts.service.names), dtype=np.bool_)
    having[facts.service.codes[rows[flags[rows]]]] = True
    return int(having.sum())


def _by_value(rows: RowNumbers, facts: Facts, values: Values) -> dict[str, int]:
    """Count the services that have each value among the rows."""
    among = np.zeros(facts.size, dtype=np.bool_)
    among[rows] = True
    chosen = among[values.rows]
    services = facts.service.codes[values.rows[chosen]]
    # Sorted by hand: numpy's own `unique` takes ten times as long.
    pairs = np.sort(values.codes[chosen] * len(facts.service.names) + services)
    distinct = pairs[np.flatnonzero(np.diff(pairs, prepend=-1))]
    counts = np.bincount(distinct // max(1, len(facts.service.names)), minlength=len(values.names))
    return {name: int(count) for name, count in zip(values.names, counts, strict=True) if count}
