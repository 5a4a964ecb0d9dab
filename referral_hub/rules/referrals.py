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
    CHANGED = "changed"
    ASSIGNED = "assigned"
    CONTACTED = "contacted"
    MESSAGE = "message"
    CHECKED_IN = "checked_in"
    DISCLOSED = "disclosed"
    CONSENT_REVOKED = "consent_revoked"
    CONFLICT_CHECKED = "conflict_checked"
    REMINDED = "reminded"
    CLIENT_CONFIRMED = "client_confirmed"
    APPOINTMENT = "appointment"
    DECLINE_PROPOSED = "decline_proposed"
    DECLINE_RETURNED = "decline_returned"


class Clock(StrEnum):
    """What is waited for."""

    ACKNOWLEDGE = "acknowledge"
    DECIDE = "decide"
    EXPIRE = "expire"
    QUESTION = "question"
    FIRST_CONTACT = "first_contact"
    OUTCOME = "outcome"
    STALE = "stale"
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


class Waiting(StrEnum):
    """Which part of a list."""

    US = "us"
    THEM = "them"
    OPEN = "open"
    ENDED = "ended"
    DRAFTS = "drafts"


class ContactMethod(StrEnum):
    """How somebody tried to reach a client."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"


class ClientAnswer(StrEnum):
    """What a client said when asked whether they got help."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_REACHED = "not_reached"


class AppointmentState(StrEnum):
    """How an appointment with a client stands. One that was moved waits for its new time."""

    SCHEDULED = "scheduled"
    MOVED = "moved"
    ATTENDED = "attended"
    MISSED = "missed"
    CANCELLED = "cancelled"


PRIORITY_LABEL: Mapping[Priority, str] = {
    Priority.EMERGENCY: "Emergency",
    Priority.URGENT: "Urgent",
    Priority.ROUTINE: "Routine",
}
CLOCK_LABEL: Mapping[Clock, str] = {
    Clock.ACKNOWLEDGE: "Confirm that it arrived",
    Clock.DECIDE: "Decide",
    Clock.EXPIRE: "Decide before it expires",
    Clock.QUESTION: "Answer the question",
    Clock.FIRST_CONTACT: "Reach the client",
    Clock.OUTCOME: "Say what came of it",
    Clock.STALE: "Say how it goes",
    Clock.REVIEW: "Look at it again",
    Clock.WITHDRAWAL: "Confirm the withdrawal",
}
FACT_LABEL: Mapping[Fact, str] = {
    Fact.DRAFTED: "Began a draft",
    Fact.CHANGED: "Changed the draft",
    Fact.ASSIGNED: "Said who works on it",
    Fact.CONTACTED: "Tried to reach the client",
    Fact.MESSAGE: "Wrote a message",
    Fact.CHECKED_IN: "Said how it goes",
    Fact.DISCLOSED: "Shared what the client agreed to",
    Fact.CONSENT_REVOKED: (
        "The client took back consent: the sender learns the status only from here on"
    ),
    Fact.CONFLICT_CHECKED: "Checked for a conflict of interest",
    Fact.REMINDED: "Reminded who has to act",
    Fact.CLIENT_CONFIRMED: "Asked the client whether they got help",
    Fact.APPOINTMENT: "Appointment with the client",
    Fact.DECLINE_PROPOSED: "Proposed to decline",
    Fact.DECLINE_RETURNED: "Sent the proposed decline back",
}
CLIENT_ANSWER_LABEL: Mapping[ClientAnswer, str] = {
    ClientAnswer.YES: "Yes, they got help",
    ClientAnswer.PARTLY: "They got some of it",
    ClientAnswer.NO: "No, they did not",
    ClientAnswer.NOT_REACHED: "Not reached",
}
APPOINTMENT_LABEL: Mapping[AppointmentState, str] = {
    AppointmentState.SCHEDULED: "Made",
    AppointmentState.MOVED: "Moved",
    AppointmentState.ATTENDED: "The client came",
    AppointmentState.MISSED: "The client did not come",
    AppointmentState.CANCELLED: "Cancelled",
}
