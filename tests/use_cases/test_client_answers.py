"""The sender asks the client whether they got help; the receiver learns nothing of it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, Notice, ReferralClock, ReferralEvent
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import IllegalMove, InvalidInput, NotFound, NotPermitted
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Channel, ClientAnswer, Fact
from referral_hub.use_cases.client_answers import record_client_answer
from referral_hub.use_cases.referral_feed import referral_feed
from referral_hub.use_cases.referral_views import ClientAnswerView
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.referrals import happening_of, state_of
from tests.delivery_world import a_webhook, hand_on
from tests.referral_acts import PATHS, Played, in_status
from tests.referral_world import NOW, VAULT
from tests.use_cases.test_event_sight import delivered, told

YES, NO, NOT_REACHED = ClientAnswer.YES, ClientAnswer.NO, ClientAnswer.NOT_REACHED
TAKEN_ON = {"accepted", "in_progress", "on_hold", "completed", "closed_unmet"}


def ask(
    played: Played,
    answer: ClientAnswer = YES,
    actor: Actor | None = None,
    *,
    asked_at: datetime | None = None,
    note: str = "",
) -> None:
    record_client_answer(
        played.session, actor or played.world.sender.case_manager, VAULT, played.referral_id,
        answer, asked_at=asked_at, note=note, channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


@pytest.mark.parametrize("status", [*PATHS, "expired"])
def test_a_client_is_asked_of_what_was_taken_on_whether_or_not_it_has_ended(
    sqlite_session: Session, status: str
) -> None:
    played = in_status(sqlite_session, status)
    before = (played.row.version, played.row.status)
    may = show_referral(
        sqlite_session, played.world.sender.case_manager, VAULT, played.referral_id, now=played.now
    ).may_record_answer
    assert may is (status in TAKEN_ON)
    if not may:
        with pytest.raises(IllegalMove):
            ask(played)
        return
    ask(played)
    assert (played.row.version, played.row.status) == before
    event = played.events[-1]
    assert (event.kind, event.data) == (Fact.CLIENT_CONFIRMED, {"answer": "yes"})
    assert replay(map(happening_of, played.events)) == state_of(played.row)


def test_what_the_client_said_the_sender_reads_and_the_receiver_never(
    sqlite_session: Session,
) -> None:
    played = in_status(sqlite_session, "completed")
    sender, receiver = played.world.sender, played.world.receiver
    theirs, ours = (a_webhook(sqlite_session, staff) for staff in (receiver, sender))
    ask(played, NO, note="Nobody called her back.")
    hand_on(sqlite_session, played.now)
    (seen,) = _answers(played, sender.case_manager)
    assert (seen.answer, seen.note, seen.counts) == (NO, "Nobody called her back.", True)
    for way, kinds in told(played, receiver, receiver.supervisor).items():
        assert kinds, way
        assert Fact.CLIENT_CONFIRMED not in kinds, way
    assert _answers(played, receiver.intake_worker) == ()
    went = delivered(sqlite_session)
    assert Fact.CLIENT_CONFIRMED in went[ours]
    assert Fact.CLIENT_CONFIRMED not in went[theirs]
    feed = referral_feed(sqlite_session, sender.application, 0, 500, now=played.now).events
    assert Fact.CLIENT_CONFIRMED in {event.kind for event in feed}
    heard = select(Notice).join(ReferralEvent, ReferralEvent.id == Notice.event_id)
    assert not sqlite_session.scalars(heard.where(ReferralEvent.kind == "client_confirmed")).all()


def test_the_last_answer_counts(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "completed")
    for answer in (NO, YES, NOT_REACHED):
        ask(played, answer)
    seen = _answers(played, played.world.sender.supervisor)
    assert [(each.answer, each.counts) for each in seen] == [
        (NO, False), (YES, True), (NOT_REACHED, False),
    ]  # fmt: skip


def test_only_the_sending_agency_asks(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    sender, receiver = played.world.sender, played.world.receiver
    with pytest.raises(IllegalMove, match="by the agency that sent"):
        ask(played, actor=receiver.intake_worker)
    with pytest.raises(NotFound):
        ask(played, actor=played.world.stranger.case_manager)
    for actor in (sender.supervisor, sender.administrator, played.world.steward):
        with pytest.raises(NotPermitted):
            ask(played, actor=actor)
    for actor in (sender.intake_worker, sender.application):
        ask(played, actor=actor)


def test_a_time_before_the_acceptance_is_refused(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "accepted")
    for asked_at in (NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)):
        with pytest.raises(InvalidInput):
            ask(played, asked_at=asked_at)
    assert played.events[-1].kind == Move.ACCEPT


def test_an_answer_does_not_show_that_the_receiver_works_on_it(sqlite_session: Session) -> None:
    played = in_status(sqlite_session, "in_progress")
    due_at = played.row.due_at
    played.now += timedelta(days=1)
    ask(played)
    assert played.row.due_at == due_at
    stale = select(ReferralClock).where(
        ReferralClock.referral_id == played.referral_id, ReferralClock.clock == "stale"
    )
    assert all(row.started_at < played.now for row in sqlite_session.scalars(stale))


def test_what_the_client_says_is_known_to_the_sender_also_where_it_learns_the_status_only(
    sqlite_session: Session,
) -> None:
    played = in_status(sqlite_session, "accepted")
    played.take_back_consent()
    ask(played, NO)
    (seen,) = _answers(played, played.world.sender.case_manager)
    assert seen.answer == NO
    actions = select(AuditRow.action).where(AuditRow.record_id == played.referral_id)
    assert "client-answer:record" in set(sqlite_session.scalars(actions))


def _answers(played: Played, actor: Actor) -> tuple[ClientAnswerView, ...]:
    played.session.rollback()
    return show_referral(
        played.session, actor, VAULT, played.referral_id, now=played.now
    ).client_answers
