"""Signing in with a password and, where there is one, a second factor.

Between the two steps nobody is signed in: what the browser has then opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passwords import Passwords
from referral_hub.models import Person, SignInAttempt
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput, SignInNeeded
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.sign_in import AttemptKind, Method
from referral_hub.use_cases.steps.attempts import add_attempt, open_attempt, use_attempt
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.codes import codes_left, take_code
from referral_hub.use_cases.steps.people import person_with_email
from referral_hub.use_cases.steps.second_factor import has_app, has_passkey, has_second_factor
from referral_hub.use_cases.steps.sign_in_tries import (
    code_tries,
    give_all_back,
    password_tries,
    spend_all,
)
from referral_hub.use_cases.steps.signing_in import SIGN_IN, SignedIn, add_refusal, add_sign_in
from referral_hub.use_cases.transaction import transaction

WRONG_PASSWORD = "The e-mail address or the password is not right."  # noqa: S105 a sentence
TOO_LATE = "This took too long, or was finished elsewhere. Start again."
WRONG_CODE = {
    Method.AUTHENTICATOR_APP: "This code is not right, or was used already. Wait for the next one.",
    Method.RECOVERY_CODE: "This recovery code is not right, or was used already.",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A sign-in that waits for its second factor, and which ones the person has."""

    app: bool
    passkey: bool
    recovery_codes: bool


def sign_in_with_password(
    session: Session,
    actor: Actor,
    email: str,
    password: str,
    browser: Browser,
    next_path: str | None = None,
    *,
    vault: Vault,
    passwords: Passwords,
    now: datetime,
) -> SignedIn | None:
    """Sign in; None where a second factor is still asked for, which this browser then waits for.

    Raises InvalidInput, the same for an unknown account, a disabled one and a wrong password.
    """
    require(actor, Permission.SIGN_IN)
    known = person_with_email(session, vault, email)
    person_id, stored = (known.id, known.password_hash) if known else (None, None)
    tries = password_tries(vault, email, known, browser)
    spend_all(session, actor, SIGN_IN, tries, now=now)
    is_right = passwords.matches(stored, password)
    fresh = passwords.hash(password) if is_right and passwords.is_outdated(stored or "") else stored
    with transaction(session):
        person = session.get(Person, person_id, with_for_update=True) if person_id else None
        if person is None or not is_right or not _has_password(person, stored):
            add_refusal(session, actor, person, "password", now=now)
            person = None
        else:
            person.password_hash = fresh
            give_all_back(session, tries, now=now)
            if not has_second_factor(session, person.id):
                return add_sign_in(
                    session, actor, person, (Method.PASSWORD,), browser, next_path,
                    vault=vault, now=now,
                )  # fmt: skip
            add_attempt(
                session, AttemptKind.SECOND_FACTOR, browser.secret,
                person_id=person.id, next_path=next_path, now=now,
            )  # fmt: skip
    if person is None:
        raise InvalidInput(WRONG_PASSWORD, {"password": WRONG_PASSWORD})
    return None


def waiting_sign_in(
    session: Session, actor: Actor, browser_secret: str, *, now: datetime
) -> Waiting:
    """What a sign-in in this browser waits for. Raises SignInNeeded when there is none."""
    require(actor, Permission.SIGN_IN)
    _, person = _waiting(session, browser_secret, now)
    return Waiting(
        has_app(session, person.id),
        has_passkey(session, person.id),
        codes_left(session, person.id) > 0,
    )


def sign_in_with_code(
    session: Session,
    actor: Actor,
    method: Method,
    code: str,
    browser: Browser,
    *,
    vault: Vault,
    now: datetime,
) -> SignedIn:
    """Complete the sign-in that waits in this browser, with a code of one of the two kinds.

    Raises SignInNeeded where none waits, and InvalidInput for a code that is wrong or was used.
    """
    require(actor, Permission.SIGN_IN)
    _, person = _waiting(session, browser.secret, now)
    tries = code_tries(vault, person, browser)
    spend_all(session, actor, SIGN_IN, tries, now=now)
    signed: SignedIn | None = None
    with transaction(session):
        attempt, person = _waiting(session, browser.secret, now)
        # As all who end sign-ins under way do: else the two would wait for each other.
        session.refresh(person, with_for_update=True)
        if take_code(session, vault, person.id, method, code, now=now):
            if not use_attempt(session, attempt, now=now):
                raise SignInNeeded(TOO_LATE)
            give_all_back(session, tries, now=now)
            signed = add_sign_in(
                session, actor, person, (Method.PASSWORD, method), browser, attempt.next_path,
                vault=vault, now=now,
            )  # fmt: skip
        else:
            add_refusal(session, actor, person, method, now=now)
    if signed is None:
        raise InvalidInput(WRONG_CODE[method], {"code": WRONG_CODE[method]})
    return signed


def _waiting(session: Session, browser_secret: str, now: datetime) -> tuple[SignInAttempt, Person]:
    attempt = open_attempt(session, AttemptKind.SECOND_FACTOR, browser_secret, now=now)
    person = session.get(Person, attempt.person_id) if attempt else None
    if attempt is None or person is None or person.disabled_at is not None:
        raise SignInNeeded(TOO_LATE)
    return attempt, person


def _has_password(person: Person, stored: str | None) -> bool:
    """Whether the account is open, with the password that was compared."""
    return person.disabled_at is None and person.password_hash == stored
