"""Teams: who sees which, who belongs to them from day to day, and what stays."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Team, TeamMember
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import InvalidInput, NotFound, NotPermitted
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.teams import (
    add_team,
    end_team,
    join_team,
    leave_team,
    list_teams,
    rename_team,
    show_team,
)
from tests.network import (
    ADMINISTRATOR,
    CASE_MANAGER,
    INTAKE,
    STEWARD,
    SUPERVISOR,
    VAULT,
    Network,
)

MEMBER, LEAD = TeamPart.MEMBER, TeamPart.SUPERVISOR


class House:
    """An agency with two teams, of which its supervisor supervises one."""

    def __init__(self, session: Session) -> None:
        self.network = network = Network(session)
        self.id = network.agency()
        self.admin = network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.worker = network.person("Carl Case", self.id, CASE_MANAGER)
        self.team, self.night = network.team(self.id, "Day"), network.team(self.id, "Night")
        lead = network.person("Sue Supervisor", self.id, SUPERVISOR)
        network.part(self.team, lead.person_id, LEAD)
        network.part(self.team, self.worker.person_id)
        acting = network.acts(network.sign_in(lead.person_id, self.id))
        assert acting is not None
        self.lead = acting


@pytest.fixture
def house(session: Session) -> House:
    return House(session)


def test_an_administrator_sees_all_teams_and_a_supervisor_only_their_own(
    session: Session, house: House, now: datetime
) -> None:
    every = list_teams(session, house.admin, house.id, VAULT, now=now)
    assert [team.name for team in every] == ["Day", "First team", "Night"]
    (own,) = list_teams(session, house.lead, house.id, VAULT, now=now)
    assert own.name == "Day"
    assert [each.person for each in own.current(MEMBER)] == ["Carl Case"]
    assert show_team(session, house.lead, house.id, house.team, VAULT, now=now).name == "Day"
    with pytest.raises(NotFound) as not_theirs:
        show_team(session, house.lead, house.id, house.night, VAULT, now=now)
    with pytest.raises(NotFound) as not_there:
        show_team(session, house.lead, house.id, uuid4(), VAULT, now=now)
    assert not_theirs.value.message == not_there.value.message


@pytest.mark.parametrize(("since", "until"), [(1, None), (-30, 0), (-30, -1)])
def test_who_supervised_before_or_will_later_sees_nothing_today(
    session: Session, house: House, since: int, until: int | None, now: datetime
) -> None:
    today = now.date()
    person = house.network.person("Theo Then", house.id, SUPERVISOR).person_id
    last = None if until is None else today + timedelta(days=until)
    house.network.part(house.team, person, LEAD, since=today + timedelta(days=since), until=last)
    acting = house.network.acts(house.network.sign_in(person, house.id))
    assert acting is not None
    assert list_teams(session, acting, house.id, VAULT, now=now) == ()


@pytest.mark.parametrize("role", [CASE_MANAGER, INTAKE, STEWARD])
def test_teams_are_not_for_others(session: Session, house: House, role: str, now: datetime) -> None:
    agency = None if role == STEWARD else house.id
    actor = PersonActing(uuid4(), agency, frozenset({role}), frozenset({house.team}))
    with pytest.raises(NotPermitted):
        list_teams(session, actor, house.id, VAULT, now=now)
    with pytest.raises(NotPermitted):
        show_team(session, actor, house.id, house.team, VAULT, now=now)


def test_only_administrators_change_teams(session: Session, house: House, now: datetime) -> None:
    for act in changes_of(session, house.lead, house, house.team, now):
        with pytest.raises(NotPermitted):
            act()


def test_teams_of_another_agency_are_not_there(
    session: Session, house: House, now: datetime
) -> None:
    other = house.network.agency("Other")
    stranger = house.network.person("Sam Stranger", other, ADMINISTRATOR)
    theirs = house.network.team(other, "Theirs")
    for act in (
        *changes_of(session, stranger, house, house.team, now),
        *changes_of(session, house.admin, house, theirs, now)[1:],
        lambda: show_team(session, house.admin, house.id, theirs, VAULT, now=now),
        lambda: list_teams(session, stranger, house.id, VAULT, now=now),
    ):
        with pytest.raises(NotFound):
            act()
    assert session.get_one(Team, theirs).name == "Theirs"


def test_a_team_is_added_renamed_and_ended_and_its_history_stays(
    session: Session, house: House, now: datetime
) -> None:
    team = add_team(session, house.admin, house.id, " Youth  team ", now=now)
    rename_team(session, house.admin, house.id, team, "Young people", now=now)
    join(session, house, team, house.worker.person_id, now)
    end_team(session, house.admin, house.id, team, now=now)
    view = show_team(session, house.admin, house.id, team, VAULT, now=now)
    assert (view.name, view.ended_at) == ("Young people", now)
    assert view.current(MEMBER) == ()
    assert [each.person for each in view.past] == ["Carl Case"]
    with pytest.raises(NotFound):
        rename_team(session, house.admin, house.id, team, "Again", now=now)
    assert house.network.audited() == ["team:add", "team:rename", "team:join", "team:end"]


def test_a_name_of_a_team_is_there_once_in_an_agency(
    session: Session, house: House, now: datetime
) -> None:
    for act in (
        lambda: add_team(session, house.admin, house.id, "Day", now=now),
        lambda: rename_team(session, house.admin, house.id, house.night, "Day", now=now),
        lambda: add_team(session, house.admin, house.id, "  ", now=now),
        lambda: add_team(session, house.admin, house.id, "N\x00", now=now),
    ):
        with pytest.raises(InvalidInput) as error:
            act()
        assert set(error.value.fields) == {"name"}
    other = house.network.agency("Other")
    their_admin = house.network.person("Otto Other", other, ADMINISTRATOR)
    add_team(session, their_admin, other, "Day", now=now)


def test_somebody_belongs_to_a_team_from_a_day_until_before_a_day(
    session: Session, house: House, now: datetime
) -> None:
    today = now.date()
    person = house.network.person("Ike Intake", house.id, INTAKE).person_id
    join(session, house, house.night, person, now, since=today)
    (part,) = session.scalars(select(TeamMember).where(TeamMember.person_id == person))
    leave_team(
        session, house.admin, house.id, house.night, part.id, today + timedelta(days=2), now=now
    )

    def members(days: int) -> list[str]:
        at = now + timedelta(days=days)
        view = show_team(session, house.admin, house.id, house.night, VAULT, now=at)
        return [each.person for each in view.current(MEMBER)]

    assert [members(days) for days in (-1, 0, 1, 2)] == [[], ["Ike Intake"], ["Ike Intake"], []]
    join(session, house, house.night, person, now, since=today + timedelta(days=2))


def test_nobody_is_twice_in_a_team_at_a_time(session: Session, house: House, now: datetime) -> None:
    with pytest.raises(InvalidInput) as error:
        join(session, house, house.team, house.worker.person_id, now)
    assert set(error.value.fields) == {"person_id"}


def test_only_supervisors_supervise_and_only_people_of_the_agency_belong(
    session: Session, house: House, now: datetime
) -> None:
    stranger = house.network.person("Sam Stranger", house.network.agency("Other"), SUPERVISOR)
    for person, part in (
        (house.worker.person_id, LEAD),
        (stranger.person_id, LEAD),
        (stranger.person_id, MEMBER),
        (uuid4(), MEMBER),
    ):
        with pytest.raises(InvalidInput) as error:
            join(session, house, house.night, person, now, part=part)
        assert set(error.value.fields) == {"person_id"}


def test_days_that_cannot_be_meant_are_refused(
    session: Session, house: House, now: datetime
) -> None:
    today = now.date()
    for day in (date(1, 1, 1), date(9999, 12, 31), today + timedelta(days=367)):
        with pytest.raises(InvalidInput) as error:
            join(session, house, house.night, house.worker.person_id, now, since=day)
        assert set(error.value.fields) == {"since"}
    join(session, house, house.night, house.worker.person_id, now, since=today)
    part = house.network.session.scalars(
        select(TeamMember.id).where(TeamMember.team_id == house.night)
    ).one()
    for day in (today - timedelta(days=1), date(9999, 12, 31)):
        with pytest.raises(InvalidInput) as error:
            leave_team(session, house.admin, house.id, house.night, part, day, now=now)
        assert set(error.value.fields) == {"until"}
    leave_team(session, house.admin, house.id, house.night, part, today, now=now)
    with pytest.raises(InvalidInput):
        leave_team(session, house.admin, house.id, house.night, part, today, now=now)
    with pytest.raises(NotFound):
        leave_team(session, house.admin, house.id, house.team, part, today, now=now)


def join(
    session: Session,
    house: House,
    team: UUID,
    person: UUID,
    now: datetime,
    *,
    part: TeamPart = MEMBER,
    since: date | None = None,
) -> None:
    since = since or now.date()
    join_team(session, house.admin, house.id, team, person, part, since, now=now)


def changes_of(
    session: Session, actor: PersonActing, house: House, team: UUID, now: datetime
) -> list[Callable[[], object]]:
    """Each way to change teams; the first adds one."""
    today, person = now.date(), house.worker.person_id
    return [
        lambda: add_team(session, actor, house.id, "New", now=now),
        lambda: rename_team(session, actor, house.id, team, "New", now=now),
        lambda: end_team(session, actor, house.id, team, now=now),
        lambda: join_team(session, actor, house.id, team, person, MEMBER, today, now=now),
        lambda: leave_team(session, actor, house.id, team, uuid4(), today, now=now),
    ]
