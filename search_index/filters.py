"""Filters of a search, and how many services each choice would give."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from search_index.columns import Flags, Many, RowNumbers
from search_index.documents import SearchRequest
from search_index.facts import Facts
from search_index.opening import open_at

_COUNTED = ("categories", "languages", "accessibility", "cost", "delivery")

Passing = Mapping[str, Flags]
Counts = dict[str, dict[str, int]]


def filters(rows: RowNumbers, facts: Facts, request: SearchRequest) -> Passing:
    """Return for each filter that was asked, by the name of its facet, which rows pass it."""
    passing: dict[str, Flags] = {}
    for name in _COUNTED:
        wanted = getattr(request, name)
        if wanted:
            passing[name] = getattr(facts, name).flags(wanted)[rows]
    if request.accepting:
        passing["accepting"] = facts.accepting[rows]
    if request.partner:
        passing["partner"] = facts.partner[rows]
    if request.organization_id is not None:
        asked = facts.organization.names.find(request.organization_id)
        passing["organization"] = facts.organization.codes[rows] == asked
    if request.age is not None:
        young_enough = request.age <= facts.maximum_age[rows]
        passing["age"] = (facts.minimum_age[rows] <= request.age) & young_enough
    if request.open_at is not None:
        passing["open"] = _open(rows, facts, request.open_at)
    return passing


def passing_all(rows: RowNumbers, passing: Passing) -> Flags:
    """Tell which rows pass every filter."""
    return np.asarray(_failures(rows, passing) == 0)


def facets(
    rows: RowNumbers, facts: Facts, several: Flags, request: SearchRequest, passing: Passing
) -> Counts:
    """Count services by value, each facet with every filter applied but its own.

    `several` tells which rows of the segment share their service with another.
    """
    failures = _failures(rows, passing)

    def others(name: str) -> RowNumbers:
        own = ~passing[name] if name in passing else 0
        return np.asarray(rows[failures == own])

    counts = {
        name: _by_value(others(name), facts, several, getattr(facts, name)) for name in _COUNTED
    }
    for name, flags in (("accepting", facts.accepting), ("partner", facts.partner)):
        chosen = others(name)
        counts[name] = {"yes": _services(chosen[flags[chosen]], facts, several)}
    moment = request.now or request.open_at
    if moment is not None:
        chosen = others("open")
        opened = chosen[_open(chosen, facts, moment)]
        counts["open"] = {"now": _services(opened, facts, several)}
    return counts


def together(parts: list[Counts], request: SearchRequest) -> Counts:
    """Add up the counts of several segments: a service lies in one of them."""
    if not request.facets:
        return {}
    total: dict[str, Counter[str]] = {name: Counter() for name in _COUNTED}
    total |= {"accepting": Counter(yes=0), "partner": Counter(yes=0)}
    if request.now or request.open_at:
        total["open"] = Counter(now=0)
    for part in parts:
        for name, counts in part.items():
            total[name].update(counts)
    return {name: dict(sorted(counts.items())) for name, counts in total.items()}


def _failures(rows: RowNumbers, passing: Passing) -> NDArray[np.int64]:
    """Return how many filters each row fails."""
    failures = np.zeros(rows.size, dtype=np.int64)
    for flags in passing.values():
        failures += ~flags
    return failures


def _open(rows: RowNumbers, facts: Facts, moment: datetime) -> Flags:
    return open_at(moment, rows, facts.zone, facts.shifts, facts.exceptions)


def _services(rows: RowNumbers, facts: Facts, several: Flags) -> int:
    """Count the services of some rows."""
    shared = rows[several[rows]]
    return int(rows.size - shared.size + np.unique(facts.service.codes[shared]).size)


def _by_value(rows: RowNumbers, facts: Facts, several: Flags, values: Many) -> dict[str, int]:
    """Count the services that have each value among the rows."""
    places, codes = values.of_rows(rows)
    owners = rows[places]
    shared = several[owners]
    if not shared.any():
        counts = np.bincount(codes, minlength=len(values.names))
    else:
        counts = np.bincount(codes[~shared], minlength=len(values.names))
        services = facts.service.codes[owners[shared]].astype(np.int64)
        pairs = np.unique(codes[shared] * np.int64(len(facts.service.names)) + services)
        counts += np.bincount(pairs // len(facts.service.names), minlength=len(values.names))
    found = counts.nonzero()[0]
    return dict(zip(values.names.many(found.tolist()), counts[found].tolist(), strict=True))
