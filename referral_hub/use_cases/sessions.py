"""Sessions: who acts in a browser, and for which agency."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import token_hash
from referral_hub.models import SignInSession
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.sign_in import SEEN_STEP, Method, is_open
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.network import idle_length
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.sessions import acting_person, agency_and_roles
from referral_hub.use_cases.transaction import transaction

ONE_AGENCY = (
    "You signed in at your agency, which counts for that agency alone. To act for another, sign "
    "out, and sign in with your password or passkey."
)


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as its person sees it."""

    id: UUID
    browser: str
    methods: tuple[Method, ...]
    created_at: datetime
    seen_at: datetime
    is_this_one: bool


def who_is(session: Session, token: str, *, now: datetime) -> PersonActing | None:
    """Who acts in the browser that sent a session's token; None where nobody does any more."""
    held = session.scalars(
        select(SignInSession).where(SignInSession.token_hash == token_hash(token))
    ).one_or_none()
    if held is None or not is_open(held, now, idle_length(session)):
        return None
    acting = acting_person(session, held, now)
    if acting is not None and now - held.seen_at >= SEEN_STEP:
        held_id = held.id
        with transaction(session):
            session.execute(
                update(SignInSession)
                .where(SignInSession.id == held_id, SignInSession.ended_at.is_(None))
                .values(seen_at=now)
            )
    return acting


def list_sessions(session: Session, actor: Actor, *, now: datetime) -> tuple[SessionView, ...]:
    """The open sessions of the person who asks, the last seen first."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    rows = session.scalars(
        select(SignInSession)
        .where(SignInSession.person_id == person.person_id, SignInSession.ended_at.is_(None))
        .order_by(SignInSession.seen_at.desc())
    )
    idle = idle_length(session)
    return tuple(
        SessionView(
            row.id,
            row.browser,
            tuple(map(Method, row.methods.split())),
            row.created_at,
            row.seen_at,
            row.id == person.session_id,
        )
        for row in rows
        if is_open(row, now, idle)
    )


def end_session(session: Session, actor: Actor, session_id: UUID, *, now: datetime) -> None:
    """End a session of one's own: signing out, here or elsewhere. Raises NotFound."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        held = session.get(SignInSession, session_id)
        if held is None or held.person_id != person.person_id or held.ended_at is not None:
            raise NotFound(NOTHING_HERE)
        held.ended_at = now
        held.client_id = None
        add_audit(session, actor, "session:end", held, agency_id=person.agency_id, now=now)


def end_other_sessions(session: Session, actor: Actor, *, now: datetime) -> int:
    """End all sessions of one's own but this one, and return how many there were."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        others = session.scalars(
            select(SignInSession).where(
                SignInSession.person_id == person.person_id,
                SignInSession.ended_at.is_(None),
                SignInSession.id != person.session_id,
            )
        ).all()
        for held in others:
            held.ended_at = now
            held.client_id = None
        add_audit(
            session, actor, "session:end-others", agency_id=person.agency_id,
            detail=f"{len(others)} sessions", now=now,
        )  # fmt: skip
    return len(others)


def act_for(session: Session, actor: Actor, agency_id: UUID | None, *, now: datetime) -> None:
    """Act for another of one's agencies, or for the network (None), in this session.

    Raises NotFound for one in which the person has no role, and Conflict in a session that came
    through an agency's own sign-in: it is good for that agency alone.
    """
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        held = session.get(SignInSession, person.session_id)
        if held is not None and held.provider_id is not None and agency_id != held.agency_id:
            raise Conflict(ONE_AGENCY)
        found, roles = agency_and_roles(session, person.person_id, agency_id)
        if held is None or not roles or found != agency_id:
            raise NotFound(NOTHING_HERE)
        held.agency_id = agency_id
        held.client_id = None
        add_audit(session, actor, "session:act-for", held, agency_id=agency_id, now=now)
