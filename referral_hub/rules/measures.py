"""What becomes of referrals that were sent in a period: each figure with what it is of.

A measure puts each referral into one part: it met what is asked, missed it, can still do either, is
too young to tell, or is left out for a named reason. A figure is nothing but the counts of these
parts, and the list behind a number is the referrals of its part. Definitions follow the network's
own measures, of which each names its denominator.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from referral_hub.rules.proportions import Share
from referral_hub.rules.reason_codes import DECLINE, SUPERSEDED, WITHDRAWAL, Attribution
from referral_hub.rules.referral_lifecycle import UNDECIDED, UNDER_WAY, Status
from referral_hub.rules.referrals import ClientAnswer

SENT_IN_ERROR = "sent_in_error_other_agency"


class Standing(StrEnum):
    """Where a referral of a cohort stands. Drafts, and what was entered in error, have none."""

    COMPLETED = "completed"
    UNMET = "unmet"
    WITHDRAWN_LATER = "withdrawn_later"
    UNDER_WAY = "under_way"
    WAITLISTED = "waitlisted"
    WAITED_IN_VAIN = "waited_in_vain"
    STOPPED_WAITING = "stopped_waiting"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    UNDECIDED = "undecided"


ACCEPTED = frozenset(
    {Standing.COMPLETED, Standing.UNMET, Standing.WITHDRAWN_LATER, Standing.UNDER_WAY}
)
"""A receiver took responsibility, and that stands."""
PLACED_IN_LINE = frozenset({Standing.WAITLISTED, Standing.WAITED_IN_VAIN, Standing.STOPPED_WAITING})
"""Put on a waiting list, and never accepted; closed by the receiver, or stopped by others."""
BY_RECEIVER = frozenset(
    {Standing.COMPLETED, Standing.UNMET, Standing.WAITED_IN_VAIN, Standing.DECLINED}
)
"""Ended by the receiver, with a coded reason."""
STILL_OPEN = frozenset({Standing.UNDER_WAY, Standing.WAITLISTED, Standing.UNDECIDED})


def standing_of(status: str, closed_from: str | None, *, accepted: bool) -> Standing | None:
    """Where a referral stands, by its row: `accepted` where an acceptance stands.

    A decision that was taken back does not count any more; a closure that was reopened neither.
    """
    now = Status(status)
    if now in _PLAIN:
        return _PLAIN[now]
    if now in UNDECIDED:
        return Standing.UNDECIDED
    if now in UNDER_WAY:
        return Standing.UNDER_WAY
    if now is Status.CLOSED_UNMET:
        return Standing.UNMET if accepted else Standing.WAITED_IN_VAIN
    if now is Status.WITHDRAWN and closed_from != Status.DRAFT:
        if accepted:
            return Standing.WITHDRAWN_LATER
        waited = closed_from == Status.WAITLISTED
        return Standing.STOPPED_WAITING if waited else Standing.WITHDRAWN
    return None


_PLAIN = {
    Status.COMPLETED: Standing.COMPLETED,
    Status.WAITLISTED: Standing.WAITLISTED,
    Status.DECLINED: Standing.DECLINED,
    Status.EXPIRED: Standing.EXPIRED,
}


class Measure(StrEnum):
    """What is asked of each referral."""

    COMPLETION = "completion"
    ACCEPTANCE = "acceptance"
    RESPONSE = "response"
    ON_TIME = "on_time"
    LOOP_CLOSED = "loop_closed"
    KNOWN_OUTCOME = "known_outcome"
    COMPLETION_OF_ACCEPTED = "completion_of_accepted"
    COMPLETION_OF_CLOSED = "completion_of_closed"
    ACCEPTANCE_OF_DECIDED = "acceptance_of_decided"
    CLIENT_CONFIRMED = "client_confirmed"


class Part(StrEnum):
    """Where a referral is in a figure. Only the first three are what the figure is of."""

    MET = "met"
    MISSED = "missed"
    OPEN = "open"
    """Not met, and it still can be."""
    MATURING = "maturing"
    """Too young to tell: left out by its age alone, whatever became of it."""
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    STOPPED = "stopped"
    """By the client, or for an error of the sender, before a decision."""
    UNDECIDED = "undecided"
    NOT_ACCEPTED = "not_accepted"
    NOT_DECLINED = "not_declined"
    """Neither accepted nor declined."""
    NOT_CLOSED = "not_closed"
    NOT_ASKED = "not_asked"
    SENT_TOGETHER = "sent_together"
    """To several agencies at once, so that none was the first choice."""
    NOT_MET = "not_met"
    NOT_TOLD = "not_told"
    """Not the viewer's to know, since the client took back consent."""


COUNTED = (Part.MET, Part.MISSED, Part.OPEN)
"""What a figure is of."""
LEFT_OUT = tuple(part for part in Part if part not in (*COUNTED, Part.MATURING))


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it is of. `left_out` counts, by reason, what is in neither of its numbers;
    `still_open` is how many of those it is of can change it yet; `maturing` are too young."""

    share: Share
    still_open: int
    maturing: int
    left_out: Mapping[str, int]


def rate_of(counts: Mapping[Part, int]) -> Rate:
    """The figure that the counts of its parts are."""
    met, missed, still = (counts.get(part, 0) for part in COUNTED)
    left_out = {part.value: number for part in LEFT_OUT if (number := counts.get(part, 0))}
    return Rate(Share(met, met + missed + still), still, counts.get(Part.MATURING, 0), left_out)


def part_by_standing(measure: Measure, standing: Standing, reason: str) -> Part:
    """Where a referral that stands so is in a figure; `reason` is empty where there is none.

    KeyError for measures that ask when something was done.
    """
    return _BY_STANDING[measure](standing, reason)


def _acceptance(standing: Standing, _reason: str) -> Part:
    """Accepted, of all on which somebody had the time to decide. What expired counts: silence is no
    acceptance."""
    if standing in ACCEPTED:
        return Part.MET
    if standing in (Standing.UNDECIDED, Standing.WITHDRAWN):
        return Part(standing.value)
    return Part.OPEN if standing is Standing.WAITLISTED else Part.MISSED


def _acceptance_of_decided(standing: Standing, _reason: str) -> Part:
    """Accepted, of accepted and declined: what others publish, and what silence flatters."""
    if standing in ACCEPTED:
        return Part.MET
    return Part.MISSED if standing is Standing.DECLINED else Part.NOT_DECLINED


def _completion(standing: Standing, reason: str) -> Part:
    """Completed, of all that were sent but those that the client, or an error of the sender,
    stopped before a decision, and those for which another agency was quicker."""
    if standing is Standing.COMPLETED:
        return Part.MET
    if standing in _ENDED_EARLY and reason == SUPERSEDED:
        return Part.SUPERSEDED
    if standing is Standing.WITHDRAWN and reason in _STOPPED:
        return Part.STOPPED
    if standing is Standing.WITHDRAWN and not reason:
        return Part.WITHDRAWN  # why is not the viewer's to know
    return _open_or_missed(standing)


def _completion_of_accepted(standing: Standing, reason: str) -> Part:
    """Completed, of the accepted that were not stopped by others than the receiver."""
    if standing not in ACCEPTED:
        return Part.NOT_ACCEPTED
    return Part.WITHDRAWN if standing is Standing.WITHDRAWN_LATER else _completion(standing, reason)


def _completion_of_closed(standing: Standing, reason: str) -> Part:
    """Completed, of what was closed after an acceptance: it rewards never closing, and is no
    headline."""
    closed = standing in (Standing.COMPLETED, Standing.UNMET)
    return _completion(standing, reason) if closed else Part.NOT_CLOSED


def _loop_closed(standing: Standing, reason: str) -> Part:
    """Ended by the receiver with a coded reason. What expired, or was closed by the sender or the
    hub, is no closed loop."""
    return _of_all_that_stayed(standing, reason, BY_RECEIVER)


def _known_outcome(standing: Standing, reason: str) -> Part:
    """Ended, by whomever. What lies between this and the closed loops no receiver told."""
    return _of_all_that_stayed(standing, reason, frozenset(Standing) - STILL_OPEN)


def _of_all_that_stayed(standing: Standing, reason: str, met: frozenset[Standing]) -> Part:
    """Of all but those that were withdrawn before a decision, and those for which another agency
    was quicker."""
    if standing in _ENDED_EARLY and reason == SUPERSEDED:
        return Part.SUPERSEDED
    if standing is Standing.WITHDRAWN:
        return Part.WITHDRAWN
    return Part.MET if standing in met else _open_or_missed(standing)


def _open_or_missed(standing: Standing) -> Part:
    return Part.OPEN if standing in STILL_OPEN else Part.MISSED


_ENDED_EARLY = frozenset({Standing.WITHDRAWN, Standing.STOPPED_WAITING})
_STOPPED = frozenset(
    code for code, reason in WITHDRAWAL.items() if reason.attribution is Attribution.CLIENT
) | {SENT_IN_ERROR}
"""Why a referral ends before a decision through no fault of its receiver."""
_BY_STANDING = {
    Measure.ACCEPTANCE: _acceptance,
    Measure.ACCEPTANCE_OF_DECIDED: _acceptance_of_decided,
    Measure.COMPLETION: _completion,
    Measure.COMPLETION_OF_ACCEPTED: _completion_of_accepted,
    Measure.COMPLETION_OF_CLOSED: _completion_of_closed,
    Measure.LOOP_CLOSED: _loop_closed,
    Measure.KNOWN_OUTCOME: _known_outcome,
}
FOLLOWED_UP = frozenset(_BY_STANDING) - {Measure.ACCEPTANCE, Measure.ACCEPTANCE_OF_DECIDED}
"""Measures of what was sent so long ago that it could be completed."""


def part_by_decision(
    decided_at: datetime | None,
    closed_at: datetime | None,
    standing: Standing,
    by: datetime | None,
    now: datetime,
) -> Part:
    """Whether somebody decided `by` a time: accepted, put on a waiting list, or declined.

    A decline is a good answer; what expired is none. What was withdrawn, or went to a quicker
    agency, before that time had no fair chance and is left out; after it, nobody had answered in
    time. Nothing counts before the time has passed, not even what was decided quickly. `by` is None
    where the time stands still.
    """
    if by is None or by > now:
        return Part.MATURING
    if decided_at is not None and decided_at <= by:
        return Part.MET
    if standing in _ENDED_EARLY and closed_at is not None and closed_at <= by:
        return Part.WITHDRAWN
    return Part.MISSED


def part_by_answer(answer: ClientAnswer | None) -> Part:
    """Whether the client says that they got help, of all who were asked: no word of the receiver is
    in it. Who got some of it did not get it all; who was not reached may still say so."""
    if answer is None:
        return Part.NOT_ASKED
    if answer is ClientAnswer.NOT_REACHED:
        return Part.OPEN
    return Part.MET if answer is ClientAnswer.YES else Part.MISSED


@dataclass(frozen=True, slots=True)
class Cohort:
    """How many referrals stand where, by the code of the reason where they have one."""

    counts: Mapping[tuple[Standing, str], int]

    @classmethod
    def of(cls, referrals: Iterable[tuple[Standing, str | None]]) -> "Cohort":
        """The cohort of these referrals, each by its standing and reason."""
        return cls(Counter((standing, reason or "") for standing, reason in referrals))

    @property
    def sent(self) -> int:
        """All that were sent."""
        return sum(self.counts.values())

    def number(self, *standings: Standing, reasons: Collection[str] | None = None) -> int:
        """How many stand so; with `reasons`, for one of these."""
        return sum(
            number
            for (standing, reason), number in self.counts.items()
            if standing in standings and (reasons is None or reason in reasons)
        )

    def rate(self, measure: Measure) -> Rate:
        """A figure of all of them, whatever their age. KeyError where it asks for times."""
        parts: Counter[Part] = Counter()
        for (standing, reason), number in self.counts.items():
            parts[part_by_standing(measure, standing, reason)] += number
        return rate_of(parts)

    @property
    def declined_for(self) -> Mapping[Attribution, int]:
        """Declined, by who the reason is due to."""
        found: Counter[Attribution] = Counter()
        for code, reason in DECLINE.items():
            found[reason.attribution] += self.number(Standing.DECLINED, reasons={code})
        return +found


class Stage(StrEnum):
    """How far referrals came, one after the other; each is a part of the one before it."""

    SENT = "sent"
    SEEN = "seen"
    DECIDED = "decided"
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    COMPLETED = "completed"
