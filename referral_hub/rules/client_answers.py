"""What clients say when they are asked whether they got help."""

from collections.abc import Iterable
from datetime import datetime

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_details import MOST_TEXT
from referral_hub.rules.referrals import ClientAnswer


def answer_that_counts(answers: Iterable[ClientAnswer]) -> ClientAnswer | None:
    """Of answers in the order in which they were recorded the last one; None where nobody asked.

    Who is not reached says nothing: what they said before still counts.
    """
    counting: ClientAnswer | None = None
    for answer in answers:
        if counting is None or answer is not ClientAnswer.NOT_REACHED:
            counting = answer
    return counting


def check_answer(asked_at: datetime, note: str, accepted_at: datetime, now: datetime) -> None:
    """Raise InvalidInput for what cannot be meant."""
    faults = {}
    if not accepted_at <= asked_at <= now:
        faults["asked_at"] = "Use a time between the acceptance of the referral and now."
    if len(note) > MOST_TEXT:
        faults["note"] = f"Use at most {MOST_TEXT} characters."
    if faults:
        raise InvalidInput("This cannot be recorded as it is.", faults)
