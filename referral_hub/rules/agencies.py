"""What an agency may do in the network, and when."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from referral_hub.rules.errors import Conflict, InvalidInput

FARTHEST_DAYS = 366


class AgencyStatus(StrEnum):
    """How an agency takes part: signs in, is being asked, only stands in the directory, or not."""

    PARTNER = "partner"
    INVITED = "invited"
    LISTED_ONLY = "listed_only"
    SUSPENDED = "suspended"


STATUS_MEANING: dict[AgencyStatus, str] = {
    AgencyStatus.PARTNER: "Takes part: its people sign in",
    AgencyStatus.INVITED: "Invited: a steward has not approved it yet",
    AgencyStatus.LISTED_ONLY: "Only listed in the directory",
    AgencyStatus.SUSPENDED: "Suspended: nobody can act for it",
}
STATUS_LABEL: dict[AgencyStatus, str] = {
    status: status.replace("_", " ").capitalize() for status in AgencyStatus
}


class AgencyMove(StrEnum):
    """What a steward decides about an agency."""

    APPROVE = "approve"
    SUSPEND = "suspend"
    RESUME = "resume"
    LIST_ONLY = "list_only"


MOVES: dict[tuple[AgencyStatus, AgencyMove], AgencyStatus] = {
    (AgencyStatus.INVITED, AgencyMove.APPROVE): AgencyStatus.PARTNER,
    (AgencyStatus.LISTED_ONLY, AgencyMove.APPROVE): AgencyStatus.PARTNER,
    (AgencyStatus.PARTNER, AgencyMove.SUSPEND): AgencyStatus.SUSPENDED,
    (AgencyStatus.SUSPENDED, AgencyMove.RESUME): AgencyStatus.PARTNER,
    (AgencyStatus.INVITED, AgencyMove.LIST_ONLY): AgencyStatus.LISTED_ONLY,
    (AgencyStatus.PARTNER, AgencyMove.LIST_ONLY): AgencyStatus.LISTED_ONLY,
    (AgencyStatus.SUSPENDED, AgencyMove.LIST_ONLY): AgencyStatus.LISTED_ONLY,
}
"""The status that follows; what is not here cannot be done."""
MOVE_MEANING: dict[AgencyMove, str] = {
    AgencyMove.APPROVE: "Approve: its people can sign in and act for it",
    AgencyMove.SUSPEND: "Suspend: its people are signed out, its applications lose access",
    AgencyMove.RESUME: "Resume: its people can act for it again",
    AgencyMove.LIST_ONLY: "Keep it in the directory only: nobody acts for it any more",
}


def next_status(status: AgencyStatus, move: AgencyMove) -> AgencyStatus:
    """The status that follows. Raises Conflict where the move cannot be made."""
    following = MOVES.get((status, move))
    if following is None:
        raise Conflict(
            f"This cannot be done now. The agency is: {STATUS_MEANING[status].lower()}. "
            "Load the page again to see what can be done."
        )
    return following


def moves_from(status: AgencyStatus) -> tuple[AgencyMove, ...]:
    """What can be decided about an agency that stands like this."""
    return tuple(move for start, move in MOVES if start is status)


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


class AgreementState(StrEnum):
    """Where an agreement stands on a day."""

    IN_FORCE = "in force"
    TO_COME = "not started"
    OVER = "over"
    ENDED = "ended early"


def agreement_state(agreement: SignedAgreement, today: date) -> AgreementState:
    """Where an agreement stands."""
    if agreement.ended_at is not None:
        return AgreementState.ENDED
    if today < agreement.starts_on:
        return AgreementState.TO_COME
    if agreement.ends_on is not None and agreement.ends_on < today:
        return AgreementState.OVER
    return AgreementState.IN_FORCE


def in_force(agreements: Iterable[SignedAgreement], today: date) -> bool:
    """Whether one of the agreements holds today."""
    return any(
        agreement_state(agreement, today) is AgreementState.IN_FORCE for agreement in agreements
    )


def may_exchange(status: AgencyStatus, agreements: Iterable[SignedAgreement], today: date) -> bool:
    """Whether an agency may send and receive: a partner under an agreement in force."""
    return status is AgencyStatus.PARTNER and in_force(agreements, today)


def check_dates(starts_on: date, ends_on: date | None, today: date) -> None:
    """Raise InvalidInput for dates of an agreement that cannot be meant."""
    faults = {}
    if abs((starts_on - today).days) > FARTHEST_DAYS:
        faults["starts_on"] = "Use a first day within a year of today."
    if ends_on is not None and ends_on < max(starts_on, today):
        faults["ends_on"] = "Use a last day that is neither past nor before the first day."
    if faults:
        raise InvalidInput("Please check the dates.", faults)
