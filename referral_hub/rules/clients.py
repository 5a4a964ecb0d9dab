"""Words that describe clients and their needs: closed lists, with how they read."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum


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
