"""Counts needs instead of referrals: whichever agencies were asked, what came of it for the client.

A need belongs to the period in which its first referral was sent. Further referrals never begin its
time anew.
"""

from dataclasses import dataclass

import numpy as np

from referral_hub.gateways.figures.counting import Terms, is_undecidable
from referral_hub.gateways.figures.layout import NOTHING, PARTS, REASONS, STANDINGS, is_one_of
from referral_hub.gateways.figures.reading import Numbers, View
from referral_hub.gateways.figures.times import ENDS, Waited
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.measures import (
    ACCEPTED,
    STILL_OPEN,
    Part,
    Standing,
)

_DAY = 86_400
AGAIN_DAYS = 90
"""A need that comes back within so many days after it was met was not met for long."""
_PART = {part: number for number, part in enumerate(PARTS)}


_ACCEPTED, _OPEN = is_one_of(ACCEPTED), is_one_of(STILL_OPEN)
_COMPLETED = STANDINGS.index(Standing.COMPLETED)
_DECLINED, _FULL = STANDINGS.index(Standing.DECLINED), REASONS.index("no_capacity")
_MET, _PARTLY = REASONS.index("need_met"), REASONS.index("need_partly_met")


@dataclass(frozen=True, slots=True)
class NeedRows:
    """Needs with all their referrals: `first` is the row of the first one of each need, `rows` all
    of theirs, and `group` for each of those the place of its need in `first`."""

    view: View
    first: Numbers
    rows: Numbers
    group: Numbers

    @classmethod
    def of(cls, view: View, cohort: Numbers) -> "NeedRows":
        """The needs whose first referrals are among these rows."""
        need_row = view.referrals["need_row"]
        counts = _counts(view)
        first = np.concatenate(
            [cohort[need_row[cohort] == cohort], _after_errors(view, counts, cohort)]
        )
        place = np.full(len(need_row), NOTHING, np.int64)
        place[need_row[first]] = np.arange(len(first))
        rows = np.flatnonzero(counts & (place[need_row] != NOTHING))
        return cls(view, first, rows, place[need_row[rows]])

    @property
    def sent(self) -> Numbers:
        """When the first referral of each need was sent."""
        return self.view.referrals["sent"][self.first].astype(np.int64)

    def any_of(self, which: Numbers) -> Numbers:
        """For each need whether one of its referrals is so."""
        found = np.zeros(len(self.first), bool)
        found[self.group[which]] = True
        return found

    def earliest(self, times: Numbers) -> Numbers:
        """For each need the earliest of the times of its referrals, 0 where there is none."""
        found = np.full(len(self.first), np.iinfo(np.int64).max)
        there = times > 0
        np.minimum.at(found, self.group[there], times[there].astype(np.int64))
        return np.where(found == np.iinfo(np.int64).max, 0, found)


def _counts(view: View) -> Numbers:
    """For each row whether it was sent by then, and was no error."""
    return np.asarray((view.last != NOTHING) & (view.state("standing") != NOTHING))


def _after_errors(view: View, counts: Numbers, cohort: Numbers) -> Numbers:
    """Those of these rows that are the first to count of a need whose very first referral was
    entered in error: whatever is asked for, a need has one first referral."""
    need_row = view.referrals["need_row"]
    later = np.flatnonzero(counts & ~counts[need_row])
    ordered = later[np.argsort(view.referrals["sent"][later], kind="stable")]
    _, places = np.unique(need_row[ordered], return_index=True)
    return np.asarray(np.intersect1d(ordered[places], cohort))


def met(needs: NeedRows, terms: Terms, *, or_partly: bool) -> Numbers:
    """In which part of the share of met needs each one is."""
    view, rows = needs.view, needs.rows
    standing, reason = view.state("standing")[rows], view.state("reason")[rows]
    enough = (_MET, _PARTLY) if or_partly else (_MET,)
    is_met = needs.any_of((standing == _COMPLETED) & np.isin(reason, enough))
    is_open = needs.any_of(_OPEN[standing])
    is_untold = needs.any_of((standing == _COMPLETED) & view.is_blank("reason")[rows])
    found = np.where(is_met, _PART[Part.MET], _PART[Part.MISSED])
    found = np.where(~is_met & is_open, _PART[Part.OPEN], found)
    found = np.where(~is_met & is_untold, _PART[Part.NOT_TOLD], found)
    young = needs.sent + terms.follow_up_days * _DAY > needs.view.now
    return np.where(young, _PART[Part.MATURING], found)


def first_choice(needs: NeedRows) -> Numbers:
    """Whether the agency accepted that was tried first; needs that were sent to several at once
    have no first choice."""
    view, rows = needs.view, needs.rows
    standing = view.state("standing")[needs.first]
    together = needs.any_of(view.referrals["is_choice"][rows] == 0)
    found = np.where(_ACCEPTED[standing], _PART[Part.MET], _PART[Part.MISSED])
    waits = _OPEN[standing] & (found != _PART[Part.MET])
    found = np.where(waits, _PART[Part.OPEN], found)
    found = np.where(together, _PART[Part.SENT_TOGETHER], found)
    return np.where(is_undecidable(view, needs.first), _PART[Part.MATURING], found)


def hops(needs: NeedRows) -> dict[int, int]:
    """How many needs were accepted by the first, the second … agency that was tried."""
    counts = np.bincount(tried(needs))
    return {number: int(count) for number, count in enumerate(counts) if number and count}


def tried(needs: NeedRows) -> Numbers:
    """For each need how many agencies were tried until one accepted, 0 where none did."""
    view, rows = needs.view, needs.rows
    accepted = _accepted_at(needs)
    first = needs.earliest(accepted)
    sent = view.referrals["sent"][rows].astype(np.int64)
    by_whom = (accepted > 0) & (accepted == first[needs.group])
    last_sent = np.zeros(len(needs.first), np.int64)
    np.maximum.at(last_sent, needs.group[by_whom], sent[by_whom])
    until_then = sent <= last_sent[needs.group]
    numbers = np.bincount(needs.group[until_then], minlength=len(needs.first))
    return np.where(first > 0, numbers, 0)


def _accepted_at(needs: NeedRows) -> Numbers:
    """When each referral was accepted, 0 where that does not stand."""
    standing = needs.view.state("standing")[needs.rows]
    accepted = needs.view.state("accepted")[needs.rows].astype(np.int64)
    return np.where(_ACCEPTED[standing], accepted, 0)


def until_acceptance(needs: NeedRows) -> Waited:
    """How long each need waited for the first acceptance by anybody; what nobody accepted and
    nobody has before them any more ended unmet."""
    view, rows, sent = needs.view, needs.rows, needs.sent
    accepted = needs.earliest(_accepted_at(needs))
    is_open = needs.any_of(_OPEN[view.state("standing")[rows]])
    closed = np.zeros(len(needs.first), np.int64)
    np.maximum.at(closed, needs.group, view.state("closed")[rows].astype(np.int64))
    ended = ~is_open & (closed > 0)
    until = np.where(accepted > 0, accepted, np.where(ended, closed, view.now))
    return Waited(
        wait=Wait.ACCEPTANCE,
        rows=needs.first,
        took=np.clip(until - sent, 0, None),
        ended=np.where(accepted > 0, _BY_ACCEPTANCE, np.where(ended, _IN_VAIN, 0)),
        is_reached=accepted > 0,
        age=np.clip(view.now - sent, 0, None),
    )


_BY_ACCEPTANCE, _IN_VAIN = ENDS.index(End.ACCEPTED), ENDS.index(End.UNMET)


def again(needs: NeedRows) -> Numbers:
    """Of needs that were met at least 90 days ago: whether the client came with the same one again
    within 90 days. Others are left out, or too young."""
    view, rows = needs.view, needs.rows
    is_met = (view.state("standing")[rows] == _COMPLETED) & (view.state("reason")[rows] == _MET)
    met_at = needs.earliest(np.where(is_met, view.state("closed")[rows], 0))
    came_back = _next_of_the_same(view, needs.first, met_at) <= met_at + AGAIN_DAYS * _DAY
    found = np.where(came_back, _PART[Part.MET], _PART[Part.MISSED])
    found = np.where(met_at + AGAIN_DAYS * _DAY > view.now, _PART[Part.MATURING], found)
    return np.where(met_at == 0, _PART[Part.NOT_MET], found)


def is_out_of_capacity(needs: NeedRows) -> Numbers:
    """For each need whether every agency that was asked declined for want of a free place."""
    view, rows = needs.view, needs.rows
    full = (view.state("standing")[rows] == _DECLINED) & (view.state("reason")[rows] == _FULL)
    return needs.any_of(full) & ~needs.any_of(~full)


def _next_of_the_same(view: View, first: Numbers, after: Numbers) -> Numbers:
    """When the next need of the same client and kind was sent after a time; far away if never."""
    columns = view.referrals
    all_first = np.flatnonzero((columns["need_row"] == np.arange(len(view.last))) & _counts(view))
    kinds = len(view.texts("need_code")) + 1

    def key(rows: Numbers) -> Numbers:
        return columns["client_row"][rows].astype(np.int64) * kinds + columns["need_code"][rows]

    ordered = np.sort((key(all_first) << 32) + columns["sent"][all_first])
    place = np.searchsorted(ordered, (key(first) << 32) + after, side="right")
    found = np.append(ordered, -1)[place]
    same = (found >> 32) == key(first)
    return np.where(same, found & 0xFFFFFFFF, np.iinfo(np.int64).max)
