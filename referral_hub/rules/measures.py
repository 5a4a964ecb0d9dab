"""What becomes of referrals that were sent in a period: each figure with what it is of.

A cohort is all that were first sent in a period, as they stand at some time. Whoever has millions
of them counts them by standing and reason first; the work here grows with the number of different
reasons. Definitions follow the network's own measures, of which each names its denominator: what is
left out of it is told beside it, and so is what is still open.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from referral_hub.rules.proportions import Share
from referral_hub.rules.reason_codes import DECLINE, SUPERSEDED, WITHDRAWAL, Attribution
from referral_hub.rules.referral_lifecycle import UNDECIDED, UNDER_WAY, Status

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


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with what it is of. `left_out` counts, by reason, what is in neither of its numbers;
    `still_open` is how many of those it is of can change it yet."""

    share: Share
    still_open: int
    left_out: Mapping[str, int] = field(default_factory=dict)


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

    @property
    def acceptance(self) -> Rate:
        """Accepted, of all on which somebody had the time to decide. What expired counts: silence
        is no acceptance."""
        decided = self.number(*ACCEPTED, *PLACED_IN_LINE, Standing.DECLINED, Standing.EXPIRED)
        return Rate(
            Share(self.number(*ACCEPTED), decided),
            self.number(Standing.WAITLISTED),
            self._by_name(Standing.UNDECIDED, Standing.WITHDRAWN),
        )

    @property
    def acceptance_of_decided(self) -> Rate:
        """Accepted, of accepted and declined: what others publish, and what silence flatters."""
        accepted, declined = self.number(*ACCEPTED), self.number(Standing.DECLINED)
        others = set(Standing) - ACCEPTED - {Standing.DECLINED}
        return Rate(Share(accepted, accepted + declined), 0, self._by_name(*others))

    @property
    def completion(self) -> Rate:
        """Completed, of all that were sent but those that the client, or an error of the sender,
        stopped before a decision, and those for which another agency was quicker."""
        stopped = self.number(Standing.WITHDRAWN, reasons=_STOPPED)
        quicker = self.number(Standing.WITHDRAWN, Standing.STOPPED_WAITING, reasons={SUPERSEDED})
        return Rate(
            Share(self.number(Standing.COMPLETED), self.sent - stopped - quicker),
            self.number(*STILL_OPEN),
            {"stopped": stopped, "superseded": quicker},
        )

    @property
    def completion_of_accepted(self) -> Rate:
        """Completed, of the accepted that were not stopped by others than the receiver."""
        of = self.number(*ACCEPTED) - self.number(Standing.WITHDRAWN_LATER)
        return Rate(
            Share(self.number(Standing.COMPLETED), of),
            self.number(Standing.UNDER_WAY),
            self._by_name(Standing.WITHDRAWN_LATER),
        )

    @property
    def completion_of_closed(self) -> Rate:
        """Completed, of what was closed: it rewards never closing, and is no headline."""
        done = self.number(Standing.COMPLETED)
        return Rate(
            Share(done, done + self.number(Standing.UNMET)),
            0,
            self._by_name(Standing.UNDER_WAY, Standing.WITHDRAWN_LATER),
        )

    @property
    def loop_closed(self) -> Rate:
        """Ended by the receiver with a coded reason. What expired, or was closed by the sender or
        the hub, is no closed loop."""
        return self._of_all_that_stayed(*BY_RECEIVER)

    @property
    def known_outcome(self) -> Rate:
        """Ended, by whomever. What lies between this and the closed loops no receiver told."""
        return self._of_all_that_stayed(*(set(Standing) - STILL_OPEN - {Standing.WITHDRAWN}))

    @property
    def declined_for(self) -> Mapping[Attribution, int]:
        """Declined, by who the reason is due to."""
        found: Counter[Attribution] = Counter()
        for code, reason in DECLINE.items():
            found[reason.attribution] += self.number(Standing.DECLINED, reasons={code})
        return +found

    def _of_all_that_stayed(self, *standings: Standing) -> Rate:
        """Of all but those that were withdrawn before a decision, and those for which another
        agency was quicker."""
        withdrawn = self.number(Standing.WITHDRAWN)
        quicker = self.number(Standing.STOPPED_WAITING, reasons={SUPERSEDED})
        met = self.number(*standings)
        met -= quicker if Standing.STOPPED_WAITING in standings else 0
        return Rate(
            Share(met, self.sent - withdrawn - quicker),
            self.number(*STILL_OPEN),
            {"withdrawn": withdrawn, "superseded": quicker},
        )

    def _by_name(self, *standings: Standing) -> dict[str, int]:
        return {each.value: number for each in sorted(standings) if (number := self.number(each))}


_STOPPED = frozenset(
    code for code, reason in WITHDRAWAL.items() if reason.attribution is Attribution.CLIENT
) | {SENT_IN_ERROR}
"""Why a referral ends before a decision through no fault of its receiver."""
