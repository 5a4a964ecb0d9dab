"""Authenticator app and recovery codes; and who must have one."""

from dataclasses import replace
from datetime import datetime

import pytest
from pyotp import TOTP
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import (
    AuditRow,
    AuthenticatorApp,
    NetworkSetting,
    OutboxMessage,
    Passkey,
    RecoveryCode,
    SignInSession,
)
from referral_hub.rules.actor import Anonymous, Person, System
from referral_hub.rules.errors import (
    Conflict,
    InvalidInput,
    NotPermitted,
    SignInNeeded,
)
from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.rules.roles import Role
from referral_hub.use_cases.account import show_security
from referral_hub.use_cases.second_factors import (
    app_to_confirm,
    begin_app,
    confirm_app,
    new_recovery_codes,
    remove_app,
)
from referral_hub.use_cases.sessions import who_is
from tests.accounts import VAULT, a_browser, a_person, acting, an_app, sign_in
from tests.network import Network


def set_up(session: Session, person: Person, now: datetime) -> tuple[TOTP, tuple[str, ...]]:
    begin_app(session, person, vault=VAULT, now=now)
    setup = app_to_confirm(session, person, vault=VAULT)
    assert setup is not None
    totp = TOTP(setup.key.replace(" ", ""))
    return totp, confirm_app(session, person, totp.at(now), vault=VAULT, now=now)


def count(session: Session, table: type) -> int:
    return session.execute(select(func.count()).select_from(table)).scalar_one()


def decide(session: Session, roles: list[str], now: datetime) -> None:
    """Let the network ask these roles for a second factor."""
    session.add(
        NetworkSetting(name="second_factor_roles", value=roles, changed_by="test", changed_at=now)
    )
    session.commit()


def test_an_app_counts_once_a_code_of_it_was_typed(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    begin_app(session, person, vault=VAULT, now=now)
    assert not show_security(session, person).has_second_factor
    assert sign_in(session) is not None
    with pytest.raises(InvalidInput):
        confirm_app(session, person, "000000", vault=VAULT, now=now)
    person = acting(session)
    _, codes = set_up(session, person, now)
    assert len(set(codes)) == 10
    assert show_security(session, person).codes_left == 10
    assert sign_in(session) is None


def test_the_first_one_ends_what_began_with_a_password_alone(
    session: Session, now: datetime
) -> None:
    a_person(session)
    older, here = sign_in(session, browser=a_browser("elsewhere")), sign_in(session)
    assert older is not None
    assert here is not None
    person = who_is(session, here.token, now=now)
    assert person is not None
    set_up(session, person, now)
    assert who_is(session, here.token, now=now) is not None
    assert who_is(session, older.token, now=now) is None


def test_the_secret_is_sealed_and_shown_only_until_it_is_confirmed(
    session: Session, now: datetime
) -> None:
    a_person(session)
    person = acting(session)
    totp, codes = set_up(session, person, now)
    app = session.scalars(select(AuthenticatorApp)).one()
    assert totp.secret.encode() not in app.secret_sealed
    assert app_to_confirm(session, person, vault=VAULT) is None
    hashes = session.scalars(select(RecoveryCode.code_hash)).all()
    assert not any(code.encode() in kept for code in codes for kept in hashes)


def test_the_code_that_confirmed_the_app_signs_nobody_in(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    set_up(session, person, now)
    app = session.scalars(select(AuthenticatorApp)).one()
    assert app.last_step == int(now.timestamp()) // 30


def test_an_app_that_counts_is_not_replaced_without_being_removed(
    session: Session, now: datetime
) -> None:
    a_person(session)
    person = acting(session)
    set_up(session, person, now)
    with pytest.raises(Conflict):
        begin_app(session, person, vault=VAULT, now=now)
    with pytest.raises(Conflict):
        confirm_app(session, person, "000000", vault=VAULT, now=now)
    remove_app(session, person, vault=VAULT, now=now)
    set_up(session, person, now)


def test_with_the_last_second_factor_the_recovery_codes_go(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    set_up(session, person, now)
    remove_app(session, person, vault=VAULT, now=now)
    assert count(session, RecoveryCode) == 0
    assert sign_in(session) is not None
    with pytest.raises(Conflict):
        new_recovery_codes(session, person, vault=VAULT, now=now)


def test_with_the_last_second_factor_goes_what_rested_on_it(
    session: Session, now: datetime
) -> None:
    a_person(session, roles=(Role.AGENCY_ADMINISTRATOR,))
    here = sign_in(session)
    assert here is not None
    person = who_is(session, here.token, now=now)
    assert person is not None
    set_up(session, person, now)
    network = Network(session)
    elsewhere = network.sign_in(person.person_id, person.agency_id)
    token = network.token(
        network.application(network.agency()), person.person_id, person.agency_id,
        session_id=person.session_id,
    )  # fmt: skip
    remove_app(session, person, vault=VAULT, now=now)
    assert network.acts(elsewhere) is None
    assert network.revoked(token)
    still = network.acts(here.token)
    assert still is not None
    assert still.second_factor_missing
    assert still.roles == frozenset()


def test_without_the_app_a_passkey_is_still_a_second_factor(
    session: Session, now: datetime
) -> None:
    a_person(session)
    person = acting(session)
    set_up(session, person, now)
    session.add(
        Passkey(
            person_id=person.person_id, credential_id=b"1", public_key=b"1", name="Phone",
            created_at=now,
        )
    )  # fmt: skip
    network = Network(session)
    elsewhere = network.sign_in(person.person_id, person.agency_id)
    remove_app(session, person, vault=VAULT, now=now)
    assert network.acts(elsewhere) is not None
    assert count(session, RecoveryCode) == 10


def test_giving_up_the_setting_up_of_an_app_ends_nothing(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    network = Network(session)
    elsewhere = network.sign_in(person.person_id, person.agency_id)
    begin_app(session, person, vault=VAULT, now=now)
    for _ in range(2):
        remove_app(session, person, vault=VAULT, now=now)
    assert network.acts(elsewhere) is not None


def test_new_recovery_codes_make_the_old_ones_void(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    _, old = set_up(session, person, now)
    new = new_recovery_codes(session, person, vault=VAULT, now=now)
    assert not set(old) & set(new)
    assert count(session, RecoveryCode) == 10


@pytest.mark.parametrize(
    ("actor", "error"), [(Anonymous(), SignInNeeded), (System(), NotPermitted)]
)
def test_only_people_have_second_factors(
    session: Session, actor: Anonymous | System, error: type[Exception], now: datetime
) -> None:
    with pytest.raises(error):
        begin_app(session, actor, vault=VAULT, now=now)


def test_every_change_is_audited_and_told_by_mail(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    set_up(session, person, now)
    new_recovery_codes(session, person, vault=VAULT, now=now)
    remove_app(session, person, vault=VAULT, now=now)
    actions = session.scalars(select(AuditRow.action).order_by(AuditRow.id)).all()
    assert actions == [
        "sign-in", "authenticator-app:begin", "authenticator-app:add", "recovery-codes:renew",
        "authenticator-app:remove",
    ]  # fmt: skip
    assert count(session, OutboxMessage) == 3


@pytest.mark.parametrize("role", [Role.AGENCY_ADMINISTRATOR, Role.NETWORK_STEWARD])
def test_a_role_that_needs_a_second_factor_counts_for_nothing_without_one(
    session: Session, role: Role, now: datetime
) -> None:
    a_person(session, roles=(role, Role.SUPERVISOR) if role != Role.NETWORK_STEWARD else (role,))
    person = acting(session)
    assert person.second_factor_missing
    assert person.roles == frozenset()
    allowed = {permission for permission in Permission if is_allowed(person, permission)}
    assert allowed == {
        Permission.DIRECTORY_SEARCH, Permission.DIRECTORY_READ, Permission.SIGN_IN,
        Permission.ACCOUNT_USE, Permission.DEMO_MAIL_READ, Permission.REFUSAL_NOTE,
        Permission.NOTICE_READ, Permission.READINESS_READ, Permission.CORRECTION_PROPOSE,
    }  # fmt: skip


def test_setting_one_up_gives_the_role_back_in_the_same_session(
    session: Session, now: datetime
) -> None:
    a_person(session, roles=(Role.AGENCY_ADMINISTRATOR,))
    signed = sign_in(session)
    assert signed is not None
    person = who_is(session, signed.token, now=now)
    assert person is not None
    set_up(session, person, now)
    person = who_is(session, signed.token, now=now)
    assert person is not None
    assert person.roles == {"agency_administrator"}
    assert not person.second_factor_missing


def test_a_role_given_later_counts_only_with_a_second_factor(
    session: Session, now: datetime
) -> None:
    person = a_person(session)
    signed = sign_in(session)
    assert signed is not None
    decide(session, ["case_manager"], now)
    found = who_is(session, signed.token, now=now)
    assert found is not None
    assert found.second_factor_missing
    an_app(session, person)
    found = who_is(session, signed.token, now=now)
    assert found is not None
    assert found.second_factor_missing, "to have one is not enough: it must have been used"
    held = session.scalars(select(SignInSession)).one()
    held.methods = "pwd otp"
    session.commit()
    found = who_is(session, signed.token, now=now)
    assert found is not None
    assert not found.second_factor_missing


def test_a_network_may_ask_nobody_for_one(session: Session, now: datetime) -> None:
    decide(session, [], now)
    a_person(session, roles=(Role.AGENCY_ADMINISTRATOR,))
    assert acting(session).roles == {"agency_administrator"}


def test_what_one_person_sets_up_is_not_anothers(session: Session, now: datetime) -> None:
    a_person(session)
    a_person(session, "ben@example.org")
    set_up(session, acting(session), now)
    ben = acting(session, "ben@example.org")
    assert app_to_confirm(session, ben, vault=VAULT) is None
    remove_app(session, ben, vault=VAULT, now=now)
    assert count(session, AuthenticatorApp) == 1
    assert not show_security(session, replace(ben)).has_second_factor
