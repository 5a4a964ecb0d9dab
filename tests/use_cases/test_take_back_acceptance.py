"""Taking back an acceptance: what it brought is gone, and comes but once when it is accepted again.

The record that was made for the receiver must not stay behind, nor must work be lost with it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, Client, ClientKey, Consent, Need, Referral
from referral_hub.rules.actor import System
from referral_hub.rules.clients import CaseEnd, NoteKind
from referral_hub.rules.errors import ConsentMissing, IllegalMove
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.client_notes import add_note
from referral_hub.use_cases.clients import change_client
from referral_hub.use_cases.goals import add_goal
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.use_cases.steps.clients import profile_of
from referral_hub.use_cases.steps.referrals import Act, happening_of, record_event, state_of
from referral_hub.use_cases.tasks import add_task
from referral_hub.use_cases.transaction import transaction
from tests.referral_acts import Played, a_draft, a_sent_one, in_status
from tests.referral_world import NOW, VAULT, a_client

Touch = Callable[[Played, UUID], object]


def records(played: Played) -> list[Client]:
    """What acceptances of a referral made."""
    made = select(Client).where(Client.received_from == played.referral_id)
    return list(played.session.scalars(made))


def needs_of(played: Played, client_id: UUID) -> list[Need]:
    return list(played.session.scalars(select(Need).where(Need.client_id == client_id)))


def audited(played: Played, client_id: UUID) -> list[tuple[str, str | None]]:
    """What the audit tells of a record, in order."""
    rows = select(AuditRow.action, AuditRow.detail).where(AuditRow.record_id == client_id)
    return [tuple(row) for row in played.session.execute(rows.order_by(AuditRow.id))]


def a_note(played: Played, client_id: UUID) -> object:
    worker = played.world.receiver.case_manager
    return add_note(
        played.session, worker, client_id, NoteKind.INTAKE, "Came at noon.", VAULT, now=NOW
    )


def a_task(played: Played, client_id: UUID) -> object:
    worker = played.world.receiver.case_manager
    return add_task(
        played.session, worker, client_id, "Call her", VAULT, urgency=1, importance=1, now=NOW
    )


def a_goal(played: Played, client_id: UUID) -> object:
    worker = played.world.receiver.case_manager
    return add_goal(played.session, worker, client_id, "A home", VAULT, now=NOW)


def a_change(played: Played, client_id: UUID) -> object:
    client = played.session.get_one(Client, client_id)
    worker = played.world.receiver.case_manager
    profile = replace(profile_of(VAULT, client), given_name="Rosalba")
    played.session.rollback()
    return change_client(played.session, worker, client_id, profile, 1, VAULT, now=NOW)


def test_a_record_that_nobody_touched_is_removed(session: Session) -> None:
    played = in_status(session, "accepted")
    client_id = played.row.receiver_client_id
    assert client_id is not None
    played.move(Move.UNACCEPT)
    assert played.row.receiver_client_id is None
    assert records(played) == []
    assert needs_of(played, client_id) == []
    keys = select(ClientKey).where(ClientKey.client_id == client_id)
    assert session.scalars(keys).all() == []
    told = select(AuditRow.record_id).where(AuditRow.action == "client:remove")
    assert session.scalars(told).all() == [client_id]
    assert replay(map(happening_of, played.events)) == state_of(played.row)


@pytest.mark.parametrize("touch", [a_note, a_task, a_goal, a_change])
def test_a_record_with_work_in_it_is_closed_and_taken_up_again(
    session: Session, touch: Touch
) -> None:
    played = in_status(session, "accepted")
    client_id = played.row.receiver_client_id
    assert client_id is not None
    session.rollback()
    touch(played, client_id)
    played.move(Move.UNACCEPT)
    assert played.row.receiver_client_id is None
    (record,) = records(played)
    assert (record.closed_at, record.closed_reason) == (NOW, CaseEnd.OTHER)
    played.move(Move.ACCEPT)
    assert played.row.receiver_client_id == client_id
    (record,) = records(played)
    assert (record.closed_at, record.closed_reason) == (None, None)
    assert len(needs_of(played, client_id)) == 1


def test_a_record_that_the_receiver_had_before_stays(session: Session) -> None:
    played = a_sent_one(session)
    own = a_client(session, played.world.receiver)
    played.move(Move.ACCEPT, receiver_client_id=own.id)
    assert len(needs_of(played, own.id)) == 1
    played.move(Move.UNACCEPT)
    assert played.row.receiver_client_id is None
    assert session.get_one(Client, own.id).closed_at is None
    assert needs_of(played, own.id) == []


def test_a_closed_case_that_it_is_accepted_for_is_reopened_with_who_takes_it_on(
    session: Session,
) -> None:
    played = a_sent_one(session)
    own = a_client(session, played.world.receiver)
    own.closed_at, own.closed_reason = NOW, CaseEnd.OTHER
    session.commit()
    played.move(Move.ACCEPT, receiver_client_id=own.id)
    record = session.get_one(Client, own.id)
    assert (record.closed_at, record.closed_reason) == (None, None)
    assert record.worker_id == played.world.receiver.intake_worker.person_id
    assert audited(played, own.id) == [
        ("client:reopen", None), ("client:link", f"referral {played.referral_id}")
    ]  # fmt: skip


def test_an_open_case_that_it_is_accepted_for_keeps_its_worker(session: Session) -> None:
    played = a_sent_one(session)
    own = a_client(session, played.world.receiver)
    played.move(Move.ACCEPT, receiver_client_id=own.id)
    worker = played.world.receiver.case_manager.person_id
    assert session.get_one(Client, own.id).worker_id == worker
    assert audited(played, own.id) == [("client:link", f"referral {played.referral_id}")]


def test_who_was_named_as_contact_is_gone_with_the_acceptance(session: Session) -> None:
    played = a_sent_one(session)
    system = played.world.receiver.application
    played.move(Move.ACCEPT, actor=system, assignee_id=None, contact_name="Ms. Okafor")
    shown = show_referral(
        session, played.world.sender.case_manager, VAULT, played.referral_id, now=NOW
    )
    assert shown.contact_name == "Ms. Okafor"
    played.move(Move.UNACCEPT)
    assert played.row.contact_name_sealed is None
    played.move(Move.ACCEPT)
    assert played.row.contact_name_sealed is None


def test_whose_record_it_is_follows_from_the_events(session: Session) -> None:
    played = in_status(session, "accepted")
    record = played.row.receiver_client_id
    assert record is not None
    assert replay(map(happening_of, played.events)).receiver_client_id == record
    for move in (Move.UNACCEPT, Move.ACCEPT, Move.VOID):
        played.move(move)
        state = replay(map(happening_of, played.events))
        assert state == state_of(played.row)
        assert (state.receiver_client_id is None) is (move is not Move.ACCEPT)


def test_what_is_accepted_again_has_one_record(session: Session) -> None:
    played = in_status(session, "accepted")
    played.move(Move.UNACCEPT)
    played.move(Move.ACCEPT)
    (record,) = records(played)
    assert played.row.receiver_client_id == record.id
    assert len(needs_of(played, record.id)) == 1


def test_the_time_to_take_it_back_runs_from_the_acceptance_not_from_the_waiting_list(
    session: Session,
) -> None:
    played = in_status(session, "waitlisted")
    played.now += timedelta(days=14)
    played.move(Move.ACCEPT)
    played.now += timedelta(days=1)
    played.move(Move.UNACCEPT)
    assert played.row.status == "acknowledged"
    played.move(Move.ACCEPT)


def test_nothing_is_taken_back_that_let_other_agencies_go(session: Session) -> None:
    played = in_status(session, "accepted")
    other = a_draft(session, world=played.world)
    other.row.need_id = played.need.id
    session.commit()
    other.move(Move.SEND)
    with transaction(session):
        act = Act(System("worker"), Part.SYSTEM, Channel.SYSTEM, played.now)
        referral = session.get_one(Referral, other.referral_id)
        record_event(
            session, referral, act, Move.WITHDRAW,
            to_status=Status.WITHDRAWN, reason_code="superseded_by_other_acceptance",
        )  # fmt: skip
    with pytest.raises(IllegalMove) as refused:
        played.move(Move.UNACCEPT)
    assert "let other agencies go" in refused.value.message
    assert played.row.status == "accepted"


def test_another_acceptance_of_the_same_need_is_no_reason_to_keep_this_one(
    session: Session,
) -> None:
    played = in_status(session, "accepted")
    other = in_status(session, "accepted", world=played.world)
    other.row.need_id = played.need.id
    session.commit()
    played.move(Move.UNACCEPT)
    assert played.row.status == "acknowledged"


def test_a_wish_to_withdraw_ends_with_the_acceptance_and_can_be_said_again(
    session: Session,
) -> None:
    played = in_status(session, "accepted")
    played.move(Move.REQUEST_WITHDRAWAL)
    played.move(Move.UNACCEPT)
    assert played.row.withdrawal_requested_at is None
    played.move(Move.ACCEPT)
    played.move(Move.REQUEST_WITHDRAWAL)


@pytest.mark.parametrize(
    ("status", "move"),
    [
        ("accepted", Move.UNACCEPT), ("declined", Move.UNDECLINE), ("completed", Move.REOPEN),
        ("closed_unmet", Move.REOPEN),
    ],
)  # fmt: skip
def test_nothing_is_opened_again_once_consent_is_over(
    session: Session, status: str, move: Move
) -> None:
    played = in_status(session, status)
    session.get_one(Consent, played.consent.id).revoked_at = NOW
    session.commit()
    with pytest.raises(ConsentMissing) as refused:
        played.move(move)
    assert "cannot be opened again" in refused.value.message
    assert played.row.status == status


def test_an_acceptance_is_taken_back_but_once(session: Session) -> None:
    played = in_status(session, "accepted")
    played.move(Move.UNACCEPT)
    played.now += timedelta(hours=1)
    played.move(Move.ACCEPT)
    with pytest.raises(IllegalMove) as refused:
        played.move(Move.UNACCEPT)
    assert "once already" in refused.value.message
    assert played.row.status == "accepted"
