"""People with accounts, and what they have to sign in, in a line each."""

from base64 import b64decode
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from json import loads
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from pyotp import TOTP
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passwords import Passwords
from referral_hub.models import (
    Agency,
    AuditRow,
    AuthenticatorApp,
    Membership,
    OutboxMessage,
    Person,
)
from referral_hub.rules.actor import Anonymous
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import HubError
from referral_hub.rules.roles import Role
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.sign_in import sign_in_with_password
from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.use_cases.steps.codes import SECRET
from referral_hub.use_cases.steps.mail import SEALED
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.use_cases.steps.signing_in import SignedIn
from referral_hub.web.hub import EXTENSION, Hub
from tests.conftest import NOW

VAULT = Vault({"test": bytes(range(32))})
PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
PASSWORD = "violet river nine lamps"
EMAIL = "ana@example.org"


def a_person(
    session: Session,
    email: str = EMAIL,
    *,
    name: str = "Ana Gomez",
    password: str | None = PASSWORD,
    roles: Iterable[Role] = (Role.CASE_MANAGER,),
    agency: str = "Fair Homes",
    vault: Vault = VAULT,
    now: datetime = NOW,
) -> Person:
    """Somebody with an account, and with roles in an agency that is made where it is missing."""
    person = Person(created_at=now, password_changed_at=now)
    seal_person(vault, person, name, email)
    person.password_hash = PASSWORDS.hash(password) if password else None
    session.add(person)
    session.flush()
    for role in roles:
        held_in = None if role is Role.NETWORK_STEWARD else _agency(session, agency, now).id
        session.add(Membership(person_id=person.id, agency_id=held_in, role=role, since=now))
    session.commit()
    return person


def an_app(session: Session, person: Person, *, vault: Vault = VAULT, now: datetime = NOW) -> TOTP:
    """An authenticator app that the person has set up."""
    totp = TOTP("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    session.add(
        AuthenticatorApp(
            person_id=person.id,
            secret_sealed=vault.seal(SECRET, person.id, totp.secret),
            created_at=now,
            confirmed_at=now,
        )
    )
    session.commit()
    return totp


def a_browser(name: str = "desk", address: str = "203.0.113.5", known: str = "") -> Browser:
    """A browser with a secret of its own."""
    return Browser(f"secret of {name}", "Firefox on Linux", address, known)


def sign_in(
    session: Session,
    email: str = EMAIL,
    password: str = PASSWORD,
    browser: Browser | None = None,
    *,
    now: datetime = NOW,
) -> SignedIn | None:
    """Sign in with a password."""
    return sign_in_with_password(
        session, Anonymous(), email, password, browser or a_browser(), "/account",
        vault=VAULT, passwords=PASSWORDS, now=now,
    )  # fmt: skip


def acting(session: Session, email: str = EMAIL, *, now: datetime = NOW) -> PersonActing:
    """Somebody with a password alone, signed in just now."""
    signed = sign_in(session, email, now=now)
    assert signed is not None
    found = who_is(session, signed.token, now=now)
    assert found is not None
    return found


def refusals(session: Session, action: str) -> int:
    """How many refusals of an act the audit has."""
    rows = session.scalars(select(AuditRow).where(AuditRow.action == action))
    return sum(row.outcome == "refused" for row in rows)


def mails(session: Session, vault: Vault = VAULT) -> list[dict[str, str]]:
    """What stands in the mails that were written, the oldest first."""
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
    found = []
    for row in rows:
        sealed = getattr(row, "payload_sealed", None) or b64decode(row.payload["sealed"])
        content = loads(vault.open(SEALED, row.id, sealed))
        found.append({"to": content["to"], **content["values"]})
    return found


def in_parallel(engine: Engine, act: Any, times: int = 20) -> int:
    """How often an act succeeds that is done by many at once, each with a session of its own.

    `act` is given the session and its number.
    """

    def once(number: int) -> bool:
        with Session(engine) as own:
            try:
                act(own, number)
            except HubError:
                return False
        return True

    with ThreadPoolExecutor(times) as pool:
        return sum(pool.map(once, range(times)))


def rows(app: Flask) -> Session:
    """A hub's own database session; use it inside `app.app_context()`."""
    return db.session()  # type: ignore[return-value]


def vault_of(app: Flask) -> Vault:
    """What seals a hub's personal data."""
    hub: Hub = app.extensions[EXTENSION]
    return hub.vault


def _agency(session: Session, name: str, now: datetime) -> Agency:
    found = session.scalars(select(Agency).where(Agency.name == name)).one_or_none()
    if found is None:
        found = Agency(name=name, status=AgencyStatus.PARTNER, created_at=now, status_since=now)
        session.add(found)
        session.flush()
    return found
