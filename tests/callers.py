"""People who are signed in, for tests that need somebody and not the sign-in itself."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Membership, Person
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.use_cases.steps.sessions import add_session
from referral_hub.use_cases.transaction import transaction
from referral_hub.web.cookies import SESSION_COOKIE
from referral_hub.web.hub import EXTENSION


@dataclass(frozen=True)
class Caller:
    """Somebody signed in, for an agency or for the network."""

    person_id: UUID
    agency_id: UUID | None
    token: str


def somebody(session: Session, vault: Vault, role: Role, now: datetime) -> Caller:
    """A person with a role, and a session of theirs that has begun."""
    agency_id = None if role is Role.NETWORK_STEWARD else uuid4()
    person = Person(id=uuid4(), created_at=now)
    seal_person(vault, person, "Ana Lopez", f"{uuid4().hex}@example.org")
    with transaction(session):
        if agency_id is not None:
            session.add(
                Agency(
                    id=agency_id, name=f"Agency {agency_id}", status=AgencyStatus.PARTNER,
                    created_at=now, status_since=now,
                )
            )  # fmt: skip
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, agency_id=agency_id, role=role, since=now))
        session.flush()
        token, _ = add_session(
            session,
            person,
            (Method.PASSWORD, Method.AUTHENTICATOR_APP),
            "Firefox on Linux",
            now=now,
        )
    return Caller(person.id, agency_id, token)


def sign_in(app: Flask, client: FlaskClient, role: Role) -> Caller:
    """Let a client be somebody with a role, who proved it just now."""
    with app.app_context():
        caller = somebody(db.session(), app.extensions[EXTENSION].vault, role, datetime.now(UTC))
    client.set_cookie(SESSION_COOKIE, caller.token)
    return caller
