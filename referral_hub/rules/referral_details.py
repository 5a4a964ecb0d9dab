"""What comes along with a move: checked against what the table of moves asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from referral_hub.rules.corrections import ListingField
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_lifecycle import Datum, Move, Part, Rule, Status

MOST_TEXT = 4000
FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class MoveDetails:
    """What was supplied with a move. Times are aware.

    `contacted_at` is when the client was reached, `began_at` when the service began.
    `expected_on` is about when a place on the waiting list is expected to be free.
    `receiver_client_id` is the client record of the receiving agency that an acceptance belongs
    to; without one a new record is made. `preview_digest` stands for the preview that whoever sends
    it looked at; empty where they looked at none. `listing_field` is what is wrong in the listing
    (`corrections.ListingField`), where that is why it is declined.
    `occurred_at` is when it happened, if not now.
    """

    note: str = ""
    question: str = ""
    answer: str = ""
    reason: str | None = None
    outcome: str | None = None
    assignee_id: UUID | None = None
    contact_name: str = ""
    first_contact_by: datetime | None = None
    review_on: date | None = None
    expected_on: date | None = None
    resume_on: date | None = None
    service_date: date | None = None
    contacted_at: datetime | None = None
    began_at: datetime | None = None
    receiver_client_id: UUID | None = None
    preview_digest: str = ""
    listing_field: str = ""
    occurred_at: datetime | None = None


NOTHING_MORE = MoveDetails()
_BY_NAME_ONLY = frozenset({Part.AGENCY_LINK, Part.RECEIVER_APPLICATION})
"""Who may say by name who takes it on: their people may have no account here."""
_MISSING: Mapping[Datum, str] = {
    Datum.QUESTION: "Write the question.",
    Datum.ANSWER: "Write the answer.",
    Datum.NOTE: "Write a note that says why.",
    Datum.ASSIGNEE: "Choose who takes it on.",
    Datum.FIRST_CONTACT_BY: "Say by when you will reach the client.",
    Datum.REVIEW_ON: "Say when you will look at it again.",
    Datum.RESUME_ON: "Say when work should go on.",
    Datum.REASON: "Choose a reason.",
    Datum.OUTCOME: "Choose what came of it.",
    Datum.SERVICE_DATE: "Say on which day the client received the service.",
}


def check_details(
    rule: Rule,
    part: Part,
    details: MoveDetails,
    *,
    now: datetime,
    sent_at: datetime | None,
    since: datetime | None = None,
    zone: tzinfo = UTC,
) -> None:
    """Raise InvalidInput naming everything that is missing or cannot be meant. `since` is from when
    on the referral has stood as it does: nothing is told of before that. Days are those of `zone`,
    where the receiver works."""
    faults = {
        str(datum): _MISSING[datum]
        for datum in sorted(rule.needs)
        if not _supplied(datum, part, details)
    }
    for name in ("note", "question", "answer"):
        if len(getattr(details, name)) > MOST_TEXT:
            faults[name] = f"Use at most {MOST_TEXT} characters."
    if details.listing_field and details.listing_field not in set(ListingField):
        faults["listing_field"] = "Choose one from the list."
    faults |= _future_faults(details, now, zone) | _past_faults(details, now, sent_at, zone)
    at = details.occurred_at
    if at is not None and rule.target is Status.SENT:
        faults["occurred_at"] = "A referral is sent when it is sent."
    elif at is not None and since is not None and at < since:
        faults["occurred_at"] = "Use a time after what happened last."
    if faults:
        raise InvalidInput("Something is missing, or cannot be right. Nothing was changed.", faults)


def code_of(rule: Rule, details: MoveDetails) -> str | None:
    """The coded reason or outcome of a move."""
    return details.outcome if Datum.OUTCOME in rule.needs else details.reason


def words_of(details: MoveDetails) -> str:
    """What was written with the move."""
    return (details.question or details.answer or details.note).strip()


def data_of(move: Move, details: MoveDetails) -> dict[str, Any]:
    """What the event keeps: ids, days and times as JSON has them, nothing that people wrote."""
    kept = _KEPT.get(move, ())
    return {
        name: _plain(value) for name in kept if (value := getattr(details, name)) not in (None, "")
    }


_KEPT: Mapping[Move, tuple[str, ...]] = {
    Move.ACCEPT: ("assignee_id", "first_contact_by", "receiver_client_id"),
    Move.WAITLIST: ("review_on", "expected_on"),
    Move.HOLD: ("resume_on",),
    Move.START: ("contacted_at", "began_at"),
    Move.COMPLETE: ("service_date",),
}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else str(value)


def _supplied(datum: Datum, part: Part, details: MoveDetails) -> bool:
    if datum is Datum.ASSIGNEE:
        by_name = part in _BY_NAME_ONLY and details.contact_name.strip()
        return bool(details.assignee_id or by_name)
    value = getattr(details, str(datum))
    return bool(value.strip()) if isinstance(value, str) else value is not None


def _future_faults(details: MoveDetails, now: datetime, zone: tzinfo) -> dict[str, str]:
    faults = {}
    today = now.astimezone(zone).date()
    for name in ("review_on", "expected_on", "resume_on"):
        day = getattr(details, name)
        if day is not None and not today <= day <= today + FARTHEST:
            faults[name] = "Use a day from today on, at most a year ahead."
    by = details.first_contact_by
    if by is not None and not now < by <= now + FARTHEST:
        faults["first_contact_by"] = "Use a time in the future, at most a year ahead."
    return faults


def _past_faults(
    details: MoveDetails, now: datetime, sent_at: datetime | None, zone: tzinfo
) -> dict[str, str]:
    faults = {}
    told_of = details.occurred_at
    for name in ("occurred_at", "contacted_at", "began_at"):
        at = getattr(details, name)
        if at is not None and (at > now or (sent_at is not None and at < sent_at)):
            faults[name] = "Use a time between the sending of the referral and now."
        elif at is not None and told_of is not None and at > told_of:
            faults[name] = "Use a time that is not after the one at which this happened."
    day = details.service_date
    sent_on = day if sent_at is None else sent_at.astimezone(zone).date()
    today = now.astimezone(zone).date()
    if day is not None and sent_on is not None and not sent_on <= day <= today:
        faults["service_date"] = "Use a day from the sending of the referral until today."
    return faults
