"""When a caseload asks for a talk, and who hears of it when: the worker first.

A signal is about what somebody carries and never about how they are. The hub knows no working
hours and infers nothing from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from referral_hub.rules.caseload_weights import Band, Load, Place
from referral_hub.rules.setting_kinds import Value

FEWEST_TRAUMA_CASES = 3
"""With fewer of them a share says nothing."""


class Reason(StrEnum):
    """What of a caseload asks for a talk."""

    TRAUMA = "trauma"
    LOAD = "load"


OWN_WORDS: Mapping[Reason, str] = {
    Reason.TRAUMA: "Many of your cases weigh on the one who carries them.",
    Reason.LOAD: "You carry more points than your network thinks one person should.",
}
"""To the one who carries it."""
SUPERVISOR_WORDS: Mapping[Reason, str] = {
    Reason.TRAUMA: "Carries many cases that weigh on the one who has them.",
    Reason.LOAD: "Carries more than the band.",
}
"""To the supervisor, without a number: it is no comparison."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From which share of such cases on there is a signal (0 to 1), and how long it is the
    worker's own."""

    trauma_share: float
    own_time: timedelta


def limits_of(settings: Mapping[str, Value]) -> Limits:
    """The limits of a network with these settings."""
    share, days = settings["caseload_trauma_share"], settings["caseload_signal_days"]
    return Limits(int(str(share)) / 100, timedelta(days=int(str(days))))


def reasons_for(load: Load, band: Band, limits: Limits) -> tuple[Reason, ...]:
    """Why a load asks for a talk; empty where it does not."""
    found = []
    if load.trauma >= FEWEST_TRAUMA_CASES and load.trauma_share >= limits.trauma_share:
        found.append(Reason.TRAUMA)
    if band.place(load.points) is Place.ABOVE:
        found.append(Reason.LOAD)
    return tuple(found)


def supervisor_sees_from(shown_at: datetime, limits: Limits) -> datetime:
    """From when on the supervisor sees a signal that the worker saw first at a time."""
    return shown_at + limits.own_time


def supervisor_sees(
    shown_at: datetime, shared_at: datetime | None, limits: Limits, now: datetime
) -> bool:
    """Whether the supervisor sees a signal: when the worker shared it, or some days after."""
    return shared_at is not None or now >= supervisor_sees_from(shown_at, limits)
