"""What news there is of referrals and check-ins, and how people hear of it."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Frequency(StrEnum):
    """When a mail tells of news; inside the hub it shows at once."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class NoticeKind(StrEnum):
    """A kind of news, for which somebody may choose how to hear of it."""

    EMERGENCY = "emergency"
    ARRIVED = "arrived"
    ASSIGNED = "assigned"
    QUESTION = "question"
    DECISION = "decision"
    PROGRESS = "progress"
    ENDED = "ended"
    MESSAGE = "message"
    CONSENT = "consent"
    REMINDER = "reminder"
    OVERSIGHT = "oversight"
    REVIEW = "review"
    CHECK_IN = "check_in"


FREQUENCY_LABEL: Mapping[Frequency, str] = {
    Frequency.AT_ONCE: "A mail at once",
    Frequency.DAILY: "One mail a day",
    Frequency.NEVER: "No mail",
}
KIND_LABEL: Mapping[NoticeKind, str] = {
    NoticeKind.EMERGENCY: "An emergency referral",
    NoticeKind.ARRIVED: "A referral arrived",
    NoticeKind.ASSIGNED: "A referral was given to you",
    NoticeKind.QUESTION: "A question, or its answer",
    NoticeKind.DECISION: "A decision on a referral",
    NoticeKind.PROGRESS: "Work on a referral went on",
    NoticeKind.ENDED: "A referral ended",
    NoticeKind.MESSAGE: "A message, or something new to read",
    NoticeKind.CONSENT: "A client took back consent: the sender learns the status only",
    NoticeKind.REMINDER: "Something waits too long",
    NoticeKind.OVERSIGHT: "Something a supervisor should see",
    NoticeKind.REVIEW: "A decline to look at",
    NoticeKind.CHECK_IN: "A check-in with your supervisor or your worker",
}
KIND_MEANING: Mapping[NoticeKind, str] = {
    NoticeKind.EMERGENCY: "Somebody may need help today.",
    NoticeKind.ARRIVED: "Another agency sent it to yours.",
    NoticeKind.ASSIGNED: "You are the one who looks after it now.",
    NoticeKind.QUESTION: "The other agency asked something, or answered.",
    NoticeKind.DECISION: "It was accepted, put on a waiting list or declined.",
    NoticeKind.PROGRESS: "It was seen, started, put on hold or opened again.",
    NoticeKind.ENDED: "It was completed, closed, withdrawn, or its time ran out.",
    NoticeKind.MESSAGE: "The other agency wrote, or shared more.",
    NoticeKind.CONSENT: "The receiving agency keeps what it got, and goes on.",
    NoticeKind.REMINDER: "An answer or a step is due.",
    NoticeKind.OVERSIGHT: "A referral ran out of time, or a rule was set aside.",
    NoticeKind.REVIEW: "A decline waits for a supervisor, or a supervisor sent it back.",
    NoticeKind.CHECK_IN: "It was planned, moved or cancelled, or something was agreed or written.",
}


def default_frequency(kind: NoticeKind) -> Frequency:
    """How people hear of a kind of news who chose nothing."""
    return Frequency.AT_ONCE if kind is NoticeKind.EMERGENCY else Frequency.DAILY


def last_digest(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The moment of the last daily mail: at a full hour of the network's day, today or yesterday.

    What happened before it belongs into that mail; what happened since into the next one.
    """
    here = now.astimezone(zone)
    moment = datetime.combine(here.date(), time(hour), zone)
    if moment > now:
        moment = datetime.combine(here.date() - timedelta(days=1), time(hour), zone)
    return moment.astimezone(now.tzinfo)
