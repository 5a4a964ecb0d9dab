"""What people let applications do in their name: looking, and taking it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from referral_hub.models import Agency, Application, ApplicationGrant, Token
from referral_hub.rules.actor import Actor
from referral_hub.rules.applications import NETWORK, ApplicationStatus
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.scopes import Scope
from referral_hub.use_cases.steps.access import end_tokens, lock_grant
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.transaction import transaction


@dataclass(frozen=True, slots=True)
class GrantView:
    """What a person let an application do. `used_at` is when it last got a token by it."""

    id: UUID
    application: str
    owner: str
    acts_for: str
    scopes: tuple[Scope, ...]
    granted_at: datetime
    used_at: datetime | None


def list_grants(session: Session, actor: Actor) -> tuple[GrantView, ...]:
    """The applications that act in the name of the person who asks, the newest first."""
    require(actor, Permission.ACCOUNT_USE)
    acts_for = aliased(Agency)
    used = (
        select(func.max(Token.issued_at))
        .where(Token.grant_id == ApplicationGrant.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(ApplicationGrant, Application.name, Agency.name, acts_for.name, used)
        .join(Application, Application.id == ApplicationGrant.application_id)
        .join(Agency, Agency.id == Application.agency_id)
        .outerjoin(acts_for, acts_for.id == ApplicationGrant.agency_id)
        .where(
            ApplicationGrant.person_id == person_of(actor).person_id,
            ApplicationGrant.withdrawn_at.is_(None),
            Application.status == ApplicationStatus.APPROVED,
        )
        .order_by(ApplicationGrant.granted_at.desc())
    )
    return tuple(
        GrantView(
            grant.id,
            name,
            owner,
            agency or NETWORK,
            tuple(scope for scope in Scope if scope in grant.scopes),
            grant.granted_at,
            used_at,
        )
        for grant, name, owner, agency, used_at in rows
    )


def withdraw_grant(session: Session, actor: Actor, grant_id: UUID, *, now: datetime) -> None:
    """Take back what an application may do in one's name: its tokens end at once.

    Raises NotFound.
    """
    require(actor, Permission.ACCOUNT_USE)
    acting = person_of(actor)
    with transaction(session):
        grant = lock_grant(session, grant_id)
        if grant is None or grant.person_id != acting.person_id or grant.withdrawn_at is not None:
            raise NotFound(NOTHING_HERE)
        grant.withdrawn_at = now
        end_tokens(session, lambda given: given.grant_id == grant_id, now=now)
        add_audit(session, actor, "grant:withdraw", grant, agency_id=acting.agency_id, now=now)
