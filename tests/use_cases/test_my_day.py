"""What waits on somebody, and on nobody else."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.consent import Category
from referral_hub.rules.referral_lifecycle import Move, Side
from referral_hub.rules.referrals import Channel, Waiting
from referral_hub.use_cases.draft_referral import Preparation, draft_referral
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.my_day import MyDay, my_day
from tests.referral_acts import Played, a_draft, a_sent_one, in_status


def day_of(played: Played, actor: PersonActing) -> MyDay:
    return my_day(played.session, actor, played.vault, now=played.now)


def waiting_on(played: Played, actor: Actor, side: Side) -> int:
    query = ListQuery(side, Waiting.US)
    found = list_referrals(played.session, actor, played.vault, query, now=played.now)
    return len(found.lines)


def test_what_nobody_works_on_waits_on_everybody_who_takes_referrals(session: Session) -> None:
    played = a_sent_one(session)
    receiver = played.world.receiver
    for actor in (receiver.intake_worker, receiver.supervisor):
        assert [line.id for line in day_of(played, actor).new] == [played.referral_id]


def test_a_supervisor_of_another_team_sees_nobody_of_this_one(session: Session) -> None:
    played = a_sent_one(session)
    elsewhere = replace(played.world.receiver.supervisor, teams=frozenset({uuid4()}))
    assert day_of(played, elsewhere) == MyDay((), (), (), (), (), (), (), ())


def test_a_supervisor_sees_what_is_overdue_in_their_teams_whoever_has_to_act(
    session: Session,
) -> None:
    played = a_sent_one(session)
    sender, receiver = played.world.sender, played.world.receiver
    assert day_of(played, receiver.supervisor).overdue == ()
    played.now += timedelta(days=20)
    for staff in (sender, receiver):
        (line,) = day_of(played, staff.supervisor).overdue
        assert (line.id, line.overdue) == (played.referral_id, True)
        assert day_of(played, staff.case_manager).overdue == ()
        elsewhere = replace(staff.supervisor, teams=frozenset({uuid4()}))
        assert day_of(played, elsewhere).overdue == ()


def test_what_was_not_sent_is_on_no_day_but_its_writers(session: Session) -> None:
    played = a_draft(session)
    day = day_of(played, played.world.sender.case_manager)
    assert [line.id for line in day.drafts] == [played.referral_id]
    assert day_of(played, played.world.receiver.intake_worker).new == ()


@pytest.mark.parametrize("status", ["declined", "closed_unmet"])
def test_what_nobody_took_comes_back_to_its_sender(session: Session, status: str) -> None:
    played = in_status(session, status)
    sender = played.world.sender.case_manager
    assert [line.id for line in day_of(played, sender).came_back] == [played.referral_id]
    assert waiting_on(played, sender, Side.SENDER) == 1
    assert waiting_on(played, played.world.receiver.intake_worker, Side.RECEIVER) == 0


@pytest.mark.parametrize("status", ["completed", "withdrawn", "voided", "accepted"])
def test_what_was_helped_or_stopped_does_not_come_back(session: Session, status: str) -> None:
    played = in_status(session, status)
    assert day_of(played, played.world.sender.case_manager).came_back == ()


def test_what_came_back_is_done_with_once_another_one_is_begun(session: Session) -> None:
    played = in_status(session, "declined")
    sender, later = played.world.sender, played.now + timedelta(hours=1)
    draft_referral(
        session, sender.case_manager, played.vault, played.client.id, played.need.id,
        played.world.stranger.service_id,
        Preparation(reason="Somebody else may have room.", categories=frozenset(Category)),
        channel=Channel.PAGE, now=later,
    )  # fmt: skip
    assert day_of(played, sender.case_manager).came_back == ()


def test_what_came_back_is_done_with_once_the_need_is_met(session: Session) -> None:
    played = in_status(session, "declined")
    played.need.status = "met"
    session.commit()
    assert day_of(played, played.world.sender.case_manager).came_back == ()


def test_a_question_waits_on_who_sent_it(session: Session) -> None:
    played = a_sent_one(session)
    played.move(Move.ASK)
    day = day_of(played, played.world.sender.case_manager)
    assert [line.id for line in day.questions] == [played.referral_id]
    assert day.others == ()


HOLDS = {
    "awaiting_client": None,
    "awaiting_documents": Side.SENDER,
    "awaiting_third_party": Side.RECEIVER,
    "awaiting_vacancy": Side.RECEIVER,
    "service_paused": Side.RECEIVER,
}


@pytest.mark.parametrize(("reason", "whose"), HOLDS.items())
def test_a_hold_waits_on_whom_its_reason_says_until_its_day_is_over(
    session: Session, reason: str, whose: Side | None
) -> None:
    played = in_status(session, "accepted")
    played.move(Move.HOLD, reason=reason)
    for waits in (whose, Side.RECEIVER):
        for side, staff in (
            (Side.SENDER, played.world.sender), (Side.RECEIVER, played.world.receiver),
        ):  # fmt: skip
            actor = staff.case_manager if side is Side.SENDER else staff.intake_worker
            found = {
                part: list_referrals(
                    session, actor, played.vault, ListQuery(side, part), now=played.now
                ).lines
                for part in (Waiting.US, Waiting.THEM, Waiting.OPEN)
            }
            ours = waits is side
            assert (len(found[Waiting.US]), len(found[Waiting.THEM])) == (ours, not ours)
            (line,) = found[Waiting.OPEN]
            assert (line.waits_on, line.waits_on_us) == (waits or "client", ours)
            day = day_of(played, actor)
            on_my_day, on_others = (
                (day.questions, day.others) if side is Side.SENDER else (day.mine, ())
            )
            assert len(on_my_day) == ours
            if side is Side.SENDER:
                assert len(on_others) == (not ours)
        played.now += timedelta(days=6)


def test_a_hold_is_the_receivers_to_look_at_once_the_sender_asks_to_withdraw(
    session: Session,
) -> None:
    played = in_status(session, "on_hold")
    receiver = played.world.receiver.intake_worker
    assert day_of(played, receiver).mine == ()
    played.move(Move.REQUEST_WITHDRAWAL)
    assert [line.id for line in day_of(played, receiver).mine] == [played.referral_id]
