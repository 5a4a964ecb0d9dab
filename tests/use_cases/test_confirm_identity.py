"""Proving anew who one is."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import SignInSession
from referral_hub.rules.errors import InvalidInput, TooManyTries
from referral_hub.rules.sign_in import is_proved
from referral_hub.use_cases.confirm_identity import (
    confirm_with_code,
    confirm_with_password,
    ways_to_confirm,
)
from referral_hub.use_cases.sessions import who_is
from tests.accounts import (
    PASSWORD,
    PASSWORDS,
    VAULT,
    a_browser,
    a_person,
    acting,
    an_app,
    refusals,
    sign_in,
)

LATER = timedelta(minutes=30)


def test_the_password_proves_it(session: Session, now: datetime) -> None:
    a_person(session)
    signed = sign_in(session)
    assert signed is not None
    person = who_is(session, signed.token, now=now + LATER)
    assert person is not None
    assert not is_proved(person.proved_at, now + LATER)
    confirm_with_password(session, person, PASSWORD, passwords=PASSWORDS, now=now + LATER)
    person = who_is(session, signed.token, now=now + LATER)
    assert person is not None
    assert is_proved(person.proved_at, now + LATER)


def test_a_wrong_one_proves_nothing_and_is_audited(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    with pytest.raises(InvalidInput):
        confirm_with_password(session, person, "wrong", passwords=PASSWORDS, now=now + LATER)
    assert session.scalars(select(SignInSession.proved_at)).one() == now
    assert refusals(session, "session:confirm") == 1


def test_a_code_proves_it_once_and_counts_as_second_factor_from_then_on(
    session: Session, now: datetime
) -> None:
    account = a_person(session)
    person = acting(session)
    totp = an_app(session, account)
    confirm_with_code(session, person, totp.at(now), vault=VAULT, now=now)
    assert session.scalars(select(SignInSession.methods)).one() == "pwd otp"
    with pytest.raises(InvalidInput):
        confirm_with_code(session, person, totp.at(now), vault=VAULT, now=now)


def test_tries_are_counted_in_the_session_alone(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            confirm_with_password(session, person, "wrong", passwords=PASSWORDS, now=now)
    with pytest.raises(TooManyTries):
        confirm_with_password(session, person, PASSWORD, passwords=PASSWORDS, now=now)
    assert sign_in(session, browser=a_browser("another")) is not None


def test_a_session_that_ended_meanwhile_proves_nothing(session: Session, now: datetime) -> None:
    a_person(session)
    person = acting(session)
    session.scalars(select(SignInSession)).one().ended_at = now
    session.commit()
    with pytest.raises(Exception, match="Sign in"):
        confirm_with_password(session, person, PASSWORD, passwords=PASSWORDS, now=now)


def test_only_ways_that_the_person_has_are_offered(session: Session, now: datetime) -> None:
    account = a_person(session)
    person = acting(session)
    ways = ways_to_confirm(session, person)
    assert (ways.password, ways.app, ways.passkey) == (True, False, False)
    an_app(session, account)
    account.password_hash = None
    session.commit()
    ways = ways_to_confirm(session, person)
    assert (ways.password, ways.app, ways.passkey) == (False, True, False)
