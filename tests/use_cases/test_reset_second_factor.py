"""The second factor of somebody who lost it is reset by others."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, AuthenticatorApp, Passkey, Person, RecoveryCode
from referral_hub.rules.actor import Actor, Anonymous, System
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import Conflict, NotFound, NotPermitted, SignInNeeded
from referral_hub.rules.recovery import MEANING, ResetReason
from referral_hub.rules.roles import Role
from referral_hub.use_cases.reset_second_factor import (
    reset_for_address,
    reset_for_anybody,
    reset_for_colleague,
    show_holder,
)
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.sign_in import waiting_sign_in
from referral_hub.use_cases.steps.codes import renew_recovery_codes
from referral_hub.use_cases.steps.own_session import add_proof
from referral_hub.use_cases.transaction import transaction
from tests.accounts import PASSWORDS, a_browser, an_app
from tests.accounts import sign_in as try_password
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, VAULT, Network

OPERATOR = System("operator")
LOST = ResetReason.LOST
PASSWORD = "violet river nine lamps"


class House:
    """An agency with an administrator and a worker who has every second factor there is."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.network = Network(session)
        self.id = self.network.agency()
        self.admin = self.network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.worker = self.network.person("Carl Case", self.id, CASE_MANAGER)
        self.steward = self.network.person("Stella Steward", None, STEWARD)
        self.give_all(self.worker)
        self.token = self.network.sign_in(self.worker.person_id, self.id)

    def give_all(self, who: PersonActing) -> None:
        person = self.session.get_one(Person, who.person_id)
        person.password_hash = PASSWORDS.hash(PASSWORD)
        an_app(self.session, person, vault=VAULT)
        self.session.add(
            Passkey(
                person_id=person.id, credential_id=uuid4().bytes, public_key=b"1", name="Phone",
                created_at=self.network.long_ago,
            )
        )  # fmt: skip
        renew_recovery_codes(self.session, person.id, now=self.network.now)
        self.session.commit()

    def reset(self, actor: Actor, who: PersonActing | UUID | None = None) -> None:
        who = who or self.worker
        person_id = who if isinstance(who, UUID) else who.person_id
        agency = self.id
        reset_for_colleague(
            self.session, actor, agency, person_id, LOST, VAULT, now=self.network.now
        )

    def reset_any(self, actor: Actor, who: PersonActing | None = None) -> None:
        person_id = (who or self.worker).person_id
        reset_for_anybody(self.session, actor, person_id, LOST, VAULT, now=self.network.now)

    def left(self) -> int:
        self.session.rollback()
        tables = (AuthenticatorApp, Passkey, RecoveryCode)
        return sum(
            self.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        )


@pytest.fixture
def house(session: Session) -> House:
    return House(session)


def test_nothing_is_left_and_the_password_signs_in_alone(house: House) -> None:
    assert try_password(house.session, "carl@agency.example") is None
    house.reset(house.admin)
    assert house.left() == 0
    signed = try_password(house.session, "carl@agency.example")
    assert signed is not None
    assert who_is(house.session, signed.token, now=house.network.now) is not None


def test_a_role_that_needs_a_second_factor_waits_until_there_is_a_new_one(house: House) -> None:
    second = house.network.person("Bo Boss", house.id, ADMINISTRATOR)
    house.give_all(second)
    house.reset(house.admin, second)
    signed = try_password(house.session, "bo@agency.example")
    assert signed is not None
    found = who_is(house.session, signed.token, now=house.network.now)
    assert found is not None
    assert found.second_factor_missing
    assert found.roles == frozenset()


def test_all_sessions_of_the_person_end_and_sign_ins_under_way_too(house: House) -> None:
    assert try_password(house.session, "carl@agency.example") is None
    mine = house.network.sign_in(house.admin.person_id, house.id)
    house.reset(house.admin)
    assert house.network.acts(house.token) is None
    assert house.network.acts(mine) is not None
    secret = a_browser().secret
    with pytest.raises(SignInNeeded):
        waiting_sign_in(house.session, Anonymous(), secret, now=house.network.now)


def test_in_a_session_that_has_ended_nothing_is_proved_any_more(
    house: House, session: Session
) -> None:
    found = house.network.acts(house.token)
    assert found is not None
    house.reset(house.admin)
    with pytest.raises(SignInNeeded), transaction(session):
        add_proof(session, found, "passkey", now=house.network.now)  # type: ignore[arg-type]


def test_the_person_is_told_by_mail_and_the_audit_has_the_reason(house: House) -> None:
    house.reset(house.admin)
    (mail,) = house.network.mails()
    assert mail["to"] == "carl@agency.example"
    assert mail["template"] == "second_factor_reset"
    row = house.session.scalars(
        select(AuditRow).where(AuditRow.action == "second-factor:reset")
    ).one()
    assert (row.actor, row.agency_id) == (f"person:{house.admin.person_id}", house.id)
    assert (row.record_id, row.detail) == (house.worker.person_id, "lost")


def test_who_works_for_others_too_is_a_stewards_business(house: House) -> None:
    other = house.network.agency("Other")
    house.network.member(house.worker.person_id, other, CASE_MANAGER)
    with pytest.raises(Conflict, match="steward"):
        house.reset(house.admin)
    assert house.left() == 12
    house.reset_any(house.steward)
    assert house.left() == 0


def test_so_is_who_looks_after_the_network_too(house: House) -> None:
    house.network.member(house.worker.person_id, None, STEWARD)
    with pytest.raises(Conflict, match="steward"):
        house.reset(house.admin)


def test_nobody_does_it_for_themselves(house: House) -> None:
    house.give_all(house.admin)
    house.give_all(house.steward)
    with pytest.raises(NotPermitted, match="own"):
        house.reset(house.admin, house.admin)
    with pytest.raises(NotPermitted, match="own"):
        house.reset_any(house.steward, house.steward)
    assert house.left() == 36


def test_an_administrator_reaches_nobody_of_another_agency(house: House) -> None:
    other = house.network.agency("Other")
    stranger = house.network.person("Sam Stranger", other, ADMINISTRATOR)
    with pytest.raises(NotFound):
        house.reset(stranger)
    with pytest.raises(NotFound):
        house.reset(house.admin, stranger)
    with pytest.raises(NotFound):
        house.reset(house.admin, uuid4())
    assert house.left() == 12


@pytest.mark.parametrize("role", [role for role in Role if role is not ADMINISTRATOR])
def test_nobody_else_in_the_agency_may(house: House, role: Role) -> None:
    one = replace(house.admin, person_id=uuid4(), roles=frozenset({role}))
    with pytest.raises(NotPermitted):
        house.reset(one)
    if role is not STEWARD:
        with pytest.raises(NotPermitted):
            house.reset_any(one)
        with pytest.raises(NotPermitted):
            show_holder(house.session, one, house.worker.person_id, VAULT)
    with pytest.raises(SignInNeeded):
        house.reset_any(Anonymous())


def test_an_administrator_does_not_reach_everybody(house: House) -> None:
    with pytest.raises(NotPermitted):
        house.reset_any(house.admin)


def test_without_a_second_factor_there_is_nothing_to_reset(house: House) -> None:
    plain = house.network.person("Pia Plain", house.id, CASE_MANAGER)
    token = house.network.sign_in(plain.person_id, house.id)
    with pytest.raises(Conflict, match="no second step"):
        house.reset(house.admin, plain)
    assert house.network.acts(token) is not None
    assert house.network.mails() == []


def test_a_closed_account_stays_closed(house: House) -> None:
    house.session.get_one(Person, house.worker.person_id).disabled_at = house.network.now
    house.session.commit()
    with pytest.raises(NotFound):
        house.reset_any(house.steward)
    with pytest.raises(NotFound):
        show_holder(house.session, house.steward, house.worker.person_id, VAULT)


def test_the_operator_does_it_by_address(house: House) -> None:
    now = house.network.now + timedelta(minutes=1)
    reset_for_address(house.session, OPERATOR, "CARL@agency.example", LOST, VAULT, now=now)
    assert house.left() == 0
    with pytest.raises(NotFound):
        reset_for_address(house.session, OPERATOR, "x@agency.example", LOST, VAULT, now=now)


def test_a_steward_sees_a_name_and_nothing_else(house: House) -> None:
    holder = show_holder(house.session, house.steward, house.worker.person_id, VAULT)
    assert holder.name == "Carl Case"
    assert "@" not in str(holder)


def test_every_reason_has_words() -> None:
    assert set(MEANING) == set(ResetReason)
