"""A supervisor moves cases from one worker to another."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, CaseAssignment, Client, Task
from referral_hub.rules.actor import Person
from referral_hub.rules.clients import CaseEnd
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound, NotPermitted
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel
from referral_hub.use_cases.clients import assign_client, close_case
from referral_hub.use_cases.reassign_cases import reassign_cases
from referral_hub.use_cases.tasks import add_task, mark_task
from tests.caseload_world import Team, a_team
from tests.referral_acts import a_sent_one
from tests.referral_world import NOW, VAULT

DAY = timedelta(days=1)


@pytest.fixture
def team(session: Session) -> Team:
    return a_team(session)


def move(
    team: Team,
    *clients: UUID,
    of: Person | None = None,
    to: Person | None = None,
    actor: Person | None = None,
    with_referrals: bool = False,
) -> int:
    return reassign_cases(
        team.session, actor or team.sue, (of or team.ana).person_id, (to or team.ike).person_id,
        clients, with_referrals=with_referrals, channel=Channel.PAGE, now=NOW,
    )  # fmt: skip


def a_task(team: Team, client: UUID, who: Person, *, done: bool = False) -> UUID:
    made = add_task(
        team.session, team.ana, client, "Call her", VAULT, urgency=2, importance=2,
        assignee_id=who.person_id, now=NOW - DAY / 2,
    )  # fmt: skip
    if done:
        mark_task(team.session, team.ana, client, made, done=True, now=NOW - DAY / 3)
    return made


def test_cases_go_with_their_open_tasks_and_the_time_of_each_worker_is_kept(team: Team) -> None:
    one, two, stays = (team.case(team.ana) for _ in range(3))
    open_task, others = a_task(team, one, team.ana), a_task(team, one, team.ike)
    done = a_task(team, one, team.ana, done=True)
    assert move(team, one, two) == 2
    ana, ike = team.ana.person_id, team.ike.person_id
    assert [team.client(each).worker_id for each in (one, two, stays)] == [ike, ike, ana]
    assignees = {each: team.session.get_one(Task, each).assignee_id for each in
                 (open_task, others, done)}  # fmt: skip
    assert assignees == {open_task: ike, others: ike, done: ana}
    spells = team.session.scalars(
        select(CaseAssignment).where(CaseAssignment.client_id == one).order_by(CaseAssignment.since)
    )
    assert [(row.worker_id, row.until) for row in spells] == [(ana, NOW), (ike, None)]


def test_the_audit_says_who_moved_what_from_whom_to_whom(team: Team) -> None:
    client = team.case(team.ana)
    a_task(team, client, team.ana)
    move(team, client)
    team.session.rollback()
    row = team.session.scalars(select(AuditRow).where(AuditRow.action == "case:reassign")).one()
    assert row.record_id == client
    assert row.detail == f"from {team.ana.person_id} to {team.ike.person_id}, tasks 1"


def test_a_case_of_nobody_can_be_given_to_somebody(team: Team) -> None:
    client = team.case(None)
    reassign_cases(
        team.session, team.sue, None, team.ana.person_id, [client], with_referrals=True,
        channel=Channel.PAGE, now=NOW,
    )  # fmt: skip
    assert team.client(client).worker_id == team.ana.person_id


@pytest.mark.parametrize("with_referrals", [True, False])
def test_open_received_referrals_go_along_where_that_is_wanted(
    session: Session, with_referrals: bool
) -> None:
    played = a_sent_one(session)
    staff = played.world.receiver
    played.move(Move.ACCEPT, assignee_id=staff.case_manager.person_id)
    client_id = played.row.receiver_client_id
    assert client_id is not None
    reassign_cases(
        session, staff.supervisor, staff.case_manager.person_id, staff.intake_worker.person_id,
        [client_id], with_referrals=with_referrals, channel=Channel.PAGE, now=played.now,
    )  # fmt: skip
    who = staff.intake_worker if with_referrals else staff.case_manager
    assert played.row.assignee_id == who.person_id
    assert (played.events[-1].kind == "assigned") is with_referrals
    assert session.get_one(Client, client_id).worker_id == staff.intake_worker.person_id


def test_all_or_none_go_and_what_went_to_somebody_else_meanwhile_is_told(team: Team) -> None:
    one, two, three = (team.case(team.ana) for _ in range(3))
    assign_client(
        team.session, team.ana, two, team_id=team.staff.team_id, worker_id=team.ike.person_id,
        acuity=3, now=NOW,
    )  # fmt: skip
    close_case(team.session, team.ana, three, CaseEnd.MOVED, now=NOW)
    for other in (two, three):
        with pytest.raises(Conflict):
            move(team, one, other)
    assert team.client(one).worker_id == team.ana.person_id


def test_cases_of_teams_that_one_does_not_supervise_are_not_there(team: Team) -> None:
    client = team.case(team.ana)
    stranger = team.world.stranger
    with pytest.raises(NotFound):
        move(team, client, actor=stranger.supervisor, of=team.ana, to=stranger.case_manager)
    no_team = Person(team.sue.person_id, team.sue.agency_id, team.sue.roles)
    with pytest.raises(NotFound):
        move(team, client, actor=no_team)
    with pytest.raises(NotFound):
        move(team, client, uuid4())
    for actor in (team.ana, team.staff.administrator):
        with pytest.raises(NotPermitted):
            move(team, client, actor=actor)


def test_what_is_missing_is_named(team: Team) -> None:
    client = team.case(team.ana)
    with pytest.raises(InvalidInput) as refused:
        move(team)
    assert set(refused.value.fields) == {"client_id"}
    for nobody in (team.staff.administrator, team.ana):
        with pytest.raises(InvalidInput) as refused:
            move(team, client, to=nobody)
        assert set(refused.value.fields) == {"worker_id"}
