"""Who may register, decide upon and end applications; and what is forgotten of their tokens."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import Agency, Application, AuditRow
from referral_hub.rules.actor import Actor, Anonymous, Person, System
from referral_hub.rules.errors import (
    Conflict,
    HubError,
    InvalidInput,
    NotFound,
    NotPermitted,
    SignInNeeded,
)
from referral_hub.rules.registration import Registration
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope
from referral_hub.use_cases.applications import (
    approve_application,
    list_applications,
    refuse_application,
    register_application,
    revoke_application,
    show_application,
)
from referral_hub.use_cases.transaction import transaction
from tests.network import VAULT, Network

OWN, OTHER = UUID(int=1), UUID(int=2)
WANTED = Registration(
    name="Case Tracker",
    purpose="",
    authentication="client_secret_basic",
    grants=frozenset({"client_credentials"}),
    scopes=frozenset({Scope.DIRECTORY_READ}),
)


def person(role: str, agency: UUID | None = OWN) -> Person:
    return Person(UUID(int=9), agency, frozenset({role}))


ADMINISTRATOR = person("agency_administrator")
NEIGHBOUR = person("agency_administrator", OTHER)
STEWARD = person("network_steward", None)


@pytest.fixture(autouse=True)
def agencies(session: Session, now: datetime) -> None:
    with transaction(session):
        for agency_id in (OWN, OTHER):
            session.add(
                Agency(id=agency_id, name=f"Agency {agency_id.int}", status="partner",
                       created_at=now, status_since=now)
            )  # fmt: skip


def registered(session: Session, actor: Actor, now: datetime) -> UUID:
    done = register_application(session, actor, OWN, WANTED, now=now)
    return done.application.id


def test_it_waits_for_a_steward_unless_the_operator_registers_it(
    session: Session, now: datetime
) -> None:
    waiting = registered(session, ADMINISTRATOR, now)
    assert show_application(session, ADMINISTRATOR, waiting).status == "waiting"
    approve_application(session, STEWARD, waiting, VAULT, now=now)
    assert show_application(session, ADMINISTRATOR, waiting).status == "approved"
    at_once = registered(session, System(), now)
    assert show_application(session, STEWARD, at_once).status == "approved"


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (Anonymous(), SignInNeeded),
        (person("case_manager"), NotPermitted),
        (STEWARD, NotPermitted),
        (NEIGHBOUR, NotFound),
    ],
)
def test_nobody_else_registers(
    session: Session, now: datetime, actor: Actor, error: type[HubError]
) -> None:
    with pytest.raises(error):
        registered(session, actor, now)
    assert session.query(Application).count() == 0


@pytest.mark.parametrize("actor", [Anonymous(), ADMINISTRATOR, NEIGHBOUR, person("supervisor")])
def test_only_stewards_decide(session: Session, now: datetime, actor: Actor) -> None:
    waiting = registered(session, ADMINISTRATOR, now)
    for decide in (approve_application, refuse_application):
        with pytest.raises((NotPermitted, SignInNeeded)):
            decide(session, actor, waiting, VAULT, now=now)
    assert show_application(session, STEWARD, waiting).status == "waiting"


def test_what_is_decided_stays(session: Session, now: datetime) -> None:
    refused, ended = registered(session, ADMINISTRATOR, now), registered(session, System(), now)
    refuse_application(session, STEWARD, refused, VAULT, now=now)
    revoke_application(session, ADMINISTRATOR, ended, now=now)
    for application in (refused, ended):
        for act in (approve_application, refuse_application):
            with pytest.raises(Conflict):
                act(session, STEWARD, application, VAULT, now=now)
        with pytest.raises(Conflict):
            revoke_application(session, STEWARD, application, now=now)


def test_a_neighbour_neither_sees_nor_ends_it(session: Session, now: datetime) -> None:
    application = registered(session, ADMINISTRATOR, now)
    assert list_applications(session, NEIGHBOUR) == ()
    assert len(list_applications(session, ADMINISTRATOR)) == 1
    assert len(list_applications(session, STEWARD)) == 1
    assert len(list_applications(session, STEWARD, OWN)) == 1
    assert list_applications(session, STEWARD, OTHER) == ()
    with pytest.raises(NotFound):
        show_application(session, NEIGHBOUR, application)
    with pytest.raises(NotFound):
        revoke_application(session, NEIGHBOUR, application, now=now)


@pytest.mark.parametrize("decide", [approve_application, refuse_application])
def test_administrators_of_its_agency_are_told_of_a_decision(
    session: Session, now: datetime, decide: Callable[..., None]
) -> None:
    network = Network(session)
    network.person("Ada Admin", OWN, Role.AGENCY_ADMINISTRATOR)
    network.person("Carl Case", OWN, Role.CASE_MANAGER)
    network.person("Otto Other", OTHER, Role.AGENCY_ADMINISTRATOR)
    waiting = registered(session, ADMINISTRATOR, now)
    decide(session, STEWARD, waiting, VAULT, now=now)
    assert network.mails() == [{
        "to": "ada@agency.example",
        "template": "application_decided",
        "agency": "Agency 1",
        "link": f"/agency/applications/{waiting}",
    }]  # fmt: skip


def test_of_a_secret_only_its_hash_is_kept(session: Session, now: datetime) -> None:
    done = register_application(session, ADMINISTRATOR, OWN, WANTED, now=now)
    assert done.secret is not None
    assert done.secret not in repr(done)
    row = session.get_one(Application, done.application.id)
    assert row.secret_hash is not None
    assert len(row.secret_hash) == 32
    assert done.secret.encode() != row.secret_hash


def test_what_only_looks_like_a_key_is_refused(session: Session, now: datetime) -> None:
    key = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    wanted = Registration(
        name="x", purpose="", authentication="private_key_jwt", grants=WANTED.grants,
        scopes=WANTED.scopes, jwks={"keys": [key]},
    )  # fmt: skip
    with pytest.raises(InvalidInput) as caught:
        register_application(session, ADMINISTRATOR, OWN, wanted, now=now)
    assert set(caught.value.fields) == {"jwks"}


def test_each_act_is_in_the_audit(session: Session, now: datetime) -> None:
    application = registered(session, ADMINISTRATOR, now)
    approve_application(session, STEWARD, application, VAULT, now=now)
    revoke_application(session, ADMINISTRATOR, application, now=now)
    rows = session.query(AuditRow).order_by(AuditRow.id).all()
    assert [row.action for row in rows] == [
        "application:register", "application:approved", "application:revoke",
    ]  # fmt: skip
    assert {row.record_id for row in rows} == {application}
    assert {row.agency_id for row in rows} == {OWN}
