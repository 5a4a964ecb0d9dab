"""The agencies and accounts of the demo network: there once, with invented names."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Agency,
    Agreement,
    AuditRow,
    Base,
    Membership,
    NetworkSetting,
    Person,
    Team,
    TeamMember,
)
from referral_hub.rules.actor import Actor, Anonymous, System
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import NotPermitted, SignInNeeded
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.agencies import list_agencies, show_agency
from referral_hub.use_cases.load_demo_people import load_demo_people
from referral_hub.use_cases.steps.people import person_with_email
from referral_hub.use_cases.teams import list_teams
from seed.demo_network import demo_documents
from seed.demo_people import PASSWORD, demo_accounts, demo_agencies, demo_stewards
from tests.network import VAULT, Network, PlainPasswords
from tests.use_cases.conftest import Importer

ACCOUNTS = {
    "casemanager": ("Front Door Network", {"case_manager"}),
    "supervisor": ("Front Door Network", {"supervisor"}),
    "agencyadmin": ("Front Door Network", {"agency_administrator"}),
    "intake": ("Harbor Street Homes", {"intake_worker"}),
    "legal": ("Prairie Tenant Law", {"intake_worker", "case_manager"}),
    "shelter": ("Safe Lantern", {"intake_worker", "case_manager"}),
    "steward": (None, {"network_steward"}),
}


def load_people(session: Session, now: datetime, actor: Actor = System("operator")) -> int:  # noqa: B008
    return load_demo_people(
        session, actor, demo_agencies(), demo_stewards(), VAULT, PlainPasswords(), now=now
    )


@pytest.fixture
def demo(session: Session, load: Importer, now: datetime) -> Network:
    """The demo directory with its agencies and people."""
    slugs = {str(agency.organization_id) for agency in demo_agencies()}
    load([each for each in demo_documents(now.date()) if each["id"] in slugs])
    assert load_people(session, now) == 15
    return Network(session)


def test_fourteen_agencies_take_part_under_an_agreement(
    session: Session, demo: Network, now: datetime
) -> None:
    lines = list_agencies(session, System(), now=now)
    assert len(lines) == 14
    for line in lines:
        view = show_agency(session, System(), line.id, VAULT, now=now)
        assert view.may_exchange
        assert [each.name for each in view.organizations] == [view.name]
        assert view.teams >= 1
    assert [line.name for line in lines if line.victim_services] == ["Safe Lantern"]


def test_every_account_of_the_demo_acts_with_its_roles_by_password_alone(
    session: Session, demo: Network, now: datetime
) -> None:
    assert {email for email, _ in demo_accounts()} == {f"{name}@demo.example" for name in ACCOUNTS}
    names = {agency.id: agency.name for agency in session.scalars(select(Agency))}
    for local, (agency, roles) in ACCOUNTS.items():
        person = person_with_email(session, VAULT, f"{local}@demo.example")
        assert person is not None
        assert person.password_hash == f"hash of {PASSWORD}"
        acting = demo.acts(demo.sign_in(person.id, agency_of(session, person.id)))
        assert acting is not None
        assert acting.roles == roles
        assert (names[acting.agency_id] if acting.agency_id else None) == agency
    assert session.get_one(NetworkSetting, "second_factor_roles").value == []


def test_the_supervisor_supervises_the_case_managers_team_and_what_arrives(
    session: Session, demo: Network, now: datetime
) -> None:
    person = person_with_email(session, VAULT, "supervisor@demo.example")
    assert person is not None
    acting = demo.acts(demo.sign_in(person.id, agency_of(session, person.id)))
    assert acting is not None
    assert acting.agency_id is not None
    teams = list_teams(session, acting, acting.agency_id, VAULT, now=now)
    assert {team.name for team in teams} == {"First team", "Housing outreach"}
    members = {each.person_id for team in teams for each in team.current(TeamPart.MEMBER)}
    worker = person_with_email(session, VAULT, "casemanager@demo.example")
    assert worker is not None
    assert worker.id in members
    assert session.scalar(
        select(func.count()).select_from(Team).where(Team.agency_id == acting.agency_id)
    ) == 3  # fmt: skip


def test_loading_twice_changes_nothing(session: Session, demo: Network, now: datetime) -> None:
    tables: tuple[type[Base], ...] = (
        Agency, Agreement, AuditRow, Membership, NetworkSetting, Person, Team, TeamMember,
    )  # fmt: skip

    def counts() -> list[int | None]:
        session.rollback()
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    before = counts()
    assert load_people(session, now) == 0
    assert counts() == before


def test_who_has_no_account_in_the_list_cannot_sign_in_by_password(
    session: Session, demo: Network
) -> None:
    listed = {email for email, _ in demo_accounts()}
    for agency in demo_agencies():
        for each in agency.people:
            person = person_with_email(session, VAULT, each.email)
            assert person is not None
            assert (person.password_hash is not None) is (each.email in listed)


def test_only_the_hub_itself_loads_the_demo(session: Session, now: datetime) -> None:
    steward = PersonActing(UUID(int=1), None, frozenset({"network_steward"}))
    with pytest.raises(NotPermitted):
        load_people(session, now, steward)
    with pytest.raises(SignInNeeded):
        load_people(session, now, Anonymous())


def agency_of(session: Session, person_id: UUID) -> UUID | None:
    return session.scalars(
        select(Membership.agency_id).where(Membership.person_id == person_id)
    ).first()
