"""Agencies: added, decided about, tied to the directory, seen by those who may."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, ApplicationGrant, AuthorizationCode, Organization, Team
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.agencies import AgencyMove, AgencyStatus
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound, NotPermitted, SignInNeeded
from referral_hub.use_cases.agencies import (
    FirstAdministrator,
    add_agency,
    decide_agency,
    list_agencies,
    show_agency,
)
from referral_hub.use_cases.agency_organizations import (
    find_organizations,
    tie_organization,
    untie_organization,
)
from tests.factories import an_organization, uid
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, SUPERVISOR, VAULT, Network
from tests.use_cases.conftest import Importer

OPERATOR = System("operator")


@pytest.fixture
def network(session: Session) -> Network:
    return Network(session)


def test_a_new_agency_is_invited_with_a_team_and_a_first_administrator(
    session: Session, network: Network, now: datetime
) -> None:
    steward = network.person("Stella Steward", None, STEWARD)
    first = FirstAdministrator("Bo Boss", "bo@new.example")
    agency_id = add_agency(
        session, steward, "  New   House ", first, VAULT, victim_services=True, now=now
    )
    agency = session.get_one(Agency, agency_id)
    assert (agency.name, agency.status) == ("New House", AgencyStatus.INVITED)
    assert agency.victim_services
    assert [team.name for team in session.scalars(select(Team))] == ["First team"]
    (mail,) = network.mails()
    assert (mail["to"], mail["agency"]) == ("bo@new.example", "New House")
    assert network.the_invitation().roles == [ADMINISTRATOR]
    assert network.audited() == ["agency:add", "invitation:send"]


def test_nothing_is_added_where_something_is_wrong(
    session: Session, network: Network, now: datetime
) -> None:
    network.agency("Harbor House")
    for name, first, wrong in (
        ("Harbor House", None, "name"),
        ("", None, "name"),
        ("x" * 201, None, "name"),
        ("New", FirstAdministrator("Bo", "bo"), "email"),
    ):
        with pytest.raises(InvalidInput) as error:
            add_agency(session, OPERATOR, name, first, VAULT, now=now)
        assert set(error.value.fields) == {wrong}
    assert len(list_agencies(session, OPERATOR, now=now)) == 1
    assert network.audited() == []


def test_only_stewards_add_and_decide(session: Session, network: Network, now: datetime) -> None:
    agency = network.agency()
    for role in (ADMINISTRATOR, SUPERVISOR, CASE_MANAGER):
        actor = network.person(f"{role.title()} Person", agency, role)
        for act in (
            lambda actor=actor: add_agency(session, actor, "New", None, VAULT, now=now),
            lambda actor=actor: decide_agency(
                session, actor, agency, AgencyMove.SUSPEND, VAULT, now=now
            ),
            lambda actor=actor: list_agencies(session, actor, now=now),
            lambda actor=actor: find_organizations(session, actor, "house"),
            lambda actor=actor: tie_organization(session, actor, agency, uuid4(), now=now),
            lambda actor=actor: untie_organization(session, actor, agency, uuid4(), now=now),
        ):
            with pytest.raises(NotPermitted):
                act()
    with pytest.raises(SignInNeeded):
        list_agencies(session, Anonymous(), now=now)


@pytest.mark.parametrize("move", [AgencyMove.SUSPEND, AgencyMove.LIST_ONLY])
def test_nobody_acts_for_a_suspended_agency_from_the_next_request_on(
    session: Session, network: Network, move: AgencyMove, now: datetime
) -> None:
    agency, other = network.agency(), network.agency("Other")
    worker = network.person("Will Worker", agency, CASE_MANAGER).person_id
    network.member(worker, other, CASE_MANAGER)
    here, there = network.sign_in(worker, agency), network.sign_in(worker, other)
    app, their_app = network.application(agency), network.application(other)
    ended = [network.token(app), network.token(their_app, worker, agency)]
    kept = [network.token(their_app), network.token(their_app, worker, other)]
    steward = network.person("Stella Steward", None, STEWARD)
    decide_agency(session, steward, agency, move, VAULT, now=now)
    assert network.acts(here) is None
    elsewhere = network.acts(there)
    assert elsewhere is not None
    assert elsewhere.agency_id == other
    assert [network.revoked(token) for token in (*ended, *kept)] == [True, True, False, False]
    codes = {
        code.grant_id: code.expires_at <= now for code in session.scalars(select(AuthorizationCode))
    }
    grants = {grant.id: grant.agency_id for grant in session.scalars(select(ApplicationGrant))}
    assert {grants[grant]: over for grant, over in codes.items()} == {agency: True, other: False}


def test_a_resumed_agency_acts_again_but_old_tokens_stay_ended(
    session: Session, network: Network, now: datetime
) -> None:
    agency = network.agency()
    worker = network.person("Will Worker", agency, CASE_MANAGER).person_id
    token = network.token(network.application(agency))
    decide_agency(session, OPERATOR, agency, AgencyMove.SUSPEND, VAULT, now=now)
    decide_agency(session, OPERATOR, agency, AgencyMove.RESUME, VAULT, now=now)
    acting = network.acts(network.sign_in(worker, agency))
    assert acting is not None
    assert acting.roles == {CASE_MANAGER}
    assert network.revoked(token)
    assert network.audited() == ["agency:suspend", "agency:resume"]


def test_administrators_are_told_of_a_decision(
    session: Session, network: Network, now: datetime
) -> None:
    agency = network.agency()
    network.person("Ada Admin", agency, ADMINISTRATOR)
    network.person("Carl Case", agency, CASE_MANAGER)
    network.person("Otto Other", network.agency("Other"), ADMINISTRATOR)
    decide_agency(session, OPERATOR, agency, AgencyMove.SUSPEND, VAULT, now=now)
    (mail,) = network.mails()
    assert mail == {
        "to": "ada@agency.example",
        "template": "agency_decided",
        "agency": "Harbor House",
        "link": "/agency",
    }


def test_a_decision_that_cannot_be_made_changes_nothing(
    session: Session, network: Network, now: datetime
) -> None:
    agency = network.agency()
    with pytest.raises(Conflict):
        decide_agency(session, OPERATOR, agency, AgencyMove.RESUME, VAULT, now=now)
    with pytest.raises(NotFound):
        decide_agency(session, OPERATOR, uuid4(), AgencyMove.SUSPEND, VAULT, now=now)
    assert session.get_one(Agency, agency).status == AgencyStatus.PARTNER
    assert network.audited() == []


def test_an_agency_is_shown_to_its_people_and_to_stewards_alone(
    session: Session, network: Network, now: datetime
) -> None:
    agency, other = network.agency(), network.agency("Other")
    worker = network.person("Will Worker", agency, CASE_MANAGER)
    stranger = network.person("Sam Stranger", other, ADMINISTRATOR)
    steward = network.person("Stella Steward", None, STEWARD)
    for actor in (worker, steward, OPERATOR):
        assert show_agency(session, actor, agency, VAULT, now=now).name == "Harbor House"
    with pytest.raises(NotFound) as not_theirs:
        show_agency(session, stranger, agency, VAULT, now=now)
    with pytest.raises(NotFound) as not_there:
        show_agency(session, steward, uuid4(), VAULT, now=now)
    assert not_theirs.value.message == not_there.value.message


def test_the_list_counts_people_and_organizations(
    session: Session, network: Network, load: Importer, now: datetime
) -> None:
    load([an_organization("one"), an_organization("two", name="Two")])
    agency = network.agency()
    network.agency("Other", AgencyStatus.SUSPENDED)
    admin = network.person("Ada Admin", agency, ADMINISTRATOR, CASE_MANAGER)
    network.agreement(agency, admin.person_id)
    tie_organization(session, OPERATOR, agency, UUID(uid("one")), now=now)
    ours, other = list_agencies(session, OPERATOR, now=now)
    assert (ours.people, ours.organizations, ours.agreement_in_force) == (1, 1, True)
    assert (other.people, other.organizations, other.agreement_in_force) == (0, 0, False)
    assert other.status is AgencyStatus.SUSPENDED


def test_an_organization_belongs_to_one_agency(
    session: Session, network: Network, load: Importer, now: datetime
) -> None:
    load([an_organization("one", name="100% Home_Help"), an_organization("two", name="Two")])
    agency, other = network.agency(), network.agency("Other")
    one = UUID(uid("one"))
    tie_organization(session, OPERATOR, agency, one, now=now)
    tie_organization(session, OPERATOR, agency, one, now=now)
    with pytest.raises(InvalidInput):
        tie_organization(session, OPERATOR, other, one, now=now)
    with pytest.raises(NotFound):
        untie_organization(session, OPERATOR, other, one, now=now)
    view = show_agency(session, OPERATOR, agency, VAULT, now=now)
    assert [each.id for each in view.organizations] == [one]
    untie_organization(session, OPERATOR, agency, one, now=now)
    tie_organization(session, OPERATOR, other, one, now=now)
    for nothing in (uuid4(), agency):
        with pytest.raises(NotFound):
            tie_organization(session, OPERATOR, agency, nothing, now=now)
    assert session.get_one(Organization, one).name == "100% Home_Help"


@pytest.mark.parametrize(
    ("words", "count"),
    [("HOME", 1), ("100%", 1), ("e_h", 1), ("%", 1), ("", 0), ("  ", 0), ("zz", 0)],
)
def test_organizations_are_found_by_part_of_their_name(
    session: Session, load: Importer, words: str, count: int
) -> None:
    load([an_organization("one", name="100% Home_Help"), an_organization("two", name="Two")])
    assert len(find_organizations(session, OPERATOR, words)) == count


def test_the_list_of_agencies_asks_the_database_as_often_for_many_as_for_one(
    session: Session, network: Network, count_statements: Callable[[], int], now: datetime
) -> None:
    network.agency("A")
    count_statements()
    list_agencies(session, OPERATOR, now=now)
    one = count_statements()
    for number in range(5):
        network.agency(f"Agency {number}")
    count_statements()
    list_agencies(session, OPERATOR, now=now)
    assert count_statements() == one
