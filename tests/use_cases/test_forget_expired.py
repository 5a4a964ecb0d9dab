"""What has expired goes; what still counts stays."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    Agency,
    Application,
    Base,
    Invitation,
    OneTimeLink,
    OutboxMessage,
    Person,
    RateCount,
    SignInAttempt,
    Token,
    UsedAssertion,
)
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.applications import ApplicationStatus, ClientAuthentication
from referral_hub.rules.errors import SignInNeeded
from referral_hub.rules.sign_in import AttemptKind, LinkPurpose
from referral_hub.use_cases.forget_expired import (
    ASSERTIONS_KEPT,
    ATTEMPTS_KEPT,
    LINKS_KEPT,
    MESSAGES_KEPT,
    TOKENS_KEPT,
    forget_expired,
)
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.use_cases.transaction import transaction

HUB = System("test")
SECOND = timedelta(seconds=1)


def kept(session: Session, model: type[Base]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def add(session: Session, *rows: Base) -> None:
    with transaction(session):
        for row in rows:
            session.add(row)
            session.flush()


def an_application(now: datetime) -> tuple[Agency, Application]:
    """An application, after the agency that owns it."""
    agency = Agency(
        id=uuid4(), name="A", status=AgencyStatus.PARTNER, created_at=now, status_since=now
    )
    application = Application(
        id=uuid4(), client_id="c", agency_id=agency.id, name="n", purpose="p",
        status=ApplicationStatus.APPROVED, authentication=ClientAuthentication.NONE,
        redirect_uris=[], logout_uris=[], grants=[], scopes=[], id_token_algorithm="ES256",
        registered_by="x", registered_at=now,
    )  # fmt: skip
    return agency, application


def test_counts_of_tries_go_when_their_window_is_over(session: Session, now: datetime) -> None:
    add(session, RateCount(key=b"k", window_start=now, count=1, expires_at=now))
    forget_expired(session, HUB, now=now)
    assert kept(session, RateCount) == 1
    assert forget_expired(session, HUB, now=now + SECOND) == 1
    assert kept(session, RateCount) == 0


def test_used_assertions_go_when_they_could_not_be_used_anyhow(
    session: Session, now: datetime
) -> None:
    agency, application = an_application(now)
    used = UsedAssertion(application_id=application.id, assertion_id="j", expires_at=now)
    add(session, agency, application, used)
    forget_expired(session, HUB, now=now + ASSERTIONS_KEPT)
    assert kept(session, UsedAssertion) == 1
    forget_expired(session, HUB, now=now + ASSERTIONS_KEPT + SECOND)
    assert kept(session, UsedAssertion) == 0


def test_old_sign_in_attempts_go(session: Session, now: datetime) -> None:
    attempt = SignInAttempt(
        kind=AttemptKind.PASSKEY, state_hash=b"s", browser_hash=b"b", created_at=now, expires_at=now
    )
    add(session, attempt)
    forget_expired(session, HUB, now=now + ATTEMPTS_KEPT)
    assert kept(session, SignInAttempt) == 1
    forget_expired(session, HUB, now=now + ATTEMPTS_KEPT + SECOND)
    assert kept(session, SignInAttempt) == 0


def test_one_time_links_go_long_after_they_expired(session: Session, now: datetime) -> None:
    person = Person(id=uuid4(), created_at=now)
    seal_person(Vault({"k": b"k" * 32}), person, "Ana", "ana@example.org")
    link = OneTimeLink(
        purpose=LinkPurpose.RESET_PASSWORD, token_hash=b"t", person_id=person.id, created_at=now,
        expires_at=now,
    )  # fmt: skip
    add(session, person, link)
    forget_expired(session, HUB, now=now + LINKS_KEPT)
    assert kept(session, OneTimeLink) == 1
    forget_expired(session, HUB, now=now + LINKS_KEPT + SECOND)
    assert kept(session, OneTimeLink) == 0
    assert kept(session, Person) == 1


@pytest.mark.parametrize(("waits", "left"), [(True, 1), (False, 0)])
def test_messages_go_once_they_wait_for_nothing(
    session: Session, now: datetime, waits: bool, left: int
) -> None:
    message = OutboxMessage(kind="mail", payload={}, created_at=now, due_at=now if waits else None)
    add(session, message)
    forget_expired(session, HUB, now=now + MESSAGES_KEPT)
    assert kept(session, OutboxMessage) == 1
    forget_expired(session, HUB, now=now + MESSAGES_KEPT + SECOND)
    assert kept(session, OutboxMessage) == left


def test_tokens_go_a_day_after_all_that_came_from_their_consent_is_over(
    session: Session, now: datetime
) -> None:
    agency, application = an_application(now)
    token = Token(
        token_hash=b"t", kind="access", family=uuid4(), application_id=application.id, scopes=[],
        issued_at=now, expires_at=now - TOKENS_KEPT, family_expires_at=now,
    )  # fmt: skip
    add(session, agency, application, token)
    forget_expired(session, HUB, now=now + TOKENS_KEPT)
    assert kept(session, Token) == 1
    forget_expired(session, HUB, now=now + TOKENS_KEPT + SECOND)
    assert kept(session, Token) == 0


@pytest.mark.parametrize("accepted", [False, True])
def test_invitations_go_long_after_they_expired(
    session: Session, now: datetime, accepted: bool
) -> None:
    invitation = Invitation(
        id=uuid4(), token_hash=b"t", roles=[], invited_by="x", created_at=now, expires_at=now,
        accepted_at=now if accepted else None,
    )  # fmt: skip
    seal_person(Vault({"k": b"k" * 32}), invitation, "Ana", "ana@example.org")
    add(session, invitation)
    forget_expired(session, HUB, now=now + LINKS_KEPT)
    assert kept(session, Invitation) == 1
    forget_expired(session, HUB, now=now + LINKS_KEPT + SECOND)
    assert kept(session, Invitation) == 0


def test_nobody_but_the_hub_itself_forgets(session: Session, now: datetime) -> None:
    with pytest.raises(SignInNeeded):
        forget_expired(session, Anonymous(), now=now)
