"""Passkeys: made, named and removed by their person."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passkeys import NotVerified, Site, new_passkey, registration_options
from referral_hub.models import Passkey, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.sign_in import AttemptKind, Method
from referral_hub.rules.texts import is_name, on_one_line
from referral_hub.use_cases.steps.access import forget_proofs
from referral_hub.use_cases.steps.account_mail import tell_of_change
from referral_hub.use_cases.steps.attempts import add_attempt, open_attempt, use_attempt
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.codes import (
    codes_left,
    renew_recovery_codes,
)
from referral_hub.use_cases.steps.own_session import add_proof, person_of
from referral_hub.use_cases.steps.people import email_of, name_of
from referral_hub.use_cases.steps.second_factor import has_second_factor, remove_factor
from referral_hub.use_cases.transaction import transaction

CHALLENGE_BYTES = 32
MOST_NAME = 60
NOT_MADE = "The passkey could not be made. Try again."


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """A passkey as its person sees it."""

    id: UUID
    name: str
    created_at: datetime
    used_at: datetime | None


def list_passkeys(session: Session, actor: Actor) -> tuple[PasskeyView, ...]:
    """The passkeys of the person who asks, the oldest first."""
    require(actor, Permission.ACCOUNT_USE)
    return tuple(
        PasskeyView(key.id, key.name, key.created_at, key.used_at)
        for key in _passkeys(session, person_of(actor).person_id)
    )


def begin_passkey(
    session: Session, actor: Actor, browser_secret: str, site: Site, *, vault: Vault, now: datetime
) -> str:
    """Begin to make a passkey; returns what the browser needs, as JSON."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    challenge = token_bytes(CHALLENGE_BYTES)
    with transaction(session):
        add_attempt(
            session, AttemptKind.NEW_PASSKEY, browser_secret,
            person_id=person.person_id, challenge=challenge, now=now,
        )  # fmt: skip
        account = session.get_one(Person, person.person_id)
        held = [key.credential_id for key in _passkeys(session, account.id)]
        email, name = email_of(vault, account), name_of(vault, account)
        return registration_options(site, account.id, email, name, challenge, held)


def add_passkey(
    session: Session,
    actor: Actor,
    name: str,
    answer: str,
    browser_secret: str,
    site: Site,
    *,
    vault: Vault,
    now: datetime,
) -> tuple[str, ...]:
    """Keep the passkey that the browser has made. Returns recovery codes where there were none.

    With the first second factor, what began with a password alone ends. Raises InvalidInput for an
    answer that does not hold, or comes too late.
    """
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        attempt = open_attempt(session, AttemptKind.NEW_PASSKEY, browser_secret, now=now)
        if attempt is None or attempt.person_id != person.person_id or attempt.challenge is None:
            raise InvalidInput(NOT_MADE)
        try:
            made = new_passkey(site, attempt.challenge, answer)
        except NotVerified as error:
            raise InvalidInput(NOT_MADE) from error
        if not use_attempt(session, attempt, now=now) or _is_held(session, made.credential_id):
            raise InvalidInput(NOT_MADE)
        if not has_second_factor(session, person.person_id):
            forget_proofs(session, person.person_id, but=person.session_id, now=now)
        key = Passkey(
            person_id=person.person_id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=_name(name),
            created_at=now,
        )
        add_proof(session, person, Method.PASSKEY, now=now)
        _note(session, person, "passkey:add", key, now)
        tell_of_change(session, vault, person.person_id, "second_factor_changed", now=now)
        if codes_left(session, person.person_id):
            return ()
        return renew_recovery_codes(session, person.person_id, now=now)


def rename_passkey(
    session: Session, actor: Actor, passkey_id: UUID, name: str, *, now: datetime
) -> None:
    """Give a passkey of one's own another name. Raises NotFound."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        key = _own(session, person, passkey_id)
        key.name = _name(name)
        _note(session, person, "passkey:rename", key, now)


def remove_passkey(
    session: Session, actor: Actor, passkey_id: UUID, *, vault: Vault, now: datetime
) -> None:
    """Remove a passkey of one's own; with the last second factor goes all that rested on it.

    Raises NotFound.
    """
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        key = _own(session, person, passkey_id)
        _note(session, person, "passkey:remove", key, now)
        remove_factor(session, person, key, now=now)
        tell_of_change(session, vault, person.person_id, "second_factor_changed", now=now)


def _passkeys(session: Session, person_id: UUID) -> list[Passkey]:
    found = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.created_at)
    return list(session.scalars(found))


def _own(session: Session, person: PersonActing, passkey_id: UUID) -> Passkey:
    key = session.get(Passkey, passkey_id)
    if key is None or key.person_id != person.person_id:
        raise NotFound(NOTHING_HERE)
    return key


def _is_held(session: Session, credential_id: bytes) -> bool:
    found = select(Passkey.id).where(Passkey.credential_id == credential_id)
    return session.scalars(found).first() is not None


def _name(typed: str) -> str:
    name = on_one_line(typed)[:MOST_NAME] or "Passkey"
    if not is_name(name, MOST_NAME):
        message = "Use a name of letters that can be seen."
        raise InvalidInput(message, {"name": message})
    return name


def _note(session: Session, person: PersonActing, action: str, key: Passkey, now: datetime) -> None:
    add_audit(session, person, action, key, agency_id=person.agency_id, now=now)
