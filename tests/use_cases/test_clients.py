"""Clients: whose they are, who sees them, and what happens when two people write at once."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, AuditRow, Client, ClientKey, Team
from referral_hub.rules.actor import Actor, Anonymous, Application, System
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.clients import CaseEnd
from referral_hub.rules.errors import (
    Conflict,
    HubError,
    InvalidInput,
    LikelyDuplicate,
    NotFound,
    NotPermitted,
    SignInNeeded,
    VersionConflict,
)
from referral_hub.rules.permissions import Permission
from referral_hub.rules.roles import Role
from referral_hub.use_cases.clients import (
    add_client,
    assign_client,
    change_client,
    client_choices,
    close_case,
    reopen_case,
    show_client,
)
from referral_hub.use_cases.steps.client_duplicates import duplicates_of
from referral_hub.use_cases.steps.clients import name_of, profile_of, the_client
from tests.referral_world import A_PROFILE, NOW, SCOPES, VAULT, World, a_world
from tests.threads import at_once

ROSA = replace(A_PROFILE, phone="(773) 555-0143")


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def added(
    session: Session, world: World, profile: Profile = ROSA, actor: Actor | None = None
) -> UUID:
    return add_client(session, actor or world.sender.case_manager, profile, VAULT, now=NOW)


def another_team(session: Session, agency_id: UUID) -> UUID:
    team = Team(id=uuid4(), agency_id=agency_id, name="Night team", created_at=NOW)
    session.add(team)
    session.commit()
    return team.id


def audited(session: Session) -> list[tuple[str, str | None]]:
    session.rollback()
    rows = session.scalars(select(AuditRow).order_by(AuditRow.id))
    return [(row.action, row.detail) for row in rows]


def test_a_client_is_kept_sealed_and_shown_to_their_agency(session: Session, world: World) -> None:
    client_id = added(session, world)
    view = show_client(session, world.sender.intake_worker, client_id, VAULT, now=NOW)
    assert view.profile == A_PROFILE
    assert (view.name, view.version, view.team, view.worker) == (
        "Rosa Quintero-Vega", 1, "First team", "",
    )  # fmt: skip
    assert view.may_change
    row = session.get_one(Client, client_id)
    assert b"Rosa" not in row.profile_sealed
    assert audited(session) == [("client:add", None), ("client:read", None)]


def test_all_faults_of_a_profile_are_named_and_nothing_is_kept(
    session: Session, world: World
) -> None:
    with pytest.raises(InvalidInput) as error:
        added(session, world, Profile(zip="1", phone="2", birth_date=date(2027, 1, 1)))
    assert set(error.value.fields) == {"given_name", "zip", "phone", "birth_date"}
    assert session.scalars(select(Client)).all() == []
    assert session.scalars(select(ClientKey)).all() == []


def strangers(world: World) -> list[tuple[Actor, type[HubError]]]:
    sender = world.sender
    nobody_yet = PersonActing(uuid4(), sender.agency_id, frozenset(), second_factor_missing=True)
    lead = replace(sender.supervisor, teams=frozenset({uuid4()}))
    reader = Application("app", sender.agency_id, frozenset({"directory.read"}))
    return [
        (Anonymous(), SignInNeeded),
        (System(), NotPermitted),
        (world.steward, NotPermitted),
        (sender.administrator, NotPermitted),
        (nobody_yet, NotPermitted),
        (reader, NotPermitted),
        (lead, NotFound),
        (world.receiver.case_manager, NotFound),
        (world.receiver.application, NotFound),
        (replace(sender.application, person=world.receiver.case_manager), NotFound),
    ]


@pytest.mark.parametrize("number", range(10))
def test_others_neither_see_nor_change_a_client(
    session: Session, world: World, number: int
) -> None:
    client_id = added(session, world)
    actor, error = strangers(world)[number]
    with pytest.raises(error):
        show_client(session, actor, client_id, VAULT, now=NOW)
    for act in changes(session, actor, client_id, world):
        with pytest.raises((NotFound, NotPermitted, SignInNeeded)):
            act()
    row = session.get_one(Client, client_id)
    assert (row.version, row.closed_at) == (1, None)


def test_what_is_not_there_and_what_is_not_theirs_is_answered_alike(
    session: Session, world: World
) -> None:
    client_id = added(session, world)
    told = set()
    for each in (client_id, uuid4()):
        with pytest.raises(NotFound) as error:
            show_client(session, world.receiver.case_manager, each, VAULT, now=NOW)
        told.add(error.value.message)
    assert len(told) == 1


def changes(session: Session, actor: Actor, client_id: UUID, world: World) -> list:
    team = world.sender.team_id
    return [
        lambda: change_client(session, actor, client_id, ROSA, 1, VAULT, now=NOW),
        lambda: assign_client(
            session, actor, client_id, team_id=team, worker_id=None, acuity=1, now=NOW
        ),
        lambda: close_case(session, actor, client_id, CaseEnd.MOVED, now=NOW),
        lambda: reopen_case(session, actor, client_id, now=NOW),
    ]


def test_supervisors_see_clients_of_their_teams_and_change_none(
    session: Session, world: World
) -> None:
    lead = world.sender.supervisor
    client_id = added(session, world)
    view = show_client(session, lead, client_id, VAULT, now=NOW)
    assert not view.may_change
    for act in changes(session, lead, client_id, world):
        with pytest.raises(NotPermitted):
            act()
    other = another_team(session, world.sender.agency_id)
    assign_client(
        session, world.sender.case_manager, client_id, team_id=other, worker_id=None, acuity=None,
        now=NOW,
    )  # fmt: skip
    with pytest.raises(NotFound):
        show_client(session, lead, client_id, VAULT, now=NOW)
    both = replace(lead, roles=frozenset({Role.SUPERVISOR, Role.CASE_MANAGER}))
    assert show_client(session, both, client_id, VAULT, now=NOW).team == "Night team"


def test_an_application_for_a_supervisor_sees_what_the_supervisor_does(
    session: Session, world: World
) -> None:
    client_id = added(session, world)
    for lead, seen in (
        (world.sender.supervisor, True),
        (replace(world.sender.supervisor, teams=frozenset()), False),
    ):
        app = Application("app", world.sender.agency_id, SCOPES, lead)
        try:
            shown = the_client(session, app, Permission.CLIENT_READ, client_id).id == client_id
        except NotFound:
            shown = False
        assert shown is seen


def test_the_second_who_writes_is_told_and_overwrites_nothing(
    session: Session, world: World
) -> None:
    client_id = added(session, world)
    worker, other = world.sender.case_manager, world.sender.intake_worker
    later = NOW + timedelta(hours=1)
    moved = replace(ROSA, city="Cicero")
    assert change_client(session, worker, client_id, moved, 1, VAULT, now=later) == 2
    with pytest.raises(VersionConflict) as error:
        change_client(session, other, client_id, replace(ROSA, zip="60609"), 1, VAULT, now=later)
    assert error.value.version == 2
    view = show_client(session, other, client_id, VAULT, now=later)
    assert (view.profile.city, view.profile.zip, view.changed_at) == ("Cicero", "60608", later)
    assert change_client(session, other, client_id, moved, 2, VAULT, now=later) == 2
    assert ("client:change", "city") in audited(session)


def test_a_case_is_given_closed_and_reopened(session: Session, world: World) -> None:
    client_id = added(session, world)
    actor, intake = world.sender.case_manager, world.sender.intake_worker
    assign_client(
        session, actor, client_id, team_id=world.sender.team_id, worker_id=intake.person_id,
        acuity=4, now=NOW,
    )  # fmt: skip
    view = show_client(session, actor, client_id, VAULT, now=NOW)
    assert (view.worker, view.acuity) == ("Intake Worker North Side Housing", 4)
    close_case(session, actor, client_id, CaseEnd.GOALS_REACHED, now=NOW)
    with pytest.raises(Conflict):
        close_case(session, actor, client_id, CaseEnd.MOVED, now=NOW)
    assert show_client(session, actor, client_id, VAULT, now=NOW).closed_reason is (
        CaseEnd.GOALS_REACHED
    )
    reopen_case(session, actor, client_id, now=NOW)
    with pytest.raises(Conflict):
        reopen_case(session, actor, client_id, now=NOW)


def test_a_client_is_given_only_to_who_works_with_clients_of_the_agency(
    session: Session, world: World
) -> None:
    client_id = added(session, world)
    actor, team = world.sender.case_manager, world.sender.team_id
    for worker in (
        world.sender.administrator, world.sender.supervisor, world.receiver.case_manager,
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as error:
            assign_client(
                session, actor, client_id, team_id=team, worker_id=worker.person_id, acuity=None,
                now=NOW,
            )  # fmt: skip
        assert set(error.value.fields) == {"worker_id"}
    for fields, values in (
        ({"team_id"}, {"team_id": world.receiver.team_id, "acuity": None}),
        ({"acuity"}, {"team_id": team, "acuity": 6}),
    ):
        with pytest.raises(InvalidInput) as error:
            assign_client(session, actor, client_id, worker_id=None, now=NOW, **values)  # type: ignore[arg-type]
        assert set(error.value.fields) == fields


def test_with_several_teams_an_application_must_name_one(session: Session, world: World) -> None:
    another_team(session, world.sender.agency_id)
    with pytest.raises(InvalidInput) as error:
        added(session, world, actor=world.sender.application)
    assert set(error.value.fields) == {"team_id"}
    assert added(session, world)


def test_the_choices_are_those_of_the_agency(session: Session, world: World) -> None:
    other = another_team(session, world.sender.agency_id)
    choices = client_choices(session, world.sender.case_manager, VAULT)
    assert choices.teams == {world.sender.team_id: "First team", other: "Night team"}
    assert list(choices.workers.values()) == [
        "Case Manager North Side Housing", "Intake Worker North Side Housing",
    ]  # fmt: skip
    assert choices.own_team == world.sender.team_id


def test_who_may_be_there_already_is_said_with_the_record(session: Session, world: World) -> None:
    first = added(session, world)
    for again in (
        Profile(given_name="ROSA", family_name="quintero", birth_date=A_PROFILE.birth_date),
        Profile(given_name="Somebody", other_phone="773 555 0143"),
    ):
        with pytest.raises(LikelyDuplicate) as error:
            added(session, world, again)
        assert set(error.value.clients) == {first}
        assert "Rosa Quintero-Vega" in error.value.clients[first]
        assert "Rosa" not in error.value.message
    twin = replace(ROSA, given_name="Marta", phone="")
    added(session, world, twin)
    assert add_client(session, world.sender.case_manager, ROSA, VAULT, anyway=True, now=NOW)


def test_duplicates_are_never_looked_for_in_another_agency(session: Session, world: World) -> None:
    added(session, world)
    their = added(session, world, actor=world.receiver.case_manager)
    assert session.get_one(Client, their).agency_id == world.receiver.agency_id
    keys = [
        set(session.scalars(select(ClientKey.key).where(ClientKey.agency_id == agency)))
        for agency in (world.sender.agency_id, world.receiver.agency_id)
    ]
    assert len(keys[0]) == len(keys[1]) > 20
    assert not keys[0] & keys[1], "equal names in two agencies have equal keys"


@pytest.mark.parametrize("victims", ["sender", "receiver"])
def test_victim_services_stand_outside_of_every_matching(
    session: Session, world: World, victims: str
) -> None:
    here = world.receiver.agency_id
    client_id = added(session, world, actor=world.receiver.case_manager)

    def told(by: UUID | None) -> list[UUID]:
        found = duplicates_of(session, VAULT, here, A_PROFILE, told_by=by)
        return [each.client_id for each in found]

    assert told(world.sender.agency_id) == [client_id]
    session.get_one(Agency, getattr(world, victims).agency_id).victim_services = True
    session.commit()
    assert told(world.sender.agency_id) == []
    assert told(None) == [client_id]
    assert told(here) == [client_id]


def test_steps_give_name_and_profile(session: Session, world: World) -> None:
    client_id = added(session, world, replace(ROSA, preferred_name="Rosie"))
    client = the_client(
        session, world.sender.case_manager, Permission.CLIENT_READ, client_id, lock=True
    )
    assert name_of(VAULT, client) == "Rosie Quintero-Vega"
    assert profile_of(VAULT, client).city == "Chicago"


def test_of_two_who_write_at_the_same_moment_one_wins_and_one_is_told(
    session: Session, engine: Engine, world: World
) -> None:
    client_id = added(session, world)
    session.rollback()

    def write(number: int) -> int:
        with Session(engine) as own:
            profile = replace(ROSA, city=f"City {number}")
            actor = world.sender.case_manager
            return change_client(own, actor, client_id, profile, 1, VAULT, now=NOW)

    got = at_once(2, write)
    assert sorted(type(each).__name__ for each in got) == ["VersionConflict", "int"]
    winner = next(number for number, each in enumerate(got) if each == 2)
    view = show_client(session, world.sender.case_manager, client_id, VAULT, now=NOW)
    assert (view.profile.city, view.version) == (f"City {winner}", 2)
