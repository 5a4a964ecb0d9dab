"""A passkey proves who somebody is: at sign-in, and again in a session."""

from datetime import datetime
from secrets import token_bytes

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passkeys import (
    NotVerified,
    Site,
    authentication_options,
    credential_of,
    next_sign_count,
)
from referral_hub.models import Passkey, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.audit import Outcome
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.sign_in import AttemptKind, Method
from referral_hub.use_cases.steps.attempts import add_attempt, open_attempt, use_attempt
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.own_session import add_proof, person_of
from referral_hub.use_cases.steps.sign_in_tries import (
    PASSKEY_ADDRESS,
    Try,
    address_index,
    spend_all,
)
from referral_hub.use_cases.steps.signing_in import SIGN_IN, SignedIn, add_refusal, add_sign_in
from referral_hub.use_cases.transaction import transaction

CHALLENGE_BYTES = 32
NOT_RIGHT = "The passkey did not work here. Try again, or sign in in another way."


def begin_passkey_sign_in(
    session: Session,
    actor: Actor,
    browser: Browser,
    site: Site,
    next_path: str | None = None,
    *,
    vault: Vault,
    now: datetime,
) -> str:
    """Begin a sign-in with a passkey, or a proof anew; what the browser needs for it, as JSON."""
    require(actor, Permission.SIGN_IN)
    tries = (Try(PASSKEY_ADDRESS, address_index(vault, browser)),)
    spend_all(session, actor, SIGN_IN, tries, now=now)
    challenge = token_bytes(CHALLENGE_BYTES)
    with transaction(session):
        add_attempt(
            session, AttemptKind.PASSKEY, browser.secret,
            challenge=challenge, next_path=next_path, now=now,
        )  # fmt: skip
    return authentication_options(site, challenge)


def sign_in_with_passkey(
    session: Session,
    actor: Actor,
    answer: str,
    browser: Browser,
    site: Site,
    *,
    vault: Vault,
    now: datetime,
) -> SignedIn:
    """Sign in with what a passkey has signed. Raises InvalidInput where it does not hold."""
    require(actor, Permission.SIGN_IN)
    signed: SignedIn | None = None
    with transaction(session):
        attempt = open_attempt(session, AttemptKind.PASSKEY, browser.secret, now=now)
        next_path = attempt.next_path if attempt else None
        person = _holder(session, answer, browser.secret, site, now)
        if person is None:
            add_refusal(session, actor, None, Method.PASSKEY, now=now)
        else:
            signed = add_sign_in(
                session, actor, person, (Method.PASSKEY,), browser, next_path, vault=vault, now=now
            )
    if signed is None:
        raise InvalidInput(NOT_RIGHT)
    return signed


def confirm_with_passkey(
    session: Session, actor: Actor, answer: str, browser_secret: str, site: Site, *, now: datetime
) -> None:
    """Prove anew who one is, with a passkey of one's own. Raises InvalidInput."""
    require(actor, Permission.ACCOUNT_USE)
    acting: PersonActing = person_of(actor)
    with transaction(session):
        person = _holder(session, answer, browser_secret, site, now)
        is_right = person is not None and person.id == acting.person_id
        if is_right:
            add_proof(session, acting, Method.PASSKEY, now=now)
        add_audit(
            session, actor, "session:confirm", agency_id=acting.agency_id, detail=Method.PASSKEY,
            outcome=Outcome.DONE if is_right else Outcome.REFUSED, now=now,
        )  # fmt: skip
    if not is_right:
        raise InvalidInput(NOT_RIGHT)


def _holder(
    session: Session, answer: str, browser_secret: str, site: Site, now: datetime
) -> Person | None:
    """Whose passkey signed the challenge of this browser, if one did; the challenge is used up."""
    attempt = open_attempt(session, AttemptKind.PASSKEY, browser_secret, now=now)
    if attempt is None or attempt.challenge is None or not use_attempt(session, attempt, now=now):
        return None
    try:
        credential_id = credential_of(answer)
        key = session.scalars(
            select(Passkey).where(Passkey.credential_id == credential_id)
        ).one_or_none()
        if key is None:
            return None
        count = next_sign_count(site, attempt.challenge, answer, key.public_key, key.sign_count)
    except NotVerified:
        return None
    person = session.get(Person, key.person_id, with_for_update=True)
    counted = session.execute(
        update(Passkey)
        .where(Passkey.id == key.id, Passkey.sign_count == key.sign_count)
        .values(sign_count=count, used_at=now)
        .returning(Passkey.id)
    )
    if counted.first() is None or person is None or person.disabled_at is not None:
        return None
    return person
