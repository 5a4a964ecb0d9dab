"""What is to become of a referral, drawn before it begins."""

from dataclasses import dataclass
from enum import StrEnum

from referral_hub.rules.referrals import Priority
from seed.casework.cast import Manner
from seed.casework.chance import Chance


class Turn(StrEnum):
    """What the receiver does with a referral."""

    ACCEPT = "accept"
    WAITLIST = "waitlist"
    DECLINE = "decline"
    LEAVE = "leave"


class Ending(StrEnum):
    """What becomes of a referral that was accepted."""

    COMPLETE = "complete"
    UNMET = "unmet"
    NOT_REACHED = "not reached"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Plot:
    """The course of a referral, if nothing comes in between. Hours are working hours, from the step
    before; None: that does not happen. What `sends_in` 0 hours is sent without a draft before."""

    priority: Priority
    sends_in: float | None
    sees_in: float | None
    asks: bool
    answers_in: float | None
    turn: Turn
    decides_in: float | None
    withdraws: bool
    waits: float
    tries: int
    holds: bool
    ending: Ending
    serves_in: float | None
    assigns: bool = False
    checks: bool = True
    twist: str = ""


def draw(chance: Chance, manner: Manner) -> Plot:
    """What becomes of a referral to an agency with these manners."""
    priority = chance.one_of(
        {Priority.ROUTINE: 0.8, Priority.URGENT: 0.18, Priority.EMERGENCY: 0.02}
    )
    haste = {Priority.ROUTINE: 1.0, Priority.URGENT: 0.5, Priority.EMERGENCY: 0.1}[priority]
    early = 1 - manner.accepts - manner.waitlists - manner.declines - manner.leaves
    turn = chance.one_of(
        {
            Turn.ACCEPT: manner.accepts,
            Turn.WAITLIST: manner.waitlists,
            Turn.DECLINE: manner.declines,
            Turn.LEAVE: manner.leaves,
            "early": max(0.0, early),
        }
    )
    unmet = 1 - manner.completes
    return Plot(
        priority=priority,
        sends_in=chance.one_of({0: 0.7, chance.hours(2): 0.29, None: 0.01}),
        sees_in=chance.hours(manner.sees_in * haste)
        if turn is not Turn.LEAVE or chance.happens(0.4)
        else None,
        asks=chance.happens(manner.asks),
        answers_in=chance.hours(6 * haste) if chance.happens(0.94) else None,
        turn=Turn.ACCEPT if turn == "early" else Turn(turn),
        decides_in=None
        if turn in (Turn.LEAVE, "early")
        else chance.hours(manner.decides_in * haste),
        withdraws=turn == "early",
        waits=chance.hours(90),
        tries=chance.one_of({1: 6, 2: 3, 3: 1.5, 4: 0.5}),
        holds=chance.happens(0.08),
        ending=chance.one_of(
            {
                Ending.COMPLETE: manner.completes,
                Ending.UNMET: unmet * 0.5,
                Ending.NOT_REACHED: unmet * 0.3,
                Ending.WITHDRAWAL: unmet * 0.2,
            }
        ),
        serves_in=chance.hours(manner.serves_in * (0.5 + haste / 2)),
        assigns=chance.happens(0.35),
        twist=chance.one_of(
            {"": 0.95, "reopen": 0.015, "unaccept": 0.01, "undecline": 0.08, "void": 0.008}
        ),
    )
