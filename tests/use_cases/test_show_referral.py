"""What each agency of a referral sees of it, on the page, over the API and in lists."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow
from referral_hub.rules.actor import Actor
from referral_hub.rules.referral_lifecycle import Move, Side
from referral_hub.rules.referrals import Channel, Waiting
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.referral_talk import write_message
from referral_hub.use_cases.referral_views import ReferralView
from referral_hub.use_cases.show_referral import show_referral
from tests.referral_acts import Played, a_sent_one
from tests.referral_world import VAULT

ASKED, TOLD = "Is there a lift?", "She walks with a stick."


def seen_by(played: Played, actor: Actor) -> ReferralView:
    return show_referral(played.session, actor, VAULT, played.referral_id, now=played.now)


def write(played: Played, actor: Actor, text: str) -> None:
    write_message(
        played.session, actor, VAULT, played.referral_id, text,
        channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def name_in_list(played: Played) -> str:
    query = ListQuery(Side.RECEIVER, Waiting.ENDED)
    receiver = played.world.receiver.intake_worker
    found = list_referrals(played.session, receiver, VAULT, query, now=played.now)
    return found.lines[0].client_name


@pytest.fixture
def spoken_of(session: Session) -> Played:
    """A referral that was sent and about which both agencies wrote."""
    played = a_sent_one(session)
    write(played, played.world.receiver.intake_worker, ASKED)
    write(played, played.world.sender.case_manager, TOLD)
    assert seen_by(played, played.world.receiver.intake_worker).disclosed.values
    return played


@pytest.mark.parametrize(
    "moves",
    [(Move.DECLINE,), (Move.WITHDRAW,), (Move.VOID,), (Move.WAITLIST, Move.CLOSE_UNMET)],
)
def test_a_receiver_reads_nothing_more_of_what_ended_without_it(
    spoken_of: Played, moves: tuple[Move, ...]
) -> None:
    for move in moves:
        spoken_of.move(move)
    view = seen_by(spoken_of, spoken_of.world.receiver.intake_worker)
    assert (view.disclosed.values, view.disclosed.sections) == ({}, ())
    assert [message.text for message in view.messages] == [ASKED]
    assert view.line.client_name == ""
    assert name_in_list(spoken_of) == ""
    assert view.line.status.value in ("declined", "withdrawn", "voided", "closed_unmet")
    assert view.line.sent_at is not None


def test_its_own_answer_stays_with_the_receiver(spoken_of: Played) -> None:
    spoken_of.move(Move.DECLINE, reason="other", note="We moved to Cicero.")
    view = seen_by(spoken_of, spoken_of.world.receiver.intake_worker)
    assert view.reason_code == "other"
    assert view.timeline[-1].words == "We moved to Cicero."


def test_a_decline_that_is_taken_back_can_be_read_again(spoken_of: Played) -> None:
    receiver = spoken_of.world.receiver.intake_worker
    before = seen_by(spoken_of, receiver)
    spoken_of.move(Move.DECLINE)
    spoken_of.move(Move.UNDECLINE)
    after = seen_by(spoken_of, receiver)
    assert after.disclosed == before.disclosed
    assert after.messages == before.messages
    assert after.line.client_name == before.line.client_name != ""


def test_that_it_was_read_stays_in_the_audit(spoken_of: Played) -> None:
    spoken_of.move(Move.DECLINE)
    receiver = f"person:{spoken_of.world.receiver.intake_worker.person_id}"
    found = spoken_of.session.scalars(
        select(AuditRow.action).where(
            AuditRow.record_id == spoken_of.referral_id, AuditRow.actor == receiver
        )
    )
    assert "referral:read" in set(found)


def test_who_accepted_keeps_what_it_got(spoken_of: Played) -> None:
    for move in (Move.ACCEPT, Move.CLOSE_UNMET):
        spoken_of.move(move)
    view = seen_by(spoken_of, spoken_of.world.receiver.intake_worker)
    assert view.disclosed.values
    assert {message.text for message in view.messages} == {ASKED, TOLD}
