"""What each agency of a referral sees of it, on the page, over the API and in lists."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, AuditRow
from referral_hub.rules.actor import Actor, Application
from referral_hub.rules.consent import RevokedBy
from referral_hub.rules.referral_lifecycle import Move, Side
from referral_hub.rules.referrals import Channel, ContactMethod, Fact, Waiting
from referral_hub.use_cases.clients import add_client
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.referral_feed import FeedEvent, referral_feed
from referral_hub.use_cases.referral_talk import Attempt, record_contact, write_message
from referral_hub.use_cases.referral_views import ReferralView
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.revocation import take_back
from referral_hub.use_cases.transaction import transaction
from tests.delivery_world import hand_on
from tests.referral_acts import Played, a_draft, a_sent_one
from tests.referral_world import A_PROFILE, SCOPES, VAULT

ASKED, TOLD = "Is there a lift?", "She walks with a stick."


def seen_by(played: Played, actor: Actor) -> ReferralView:
    return show_referral(played.session, actor, VAULT, played.referral_id, now=played.now)


def write(played: Played, actor: Actor, text: str) -> None:
    write_message(
        played.session, actor, VAULT, played.referral_id, text,
        channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def revoke(played: Played) -> None:
    """The client takes back consent, a minute after whatever was."""
    played.now += timedelta(minutes=1)
    played.session.rollback()
    with transaction(played.session):
        take_back(played.session, played.consent.id, RevokedBy.PHONE, played.now)
    played.now += timedelta(minutes=1)


def reach(played: Played) -> None:
    attempt = Attempt(ContactMethod.CALL, True, played.now, "Her sister answered.")
    record_contact(
        played.session, played.world.receiver.intake_worker, VAULT, played.referral_id, attempt,
        channel=Channel.PAGE, now=played.now,
    )  # fmt: skip


def feed_of(played: Played, actor: Actor) -> list[FeedEvent]:
    """What an agency's system hears when everything was handed on."""
    played.session.rollback()
    hand_on(played.session, played.now)
    return list(referral_feed(played.session, actor, 0, 100, now=played.now).events)


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


def test_after_consent_was_taken_back_the_sender_sees_the_status_only(session: Session) -> None:
    played = a_sent_one(session)
    played.move(Move.ACCEPT)
    sender, receiver = played.world.sender.case_manager, played.world.receiver.intake_worker
    assert seen_by(played, sender).line.assignee_id == receiver.person_id
    revoke(played)
    reach(played)
    write(played, receiver, "She has moved in.")
    played.move(Move.COMPLETE, note="All went well.")
    view = seen_by(played, sender)
    assert view.line.status_only
    assert (view.line.status.value, view.line.status_label) == ("completed", "Completed")
    line = (view.line.assignee_id, view.line.assignee, view.line.due_at, view.line.due_for)
    assert line == (None, "", None, "")
    assert (view.reason_code, view.reason, view.contact_name) == (None, "", "")
    dates = (view.review_on, view.first_contact_by, view.first_contact_at, view.service_date)
    assert dates == (None,) * 4
    assert (view.messages, view.attempts) == ((), ())
    after = [entry for entry in view.timeline if entry.recorded_at >= played.now]
    assert [entry.kind for entry in after] == [Move.START, Move.COMPLETE]
    assert {(entry.who, entry.reason_code, entry.words) for entry in after} == {("", None, "")}
    theirs = seen_by(played, receiver)
    assert theirs.reason_code == "need_met"
    assert not theirs.line.status_only


def test_before_anything_happens_the_sender_sees_no_more_than_the_status_either(
    session: Session,
) -> None:
    played = a_sent_one(session)
    for move in (Move.ACCEPT, Move.HOLD):
        played.move(move)
    assert seen_by(played, played.world.sender.case_manager).review_on is not None
    revoke(played)
    view = seen_by(played, played.world.sender.case_manager)
    assert (view.reason_code, view.review_on, view.line.assignee_id) == (None, None, None)


def test_what_ended_before_consent_was_taken_back_stays_known(session: Session) -> None:
    played = a_sent_one(session)
    for move in (Move.ACCEPT, Move.COMPLETE):
        played.move(move)
    revoke(played)
    view = seen_by(played, played.world.sender.case_manager)
    assert view.reason_code == "need_met"
    assert view.timeline[-1].reason_code == "need_met"


def test_the_sender_knows_that_it_was_withdrawn_because_consent_was_taken_back(
    session: Session,
) -> None:
    played = a_sent_one(session)
    revoke(played)
    view = seen_by(played, played.world.sender.case_manager)
    assert view.reason_code == "consent_revoked"
    assert view.timeline[-1].reason_code == "consent_revoked"


def test_the_feed_of_the_sender_tells_the_status_only_after_consent_was_taken_back(
    session: Session,
) -> None:
    played = a_sent_one(session)
    played.move(Move.ACCEPT)
    revoke(played)
    reach(played)
    played.move(Move.CLOSE_UNMET)
    world = played.world
    told = [event for event in feed_of(played, world.sender.application) if event.seq > 4]
    assert [(event.kind, event.reason_code) for event in told] == [
        (Move.START, None), (Move.CLOSE_UNMET, None),
    ]  # fmt: skip
    theirs = feed_of(played, replace(world.receiver.application, person=None))
    assert Fact.CONTACTED in {event.kind for event in theirs}
    assert theirs[-1].reason_code == "client_moved"


def test_why_another_one_is_sent_is_for_the_senders_own_agency(session: Session) -> None:
    played = a_draft(session)
    played.move(Move.SEND, note="The first one went to the wrong office.")
    world = played.world

    def words(actor: Actor) -> set[str]:
        return {entry.words for entry in seen_by(played, actor).timeline}

    assert "The first one went to the wrong office." in words(world.sender.case_manager)
    for actor in (world.receiver.intake_worker, world.receiver.application):
        assert words(actor) == {""}


def known_to_receiver(played: Played) -> UUID:
    receiver = played.world.receiver
    profile = replace(A_PROFILE, given_name="Rosita", phone="")
    return add_client(played.session, receiver.intake_worker, profile, VAULT, now=played.now)


def test_who_can_accept_sees_which_own_clients_may_be_the_same_person(session: Session) -> None:
    played = a_sent_one(session)
    ours = known_to_receiver(played)
    world = played.world
    view = seen_by(played, world.receiver.intake_worker)
    assert [each.client_id for each in view.possible_clients] == [ours]
    found = session.scalars(select(AuditRow.detail).where(AuditRow.action == "client:search"))
    assert found.all() == [f"1 possible for referral {played.referral_id}: {ours}"]
    assert seen_by(played, world.sender.case_manager).possible_clients == ()
    reads_referrals = Application("r", world.receiver.agency_id, SCOPES - {"clients.read"})
    assert seen_by(played, reads_referrals).possible_clients == ()
    played.move(Move.ACCEPT, receiver_client_id=ours)
    after = seen_by(played, world.receiver.intake_worker)
    assert (after.client_id, after.possible_clients) == (ours, ())


@pytest.mark.parametrize("victims", ["sender", "receiver"])
def test_nothing_is_compared_with_clients_of_victim_services(
    session: Session, victims: str
) -> None:
    played = a_sent_one(session)
    known_to_receiver(played)
    staff = getattr(played.world, victims)
    session.get_one(Agency, staff.agency_id).victim_services = True
    session.commit()
    assert seen_by(played, played.world.receiver.intake_worker).possible_clients == ()


def test_before_the_check_for_conflicts_nobody_is_compared(session: Session) -> None:
    played = a_draft(session)
    session.get_one(Agency, played.world.receiver.agency_id).conflict_check = True
    session.commit()
    played.move(Move.SEND)
    known_to_receiver(played)
    assert seen_by(played, played.world.receiver.intake_worker).possible_clients == ()
