"""Authenticator app and recovery codes: set up, renewed and removed by their person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.authenticator_codes import as_picture, new_secret, setup_address
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import AuthenticatorApp, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import Conflict, InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.steps.access import forget_proofs
from referral_hub.use_cases.steps.account_mail import tell_of_change
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.codes import (
    SECRET,
    codes_left,
    renew_recovery_codes,
    step_of,
)
from referral_hub.use_cases.steps.own_session import add_proof, person_of
from referral_hub.use_cases.steps.people import email_of
from referral_hub.use_cases.steps.second_factor import has_second_factor, remove_factor
from referral_hub.use_cases.transaction import transaction

ISSUER = "Referral Hub"
NO_SECOND_FACTOR = "Set up an authenticator app or a passkey first."


@dataclass(frozen=True, slots=True)
class AppSetup:
    """What an authenticator app needs: a picture to scan, or a key to type."""

    picture: str
    key: str


def begin_app(session: Session, actor: Actor, *, vault: Vault, now: datetime) -> None:
    """Begin to set up an authenticator app. Raises Conflict where there is one already."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        app = session.get(AuthenticatorApp, person.person_id)
        if app is not None and app.confirmed_at is not None:
            raise Conflict("You have an authenticator app. Remove it before you set up another.")
        app = app or AuthenticatorApp(person_id=person.person_id)
        app.secret_sealed = vault.seal(SECRET, person.person_id, new_secret())
        app.created_at = now
        session.add(app)
        _note(session, person, "authenticator-app:begin", now)


def app_to_confirm(session: Session, actor: Actor, *, vault: Vault) -> AppSetup | None:
    """What the app needs that is being set up; None when none is."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    app = session.get(AuthenticatorApp, person.person_id)
    account = session.get(Person, person.person_id)
    if app is None or account is None or app.confirmed_at is not None:
        return None
    secret = vault.open(SECRET, app.person_id, app.secret_sealed)
    address = setup_address(secret, email_of(vault, account), ISSUER)
    groups = (secret[at : at + 4] for at in range(0, len(secret), 4))
    return AppSetup(as_picture(address), " ".join(groups))


def confirm_app(
    session: Session, actor: Actor, code: str, *, vault: Vault, now: datetime
) -> tuple[str, ...]:
    """Finish setting the app up with a first code from it; it counts from now on.

    What began with a password alone ends. Returns recovery codes where there were none. Raises
    InvalidInput for a wrong code.
    """
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        app = session.get(AuthenticatorApp, person.person_id)
        if app is None or app.confirmed_at is not None:
            raise Conflict("No authenticator app is being set up.")
        step = step_of(vault, app, code, now=now)
        if step is None:
            message = "This code is not right. Type the one that the app shows now."
            raise InvalidInput(message, {"code": message})
        if not has_second_factor(session, person.person_id):
            forget_proofs(session, person.person_id, but=person.session_id, now=now)
        app.confirmed_at, app.last_step = now, step
        add_proof(session, person, Method.AUTHENTICATOR_APP, now=now)
        _note(session, person, "authenticator-app:add", now)
        tell_of_change(session, vault, person.person_id, "second_factor_changed", now=now)
        if codes_left(session, person.person_id):
            return ()
        return renew_recovery_codes(session, person.person_id, now=now)


def remove_app(session: Session, actor: Actor, *, vault: Vault, now: datetime) -> None:
    """Remove the authenticator app; with the last second factor goes all that rested on it."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        app = session.get(AuthenticatorApp, person.person_id)
        if app is None:
            return
        remove_factor(session, person, app, now=now)
        _note(session, person, "authenticator-app:remove", now)
        tell_of_change(session, vault, person.person_id, "second_factor_changed", now=now)


def new_recovery_codes(
    session: Session, actor: Actor, *, vault: Vault, now: datetime
) -> tuple[str, ...]:
    """New recovery codes, in place of those before. Raises Conflict without a second factor."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        if not has_second_factor(session, person.person_id):
            raise Conflict(NO_SECOND_FACTOR)
        _note(session, person, "recovery-codes:renew", now)
        tell_of_change(session, vault, person.person_id, "second_factor_changed", now=now)
        return renew_recovery_codes(session, person.person_id, now=now)


def _note(session: Session, person: PersonActing, action: str, now: datetime) -> None:
    add_audit(session, person, action, agency_id=person.agency_id, now=now)
