"""A calendar at a secret address: what is in it, for whom, and when it ends."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import token_hash
from referral_hub.models import Agency, AuditRow, CalendarLink, Membership, Person, Referral
from referral_hub.rules.actor import Actor, Anonymous
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.calendar_entries import CalendarEntry
from referral_hub.rules.errors import NotFound, NotPermitted
from referral_hub.rules.referrals import AppointmentState, Channel
from referral_hub.use_cases.appointments import make_appointment, tell_of_appointment
from referral_hub.use_cases.calendar_feed import (
    calendar_since,
    end_calendar,
    make_calendar,
    read_calendar,
)
from referral_hub.use_cases.steps.access import end_access_of_person, forget_proofs
from referral_hub.use_cases.tasks import add_task, mark_task
from referral_hub.use_cases.transaction import transaction
from tests.caseload_world import Team, a_team
from tests.delivery_world import rows
from tests.referral_acts import in_status
from tests.referral_world import NOW, VAULT

DAY = timedelta(days=1)
TODAY = date(2026, 11, 30)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


def read(session: Session, token: str) -> tuple[CalendarEntry, ...]:
    session.rollback()
    return read_calendar(session, Anonymous(), token, now=NOW)


def is_gone(session: Session, token: str) -> bool:
    try:
        read(session, token)
    except NotFound:
        return True
    return False


def a_task(team: Team, client: UUID, worker: UUID | None, due_on: date | None) -> UUID:
    return add_task(
        team.session, team.ana, client, "Call Maria", VAULT, urgency=2, importance=2,
        due_on=due_on, assignee_id=worker, now=NOW,
    )  # fmt: skip


def test_it_holds_ones_own_open_tasks_that_have_a_day_and_no_word_of_them(team: Team) -> None:
    client, ana = team.case(team.ana), team.ana.person_id
    mine = a_task(team, client, ana, TODAY + 2 * DAY)
    a_task(team, client, ana, None)
    a_task(team, client, team.ike.person_id, TODAY)
    a_task(team, client, None, TODAY)
    done = a_task(team, client, ana, TODAY)
    mark_task(team.session, team.ana, client, done, done=True, now=NOW)
    token = make_calendar(team.session, team.ana, now=NOW)
    assert read(team.session, token) == (
        CalendarEntry(f"task-{mine}", "Task due", f"/clients/{client}", TODAY + 2 * DAY),
    )


def test_it_holds_appointments_of_referrals_that_one_works_on(session: Session) -> None:
    played = in_status(session, "accepted")
    worker = played.world.receiver.intake_worker
    other = played.world.receiver.case_manager

    def meet(days: int) -> UUID:
        return make_appointment(
            session, worker, VAULT, played.referral_id, played.now + days * DAY, "12 Elm Street",
            channel=Channel.PAGE, now=played.now,
        )  # fmt: skip

    session.get_one(Referral, played.referral_id).need_code = "housing.shelter"
    session.commit()
    kept, cancelled = meet(3), meet(4)
    tell_of_appointment(
        session, worker, VAULT, played.referral_id, cancelled, AppointmentState.CANCELLED, at=None,
        note="", channel=Channel.PAGE, now=played.now,
    )  # fmt: skip
    found = {
        actor: read(session, make_calendar(session, actor, now=NOW)) for actor in (worker, other)
    }
    at = played.now + 3 * DAY
    entry = CalendarEntry(
        f"appointment-{kept}", "Appointment: Housing referral",
        f"/referrals/{played.referral_id}", at,
    )  # fmt: skip
    assert sorted(found.values(), key=len) == [(), (entry,)]


def test_only_the_hash_is_kept_and_a_new_address_ends_the_old_one(team: Team) -> None:
    first = make_calendar(team.session, team.ana, now=NOW)
    second = make_calendar(team.session, team.ana, now=NOW + DAY)
    assert is_gone(team.session, first)
    assert read(team.session, second) == ()
    (link,) = rows(team.session, CalendarLink)
    assert link.token_hash == token_hash(second)
    assert len(second) >= 43, "256 bits"
    assert calendar_since(team.session, team.ana) == NOW + DAY
    end_calendar(team.session, team.ana, now=NOW)
    end_calendar(team.session, team.ana, now=NOW)
    assert is_gone(team.session, second)
    assert calendar_since(team.session, team.ana) is None
    told = [row.action for row in rows(team.session, AuditRow) if "calendar" in row.action]
    assert told == ["calendar:make", "calendar:renew", "calendar:end"]


def test_one_persons_address_is_not_anothers(team: Team) -> None:
    anas, ikes = (make_calendar(team.session, actor, now=NOW) for actor in (team.ana, team.ike))
    end_calendar(team.session, team.ike, now=NOW)
    assert is_gone(team.session, ikes)
    assert read(team.session, anas) == ()


@pytest.mark.parametrize("token", ["", "x", "é" * 50, "x" * 5000])
def test_what_is_no_secret_shows_nothing(team: Team, token: str) -> None:
    make_calendar(team.session, team.ana, now=NOW)
    assert is_gone(team.session, token)


def test_it_shows_nothing_to_whoever_may_see_nothing_any_more(team: Team) -> None:
    token = make_calendar(team.session, team.ana, now=NOW)
    person = team.session.get_one(Person, team.ana.person_id)
    agency = team.session.get_one(Agency, team.staff.agency_id)
    (role,) = team.session.scalars(
        select(Membership).where(Membership.person_id == team.ana.person_id)
    )
    for record, name, value in (
        (person, "disabled_at", NOW), (agency, "status", AgencyStatus.SUSPENDED),
        (role, "until", NOW), (role, "role", "supervisor"),
    ):  # fmt: skip
        before = getattr(record, name)
        setattr(record, name, value)
        team.session.commit()
        assert is_gone(team.session, token), name
        setattr(record, name, before)
        team.session.commit()
    assert not is_gone(team.session, token)


def test_it_ends_with_what_proved_who_its_person_was_and_with_their_place(team: Team) -> None:
    ana = team.ana.person_id
    for end in (
        lambda: forget_proofs(team.session, ana, now=NOW),
        lambda: end_access_of_person(team.session, ana, team.staff.agency_id, now=NOW),
    ):
        token = make_calendar(team.session, team.ana, now=NOW)
        with transaction(team.session):
            end()
        assert is_gone(team.session, token)
    token = make_calendar(team.session, team.ana, now=NOW)
    with transaction(team.session):
        end_access_of_person(team.session, ana, team.world.receiver.agency_id, now=NOW)
        forget_proofs(team.session, team.ike.person_id, now=NOW)
    assert not is_gone(team.session, token)


def test_only_who_works_with_clients_has_one(team: Team) -> None:
    others: list[Actor] = [
        team.sue, team.staff.administrator, team.world.steward, team.staff.application
    ]  # fmt: skip
    for actor in others:
        with pytest.raises(NotPermitted):
            make_calendar(team.session, actor, now=NOW)
