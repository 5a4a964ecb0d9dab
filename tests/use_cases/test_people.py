"""People of an agency: who sees whom, what changes, and what ends at once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import token_hash
from referral_hub.models import (
    ApplicationGrant,
    AuditRow,
    AuthenticatorApp,
    AuthorizationCode,
    Invitation,
    Membership,
    OneTimeLink,
    Passkey,
    Person,
    RecoveryCode,
    TeamMember,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.actor import System
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound, NotPermitted
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.invitations import invite_to_agency
from referral_hub.use_cases.manage_accounts import change_email, close_account, create_account
from referral_hub.use_cases.people import (
    change_roles,
    disable_person,
    end_membership,
    list_people,
    show_person,
)
from referral_hub.use_cases.steps.codes import renew_recovery_codes
from referral_hub.use_cases.stewards import end_steward, list_stewards
from referral_hub.web.navigation import links_for
from tests.accounts import an_app
from tests.network import (
    ADMINISTRATOR,
    CASE_MANAGER,
    INTAKE,
    STEWARD,
    SUPERVISOR,
    VAULT,
    Network,
)
from tests.threads import at_once

OPERATOR = System("operator")


@pytest.fixture
def network(session: Session) -> Network:
    return Network(session)


class House:
    """An agency with an administrator and a case manager."""

    def __init__(self, network: Network) -> None:
        self.id = network.agency()
        self.admin = network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.worker = network.person("Carl Case", self.id, CASE_MANAGER)


@pytest.fixture
def house(network: Network) -> House:
    return House(network)


def test_an_administrator_sees_people_with_roles_teams_and_second_factor(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    team = network.team(house.id, "Outreach")
    network.part(team, house.worker.person_id)
    session.add(
        AuthenticatorApp(
            person_id=house.worker.person_id, secret_sealed=b"", created_at=now, confirmed_at=now
        )
    )
    session.commit()
    ada, carl = list_people(session, house.admin, house.id, VAULT, now=now)
    assert (ada.name, carl.name) == ("Ada Admin", "Carl Case")
    assert carl.roles == (CASE_MANAGER,)
    assert carl.teams == ("Outreach",)
    assert (ada.second_factor, carl.second_factor) == (False, True)
    assert carl.email == "carl@agency.example"


def test_an_authenticator_app_that_was_never_confirmed_is_no_second_factor(
    session: Session, house: House, now: datetime
) -> None:
    session.add(
        AuthenticatorApp(person_id=house.worker.person_id, secret_sealed=b"", created_at=now)
    )
    session.commit()
    people = list_people(session, house.admin, house.id, VAULT, now=now)
    assert [person.second_factor for person in people] == [False, False]


def test_a_steward_sees_names_and_roles_and_who_has_a_second_factor_to_reset(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    steward = network.person("Stella Steward", None, STEWARD)
    worker = session.get_one(Person, house.worker.person_id)
    an_app(session, worker, vault=VAULT)
    for person in list_people(session, steward, house.id, VAULT, now=now):
        assert person.name
        assert person.roles
        assert (person.email, person.teams) == (None, ())
        assert person.second_factor is (person.id == worker.id)


def test_people_of_another_agency_are_not_there(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    other = network.agency("Other")
    stranger = network.person("Sam Stranger", other, CASE_MANAGER)
    with pytest.raises(NotFound):
        list_people(session, house.admin, other, VAULT, now=now)
    for act in changes_of(session, house.admin, house.id, stranger.person_id, now):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotFound):
        show_person(session, house.admin, house.id, stranger.person_id, VAULT, now=now)
    assert network.roles(stranger.person_id, other) == {CASE_MANAGER}


@pytest.mark.parametrize("role", [CASE_MANAGER, INTAKE, SUPERVISOR])
def test_only_administrators_look_after_people(
    session: Session, network: Network, house: House, role: str, now: datetime
) -> None:
    colleague = PersonActing(uuid4(), house.id, frozenset({role}))
    with pytest.raises(NotPermitted):
        list_people(session, colleague, house.id, VAULT, now=now)
    for act in changes_of(session, colleague, house.id, house.worker.person_id, now):
        with pytest.raises(NotPermitted):
            act()


def test_a_steward_changes_nobodys_roles_in_an_agency(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    steward = network.person("Stella Steward", None, STEWARD)
    for act in changes_of(session, steward, house.id, house.worker.person_id, now):
        with pytest.raises(NotPermitted):
            act()


def test_roles_are_changed_and_the_old_ones_stay_in_the_history(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    change_roles(
        session, house.admin, house.id, house.worker.person_id, [INTAKE, SUPERVISOR], now=now
    )
    assert network.roles(house.worker.person_id, house.id) == {INTAKE, SUPERVISOR}
    detail = show_person(session, house.admin, house.id, house.worker.person_id, VAULT, now=now)
    assert {(each.role, each.until) for each in detail.roles} == {
        (INTAKE, None), (SUPERVISOR, None), (CASE_MANAGER, now),
    }  # fmt: skip
    assert network.audited() == ["person:roles"]


def test_nobody_changes_their_own_roles(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    network.person("Ann Admin", house.id, ADMINISTRATOR)
    for act in changes_of(session, house.admin, house.id, house.admin.person_id, now):
        with pytest.raises(NotPermitted):
            act()
    assert network.roles(house.admin.person_id, house.id) == {ADMINISTRATOR}


@pytest.mark.parametrize("roles", [[], [STEWARD], [CASE_MANAGER, STEWARD]])
def test_an_agency_gives_only_its_own_roles(
    session: Session, network: Network, house: House, roles: list[str], now: datetime
) -> None:
    with pytest.raises(InvalidInput) as error:
        change_roles(session, house.admin, house.id, house.worker.person_id, roles, now=now)  # type: ignore[arg-type]
    assert set(error.value.fields) == {"roles"}
    assert network.roles(house.worker.person_id, house.id) == {CASE_MANAGER}


def test_the_last_administrator_cannot_be_removed(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    admin = house.admin.person_id
    for act in (
        lambda: change_roles(session, OPERATOR, house.id, admin, [CASE_MANAGER], now=now),
        lambda: end_membership(session, OPERATOR, house.id, admin, now=now),
        lambda: disable_person(session, OPERATOR, house.id, admin, now=now),
        lambda: close_account(session, OPERATOR, "ada@agency.example", VAULT, now=now),
    ):
        with pytest.raises(Conflict, match="last administrator"):
            act()
    assert network.roles(admin, house.id) == {ADMINISTRATOR}
    assert network.audited() == []


def test_an_administrator_whose_account_is_closed_counts_for_nothing(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    closed = network.person("Cleo Closed", house.id, ADMINISTRATOR)
    session.get_one(Person, closed.person_id).disabled_at = now
    session.commit()
    with pytest.raises(Conflict):
        end_membership(session, OPERATOR, house.id, house.admin.person_id, now=now)


def test_a_role_that_is_given_twice_at_once_is_held_once(
    engine: Engine, session: Session, network: Network, house: House, now: datetime
) -> None:
    worker = house.worker.person_id

    def give(number: int) -> None:
        with Session(engine) as own:
            change_roles(own, house.admin, house.id, worker, [CASE_MANAGER, INTAKE], now=now)

    assert at_once(8, give) == [None] * 8
    session.rollback()
    held = select(Membership.role).where(Membership.person_id == worker)
    assert sorted(session.scalars(held)) == sorted([CASE_MANAGER, INTAKE])


def test_a_role_that_stands_there_twice_is_taken_away_whole(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    worker = house.worker.person_id
    network.member(worker, house.id, CASE_MANAGER)
    end_membership(session, house.admin, house.id, worker, now=now)
    assert network.roles(worker, house.id) == set()


def test_two_administrators_who_remove_each_other_leave_one(
    engine: Engine, session: Session, network: Network, house: House, now: datetime
) -> None:
    other = network.person("Ann Admin", house.id, ADMINISTRATOR)
    pairs = [(house.admin, other.person_id), (other, house.admin.person_id)]

    def remove(number: int) -> None:
        acting, removed = pairs[number]
        with Session(engine) as own:
            end_membership(own, acting, house.id, removed, now=now)

    outcomes = at_once(2, remove)
    assert sorted(str(type(each).__name__) for each in outcomes) == ["Conflict", "NoneType"]


def test_who_leaves_an_agency_is_out_at_once_and_stays_in_others(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    other = network.agency("Other")
    person = house.worker.person_id
    network.member(person, other, INTAKE)
    here, there = network.sign_in(person, house.id), network.sign_in(person, other)
    app = network.application(house.id)
    token_here = network.token(app, person, house.id)
    token_there = network.token(app, person, other)
    end_membership(session, house.admin, house.id, person, now=now)
    assert network.acts(here) is None
    staying = network.acts(there)
    assert staying is not None
    assert staying.roles == {INTAKE}
    assert network.revoked(token_here)
    assert not network.revoked(token_there)


def test_who_leaves_belongs_to_no_team_from_today_on_and_the_rows_stay(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    person = house.worker.person_id
    team = network.team(house.id, "Outreach")
    network.part(team, person)
    later = network.part(team, person, TeamPart.SUPERVISOR, since=now.date() + timedelta(days=9))
    elsewhere = network.team(network.agency("Other"), "Theirs")
    network.part(elsewhere, person)
    end_membership(session, house.admin, house.id, person, now=now)
    rows = {(row.team_id, row.part): row for row in session.scalars(select(TeamMember))}
    assert rows[team, "member"].until == now.date()
    assert rows[team, "supervisor"].until == session.get_one(TeamMember, later).since
    assert rows[elsewhere, "member"].until is None


def test_who_is_no_supervisor_any_more_supervises_no_team(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    lead = network.person("Sue Supervisor", house.id, SUPERVISOR, CASE_MANAGER)
    team = network.team(house.id, "Outreach")
    network.part(team, lead.person_id, TeamPart.SUPERVISOR)
    network.part(team, lead.person_id, TeamPart.MEMBER)
    change_roles(session, house.admin, house.id, lead.person_id, [CASE_MANAGER], now=now)
    until = {row.part: row.until for row in session.scalars(select(TeamMember))}
    assert until == {"supervisor": now.date(), "member": None}


def test_disabling_somebody_ends_everything_at_once_and_keeps_the_history(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    person = house.worker.person_id
    cookie = network.sign_in(person, house.id)
    token = network.token(network.application(house.id), person, house.id)
    disable_person(session, house.admin, house.id, person, now=now)
    assert network.acts(cookie) is None
    assert network.revoked(token)
    assert all(grant.withdrawn_at for grant in session.scalars(select(ApplicationGrant)))
    assert all(code.expires_at <= now for code in session.scalars(select(AuthorizationCode)))
    assert session.get_one(Person, person).disabled_at == now
    (row,) = session.scalars(select(Membership).where(Membership.person_id == person))
    assert row.until == now
    (left,) = [
        each
        for each in list_people(session, house.admin, house.id, VAULT, now=now)
        if each.id == person
    ]
    assert (left.disabled, left.left_at, left.roles) == (True, now, ())
    assert network.audited() == ["person:disable"]


@pytest.mark.parametrize("steward", [True, False])
def test_an_agency_closes_no_account_that_is_needed_elsewhere(
    session: Session, network: Network, house: House, steward: bool, now: datetime
) -> None:
    elsewhere = None if steward else network.agency("Other")
    network.member(house.worker.person_id, elsewhere, STEWARD if steward else INTAKE)
    with pytest.raises(Conflict):
        disable_person(session, house.admin, house.id, house.worker.person_id, now=now)
    assert session.get_one(Person, house.worker.person_id).disabled_at is None


def test_the_operator_closes_an_account_in_all_agencies(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    other = network.agency("Other")
    network.member(house.worker.person_id, other, INTAKE)
    cookie = network.sign_in(house.worker.person_id, other)
    close_account(session, OPERATOR, " CARL@agency.example ", VAULT, now=now)
    assert network.acts(cookie) is None
    assert network.roles(house.worker.person_id, other) == set()
    with pytest.raises(NotFound):
        close_account(session, OPERATOR, "nobody@agency.example", VAULT, now=now)


def test_an_account_that_is_opened_again_has_no_old_way_in(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    def create() -> str:
        return create_account(
            session, OPERATOR, "Carl", "carl@agency.example", house.id, [INTAKE], VAULT, now=now
        )

    worker = house.worker.person_id
    first = create()
    session.get_one(Person, worker).password_hash = "old"
    an_app(session, session.get_one(Person, worker), vault=VAULT)
    session.add(
        Passkey(person_id=worker, credential_id=b"1", public_key=b"1", name="Phone", created_at=now)
    )
    renew_recovery_codes(session, worker, now=now)
    session.commit()
    cookie = network.sign_in(worker, house.id)
    session.get_one(Person, worker).disabled_at = now
    session.commit()
    second = create()
    person = session.get_one(Person, worker, populate_existing=True)
    assert (person.password_hash, person.disabled_at) == (None, None)
    for table in (Passkey, AuthenticatorApp, RecoveryCode):
        assert session.scalars(select(table)).all() == []
    assert network.acts(cookie) is None
    used = {link.token_hash: link.used_at for link in session.scalars(select(OneTimeLink))}
    assert used == {token_hash(first): now, token_hash(second): None}


def test_the_operator_makes_an_account_and_opens_a_closed_one_again(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    def create(**changed: object) -> str:
        values = {"name": "Nia New", "email": "nia@agency.example", "agency_id": house.id}
        values |= {"roles": [CASE_MANAGER]} | changed
        return create_account(session, OPERATOR, vault=VAULT, now=now, **values)  # type: ignore[arg-type]

    first = create()
    close_account(session, OPERATOR, "nia@agency.example", VAULT, now=now)
    second = create(roles=[INTAKE])
    assert first != second
    (person,) = [each for each in session.scalars(select(Person)) if not each.password_hash][-1:]
    assert person.disabled_at is None
    (nia,) = [
        each
        for each in list_people(session, house.admin, house.id, VAULT, now=now)
        if each.name == "Nia New"
    ]
    assert nia.roles == (INTAKE,)
    for wrong in ({"agency_id": None}, {"roles": [STEWARD]}, {"roles": []}, {"email": "no"}):
        with pytest.raises(InvalidInput):
            create(**wrong)
    with pytest.raises(NotFound):
        create(agency_id=uuid4())


def test_the_operator_gives_an_address_back_and_whoever_is_in_is_out(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    worker, old, new = house.worker.person_id, "carl@agency.example", "Carl@new.example"
    cookie = network.sign_in(worker, house.id)
    token = network.token(network.application(house.id), worker, house.id)
    link = create_account(session, OPERATOR, "Carl", old, house.id, [INTAKE], VAULT, now=now)
    change_email(session, OPERATOR, f" {old.upper()} ", new, VAULT, now=now)
    assert network.acts(cookie) is None
    assert network.revoked(token)
    used = session.scalars(
        select(OneTimeLink.used_at).where(OneTimeLink.token_hash == token_hash(link))
    ).one()
    assert used == now
    told = {mail["to"] for mail in network.mails() if mail["template"] == "email_changed"}
    assert told == {old, new}
    row = session.scalars(select(AuditRow).where(AuditRow.action == "person:email")).one()
    assert (row.actor, row.record_id) == ("system:operator", worker)
    assert {each.email for each in list_people(session, house.admin, house.id, VAULT, now=now)} >= {
        new
    }


def test_the_operator_gives_no_address_that_is_anothers_or_cannot_be(
    session: Session, network: Network, house: House, now: datetime
) -> None:
    for wrong in ("ada@agency.example", "carl@new"):
        with pytest.raises(InvalidInput) as raised:
            change_email(session, OPERATOR, "carl@agency.example", wrong, VAULT, now=now)
        assert set(raised.value.fields) == {"email"}
    with pytest.raises(NotFound):
        change_email(session, OPERATOR, "nobody@agency.example", "x@new.example", VAULT, now=now)
    close_account(session, OPERATOR, "carl@agency.example", VAULT, now=now)
    with pytest.raises(NotFound):
        change_email(session, OPERATOR, "carl@agency.example", "x@new.example", VAULT, now=now)
    with pytest.raises(NotPermitted):
        change_email(session, house.admin, "carl@agency.example", "x@a.example", VAULT, now=now)
    assert network.mails() == []


def test_only_the_operator_makes_accounts_without_an_invitation(
    session: Session, house: House, now: datetime
) -> None:
    with pytest.raises(NotPermitted):
        create_account(session, house.admin, "N", "n@a.example", house.id, [INTAKE], VAULT, now=now)


def test_stewards_end_each_others_role_but_not_their_own_nor_the_last_one(
    session: Session, network: Network, now: datetime
) -> None:
    one = network.person("Olga One", None, STEWARD)
    two = network.person("Tina Two", None, STEWARD)
    cookie = network.sign_in(two.person_id, None)
    with pytest.raises(NotPermitted):
        end_steward(session, one, one.person_id, now=now)
    end_steward(session, one, two.person_id, now=now)
    acting = network.acts(cookie)
    assert acting is None
    assert [person.name for person in list_stewards(session, one, VAULT) if person.roles] == [
        "Olga One"
    ]
    with pytest.raises(Conflict, match="last network steward"):
        end_steward(session, OPERATOR, one.person_id, now=now)
    with pytest.raises(NotFound):
        end_steward(session, OPERATOR, two.person_id, now=now)


def test_links_at_the_top_go_only_where_somebody_may_go(network: Network, house: House) -> None:
    steward = network.person("Stella Steward", None, STEWARD)
    assert [link.address for link in links_for(house.worker)] == [
        "/", "/find", "/clients", "/inbox", "/referrals", "/listings", "/agency",
    ]  # fmt: skip
    assert [link.address for link in links_for(steward)] == [
        "/find",
        "/supervision",
        "/network",
    ]
    nobody = PersonActing(uuid4(), None, frozenset())
    assert [link.address for link in links_for(nobody)] == ["/find"]


def changes_of(
    session: Session, actor: PersonActing, agency: UUID, person: UUID, now: datetime
) -> list[Callable[[], None]]:
    """Each way to change somebody."""
    return [
        lambda: change_roles(session, actor, agency, person, [INTAKE], now=now),
        lambda: end_membership(session, actor, agency, person, now=now),
        lambda: disable_person(session, actor, agency, person, now=now),
    ]


@pytest.mark.parametrize("loss", ["role", "membership", "account"])
def test_invitations_of_somebody_who_may_invite_no_more_are_withdrawn(
    session: Session, network: Network, house: House, now: datetime, loss: str
) -> None:
    other = network.person("Nora Admin", house.id, ADMINISTRATOR)
    for inviter, email in ((other, "backdoor@x.example"), (house.admin, "fine@x.example")):
        invite_to_agency(
            session, inviter, house.id, "New Person", email, [ADMINISTRATOR], VAULT, now=now
        )
    match loss:
        case "role":
            change_roles(session, house.admin, house.id, other.person_id, [CASE_MANAGER], now=now)
        case "membership":
            end_membership(session, house.admin, house.id, other.person_id, now=now)
        case _:
            disable_person(session, house.admin, house.id, other.person_id, now=now)
    session.rollback()
    waiting = session.scalars(select(Invitation).where(Invitation.withdrawn_at.is_(None))).all()
    assert [row.invited_by for row in waiting] == [f"person:{house.admin.person_id}"]
