"""How long referrals take, and with what they end."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from referral_hub.rules.measured_times import (
    GOAL,
    End,
    Standstill,
    Wait,
    followed_of,
    is_goal,
    spell_of,
)
from referral_hub.rules.proportions import Share
from referral_hub.rules.reason_codes import SUPERSEDED
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.referral_state import ReferralState
from referral_hub.rules.time_to_event import Spell, share_by, time_to_end

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def referral(status: Status, sent: float = 28, **days: float | str) -> ReferralState:
    """A referral that was sent so many days ago; `days` after that something happened to it."""
    began = NOW - timedelta(days=sent)
    times = {
        name: began + timedelta(days=value) if isinstance(value, (int, float)) else value
        for name, value in days.items()
    }
    return ReferralState(
        status, 1, 1, began, "routine", began, first_sent_at=began, sent_at=began, **times
    )


def accepted(day: float, status: Status = Status.IN_PROGRESS, **days: float | str) -> ReferralState:
    return referral(status, decided_at=day, accepted_at=day, **days)


def ended(
    status: Status, day: float, closed_from: str = "sent", **more: float | str
) -> ReferralState:
    decided = {"decided_at": day} if status is Status.DECLINED else {}
    return referral(status, closed_at=day, closed_from=closed_from, **decided, **more)


EXAMPLE = (
    accepted(1), accepted(1), accepted(2), ended(Status.DECLINED, 2), accepted(3),
    ended(Status.DECLINED, 5), accepted(6),
    ended(Status.WITHDRAWN, 9, reason_code="client_request"), accepted(12),
    ended(Status.EXPIRED, 14), referral(Status.ACKNOWLEDGED, 20), referral(Status.SENT, 28),
)  # fmt: skip


def spells_of(wait: Wait) -> list[Spell]:
    found = (spell_of(wait, state, NOW) for state in EXAMPLE)
    return [spell for spell in found if spell is not None]


def test_the_worked_example_is_accepted_by_a_half() -> None:
    curve = time_to_end(spells_of(Wait.ACCEPTANCE))
    for day, share in ((2, Fraction(1, 4)), (6, Fraction(5, 12)), (28, Fraction(1, 2))):
        found = curve.incidence(End.ACCEPTED, day)
        assert found is not None
        assert found.value == pytest.approx(float(share))


def test_in_the_worked_example_half_are_decided_on_by_day_five() -> None:
    assert time_to_end(spells_of(Wait.DECISION)).median() == 5


def test_what_expired_was_not_decided_on_and_is_not_left_out() -> None:
    assert spell_of(Wait.DECISION, ended(Status.EXPIRED, 14), NOW) == Spell(14, None)
    assert spell_of(Wait.ACCEPTANCE, ended(Status.EXPIRED, 14), NOW) == Spell(14, End.EXPIRED)


def test_who_waits_on_a_list_was_decided_on_and_is_not_accepted_yet() -> None:
    waiting = referral(Status.WAITLISTED, decided_at=4)
    assert spell_of(Wait.DECISION, waiting, NOW) == Spell(4, End.DECIDED)
    assert spell_of(Wait.ACCEPTANCE, waiting, NOW) == Spell(28, None)


@pytest.mark.parametrize(
    ("reason", "end"), [("client_request", End.WITHDRAWN), (SUPERSEDED, End.SUPERSEDED)]
)
def test_that_another_agency_was_quicker_is_another_end(reason: str, end: End) -> None:
    for came in ("sent", "waitlisted"):
        withdrawn = ended(Status.WITHDRAWN, 9, came, reason_code=reason)
        assert spell_of(Wait.ACCEPTANCE, withdrawn, NOW) == Spell(9, end)


@pytest.mark.parametrize(
    ("status", "end"),
    [(Status.COMPLETED, End.COMPLETED), (Status.CLOSED_UNMET, End.UNMET),
     (Status.WITHDRAWN, End.WITHDRAWN)],
)  # fmt: skip
def test_service_is_timed_from_the_acceptance(status: Status, end: End) -> None:
    done = accepted(3, status, closed_at=13, closed_from="in_progress")
    assert spell_of(Wait.COMPLETION, done, NOW) == Spell(10, end)


def test_who_is_still_served_was_last_seen_today() -> None:
    assert spell_of(Wait.COMPLETION, accepted(3), NOW) == Spell(25, None)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.VOIDED])
def test_what_was_not_sent_or_was_an_error_takes_no_time(status: Status) -> None:
    state = referral(status)
    assert (spell_of(Wait.DECISION, state, NOW), spell_of(Wait.ACCEPTANCE, state, NOW)) == (
        None,
        None,
    )


def test_what_was_never_accepted_is_not_on_its_way_to_be_completed() -> None:
    assert spell_of(Wait.COMPLETION, ended(Status.DECLINED, 2), NOW) is None
    assert spell_of(Wait.COMPLETION, referral(Status.WAITLISTED, decided_at=4), NOW) is None


def test_a_contact_counts_whatever_became_of_it() -> None:
    reached = accepted(3, Status.CLOSED_UNMET, first_contact_at=4, closed_at=9)
    assert spell_of(Wait.CONTACT, reached, NOW) == Spell(1, End.CONTACTED)
    never = accepted(3, Status.CLOSED_UNMET, closed_at=9)
    assert spell_of(Wait.CONTACT, never, NOW) == Spell(6, End.UNMET)
    assert spell_of(Wait.CONTACT, accepted(3), NOW) == Spell(25, None)


def test_what_was_seen_stays_seen_and_what_ended_before_competes() -> None:
    seen = ended(Status.EXPIRED, 14, acknowledged_at=2)
    assert spell_of(Wait.ACKNOWLEDGEMENT, seen, NOW) == Spell(2, End.SEEN)
    unseen = ended(Status.EXPIRED, 14)
    assert spell_of(Wait.ACKNOWLEDGEMENT, unseen, NOW) == Spell(14, End.EXPIRED)
    assert spell_of(Wait.ACKNOWLEDGEMENT, referral(Status.SENT), NOW) == Spell(28, None)


def test_the_first_contact_is_timed_from_the_sending_too() -> None:
    wait = Wait.CONTACT_FROM_SENDING
    reached = accepted(3, Status.CLOSED_UNMET, first_contact_at=4, closed_at=9)
    assert spell_of(wait, reached, NOW) == Spell(4, End.CONTACTED)
    assert spell_of(wait, ended(Status.DECLINED, 2), NOW) == Spell(2, End.DECLINED)
    assert spell_of(wait, accepted(3), NOW) == Spell(28, None)


@pytest.mark.parametrize(
    ("state", "end"),
    [
        (accepted(3, Status.COMPLETED, closed_at=9), End.COMPLETED),
        (accepted(3, Status.CLOSED_UNMET, closed_at=9), End.UNMET),
        (ended(Status.DECLINED, 9), End.DECLINED),
        (ended(Status.EXPIRED, 9), End.EXPIRED),
        (ended(Status.WITHDRAWN, 9, reason_code="client_request"), End.WITHDRAWN),
        (ended(Status.WITHDRAWN, 9, reason_code=SUPERSEDED), End.SUPERSEDED),
    ],
)
def test_any_end_closes_a_referral(state: ReferralState, end: End) -> None:
    assert spell_of(Wait.CLOSURE, state, NOW) == Spell(9, end)
    assert is_goal(Wait.CLOSURE, end)
    assert GOAL[Wait.CLOSURE] is End.CLOSED


def test_a_closing_that_was_taken_back_closes_nothing() -> None:
    reopened = accepted(3, first_closed_at=9)
    assert spell_of(Wait.CLOSURE, reopened, NOW) == Spell(28, None)
    again = accepted(3, Status.COMPLETED, first_closed_at=9, closed_at=20)
    assert spell_of(Wait.CLOSURE, again, NOW) == Spell(20, End.COMPLETED)


def still(sent: float, since: float, until: float | None) -> Standstill:
    began = NOW - timedelta(days=sent)
    end = None if until is None else began + timedelta(days=until)
    return Standstill(began + timedelta(days=since), end)


def test_time_on_a_waiting_list_before_the_acceptance_goes_out_of_the_time_to_it() -> None:
    listed = [still(28, 2, 9)]
    assert spell_of(Wait.ACCEPTANCE, accepted(9), NOW) == Spell(9, End.ACCEPTED)
    assert spell_of(Wait.ACCEPTANCE, accepted(9), NOW, listed) == Spell(2, End.ACCEPTED)
    assert spell_of(Wait.COMPLETION, accepted(9), NOW, listed) == Spell(19, None)


def test_time_on_hold_goes_out_of_the_time_to_completion_and_the_last_hold_until_now() -> None:
    held = [still(28, 10, 14), still(28, 20, 25)]
    done = accepted(3, Status.COMPLETED, closed_at=25)
    assert spell_of(Wait.COMPLETION, done, NOW, held) == Spell(13, End.COMPLETED)
    on_hold = accepted(3, Status.ON_HOLD)
    assert spell_of(Wait.COMPLETION, on_hold, NOW, [still(28, 10, None)]) == Spell(7, None)
    assert spell_of(Wait.COMPLETION, on_hold, NOW) == Spell(25, None)


def test_plain_shares_of_the_worked_example_are_of_all_that_are_old_enough() -> None:
    young = referral(Status.IN_PROGRESS, 1, decided_at=0.5, accepted_at=0.5)
    followed = [
        found
        for state in (*EXAMPLE, young)
        if (found := followed_of(Wait.ACCEPTANCE, state, NOW)) is not None
    ]
    assert share_by(2, followed) == Share(3, 12)
    assert share_by(7, followed) == Share(5, 12)
    assert share_by(0.5, followed) == Share(1, 13)


def test_from_the_acceptance_those_count_that_were_accepted_so_long_ago() -> None:
    found = followed_of(Wait.COMPLETION, accepted(20, Status.COMPLETED, closed_at=21), NOW)
    assert found is not None
    assert (found.age, found.time) == (8, 1)
    assert followed_of(Wait.COMPLETION, referral(Status.SENT), NOW) is None
