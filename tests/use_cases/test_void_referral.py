"""Marking a referral as entered in error: by whom, and what becomes of what it brought."""

from uuid import uuid4

import pytest
from sqlalchemy import insert, inspect, select
from sqlalchemy.orm import Session

from referral_hub.models import Client, Disclosure, Referral, ReferralClock
from referral_hub.rules.actor import Person
from referral_hub.rules.clients import NoteKind
from referral_hub.rules.errors import InvalidInput, NotPermitted
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.use_cases.client_notes import add_note
from referral_hub.use_cases.oversee_referrals import (
    PAGE,
    OverseenPage,
    OverseenReferral,
    oversee_referrals,
)
from referral_hub.use_cases.search_audit import AuditQuery, search_audit
from tests.referral_acts import Played, a_draft, in_status
from tests.referral_world import NOW, VAULT


def who(played: Played, name: str) -> Person:
    world = played.world
    people: dict[str, Person] = {
        "sender": world.sender.case_manager,
        "sender's supervisor": world.sender.supervisor,
        "receiver's supervisor": world.receiver.supervisor,
        "steward": world.steward,
    }
    return people[name]


@pytest.mark.parametrize(
    "name", ["sender", "sender's supervisor", "receiver's supervisor", "steward"]
)
def test_what_was_accepted_in_error_leaves_nothing_behind(session: Session, name: str) -> None:
    played = in_status(session, "accepted")
    made = select(Client).where(Client.received_from == played.referral_id)
    assert session.scalars(made).all()
    played.move(Move.VOID, actor=who(played, name))
    row = played.row
    assert (row.status, row.receiver_client_id, row.due_at) == ("voided", None, None)
    assert session.scalars(made).all() == []
    clocks = select(ReferralClock).where(ReferralClock.referral_id == played.referral_id)
    assert all(clock.ended_at is not None for clock in session.scalars(clocks))
    shared = select(Disclosure).where(Disclosure.referral_id == played.referral_id)
    assert all(each.closed_at is not None for each in session.scalars(shared))


def test_a_record_in_which_the_receiver_worked_stays_its_own(session: Session) -> None:
    played = in_status(session, "accepted")
    client_id = played.row.receiver_client_id
    assert client_id is not None
    session.rollback()
    worker = played.world.receiver.case_manager
    add_note(session, worker, client_id, NoteKind.INTAKE, "Came at noon.", VAULT, now=NOW)
    played.move(Move.VOID)
    assert played.row.receiver_client_id is None
    assert session.get_one(Client, client_id).closed_at is None


def test_a_steward_sees_between_whom_it_is_and_where_it_stands_and_no_more(
    session: Session,
) -> None:
    played = in_status(session, "accepted")
    (seen,) = oversee_referrals(session, played.world.steward, now=NOW).referrals
    assert seen == OverseenReferral(
        id=played.referral_id, version=played.row.version, from_agency="North Side Housing",
        to_agency="Lawndale Legal Aid", status=Status.ACCEPTED, status_label="Accepted",
        first_sent_at=NOW, status_since=NOW, last_event_at=NOW,
    )  # fmt: skip
    nothing = oversee_referrals(session, played.world.steward, played.client.id, now=NOW)
    assert nothing == OverseenPage((), 1, more=False)


def test_the_audit_names_the_referrals_that_a_steward_saw(session: Session) -> None:
    played = in_status(session, "accepted")
    steward = played.world.steward
    session.rollback()
    for referral_id in (None, played.referral_id, played.client.id):
        oversee_referrals(session, steward, referral_id, now=NOW)
    query = AuditQuery(action="referral:oversee", record_id=played.referral_id)
    found = search_audit(session, steward, query, VAULT, now=NOW).entries
    assert [each.shown for each in found] == [(str(played.referral_id),)] * 2


def test_a_steward_turns_the_pages_of_all_referrals(session: Session) -> None:
    played = in_status(session, "accepted")
    row = played.row
    base = {each.key: getattr(row, each.key) for each in inspect(Referral).column_attrs}
    copies = [{**base, "id": uuid4()} for _ in range(PAGE)]
    session.execute(insert(Referral), copies)
    session.commit()
    first, second = (
        oversee_referrals(session, played.world.steward, page=page, now=NOW) for page in (1, 2)
    )
    assert (len(first.referrals), first.more) == (PAGE, True)
    assert (len(second.referrals), second.page, second.more) == (1, 2, False)
    ids = {each.id for each in first.referrals + second.referrals}
    assert ids == {played.referral_id, *(copy["id"] for copy in copies)}
    with pytest.raises(InvalidInput):
        oversee_referrals(session, played.world.steward, page=0, now=NOW)


def test_a_draft_is_not_there_for_a_steward(session: Session) -> None:
    played = a_draft(session)
    assert oversee_referrals(session, played.world.steward, now=NOW).referrals == ()


def test_nobody_else_oversees_referrals(session: Session) -> None:
    played = in_status(session, "accepted")
    for person in (played.world.sender.supervisor, played.world.receiver.administrator):
        with pytest.raises(NotPermitted):
            oversee_referrals(session, person, now=NOW)
