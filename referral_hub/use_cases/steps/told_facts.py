"""Facts of a referral as its page shows them, cut to what a side sees."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from referral_hub.models import ReferralEvent
from referral_hub.rules.appointments import AWAITED, Appointment
from referral_hub.rules.client_answers import answer_that_counts
from referral_hub.rules.referral_lifecycle import UNDER_WAY, Status
from referral_hub.rules.referral_state import is_taken_on
from referral_hub.rules.referrals import (
    APPOINTMENT_LABEL,
    CLIENT_ANSWER_LABEL,
    AppointmentState,
    ClientAnswer,
    Fact,
)
from referral_hub.use_cases.referral_views import AppointmentView, ClientAnswerView, TimelineEntry
from referral_hub.use_cases.steps.appointments import appointments_from

Entries = Mapping[ReferralEvent, TimelineEntry]
"""Events in their order, each with what a side sees of it."""


def detail_of(event: ReferralEvent) -> str:
    """What a fact tells beyond its label, where it is one of a few words."""
    if event.kind == Fact.APPOINTMENT:
        return APPOINTMENT_LABEL[AppointmentState(event.data["state"])]
    if event.kind == Fact.CLIENT_CONFIRMED:
        return CLIENT_ANSWER_LABEL[ClientAnswer(event.data["answer"])]
    return ""


def answer_views(entries: Entries) -> tuple[ClientAnswerView, ...]:
    """What the client said, in the order in which it was recorded; the last word of it counts."""
    told = [
        (ClientAnswer(event.data["answer"]), entry)
        for event, entry in entries.items()
        if event.kind == Fact.CLIENT_CONFIRMED
    ]
    counting = answer_that_counts(answer for answer, _ in told)
    last = max((entry.seq for answer, entry in told if answer is counting), default=0)
    return tuple(
        ClientAnswerView(
            answer, CLIENT_ANSWER_LABEL[answer], entry.occurred_at, entry.who, entry.words,
            entry.seq == last,
        )
        for answer, entry in told
    )  # fmt: skip


def appointment_views(
    entries: Entries,
    status: Status,
    accepted_at: datetime | None,
    zone: tzinfo,
    now: datetime,
    *,
    may_change: bool,
) -> tuple[AppointmentView, ...]:
    """The appointments of a referral, the first first, on the clock of a zone."""
    may_end = may_change and is_taken_on(status, accepted_at)
    words = {entry.seq: entry.words for entry in entries.values()}
    return tuple(
        AppointmentView(
            each.id, each.at.astimezone(zone), each.state, _label(each, now),
            _place(each, words), each.waits_for_word(now),
            _next(each, status, now) if may_end else (),
        )
        for each in appointments_from(entries)
    )  # fmt: skip


def _place(each: Appointment, words: Mapping[int, str]) -> str:
    """Where it is, by the last who said so."""
    return next((words[seq] for seq in reversed(each.told_in) if words[seq]), "")


def _label(each: Appointment, now: datetime) -> str:
    if each.state not in AWAITED:
        return APPOINTMENT_LABEL[each.state]
    return "Nobody has said what came of it" if each.waits_for_word(now) else "To come"


def _next(each: Appointment, status: Status, now: datetime) -> tuple[AppointmentState, ...]:
    """What can be said of it where the referral stands so: one that has ended moves nothing."""
    found = each.next_states(now)
    if status in UNDER_WAY:
        return found
    return tuple(state for state in found if state is not AppointmentState.MOVED)
