"""How long rows waited: as `rules.measured_times` has it for each, for many."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from referral_hub.gateways.figures.layout import REASONS, STANDINGS, STATUSES, is_one_of
from referral_hub.gateways.figures.reading import Numbers, View
from referral_hub.rules.measured_state import STANDS_STILL
from referral_hub.rules.measured_times import (
    FROM_ACCEPTANCE,
    GOAL,
    REACHED_FOR_GOOD,
    TOLD_WITHOUT_STANDING,
    End,
    Wait,
    end_of,
)
from referral_hub.rules.measures import ACCEPTED
from referral_hub.rules.proportions import Share
from referral_hub.rules.time_to_event import Spell

_DAY, _HOUR = 86_400, 3_600
_FINE_HOURS = 14 * 24
"""So long times are told by the hour; later by the day."""
ENDS: tuple[End | None, ...] = (None, *End)
"""The order of these is what numbers of ends mean."""


@dataclass(frozen=True, slots=True)
class Waited:
    """Rows that waited for the same thing, each with how many seconds it `took` until that ended or
    was last seen, with what it `ended` (a place in ENDS), whether that is what was waited for, how
    many seconds ago it began (`age`), and for how many of those that it took it stood `still`,
    where that is told. Of `not_told` others the viewer may not know whether it was reached."""

    wait: Wait
    rows: Numbers
    took: Numbers
    ended: Numbers
    is_reached: Numbers
    age: Numbers
    still: Numbers | None = None
    not_told: int = 0

    @property
    def moving(self) -> "Waited | None":
        """The same without the time for which they stood still; None where that is not told."""
        if self.still is None:
            return None
        return replace(self, took=self.took - np.minimum(self.still, self.took), still=None)

    def spells(self) -> list[Spell]:
        """All of them as counts: times in days, to the hour for the first two weeks and to the day
        after that. What took longer had not ended by then."""
        by_hour = np.bincount((self.took + _HOUR - 1) // _HOUR * len(ENDS) + self.ended)
        there = np.flatnonzero(by_hour)
        hours, ended = np.divmod(there, len(ENDS))
        rough = np.where(hours <= _FINE_HOURS, hours, (hours + 23) // 24 * 24)
        codes, place = np.unique(rough * len(ENDS) + ended, return_inverse=True)
        counts = np.zeros(len(codes), np.int64)
        np.add.at(counts, place, by_hour[there])
        return [
            Spell(int(code) // len(ENDS) / 24, ENDS[code % len(ENDS)], int(number))
            for code, number in zip(codes, counts, strict=True)
        ]

    def shares_by(self, days: Iterable[int]) -> list[Share]:
        """The share that reached its goal by each day, of those that began so long ago."""
        found = []
        for day in days:
            old = self.is_older(day)
            met = old & self.has_reached(day)
            found.append(Share(int(np.count_nonzero(met)), int(np.count_nonzero(old))))
        return found

    def is_older(self, days: int) -> Numbers:
        """Whether each began at least so many days ago."""
        return np.asarray(self.age >= days * _DAY)

    def has_reached(self, days: int) -> Numbers:
        """Whether each reached its goal within so many days."""
        return np.asarray(self.is_reached & (self.took <= days * _DAY))


class Times:
    """How long some rows waited for anything. What several waits need is read once."""

    def __init__(self, view: View, rows: Numbers) -> None:
        self._view, self._rows = view, rows
        self._read: dict[str, Numbers] = {}

    def waited(self, wait: Wait) -> Waited:
        """Those of the rows that began to wait for something."""
        begun = self._accepted if wait in FROM_ACCEPTANCE else self
        told = begun._told_of(_REACHED[wait])
        return replace(told._waited(wait), not_told=len(begun._rows) - len(told._rows))

    def _told_of(self, name: str) -> "Times":
        """Those of the rows of which a column is told."""
        blank = self._view.is_blank(name)[self._rows]
        return Times(self._view, self._rows[~blank]) if blank.any() else self

    @cached_property
    def _accepted(self) -> "Times":
        accepted = _ACCEPTED[self._state("standing")]
        return Times(self._view, self._rows[accepted])

    def _waited(self, wait: Wait) -> Waited:
        reached = self._state(_REACHED[wait])
        ended = _END_TABLES[wait][self._kinds]
        if wait in REACHED_FOR_GOOD:
            ended = np.where(reached > 0, _GOAL[wait], ended)
        is_reached = ended > 0 if GOAL[wait] is End.CLOSED else ended == _GOAL[wait]
        until = np.where(is_reached & (reached > 0), reached, self._last_seen)
        begun = self._state("accepted") if wait in FROM_ACCEPTANCE else self._sent
        return Waited(
            wait=wait,
            rows=self._rows,
            took=_since(begun, until),
            ended=ended,
            is_reached=is_reached,
            age=_since(begun, self._now),
            still=self._still(wait, is_reached) if wait in TOLD_WITHOUT_STANDING else None,
        )

    def _still(self, wait: Wait, is_reached: Numbers) -> Numbers:
        """For how many seconds each stood still while it waited."""
        before = self._state("still_before")
        now_still = _STANDS_STILL[self._state("status")]
        lately = np.where(now_still, _since(self._state("since"), self._now), 0)
        in_all = self._state("stood_still") + lately
        if wait in FROM_ACCEPTANCE:
            return np.asarray(in_all - before)
        return np.where(is_reached, before, in_all)

    def _state(self, name: str) -> Numbers:
        if name not in self._read:
            self._read[name] = self._view.state(name)[self._rows]
        return self._read[name]

    @cached_property
    def _sent(self) -> Numbers:
        return np.asarray(self._view.referrals["sent"][self._rows])

    @cached_property
    def _last_seen(self) -> Numbers:
        """When each was closed, or now."""
        closed = self._state("closed")
        return np.where(closed > 0, closed, self._now)

    @cached_property
    def _kinds(self) -> Numbers:
        """Where each stands and why, as a place in the tables of ends."""
        return self._state("standing").astype(np.intp) * len(REASONS) + self._state("reason")

    @property
    def _now(self) -> Numbers:
        return np.asarray(self._view.now, np.uint32)


def _since(begin: Numbers, end: Numbers) -> Numbers:
    """The seconds between two times; none where the second one is not later."""
    return np.asarray(np.maximum(end, begin) - begin)


_ACCEPTED = is_one_of(ACCEPTED)
_STANDS_STILL = np.array([each in STANDS_STILL for each in STATUSES])
_REACHED = {
    Wait.ACKNOWLEDGEMENT: "acknowledged",
    Wait.DECISION: "decided",
    Wait.ACCEPTANCE: "accepted",
    Wait.CONTACT_FROM_SENDING: "contacted",
    Wait.CONTACT: "contacted",
    Wait.COMPLETION: "closed",
    Wait.CLOSURE: "closed",
}
_GOAL = {wait: np.int8(ENDS.index(goal)) for wait, goal in GOAL.items()}
_END_TABLES = {
    wait: np.array(
        [ENDS.index(end_of(wait, each, reason)) for each in STANDINGS for reason in REASONS],
        np.int8,
    )
    for wait in Wait
}
