"""Changing one's own password."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import OneTimeLink, Token
from referral_hub.rules.actor import Actor, Anonymous
from referral_hub.rules.errors import InvalidInput, SignInNeeded
from referral_hub.use_cases.change_password import change_password
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.sign_in import waiting_sign_in
from tests.accounts import (
    PASSWORD,
    PASSWORDS,
    VAULT,
    a_browser,
    a_person,
    acting,
    an_app,
    sign_in,
)
from tests.use_cases.test_reset_password import ask, hold_token

NEW = "seven lamps by the sea"


def change(session: Session, actor: Actor, password: str = NEW, *, now: datetime) -> str:
    return change_password(
        session, actor, password, a_browser(), vault=VAULT, passwords=PASSWORDS, now=now
    )


def test_the_new_password_counts_and_other_browsers_are_signed_out(
    session: Session, now: datetime
) -> None:
    a_person(session)
    here, elsewhere = sign_in(session), sign_in(session, browser=a_browser("elsewhere"))
    assert here is not None
    assert elsewhere is not None
    person = who_is(session, here.token, now=now)
    assert person is not None
    change(session, person, now=now)
    assert who_is(session, here.token, now=now) is not None
    assert who_is(session, elsewhere.token, now=now) is None
    assert sign_in(session, password=NEW) is not None
    with pytest.raises(InvalidInput):
        sign_in(session, password=PASSWORD)


def test_it_needs_somebody_signed_in(session: Session, now: datetime) -> None:
    a_person(session)
    with pytest.raises(SignInNeeded):
        change(session, Anonymous(), now=now)


@pytest.mark.parametrize("password", ["short", "Ana Gomez 2026", "qwertyuiop12"])
def test_a_weak_one_is_refused_with_the_reason(
    session: Session, password: str, now: datetime
) -> None:
    a_person(session)
    with pytest.raises(InvalidInput) as raised:
        change(session, acting(session), password, now=now)
    assert set(raised.value.fields) == {"password"}
    assert sign_in(session) is not None


def test_links_and_sign_ins_under_way_and_tokens_end_too(session: Session, now: datetime) -> None:
    person = a_person(session)
    me = acting(session)
    hold_token(session, person, now)
    an_app(session, person)
    assert sign_in(session, browser=a_browser("elsewhere")) is None
    ask(session, now=now)
    change(session, me, now=now)
    assert session.scalars(select(Token.revoked_at)).all() == [now]
    assert session.scalars(select(OneTimeLink.used_at)).all() == [now]
    with pytest.raises(SignInNeeded):
        waiting_sign_in(session, Anonymous(), a_browser("elsewhere").secret, now=now)
