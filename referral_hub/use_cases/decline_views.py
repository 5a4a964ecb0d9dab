"""Declines as supervisors see them."""

from dataclasses import dataclass
from datetime import datetime

from referral_hub.use_cases.referral_views import ReferralLine


@dataclass(frozen=True, slots=True)
class DeclineSaid:
    """A decline, proposed or made: who said it, when, why, and in which words."""

    who: str
    at: datetime
    reason: str
    words: str


@dataclass(frozen=True, slots=True)
class Look:
    """That a supervisor looked at a decline."""

    who: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class DeclineLine:
    """A referral with its decline. `taken_back` says that it did not last; `may_undecline`, that
    it can still be taken back."""

    referral: ReferralLine
    said: DeclineSaid
    look: Look | None = None
    taken_back: bool = False
    may_undecline: bool = False


@dataclass(frozen=True, slots=True)
class ReasonGroup:
    """The declines for one reason, the latest first."""

    reason: str
    lines: tuple[DeclineLine, ...]


@dataclass(frozen=True, slots=True)
class DeclinesPage:
    """What waits for a supervisor, the oldest first; and the declines of the last months, the most
    common reason first. `reviewed` says whether the agency wants declines reviewed."""

    reviewed: bool
    waiting: tuple[DeclineLine, ...]
    groups: tuple[ReasonGroup, ...]


@dataclass(frozen=True, slots=True)
class DeclineView:
    """One referral with the decline that waits, or with the last one that was made."""

    line: DeclineLine
    waits: bool
