"""Signing in with a password and a second factor; and nobody can lock out anybody else."""

from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.gateways.passwords import Passwords
from referral_hub.models import AuditRow, OutboxMessage, Person, SignInAttempt, SignInSession
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import InvalidInput, SignInNeeded, TooManyTries
from referral_hub.rules.recovery import ResetReason
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.reset_second_factor import reset_for_address
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.sign_in import sign_in_with_code, sign_in_with_password, waiting_sign_in
from referral_hub.use_cases.steps.browsers import Browser, with_mark
from referral_hub.use_cases.steps.codes import renew_recovery_codes
from referral_hub.use_cases.steps.signing_in import SignedIn
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
    refusals,
    sign_in,
)
from tests.threads import at_once

QUARTER = timedelta(minutes=15)


def with_code(
    session: Session,
    code: str,
    browser: Browser | None = None,
    *,
    method: Method = Method.AUTHENTICATOR_APP,
    now: datetime,
) -> SignedIn:
    return sign_in_with_code(
        session, Anonymous(), method, code, browser or a_browser(), vault=VAULT, now=now
    )


def test_the_right_password_signs_in(session: Session, now: datetime) -> None:
    person = a_person(session)
    signed = sign_in(session, now=now)
    assert signed is not None
    assert signed.next_path == "/account"
    acting = who_is(session, signed.token, now=now)
    assert acting is not None
    assert acting.person_id == person.id
    assert acting.roles == {"case_manager"}
    row = session.scalars(select(AuditRow).where(AuditRow.action == "sign-in")).one()
    assert (row.actor, row.outcome, row.detail) == (f"person:{person.id}", "done", "pwd")


@pytest.mark.parametrize("email", [" ANA@example.ORG ", "ana@example.org"])
def test_an_address_counts_however_it_is_written(session: Session, email: str) -> None:
    a_person(session)
    assert sign_in(session, email) is not None


def test_wrong_password_unknown_and_closed_account_are_answered_alike(
    session: Session, now: datetime
) -> None:
    a_person(session)
    a_person(session, "closed@example.org").disabled_at = now
    a_person(session, "keyless@example.org", password=None)
    session.commit()
    answers = set()
    for email, password in (
        (EMAIL, "wrong"), ("nobody@example.org", PASSWORD), ("closed@example.org", PASSWORD),
        ("keyless@example.org", ""), ("keyless@example.org", PASSWORD), (EMAIL, PASSWORD + "\0"),
    ):  # fmt: skip
        with pytest.raises(InvalidInput) as raised:
            sign_in(session, email, password)
        answers.add((raised.value.message, str(raised.value.fields)))
    assert len(answers) == 1
    assert refusals(session, "sign-in") == 6
    assert session.scalars(select(SignInSession)).all() == []


def test_a_refusal_names_the_account_but_no_value_that_was_typed(session: Session) -> None:
    person = a_person(session)
    with pytest.raises(InvalidInput):
        sign_in(session, password="typed by mistake")
    row = session.scalars(select(AuditRow)).one()
    assert (row.actor, row.record_id, row.detail) == ("anonymous", person.id, "password")


def test_a_code_and_a_reset_at_once_never_wait_for_each_other(
    session: Session, engine: Engine, now: datetime
) -> None:
    people = []
    for number in range(24):
        email = f"ana{number}@example.org"
        person = a_person(session, email)
        code = an_app(session, person).at(now)
        desk = a_browser(f"desk {number}", f"203.0.113.{number}")
        assert sign_in(session, email, browser=desk) is None
        people.append((email, code, desk))
    session.rollback()

    def enter_or_reset(number: int) -> None:
        email, code, desk = people[number // 2]
        with Session(engine) as own:
            if number % 2:
                sign_in_with_code(
                    own, Anonymous(), Method.AUTHENTICATOR_APP, code, desk, vault=VAULT, now=now
                )
            else:
                reset_for_address(own, System(), email, ResetReason.LOST, VAULT, now=now)

    answers = at_once(2 * len(people), enter_or_reset)
    expected = InvalidInput | SignInNeeded | None
    assert [each for each in answers if not isinstance(each, expected)] == []
    assert answers[::2] == [None] * len(people)


def test_each_sign_in_is_a_new_session_and_ends_the_one_before(
    session: Session, now: datetime
) -> None:
    a_person(session)
    first = sign_in(session)
    assert first is not None
    acting = who_is(session, first.token, now=now)
    assert acting is not None
    second = sign_in_with_password(
        session, acting, EMAIL, PASSWORD, a_browser(), vault=VAULT, passwords=PASSWORDS, now=now
    )
    assert second is not None
    assert second.token != first.token
    assert who_is(session, first.token, now=now) is None
    assert who_is(session, second.token, now=now) is not None


def test_a_hash_with_older_parameters_is_renewed(session: Session) -> None:
    person = a_person(session)
    older = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)).hash(PASSWORD)
    person.password_hash = older
    session.commit()
    assert sign_in(session) is not None
    session.refresh(person)
    assert person.password_hash != older
    assert sign_in(session) is not None


def test_with_a_second_factor_a_password_alone_opens_nothing(
    session: Session, now: datetime
) -> None:
    an_app(session, a_person(session))
    assert sign_in(session) is None
    assert session.scalars(select(SignInSession)).all() == []
    waiting = waiting_sign_in(session, Anonymous(), a_browser().secret, now=now)
    assert (waiting.app, waiting.passkey, waiting.recovery_codes) == (True, False, False)


def test_a_code_completes_the_sign_in(session: Session, now: datetime) -> None:
    totp = an_app(session, a_person(session))
    sign_in(session)
    signed = with_code(session, totp.at(now), now=now)
    assert signed.next_path == "/account"
    held = session.scalars(select(SignInSession)).one()
    assert held.methods == "pwd otp"


def test_a_code_is_not_taken_twice(session: Session, now: datetime) -> None:
    totp = an_app(session, a_person(session))
    sign_in(session)
    with_code(session, totp.at(now), now=now)
    sign_in(session, browser=a_browser("thief"))
    with pytest.raises(InvalidInput, match="used already"):
        with_code(session, totp.at(now), a_browser("thief"), now=now)
    later = now + timedelta(seconds=30)
    assert with_code(session, totp.at(later), a_browser("thief"), now=later)


def test_of_many_uses_of_one_code_at_once_one_wins(
    session: Session, engine: Engine, now: datetime
) -> None:
    totp = an_app(session, a_person(session))
    for number in range(5):
        sign_in(session, browser=a_browser(f"desk {number}"))
    session.rollback()
    won = in_parallel(
        engine,
        lambda own, number: with_code(own, totp.at(now), a_browser(f"desk {number % 5}"), now=now),
    )
    assert won == 1
    assert len(session.scalars(select(SignInSession)).all()) == 1


def test_of_many_uses_of_one_recovery_code_at_once_one_wins(
    session: Session, engine: Engine, now: datetime
) -> None:
    person = a_person(session)
    an_app(session, person)
    with transaction(session):
        codes = renew_recovery_codes(session, person.id, now=now)
    browsers = [a_browser(f"desk {number}", known=marks_of(person)) for number in range(20)]
    for browser in browsers:
        sign_in(session, browser=browser)
    session.rollback()

    def use(own: Session, number: int) -> None:
        with_code(own, codes[0], browsers[number], method=Method.RECOVERY_CODE, now=now)

    assert in_parallel(engine, use) == 1
    assert len(session.scalars(select(SignInSession)).all()) == 1


def marks_of(person: Person) -> str:
    """The marks of a browser that the person has used before: it has tries of its own."""
    return with_mark(VAULT, person, "")


@pytest.mark.parametrize("typed", [str.upper, lambda code: code.replace("-", " ")])
def test_a_recovery_code_works_once_however_it_is_written(
    session: Session, typed: object, now: datetime
) -> None:
    person = a_person(session)
    an_app(session, person)
    with transaction(session):
        codes = renew_recovery_codes(session, person.id, now=now)
    assert len(set(codes)) == 10
    sign_in(session)
    code = typed(codes[3])  # type: ignore[operator]
    with_code(session, code, method=Method.RECOVERY_CODE, now=now)
    sign_in(session)
    with pytest.raises(InvalidInput):
        with_code(session, codes[3], method=Method.RECOVERY_CODE, now=now)


def test_a_recovery_code_is_no_code_of_the_app_and_none_of_another_person(
    session: Session, now: datetime
) -> None:
    ana, ben = a_person(session), a_person(session, "ben@example.org")
    for person in (ana, ben):
        an_app(session, person)
    with transaction(session):
        codes = renew_recovery_codes(session, ben.id, now=now)
    sign_in(session)
    for method in (Method.AUTHENTICATOR_APP, Method.RECOVERY_CODE):
        with pytest.raises(InvalidInput):
            with_code(session, codes[0], method=method, now=now)


def test_another_browser_cannot_complete_the_sign_in(session: Session, now: datetime) -> None:
    totp = an_app(session, a_person(session))
    sign_in(session)
    with pytest.raises(SignInNeeded):
        with_code(session, totp.at(now), a_browser("another"), now=now)


def test_the_second_step_must_come_within_ten_minutes(session: Session, now: datetime) -> None:
    totp = an_app(session, a_person(session))
    sign_in(session)
    late = now + timedelta(minutes=10)
    with pytest.raises(SignInNeeded):
        with_code(session, totp.at(late), now=late)


def test_an_account_closed_between_the_steps_stays_closed(session: Session, now: datetime) -> None:
    person = a_person(session)
    totp = an_app(session, person)
    sign_in(session)
    person.disabled_at = now
    session.commit()
    with pytest.raises(SignInNeeded):
        with_code(session, totp.at(now), now=now)


def test_nothing_is_under_way_after_a_sign_in(session: Session, now: datetime) -> None:
    totp = an_app(session, a_person(session))
    sign_in(session)
    with_code(session, totp.at(now), now=now)
    assert all(row.used_at for row in session.scalars(select(SignInAttempt)))
    with pytest.raises(SignInNeeded):
        waiting_sign_in(session, Anonymous(), a_browser().secret, now=now)


def fail(session: Session, times: int, email: str = EMAIL, **browser: str) -> None:
    for _ in range(times):
        with pytest.raises(InvalidInput):
            sign_in(session, email, "wrong", a_browser(**browser))


def test_the_sixth_try_from_one_place_has_to_wait(session: Session) -> None:
    a_person(session)
    fail(session, 5)
    with pytest.raises(TooManyTries) as raised:
        sign_in(session)
    assert 0 < raised.value.seconds <= 15 * 60 + 1
    assert "Wait" in raised.value.message


def test_after_the_wait_the_right_password_works(session: Session, now: datetime) -> None:
    a_person(session)
    fail(session, 5)
    assert sign_in(session, now=now + QUARTER) is not None


def test_an_unknown_account_has_as_many_tries_as_a_known_one(session: Session) -> None:
    fail(session, 5, "nobody@example.org")
    with pytest.raises(TooManyTries):
        sign_in(session, "nobody@example.org")


def test_a_locked_account_locks_no_other(session: Session) -> None:
    a_person(session)
    a_person(session, "ben@example.org")
    fail(session, 5)
    with pytest.raises(TooManyTries):
        sign_in(session)
    assert sign_in(session, "ben@example.org") is not None


def test_tries_from_elsewhere_do_not_lock_the_persons_own_browser(
    session: Session, now: datetime
) -> None:
    a_person(session)
    signed = sign_in(session, now=now)
    assert signed is not None
    for attacker in range(4):
        fail(session, 5, address=f"198.51.100.{attacker}")
    with pytest.raises(TooManyTries):
        sign_in(session, browser=a_browser("new", "198.51.100.99"))
    for _ in range(6):
        with pytest.raises((InvalidInput, TooManyTries)):
            sign_in(session, password="wrong", browser=a_browser())
    assert sign_in(session, browser=a_browser(known=signed.known)) is not None


def test_a_known_browser_may_not_guess_without_end_either(session: Session) -> None:
    a_person(session)
    signed = sign_in(session)
    assert signed is not None
    fail(session, 10, known=signed.known)
    with pytest.raises(TooManyTries):
        sign_in(session, browser=a_browser(known=signed.known))


def test_marks_of_one_person_count_for_no_other(session: Session) -> None:
    a_person(session)
    a_person(session, "ben@example.org")
    signed = sign_in(session)
    assert signed is not None
    fail(session, 5, "ben@example.org", known=signed.known)
    with pytest.raises(TooManyTries):
        sign_in(session, "ben@example.org", browser=a_browser(known=signed.known))


def test_made_up_marks_count_for_nothing(session: Session) -> None:
    a_person(session)
    fail(session, 5, known="x" * 43 + "." + "0" * 64)
    with pytest.raises(TooManyTries):
        sign_in(session, browser=a_browser(known="x" * 43 + "." + "0" * 64))


def test_one_address_may_not_try_all_accounts(session: Session) -> None:
    for number in range(50):
        fail(session, 1, f"person{number}@example.org")
    a_person(session)
    with pytest.raises(TooManyTries):
        sign_in(session)
    assert sign_in(session, browser=a_browser(address="203.0.113.6")) is not None


def test_right_passwords_use_up_no_tries(session: Session) -> None:
    a_person(session)
    for _ in range(7):
        assert sign_in(session) is not None


def test_the_first_try_too_many_is_audited_and_the_flood_after_it_is_not(session: Session) -> None:
    a_person(session)
    fail(session, 5)
    for _ in range(4):
        with pytest.raises(TooManyTries):
            sign_in(session)
    details = session.scalars(select(AuditRow.detail).where(AuditRow.outcome == "refused")).all()
    assert details.count("too many tries") == 1


def test_codes_cannot_be_guessed_with_a_known_password(session: Session, now: datetime) -> None:
    totp = an_app(session, a_person(session))
    for number in range(5):
        browser = a_browser(f"thief {number}", f"198.51.100.{number}")
        sign_in(session, browser=browser)
        with pytest.raises(InvalidInput):
            with_code(session, "000000", browser, now=now)
    sign_in(session, browser=a_browser("thief"))
    with pytest.raises(TooManyTries):
        with_code(session, totp.at(now), a_browser("thief"), now=now)


def test_a_sign_in_from_a_new_browser_is_told_by_mail(session: Session) -> None:
    a_person(session)
    first = sign_in(session)
    assert first is not None
    assert session.scalars(select(OutboxMessage)).all() == []
    sign_in(session, browser=a_browser(known=first.known))
    assert session.scalars(select(OutboxMessage)).all() == []
    sign_in(session, browser=a_browser("another"))
    assert len(session.scalars(select(OutboxMessage)).all()) == 1
