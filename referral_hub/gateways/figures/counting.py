"""Counts chosen rows: into parts of measures, by groups, by time and by age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from referral_hub.gateways.figures.choosing import team_of, worked_by
from referral_hub.gateways.figures.layout import (
    ANSWERS,
    FLOWS,
    PARTS,
    REASONS,
    STANDINGS,
    STATUSES,
    WAITS,
    is_one_of,
    microseconds,
    seconds,
)
from referral_hub.gateways.figures.reading import Numbers, View
from referral_hub.rules.figure_lists import Since
from referral_hub.rules.figure_query import NETWORK, Dimension, Oversight
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measures import (
    ACCEPTED,
    FOLLOWED_UP,
    PLACED_IN_LINE,
    STILL_OPEN,
    Measure,
    Part,
    Stage,
    Standing,
    part_by_answer,
    part_by_standing,
)
from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.rules.referral_waiting import Waits

_DAY = 86_400
_PART = {part: number for number, part in enumerate(PARTS)}
_BY_TIME = {Measure.RESPONSE, Measure.ON_TIME}
_TABLES = {
    measure: np.array(
        [
            [_PART[part_by_standing(measure, standing, reason)] for reason in REASONS]
            for standing in STANDINGS
        ],
        np.int8,
    )
    for measure in Measure
    if measure not in (*_BY_TIME, Measure.CLIENT_CONFIRMED)
}
_BY_ANSWER = np.array([_PART[part_by_answer(answer)] for answer in (*ANSWERS, None)], np.int8)
"""By the place of the answer; the last one is that nobody asked."""
AGES = (0, 3, 8, 15, 31, 61, 91)
"""From so many days on, a referral is in the next group of age."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What figures depend on beside the referrals: after how many days one asks what came of them,
    and within how many business days of the receiver an answer is expected (1, 2, 5 or 10)."""

    follow_up_days: int
    answer_days: int


def parts(view: View, rows: Numbers, measure: Measure, terms: Terms) -> Numbers:
    """In which part of a figure each row is: a place in PARTS."""
    if measure in _BY_TIME:
        return _decided(view, rows, measure, terms)
    if measure is Measure.CLIENT_CONFIRMED:
        return np.asarray(_BY_ANSWER[view.state("answer")[rows]])
    found = _TABLES[measure][view.state("standing")[rows], view.state("reason")[rows]]
    followed = measure in FOLLOWED_UP
    young = _is_younger(view, rows, terms) if followed else is_undecidable(view, rows)
    return np.where(young, _PART[Part.MATURING], found)


def _decided(view: View, rows: Numbers, measure: Measure, terms: Terms) -> Numbers:
    """As `rules.measures.part_by_decision` has it, for many."""
    answer = measure is Measure.RESPONSE
    by = (
        view.referrals[f"answer_in_{terms.answer_days}"][rows]
        if answer
        else view.state("decide_by")[rows]
    )
    decided, closed = view.state("decided")[rows], view.state("closed")[rows]
    early = _ENDED_EARLY[view.state("standing")[rows]] & (closed > 0) & (closed <= by)
    found = np.where((decided > 0) & (decided <= by), _PART[Part.MET], _PART[Part.MISSED])
    found = np.where(early & (found != _PART[Part.MET]), _PART[Part.WITHDRAWN], found)
    return np.where((by == 0) | (by > view.now), _PART[Part.MATURING], found)


_ENDED_EARLY = is_one_of({Standing.WITHDRAWN, Standing.STOPPED_WAITING})


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of each group stand how, for what reason and at what age: from this all figures
    follow that ask nothing else. Shape (groups, ages, standings, reasons)."""

    counts: Numbers

    def parts_of(self, measure: Measure) -> list[dict[Part, int]]:
        """How many of each group are in which part of a figure."""
        young = _FOLLOWED if measure in FOLLOWED_UP else _DECIDABLE
        ages = [age for age in range(_AGES) if not age & young]
        old = self.counts[:, ages].sum(axis=1).reshape(-1, len(STANDINGS) * len(REASONS))
        table = _TABLES[measure].reshape(-1)
        found = []
        for each, whole in zip(old, self.counts, strict=True):
            parts = np.bincount(table, weights=each, minlength=len(PARTS)).astype(np.int64)
            parts[_PART[Part.MATURING]] += int(whole.sum()) - int(each.sum())
            found.append(_as_parts(parts))
        return found


_DECIDABLE, _FOLLOWED, _AGES = 1, 2, 4
"""Too young to be decided, too young to be followed up, and the number of their combinations."""


def is_by_standing(measure: Measure) -> bool:
    """Whether a figure follows from where referrals stand, why, and how old they are."""
    return measure in _TABLES


def tally(view: View, rows: Numbers, terms: Terms, groups: Numbers, number: int) -> Tally:
    """Count all rows once, each in its group; those whose group is below 0 are in none."""
    if len(groups) and groups.min() < 0:
        rows, groups = rows[groups >= 0], groups[groups >= 0]
    age = is_undecidable(view, rows) * np.int64(_DECIDABLE)
    age += _is_younger(view, rows, terms) * np.int64(_FOLLOWED)
    code = groups.astype(np.int64) * _AGES + age
    code = code * len(STANDINGS) + view.state("standing")[rows]
    code = code * len(REASONS) + view.state("reason")[rows]
    shape = (number, _AGES, len(STANDINGS), len(REASONS))
    return Tally(np.bincount(code, minlength=int(np.prod(shape))).reshape(shape))


def _is_younger(view: View, rows: Numbers, terms: Terms) -> Numbers:
    sent = view.referrals["sent"][rows]
    return np.asarray(sent > max(view.now - terms.follow_up_days * _DAY, 0))


def is_undecidable(view: View, rows: Numbers) -> Numbers:
    """Whether the time to decide, or to expire, is not over for sure."""
    return np.asarray(view.referrals["decidable"][rows] > view.now)


def count_parts(values: Numbers) -> dict[Part, int]:
    """How many rows are in which part."""
    return _as_parts(np.bincount(values, minlength=len(PARTS)))


def count_parts_by(values: Numbers, groups: Numbers, number: int) -> list[dict[Part, int]]:
    """The same for each of so many groups; rows whose group is below 0 are in none."""
    inside = groups >= 0
    codes = groups[inside].astype(np.int64) * len(PARTS) + values[inside]
    counts = np.bincount(codes, minlength=number * len(PARTS)).reshape(number, len(PARTS))
    return [_as_parts(each) for each in counts]


def _as_parts(counts: Numbers) -> dict[Part, int]:
    return {part: int(number) for part, number in zip(PARTS, counts, strict=True) if number}


def groups(
    view: View,
    rows: Numbers,
    dimension: Dimension,
    side: Side | None,
    oversight: Oversight = NETWORK,
) -> Numbers:
    """For each row the number of its group; NOTHING where it has none. Workers and teams are those
    of the viewer's own side."""
    match dimension:
        case Dimension.PRIORITY:
            return view.state("priority")[rows]
        case Dimension.WORKER:
            return worked_by(view, oversight, side)[rows]
        case Dimension.TEAM:
            return team_of(view, oversight, side)[rows]
        case Dimension.DOMAIN:
            return _domain_of(view.texts("need_code"))[view.referrals["need_code"][rows]]
        case Dimension.NEED:
            return view.referrals["need_code"][rows]
    return view.referrals[dimension.value][rows]


def domains(view: View) -> list[str]:
    """The top terms of needs, in the order of their numbers as groups."""
    return list(dict.fromkeys(code.partition(".")[0] for code in view.texts("need_code")))


def _domain_of(codes: Sequence[str]) -> Numbers:
    tops = [code.partition(".")[0] for code in codes]
    place = {top: number for number, top in enumerate(dict.fromkeys(tops))}
    return np.array([place[top] for top in tops], np.int64)


def periods(view: View, rows: Numbers, edges: Sequence[datetime]) -> Numbers:
    """For each row in which period it was sent; each period begins at an edge and ends at the
    next one."""
    starts = np.array([seconds(edge) for edge in edges], np.int64)
    return np.searchsorted(starts, view.referrals["sent"][rows], side="right") - 1


def reasons(view: View, rows: Numbers) -> dict[tuple[Standing, str], int]:
    """How many stand where, with what reason."""
    standing = view.state("standing")[rows].astype(np.int64)
    reason = view.state("reason")[rows].astype(np.int64)
    size = len(REASONS)
    counts = np.bincount(standing * size + reason, minlength=len(STANDINGS) * size)
    return {
        (STANDINGS[code // size], REASONS[code % size]): int(counts[code])
        for code in np.flatnonzero(counts)
    }


def ages(view: View, rows: Numbers, since: Since) -> Numbers:
    """How many open rows are of which age, by who has the next word: shape (WAITS, AGES)."""
    codes = waits(view, rows) * len(AGES) + ages_of(view, rows, since)
    return np.bincount(codes, minlength=len(WAITS) * len(AGES)).reshape(len(WAITS), len(AGES))


def ages_of(view: View, rows: Numbers, since: Since) -> Numbers:
    """The age of each open row: a place in AGES."""
    begun = view.referrals["sent"] if since is Since.SENT else view.state("since")
    days = (view.now - begun[rows].astype(np.int64)) // _DAY
    return np.searchsorted(AGES, np.clip(days, 0, None), side="right") - 1


def waits(view: View, rows: Numbers) -> Numbers:
    """On whom each open row waits: a place in WAITS. What is on hold and due is the receiver's."""
    found = view.state("waits")[rows].astype(np.int64)
    called_for = (view.state("status")[rows] == _ON_HOLD) & is_overdue(view, rows)
    return np.where(called_for, WAITS.index(Waits.RECEIVER), found)


def is_overdue(view: View, rows: Numbers) -> Numbers:
    """Whether the time is over that whoever has the next word must keep."""
    due = view.state("due")[rows]
    return (due > 0) & (due < view.now)


_ON_HOLD = STATUSES.index(Status.ON_HOLD)


def overdue_at(
    view: View, rows: Numbers, moments: Sequence[datetime], as_sender: Numbers
) -> list[int]:
    """How many of these rows were open and overdue at each of some moments in their order, by what
    was recorded until then. `view` is as of now.

    Of what did not change any more after the first moment the last state alone counts: to bring all
    states of a large network into order would take the better part of a second.
    """
    asked = np.array([microseconds(moment) for moment in moments], np.int64)
    last = view.last[rows]
    has_changed = view.states["recorded"][last] > asked[0]
    changing = np.zeros(len(view.last), bool)
    changing[rows[has_changed]] = True
    places = np.flatnonzero(changing[view.states["row"]])
    places = places[np.argsort(view.states["row"][places], kind="stable")]
    places = np.concatenate([places, last[~has_changed]])
    row, recorded = view.states["row"][places], view.states["recorded"][places]
    goes_on = np.append(row[1:] == row[:-1], False)
    until = np.where(goes_on, np.append(recorded[1:], 0), _NEVER)
    standing, due = view.states["standing"][places], view.states["due"][places].astype(np.int64)
    late = (due + 1) * _MICRO
    since = np.maximum(recorded, late)
    counts = np.isin(standing, _STILL_OPEN) & (due > 0) & (since < until)
    counts &= ~(as_sender[row] & (view.states["is_veiled"][places] > 0))
    begun = np.searchsorted(np.sort(since[counts]), asked, side="right")
    over = np.searchsorted(np.sort(until[counts]), asked, side="right")
    return [int(number) for number in begun - over]


_MICRO = 1_000_000
_NEVER = np.iinfo(np.int64).max
_STILL_OPEN = [STANDINGS.index(each) for each in STILL_OPEN]


def flows(view: View, rows: Numbers, edges: Sequence[datetime]) -> list[Mapping[Flow, int]]:
    """What happened to the stock in each period, by when it was recorded. The last edge ends the
    last period."""
    recorded, flow = view.states["recorded"], view.states["flow"]
    starts = np.array([microseconds(edge) for edge in edges], np.int64)
    known = _flowing(view, rows, starts[0], starts[-1])
    period = np.searchsorted(starts, recorded[known], side="right") - 1
    inside = (period >= 0) & (period < len(edges) - 1)
    codes = period[inside] * len(FLOWS) + flow[known][inside]
    counts = np.bincount(codes, minlength=(len(edges) - 1) * len(FLOWS))
    return [
        {name: int(number) for name, number in zip(FLOWS, each, strict=True) if number}
        for each in counts.reshape(len(edges) - 1, len(FLOWS))
    ]


def flowed(view: View, rows: Numbers, flow: Flow, begin: datetime, end: datetime) -> Numbers:
    """The rows of what flowed so from `begin` until before `end`, as often as it did."""
    known = _flowing(view, rows, microseconds(begin), microseconds(end))
    mine = known[view.states["flow"][known] == FLOWS.index(flow)]
    return np.asarray(view.states["row"][mine])


def _flowing(view: View, rows: Numbers, begin: int, end: int) -> Numbers:
    """The states of these rows with which one came in or went out in a time."""
    chosen = np.zeros(len(view.last), bool)
    chosen[rows] = True
    recorded = view.states["recorded"]
    known = np.flatnonzero((recorded >= begin) & (recorded < end))
    known = known[(view.states["flow"][known] > 0) & chosen[view.states["row"][known]]]
    return known if view.known_by is None else known[recorded[known] <= view.known_by]


def stages(view: View, rows: Numbers) -> dict[Stage, int]:
    """How many came how far."""
    levels = np.bincount(_levels(view, rows), minlength=len(Stage))
    as_far = levels[::-1].cumsum()[::-1]
    return {stage: int(number) for stage, number in zip(Stage, as_far, strict=True)}


def reached(view: View, rows: Numbers, stage: Stage) -> Numbers:
    """Whether each came so far. Who was served was contacted, who was contacted was accepted, and
    so on back, whether or not somebody recorded it."""
    return np.asarray(_levels(view, rows) >= [*Stage].index(stage))


def _levels(view: View, rows: Numbers) -> Numbers:
    """How far each came: a place among the stages."""
    level = _LEVEL[view.state("standing")[rows]]
    contacted = (level == _ACCEPTED_LEVEL) & (view.state("contacted")[rows] > 0)
    seen = (level == 0) & (view.state("acknowledged")[rows] > 0)
    return np.asarray(level + contacted + seen)


def _level_of(standing: Standing) -> Stage:
    if standing is Standing.COMPLETED:
        return Stage.COMPLETED
    if standing in ACCEPTED:
        return Stage.ACCEPTED
    decided = standing in (*PLACED_IN_LINE, Standing.DECLINED)
    return Stage.DECIDED if decided else Stage.SENT


_LEVEL = np.array([[*Stage].index(_level_of(each)) for each in STANDINGS], np.int64)
_ACCEPTED_LEVEL = [*Stage].index(Stage.ACCEPTED)


def appointments(view: View, rows: Numbers) -> tuple[int, int]:
    """To how many appointments clients came, and how many they missed."""
    attended, missed = (view.state(name)[rows].sum() for name in ("attended", "missed"))
    return int(attended), int(missed)


def standings(view: View, rows: Numbers) -> dict[Standing, int]:
    """How many stand where."""
    counts = np.bincount(view.state("standing")[rows], minlength=len(STANDINGS))
    return {name: int(number) for name, number in zip(STANDINGS, counts, strict=True) if number}
