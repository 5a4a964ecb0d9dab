"""Words that describe clients and their needs: closed lists, with how they read."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from referral_hub.rules.errors import InvalidInput

FARTHEST_DUE_DAYS = 5 * 366
EARLIEST_BEFORE = timedelta(days=3660)
"""How long before a case began something may have happened that is noted about it."""


class ContactWay(StrEnum):
    """How to reach a client."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"


class NeedStatus(StrEnum):
    """What became of a need."""

    OPEN = "open"
    MET = "met"
    PARTLY_MET = "partly_met"
    NOT_MET = "not_met"
    WITHDRAWN = "withdrawn"


class SendMode(StrEnum):
    """How several referrals for one need relate to each other."""

    SINGLE = "single"
    RANKED = "ranked"
    FIRST_ACCEPT = "first_accept"
    PARALLEL_ALL = "parallel_all"


class CaseEnd(StrEnum):
    """Why work with a client ended."""

    GOALS_REACHED = "goals_reached"
    CLIENT_ENDED = "client_ended"
    LOST_CONTACT = "lost_contact"
    MOVED = "moved"
    TRANSFERRED = "transferred"
    DECEASED = "deceased"
    OTHER = "other"


class Level(IntEnum):
    """How urgent or how important something is."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class NoteKind(StrEnum):
    """What a note tells; the phases of case management."""

    INTAKE = "intake"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    MONITORING = "monitoring"
    EVALUATION = "evaluation"
    CONTACT = "contact"


ACUITY = range(1, 6)
"""From 1, stable, to 5, in crisis."""
TASK_RANK: Mapping[tuple[Level, Level], int] = {
    (urgency, importance): urgency * importance for urgency in Level for importance in Level
}
"""How much a task presses: urgency times importance, 1 to 9."""
MOST_DETAIL, MOST_TASK, MOST_NOTE = 2000, 500, 10_000
"""How long what people write about needs and goals, tasks and notes may be."""
CASE_END_LABEL: Mapping[CaseEnd, str] = {
    CaseEnd.GOALS_REACHED: "Goals reached",
    CaseEnd.CLIENT_ENDED: "The client ended it",
    CaseEnd.LOST_CONTACT: "Lost contact",
    CaseEnd.MOVED: "Moved away",
    CaseEnd.TRANSFERRED: "Another agency took over",
    CaseEnd.DECEASED: "The client died",
    CaseEnd.OTHER: "Other",
}
NEED_STATUS_LABEL: Mapping[NeedStatus, str] = {
    status: status.replace("_", " ").capitalize() for status in NeedStatus
}
NOTE_KIND_LABEL: Mapping[NoteKind, str] = {
    NoteKind.CONTACT: "Contact with the client",
    NoteKind.INTAKE: "Intake",
    NoteKind.ASSESSMENT: "Needs assessment",
    NoteKind.PLAN: "Plan",
    NoteKind.MONITORING: "Monitoring",
    NoteKind.EVALUATION: "Evaluation",
}
LEVEL_LABEL: Mapping[Level, str] = {level: level.name.capitalize() for level in Level}
CONTACT_WAY_LABEL: Mapping[ContactWay, str] = {
    ContactWay.CALL: "Phone call",
    ContactWay.TEXT: "Text message",
    ContactWay.EMAIL: "E-mail",
    ContactWay.LETTER: "Letter",
    ContactWay.IN_PERSON: "In person",
}
ACUITY_LABEL: Mapping[int, str] = {
    1: "1 – stable",
    2: "2 – mostly stable",
    3: "3 – at risk",
    4: "4 – unstable",
    5: "5 – in crisis",
}


def check_acuity(acuity: int | None) -> None:
    """Raise InvalidInput for an acuity that there is not."""
    if acuity is not None and acuity not in ACUITY:
        message = "Choose a number from 1, stable, to 5, in crisis."
        raise InvalidInput(message, {"acuity": message})


def check_levels(urgency: int, importance: int) -> None:
    """Raise InvalidInput for levels that there are not."""
    given = {"urgency": urgency, "importance": importance}
    faults = {
        name: "Choose low (1), medium (2) or high (3)."
        for name, level in given.items()
        if level not in tuple(Level)
    }
    if faults:
        raise InvalidInput("Choose low, medium or high.", faults)


def check_due(due_on: date | None, today: date) -> None:
    """Raise InvalidInput for a day to come that cannot be meant."""
    if due_on is not None and not today <= due_on <= today + timedelta(days=FARTHEST_DUE_DAYS):
        message = "Use a day from today on, at most 5 years ahead."
        raise InvalidInput(message, {"due_on": message})


def check_occurred(occurred_at: datetime, opened_at: datetime, now: datetime) -> None:
    """Raise InvalidInput for a time of something that happened which cannot be meant."""
    if not opened_at - EARLIEST_BEFORE <= occurred_at <= now + timedelta(minutes=5):
        message = "Use a day that is not in the future, and not long before the case began."
        raise InvalidInput(message, {"occurred_on": message})
