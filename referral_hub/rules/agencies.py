"""What an agency may do in the network, and when."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class AgencyStatus(StrEnum):
    """How an agency takes part: signs in, is being asked, only stands in the directory, or not."""

    PARTNER = "partner"
    INVITED = "invited"
    LISTED_ONLY = "listed_only"
    SUSPENDED = "suspended"


STATUS_MEANING: dict[AgencyStatus, str] = {
    AgencyStatus.PARTNER: "Takes part: its people sign in",
    AgencyStatus.INVITED: "Invited: nobody has accepted yet",
    AgencyStatus.LISTED_ONLY: "Only listed in the directory",
    AgencyStatus.SUSPENDED: "Suspended: nobody can act for it",
}


class SignedAgreement(Protocol):
    """The dates of a signed agreement."""

    @property
    def starts_on(self) -> date:
        """Its first day."""

    @property
    def ends_on(self) -> date | None:
        """Its last day; None when it has none."""

    @property
    def ended_at(self) -> datetime | None:
        """When it was ended before its time."""


def in_force(agreements: Iterable[SignedAgreement], today: date) -> bool:
    """Whether one of the agreements holds today."""
    return any(
        agreement.ended_at is None
        and agreement.starts_on <= today
        and (agreement.ends_on is None or today <= agreement.ends_on)
        for agreement in agreements
    )


def may_exchange(status: AgencyStatus, agreements: Iterable[SignedAgreement], today: date) -> bool:
    """Whether an agency may send and receive: a partner under an agreement in force."""
    return status is AgencyStatus.PARTNER and in_force(agreements, today)
