"""Sign-ins under way: short-lived, bound to one browser, completed once. They are no sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import SignInAttempt
from referral_hub.rules.sign_in import ATTEMPT_LENGTH, AttemptKind


def add_attempt(
    session: Session,
    kind: AttemptKind,
    browser_secret: str,
    *,
    person_id: UUID | None = None,
    challenge: bytes | None = None,
    next_path: str | None = None,
    now: datetime,
) -> str:
    """Note that a sign-in has begun in a browser, in place of one of the kind; return its state."""
    session.execute(
        update(SignInAttempt).where(*_open(kind, browser_secret, now)).values(used_at=now)
    )
    state = new_token()
    session.add(
        SignInAttempt(
            kind=kind,
            state_hash=token_hash(state),
            browser_hash=token_hash(browser_secret),
            person_id=person_id,
            challenge=challenge,
            next_path=next_path,
            created_at=now,
            expires_at=now + ATTEMPT_LENGTH,
        )
    )
    return state


def open_attempt(
    session: Session, kind: AttemptKind, browser_secret: str, *, now: datetime
) -> SignInAttempt | None:
    """The sign-in of a kind that is under way in a browser."""
    found = select(SignInAttempt).where(*_open(kind, browser_secret, now))
    return session.scalars(found.order_by(SignInAttempt.created_at.desc())).first()


def use_attempt(session: Session, attempt: SignInAttempt, *, now: datetime) -> bool:
    """Complete a sign-in; False where somebody else was faster."""
    done = session.execute(
        update(SignInAttempt)
        .where(SignInAttempt.id == attempt.id, SignInAttempt.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInAttempt.id)
    )
    return done.first() is not None


def close_attempts(session: Session, browser_secret: str, *, now: datetime) -> None:
    """Leave nothing under way in a browser in which somebody has just signed in."""
    session.execute(
        update(SignInAttempt)
        .where(
            SignInAttempt.browser_hash == token_hash(browser_secret),
            SignInAttempt.used_at.is_(None),
        )
        .values(used_at=now)
    )


def _open(kind: AttemptKind, browser_secret: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        SignInAttempt.kind == kind,
        SignInAttempt.browser_hash == token_hash(browser_secret),
        SignInAttempt.used_at.is_(None),
        SignInAttempt.expires_at > now,
    )
