"""Proving anew who one is, before a sensitive act in a session."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passwords import Passwords
from referral_hub.models import Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.codes import take_app_code
from referral_hub.use_cases.steps.own_session import add_proof, person_of
from referral_hub.use_cases.steps.second_factor import has_app, has_passkey
from referral_hub.use_cases.steps.sign_in_tries import CONFIRM, Try, give_all_back, spend_all
from referral_hub.use_cases.transaction import transaction

CONFIRMING = "session:confirm"
WRONG = {
    Method.PASSWORD: ("password", "This is not your password."),
    Method.AUTHENTICATOR_APP: ("code", "This code is not right, or was used already."),
}


@dataclass(frozen=True, slots=True)
class Proofs:
    """By what a person can prove who they are."""

    password: bool
    app: bool
    passkey: bool


def ways_to_confirm(session: Session, actor: Actor) -> Proofs:
    """By what the person who asks can prove who they are."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    account = session.get(Person, person.person_id)
    return Proofs(
        account is not None and account.password_hash is not None,
        has_app(session, person.person_id),
        has_passkey(session, person.person_id),
    )


def confirm_with_password(
    session: Session, actor: Actor, password: str, *, passwords: Passwords, now: datetime
) -> None:
    """Prove who one is with the password. Raises InvalidInput for a wrong one."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    tries = _spend(session, person, now)
    account = session.get(Person, person.person_id)
    is_right = passwords.matches(account.password_hash if account else None, password)
    with transaction(session):
        _conclude(session, person, Method.PASSWORD, is_right, tries, now)
    _require_right(is_right, Method.PASSWORD)


def confirm_with_code(
    session: Session, actor: Actor, code: str, *, vault: Vault, now: datetime
) -> None:
    """Prove who one is with a code of the authenticator app. Raises InvalidInput."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    tries = _spend(session, person, now)
    with transaction(session):
        session.get(Person, person.person_id, with_for_update=True)
        is_right = take_app_code(session, vault, person.person_id, code, now=now)
        _conclude(session, person, Method.AUTHENTICATOR_APP, is_right, tries, now)
    _require_right(is_right, Method.AUTHENTICATOR_APP)


def _spend(session: Session, person: PersonActing, now: datetime) -> tuple[Try, ...]:
    """Tries count in the session alone: who holds it cannot lock the person out elsewhere."""
    tries = (Try(CONFIRM, str(person.session_id)),)
    spend_all(session, person, CONFIRMING, tries, now=now)
    return tries


def _conclude(
    session: Session,
    person: PersonActing,
    method: Method,
    is_right: bool,
    tries: tuple[Try, ...],
    now: datetime,
) -> None:
    if is_right:
        add_proof(session, person, method, now=now)
        give_all_back(session, tries, now=now)
    add_audit(
        session, person, CONFIRMING, agency_id=person.agency_id, detail=method,
        outcome=Outcome.DONE if is_right else Outcome.REFUSED, now=now,
    )  # fmt: skip


def _require_right(is_right: bool, method: Method) -> None:
    field, message = WRONG[method]
    if not is_right:
        raise InvalidInput(message, {field: message})
