"""A new password by a one-time link."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import sleep
from uuid import uuid4

import pytest
from authlib.oauth2.rfc6749 import InvalidGrantError
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from referral_hub.auth.tokens import redeem
from referral_hub.models import (
    Application,
    ApplicationGrant,
    AuditRow,
    AuthorizationCode,
    OneTimeLink,
    OutboxMessage,
    Person,
    SignInSession,
    Token,
)
from referral_hub.rules.actor import Anonymous
from referral_hub.rules.applications import ApplicationStatus, ClientAuthentication, TokenKind
from referral_hub.rules.errors import InvalidInput, SignInNeeded, TooManyTries
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.reset_password import ask_for_reset, reset_password
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.sign_in import sign_in_with_code
from referral_hub.use_cases.transaction import transaction
from tests.accounts import (
    EMAIL,
    PASSWORD,
    PASSWORDS,
    VAULT,
    a_browser,
    a_person,
    an_app,
    in_parallel,
    mails,
    refusals,
    sign_in,
)

NEW = "seven lamps by the sea"


def ask(
    session: Session, email: str = EMAIL, *, address: str = "203.0.113.5", now: datetime
) -> None:
    ask_for_reset(session, Anonymous(), email, a_browser(address=address), vault=VAULT, now=now)


def set_new(session: Session, token: str, password: str = NEW, *, now: datetime) -> str:
    return reset_password(
        session, Anonymous(), token, password, a_browser(),
        vault=VAULT, passwords=PASSWORDS, now=now,
    )  # fmt: skip


def token_of(session: Session, at: int = -1) -> str:
    return [mail for mail in mails(session) if "#" in mail["link"]][at]["link"].partition("#")[2]


def test_the_link_sets_a_new_password(session: Session, now: datetime) -> None:
    a_person(session)
    ask(session, now=now)
    assert mails(session)[0]["to"] == EMAIL
    assert mails(session)[0]["link"].startswith("/set-password#")
    set_new(session, token_of(session), now=now)
    assert sign_in(session, password=NEW) is not None
    with pytest.raises(InvalidInput):
        sign_in(session, password=PASSWORD)


def test_only_the_hash_of_the_link_is_kept(session: Session, now: datetime) -> None:
    a_person(session)
    ask(session, now=now)
    link = session.scalars(select(OneTimeLink)).one()
    assert token_of(session).encode() not in link.token_hash
    assert token_of(session) not in str(session.scalars(select(OutboxMessage)).one().payload)


def test_for_an_unknown_or_a_closed_account_nothing_is_sent_and_nobody_is_told(
    session: Session, now: datetime
) -> None:
    a_person(session, "closed@example.org").disabled_at = now
    session.commit()
    for email in ("nobody@example.org", "closed@example.org"):
        ask(session, email, now=now)
    assert mails(session) == []
    assert refusals(session, "password:ask-reset") == 2


def test_the_link_works_once(session: Session, now: datetime) -> None:
    a_person(session)
    ask(session, now=now)
    token = token_of(session)
    set_new(session, token, now=now)
    with pytest.raises(InvalidInput, match="used already"):
        set_new(session, token, now=now)
    assert refusals(session, "password:reset") == 1


def test_of_many_uses_of_one_link_at_once_one_wins(
    session: Session, engine: Engine, now: datetime
) -> None:
    a_person(session)
    ask(session, now=now)
    token = token_of(session)
    session.rollback()
    won = in_parallel(engine, lambda own, number: set_new(own, token, f"{NEW} {number}", now=now))
    assert won == 1
    done = select(AuditRow).where(AuditRow.action == "password:reset", AuditRow.outcome == "done")
    assert len(session.scalars(done).all()) == 1


def test_the_link_is_good_for_an_hour(session: Session, now: datetime) -> None:
    a_person(session)
    ask(session, now=now)
    with pytest.raises(InvalidInput):
        set_new(session, token_of(session), now=now + timedelta(hours=1))
    set_new(session, token_of(session), now=now + timedelta(minutes=59))


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "\udcff"])
def test_a_made_up_link_sets_nothing(session: Session, token: str, now: datetime) -> None:
    a_person(session)
    with pytest.raises(InvalidInput) as raised:
        set_new(session, token, now=now)
    assert "token" in raised.value.fields


def test_a_password_that_is_refused_leaves_the_link_good(session: Session, now: datetime) -> None:
    a_person(session)
    ask(session, now=now)
    for password in ("short", "password1234", "Ana Gomez 2026"):
        with pytest.raises(InvalidInput) as raised:
            set_new(session, token_of(session), password, now=now)
        assert "password" in raised.value.fields
    set_new(session, token_of(session), now=now)


def test_a_new_password_makes_other_links_void(session: Session, now: datetime) -> None:
    a_person(session)
    ask(session, now=now)
    first = token_of(session)
    ask(session, now=now + timedelta(seconds=1))
    set_new(session, token_of(session), now=now)
    with pytest.raises(InvalidInput):
        set_new(session, first, now=now)


def test_a_closed_account_cannot_be_opened_by_a_link(session: Session, now: datetime) -> None:
    person = a_person(session)
    ask(session, now=now)
    person.disabled_at = now
    session.commit()
    with pytest.raises(InvalidInput):
        set_new(session, token_of(session), now=now)


def test_a_new_password_ends_all_sessions_and_what_applications_hold(
    session: Session, now: datetime
) -> None:
    person, other = a_person(session), a_person(session, "ben@example.org")
    signed = sign_in(session)
    assert signed is not None
    for somebody in (person, other):
        hold_token(session, somebody, now)
    ask(session, now=now)
    set_new(session, token_of(session), now=now)
    assert who_is(session, signed.token, now=now) is None
    held = {
        grant.person_id: token.revoked_at is None
        for token, grant in session.execute(
            select(Token, ApplicationGrant).join(
                ApplicationGrant, ApplicationGrant.id == Token.grant_id
            )
        )
    }
    assert held == {person.id: False, other.id: True}
    codes = session.scalars(select(AuthorizationCode)).all()
    assert sorted(code.expires_at > now for code in codes) == [False, True]
    assert [code.used_at for code in codes] == [None, None]


def hold_token(session: Session, person: Person, now: datetime) -> None:
    """An application holds a code and a token in the person's name."""
    held = session.scalars(select(SignInSession)).first()
    assert held is not None
    agency = held.agency_id
    assert agency is not None
    application = Application(
        client_id=str(uuid4()), agency_id=agency, name="App", purpose="Test",
        status=ApplicationStatus.APPROVED, authentication=ClientAuthentication.NONE,
        redirect_uris=[], logout_uris=[], grants=[], scopes=[], id_token_algorithm="RS256",
        registered_by="test", registered_at=now,
    )  # fmt: skip
    session.add(application)
    session.flush()
    grant = ApplicationGrant(
        application_id=application.id, person_id=person.id, agency_id=agency, scopes=[],
        granted_at=now,
    )  # fmt: skip
    session.add(grant)
    session.flush()
    family = uuid4()
    session.add_all([
        Token(
            token_hash=uuid4().bytes, kind=TokenKind.ACCESS, family=family,
            application_id=application.id, grant_id=grant.id, scopes=[], issued_at=now,
            expires_at=now + timedelta(hours=1), family_expires_at=now + timedelta(days=1),
        ),
        AuthorizationCode(
            code_hash=uuid4().bytes, family=family, application_id=application.id,
            grant_id=grant.id, session_id=held.id, redirect_uri="", scopes=[], challenge="",
            issued_at=now, expires_at=now + timedelta(minutes=1),
        ),
    ])  # fmt: skip
    session.commit()


def lock_out(session: Session, email: str = EMAIL) -> None:
    """Use up all tries of an account, from many addresses."""
    for number in range(20):
        with pytest.raises(InvalidInput):
            sign_in(session, email, "wrong", a_browser(address=f"198.51.{number}.1"))


def test_a_new_password_ends_the_lock_out_in_every_other_browser_too(
    session: Session, now: datetime
) -> None:
    a_person(session)
    lock_out(session)
    third = a_browser("third", address="192.0.2.9")
    with pytest.raises(TooManyTries):
        sign_in(session, browser=third)
    ask(session, now=now)
    set_new(session, token_of(session), now=now + timedelta(seconds=1))
    assert sign_in(session, password=NEW, browser=third) is not None
    assert sign_in(session, password=NEW, browser=a_browser(address="198.51.3.1")) is not None


def test_the_new_password_of_one_ends_no_lock_out_of_another(
    session: Session, now: datetime
) -> None:
    a_person(session)
    a_person(session, "ben@example.org")
    lock_out(session, "ben@example.org")
    ask(session, now=now)
    set_new(session, token_of(session), now=now + timedelta(seconds=1))
    with pytest.raises(TooManyTries):
        sign_in(session, "ben@example.org", browser=a_browser(address="192.0.2.9"))


def test_tries_at_a_new_password_count_as_those_before_it_did(
    session: Session, now: datetime
) -> None:
    a_person(session)
    ask(session, now=now)
    set_new(session, token_of(session), now=now + timedelta(seconds=1))
    lock_out(session)
    with pytest.raises(TooManyTries):
        sign_in(session, password=NEW, browser=a_browser(address="192.0.2.9"))


def test_whoever_reads_the_mail_may_try_though_others_used_up_all_tries(
    session: Session, now: datetime
) -> None:
    a_person(session)
    for _ in range(5):
        with pytest.raises(InvalidInput):
            sign_in(session, password="wrong")
    ask(session, now=now)
    marks = set_new(session, token_of(session), now=now)
    assert sign_in(session, password=NEW, browser=a_browser(known=marks)) is not None


def test_a_new_password_makes_the_marks_of_other_browsers_void(
    session: Session, now: datetime
) -> None:
    a_person(session)
    thief = sign_in(session)
    assert thief is not None
    ask(session, now=now)
    set_new(session, token_of(session), now=now + timedelta(minutes=1))
    for _ in range(5):
        with pytest.raises(InvalidInput):
            sign_in(session, password="wrong", browser=a_browser(known=thief.known))
    with pytest.raises(TooManyTries):
        sign_in(session, password="wrong", browser=a_browser(known=thief.known))


def test_a_mailbox_is_not_flooded_and_the_answer_stays_the_same(
    session: Session, now: datetime
) -> None:
    a_person(session)
    for number in range(6):
        ask(session, address=f"198.51.100.{number}", now=now)
    assert len(mails(session)) == 3


def test_one_address_may_not_ask_for_everybody(session: Session, now: datetime) -> None:
    for number in range(10):
        ask(session, f"person{number}@example.org", now=now)
    with pytest.raises(TooManyTries):
        ask(session, now=now)
    ask(session, address="203.0.113.6", now=now)


def test_the_new_password_is_told_by_mail(session: Session, now: datetime) -> None:
    a_person(session)
    ask(session, now=now)
    set_new(session, token_of(session), now=now)
    assert sorted(mail["link"].partition("#")[0] for mail in mails(session)) == [
        "/forgot-password", "/set-password",
    ]  # fmt: skip


def test_a_sign_in_that_waits_for_its_code_ends_with_the_old_password(
    session: Session, now: datetime
) -> None:
    totp = an_app(session, a_person(session))
    assert sign_in(session) is None
    ask(session, now=now)
    set_new(session, token_of(session), now=now)
    with pytest.raises(SignInNeeded):
        sign_in_with_code(
            session, Anonymous(), Method.AUTHENTICATOR_APP, totp.at(now), a_browser(),
            vault=VAULT, now=now,
        )  # fmt: skip


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)  # SQLite writes in turn
def test_a_token_made_while_the_password_is_reset_ends_with_the_others(
    session: Session, engine: Engine, now: datetime
) -> None:
    person = a_person(session)
    sign_in(session)
    hold_token(session, person, now)
    ask(session, now=now)
    link = token_of(session)
    old = session.scalars(select(Token)).one()
    with Session(engine) as renewing, Session(engine) as own, ThreadPoolExecutor(1) as pool:
        with transaction(renewing):
            redeem(renewing, renewing.get_one(Token, old.id), now)
            renewing.add(
                Token(
                    token_hash=uuid4().bytes, kind=TokenKind.ACCESS, family=old.family,
                    application_id=old.application_id, grant_id=old.grant_id, scopes=[],
                    issued_at=now, expires_at=old.expires_at, family_expires_at=old.expires_at,
                )
            )  # fmt: skip
            renewing.flush()
            resetting = pool.submit(set_new, own, link, now=now)
            wait_for_a_lock(session)
        resetting.result()
    session.rollback()
    assert [row.revoked_at is None for row in session.scalars(select(Token))] == [False, False]


def wait_for_a_lock(session: Session) -> None:
    """Until somebody waits for what another transaction holds."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    for _ in range(200):
        if session.scalar(waiting):
            return
        session.rollback()
        sleep(0.02)
    pytest.fail("Nobody waits.")


@pytest.mark.parametrize("model", [Token, AuthorizationCode])
def test_what_was_ended_is_too_late_and_no_reuse(
    session: Session, now: datetime, model: type[Token] | type[AuthorizationCode]
) -> None:
    person = a_person(session)
    sign_in(session)
    hold_token(session, person, now)
    ask(session, now=now)
    set_new(session, token_of(session), now=now)
    with pytest.raises(InvalidGrantError), transaction(session):
        redeem(session, session.scalars(select(model)).one(), now)
