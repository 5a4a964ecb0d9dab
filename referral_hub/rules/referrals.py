"""Words that describe referrals beside their status: priority, channel, what an event tells."""

from collections.abc import Mapping
from enum import StrEnum


class Priority(StrEnum):
    """How much a referral presses."""

    EMERGENCY = "emergency"
    URGENT = "urgent"
    ROUTINE = "routine"


class Channel(StrEnum):
    """By which way an act came."""

    PAGE = "page"
    API = "api"
    LINK = "link"
    COMMAND = "command"
    SYSTEM = "system"


class Fact(StrEnum):
    """What happens to a referral without moving it."""

    DRAFTED = "drafted"
    ASSIGNED = "assigned"
    CONTACTED = "contacted"
    MESSAGE = "message"
    CHECKED_IN = "checked_in"
    DISCLOSED = "disclosed"
    CONFLICT_CHECKED = "conflict_checked"
    REMINDED = "reminded"
    CLIENT_CONFIRMED = "client_confirmed"


class Clock(StrEnum):
    """What is waited for."""

    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    EXPIRE = "expire"
    QUESTION = "question"
    FIRST_CONTACT = "first_contact"
    OUTCOME = "outcome"
    REVIEW = "review"
    WITHDRAWAL = "withdrawal"


class ClockEnd(StrEnum):
    """How a wait ended."""

    MET = "met"
    MISSED = "missed"
    CANCELLED = "cancelled"


class ConflictCheck(StrEnum):
    """Where the check for a conflict of interest stands, for receivers who must make one."""

    NOT_NEEDED = "not_needed"
    PENDING = "pending"
    CLEAR = "clear"
    CONFLICT = "conflict"


class ContactMethod(StrEnum):
    """How somebody tried to reach a client."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"


PRIORITY_LABEL: Mapping[Priority, str] = {
    Priority.EMERGENCY: "Emergency",
    Priority.URGENT: "Urgent",
    Priority.ROUTINE: "Routine",
}
