"""For which client somebody searches: whom they may choose, and when that ends."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, Membership, Person, SignInSession
from referral_hub.rules.actor import Anonymous
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.errors import NotFound, NotPermitted, SignInNeeded
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.client_context import choose_client, leave_client, list_choices
from referral_hub.use_cases.people import disable_person
from referral_hub.use_cases.sessions import act_for, end_session, who_is
from referral_hub.use_cases.steps.sessions import add_session
from tests.referral_world import NOW, VAULT, Staff, a_client, a_world


def signed_in(session: Session, person: PersonActing) -> tuple[str, PersonActing]:
    """A session of a person: its token, and they as they act in it."""
    held_by = session.get_one(Person, person.person_id)
    methods = (Method.PASSWORD, Method.AUTHENTICATOR_APP)
    token, held = add_session(session, held_by, methods, "Firefox", now=NOW)
    held.agency_id = person.agency_id
    session.commit()
    return token, acting(session, token)


def acting(session: Session, token: str) -> PersonActing:
    session.rollback()
    found = who_is(session, token, now=NOW)
    assert found is not None
    return found


def chosen(session: Session, session_id: UUID | None) -> UUID | None:
    session.rollback()
    return session.get_one(SignInSession, session_id).client_id


def audited(session: Session) -> list[tuple[str, UUID | None]]:
    session.rollback()
    rows = session.scalars(select(AuditRow).order_by(AuditRow.id))
    return [(row.action, row.record_id) for row in rows]


@pytest.mark.parametrize("role", ["case_manager", "intake_worker", "supervisor"])
def test_whoever_sees_a_client_can_search_for_them_until_they_stop(
    session: Session, role: str
) -> None:
    staff = a_world(session).sender
    client_id = a_client(session, staff).id
    token, person = signed_in(session, getattr(staff, role))
    choose_client(session, person, client_id, now=NOW)
    assert acting(session, token).client_id == client_id
    assert ("client:choose", client_id) in audited(session)
    leave_client(session, person, now=NOW)
    assert acting(session, token).client_id is None


def test_nobody_can_choose_a_client_of_another_agency_or_one_that_is_not_there(
    session: Session,
) -> None:
    world = a_world(session)
    client_id = a_client(session, world.receiver).id
    _, person = signed_in(session, world.sender.case_manager)
    for each in (client_id, uuid4()):
        with pytest.raises(NotFound):
            choose_client(session, person, each, now=NOW)
    assert chosen(session, person.session_id) is None


def test_a_supervisor_can_choose_only_clients_of_their_teams(session: Session) -> None:
    staff = a_world(session).sender
    client_id = a_client(session, staff).id
    _, person = signed_in(session, staff.supervisor)
    with pytest.raises(NotFound):
        choose_client(session, replace(person, teams=frozenset()), client_id, now=NOW)


def test_who_sees_no_clients_can_choose_none(session: Session) -> None:
    world = a_world(session)
    client_id = a_client(session, world.sender).id
    for person in (world.sender.administrator, world.steward):
        with pytest.raises(NotPermitted):
            choose_client(session, person, client_id, now=NOW)
    with pytest.raises(SignInNeeded):
        choose_client(session, Anonymous(), client_id, now=NOW)


def test_a_person_acting_in_no_session_can_choose_nobody(session: Session) -> None:
    staff = a_world(session).sender
    client_id = a_client(session, staff).id
    with pytest.raises(NotFound):
        choose_client(session, staff.case_manager, client_id, now=NOW)


def in_context(session: Session) -> tuple[Staff, PersonActing, UUID]:
    staff = a_world(session).sender
    client_id = a_client(session, staff).id
    _, person = signed_in(session, staff.case_manager)
    choose_client(session, person, client_id, now=NOW)
    return staff, person, client_id


def test_signing_out_forgets_the_client(session: Session) -> None:
    _, person, _ = in_context(session)
    assert person.session_id is not None
    end_session(session, person, person.session_id, now=NOW)
    assert chosen(session, person.session_id) is None


def test_an_account_that_is_closed_forgets_the_client(session: Session) -> None:
    staff, person, _ = in_context(session)
    disable_person(session, staff.administrator, staff.agency_id, person.person_id, now=NOW)
    assert chosen(session, person.session_id) is None


def test_acting_for_another_agency_forgets_the_client(session: Session) -> None:
    _, person, _ = in_context(session)
    other = a_world_elsewhere(session, person)
    act_for(session, person, other, now=NOW)
    assert chosen(session, person.session_id) is None


def a_world_elsewhere(session: Session, person: PersonActing) -> UUID:
    agencies = session.scalars(
        select(Membership.agency_id).where(
            Membership.agency_id.is_not(None), Membership.agency_id != person.agency_id
        )
    )
    other = agencies.first()
    assert other is not None
    session.add(
        Membership(
            person_id=person.person_id, agency_id=other, role=Role.CASE_MANAGER,
            since=NOW - timedelta(days=1),
        )
    )  # fmt: skip
    session.commit()
    return other


def test_only_open_clients_that_one_sees_are_offered_the_own_ones_first(session: Session) -> None:
    world = a_world(session)
    staff = world.sender
    mine = a_client(session, staff, Profile(given_name="Zoe", family_name="Own"))
    other = a_client(session, staff, Profile(given_name="Abe", family_name="Other"))
    closed = a_client(session, staff, Profile(given_name="Cleo", family_name="Closed"))
    a_client(session, world.receiver, Profile(given_name="Nope"))
    other.worker_id, closed.closed_at = None, NOW
    session.commit()
    found = list_choices(session, staff.case_manager, VAULT, now=NOW)
    assert [(each.name, each.is_own) for each in found] == [("Zoe Own", True), ("Abe Other", False)]
    assert found[0].client_id == mine.id
    assert ("client:list", None) in audited(session)
    (row,) = session.scalars(select(AuditRow).where(AuditRow.action == "client:list"))
    assert set((row.detail or "").split(": ")[1].split()) == {str(mine.id), str(other.id)}
    lone = replace(staff.supervisor, teams=frozenset())
    assert list_choices(session, lone, VAULT, now=NOW) == ()
