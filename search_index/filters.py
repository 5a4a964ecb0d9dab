"""Filters of a search, and how many services each choice would give."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search_index.choices import COUNTED, AllChoices, Counts
from search_index.columns import Flags, RowNumbers
from search_index.documents import SearchRequest
from search_index.facts import Facts

Passing = Mapping[str, Flags]


class Counted(NamedTuple):
    """How many services of a segment have each choice, and how many are open."""

    choices: Counts
    opened: int


def filters(rows: RowNumbers, facts: Facts, request: SearchRequest) -> Passing:
    """Return for each filter that was asked, by the name of its facet, which rows pass it."""
    passing: dict[str, Flags] = {}
    for name in COUNTED:
        wanted = getattr(request, name)
        if wanted:
            passing[name] = getattr(facts, name).flags(wanted, facts.size)[rows]
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
        passing["open"] = facts.hours.open_at(request.open_at, rows)
    return passing


def passing_all(rows: RowNumbers, passing: Passing) -> Flags:
    """Tell which rows pass every filter."""
    return np.asarray(_failures(rows, passing) == 0)


def facets(
    rows: RowNumbers, facts: Facts, several: Flags, request: SearchRequest, passing: Passing
) -> Counted:
    """Count services by choice, each facet with every filter applied but its own.

    `several` tells which rows of the segment share their service with another.
    """
    choices, services = facts.choices, facts.service.codes
    if not passing:
        counts = choices.counts(rows, services, several)
        return Counted(counts, _opened(rows, facts, several, request))
    failures = _failures(rows, passing)
    counts = choices.counts(rows[failures == 0], services, several)
    for name, own in choices.ranges.items():
        if name in passing:
            others = rows[failures == ~passing[name]]
            counts[own] = choices.counts(others, services, several)[own]
    others = rows[failures == (~passing["open"] if "open" in passing else 0)]
    return Counted(counts, _opened(others, facts, several, request))


def together(
    parts: list[Counted | None], choices: AllChoices, request: SearchRequest
) -> dict[str, dict[str, int]]:
    """Return the counts of several segments (None: nothing to count) by facet and value."""
    named = choices.together([part and part.choices for part in parts])
    if request.now or request.open_at:
        named["open"] = {"now": sum(part.opened for part in parts if part)}
    return named


def _failures(rows: RowNumbers, passing: Passing) -> NDArray[np.int64]:
    """Return how many filters each row fails."""
    failures = np.zeros(rows.size, dtype=np.int64)
    for flags in passing.values():
        failures += ~flags
    return failures


def _opened(rows: RowNumbers, facts: Facts, several: Flags, request: SearchRequest) -> int:
    """Count the services of some rows that are open at the moment of a request."""
    moment = request.now or request.open_at
    if moment is None:
        return 0
    opened = rows[facts.hours.open_at(moment, rows)]
    shared = opened[several[opened]]
    return int(opened.size - shared.size + np.unique(facts.service.codes[shared]).size)
