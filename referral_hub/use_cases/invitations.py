"""Invitations as those see them who send them: to an agency, or to the network's stewards."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Invitation
from referral_hub.rules.actor import Actor
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.invitations import INVITATIONS_AN_HOUR, is_pending, is_valid
from referral_hub.rules.people import check_person
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.roles import AGENCY_ROLES, Role
from referral_hub.use_cases.agency_views import InvitationView
from referral_hub.use_cases.steps.agencies import the_agency
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.invitations import add_invitation, send_invitation
from referral_hub.use_cases.steps.people import email_of, name_of
from referral_hub.use_cases.steps.people_views import in_order
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.transaction import transaction

_TO_STEWARDS = Permission.STEWARDS_CHANGE
_SENDING = Rate("invitation", INVITATIONS_AN_HOUR, timedelta(hours=1))


def list_invitations(
    session: Session, actor: Actor, agency_id: UUID | None, vault: Vault, *, now: datetime
) -> tuple[InvitationView, ...]:
    """Invitations to an agency (None: to the stewards) that nobody has answered, the latest first.

    Those that are too old are among them: they can be sent again.
    """
    require(actor, Permission.PEOPLE_INVITE if agency_id else _TO_STEWARDS, agency_id)
    rows = session.scalars(
        select(Invitation).where(_here(agency_id)).order_by(Invitation.created_at.desc())
    )
    return tuple(
        InvitationView(
            row.id, name_of(vault, row), email_of(vault, row), in_order(row.roles),
            row.created_at, row.expires_at, is_valid(row, now),
        )
        for row in rows
        if is_pending(row)
    )  # fmt: skip


def invite_to_agency(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    name: str,
    email: str,
    roles: Collection[Role],
    vault: Vault,
    *,
    now: datetime,
) -> UUID:
    """Invite somebody to work for an agency, by mail; return the invitation's id.

    Whether they have an account elsewhere makes no difference to be seen. Raises InvalidInput,
    TooManyTries, and Conflict for an agency that is suspended or only listed.
    """
    require(actor, Permission.PEOPLE_INVITE, agency_id)
    name, email = check_person(name, email)
    if not roles or not set(roles) <= set(AGENCY_ROLES):
        raise InvalidInput("Choose at least one role.", {"roles": "Choose at least one role."})
    spend(session, _SENDING, str(agency_id), now=now)
    with transaction(session):
        agency = the_agency(session, agency_id)
        if agency.status not in (AgencyStatus.PARTNER, AgencyStatus.INVITED):
            raise Conflict("This agency takes no part in the network now.")
        made = add_invitation(session, actor, agency, name, email, roles, vault, now=now)
        detail = ", ".join(sorted(roles))
        add_audit(
            session, actor, "invitation:send", made, agency_id=agency_id, detail=detail, now=now
        )
    return made.id


def invite_steward(
    session: Session, actor: Actor, name: str, email: str, vault: Vault, *, now: datetime
) -> UUID:
    """Invite somebody to be a network steward, by mail; return the invitation's id."""
    require(actor, Permission.STEWARDS_CHANGE)
    name, email = check_person(name, email)
    spend(session, _SENDING, "stewards", now=now)
    with transaction(session):
        roles = (Role.NETWORK_STEWARD,)
        made = add_invitation(session, actor, None, name, email, roles, vault, now=now)
        add_audit(session, actor, "invitation:send", made, now=now)
    return made.id


def send_again(
    session: Session,
    actor: Actor,
    agency_id: UUID | None,
    invitation_id: UUID,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """Send an invitation anew: the link before is no good then. Raises NotFound, TooManyTries."""
    require(actor, Permission.PEOPLE_INVITE if agency_id else _TO_STEWARDS, agency_id)
    spend(session, _SENDING, str(agency_id or "stewards"), now=now)
    with transaction(session):
        invitation = _pending(session, agency_id, invitation_id)
        agency = session.get(Agency, agency_id) if agency_id is not None else None
        send_invitation(session, invitation, agency, vault, now=now)
        add_audit(session, actor, "invitation:send-again", invitation, agency_id=agency_id, now=now)


def withdraw_invitation(
    session: Session, actor: Actor, agency_id: UUID | None, invitation_id: UUID, *, now: datetime
) -> None:
    """Take an invitation back: its link is no good any more. Raises NotFound."""
    require(actor, Permission.PEOPLE_INVITE if agency_id else _TO_STEWARDS, agency_id)
    with transaction(session):
        invitation = _pending(session, agency_id, invitation_id)
        invitation.withdrawn_at = now
        add_audit(session, actor, "invitation:withdraw", invitation, agency_id=agency_id, now=now)


def _here(agency_id: UUID | None) -> ColumnElement[bool]:
    return (
        Invitation.agency_id.is_(None) if agency_id is None else Invitation.agency_id == agency_id
    )


def _pending(session: Session, agency_id: UUID | None, invitation_id: UUID) -> Invitation:
    """An invitation that nobody has answered, locked. Raises NotFound."""
    invitation = session.get(Invitation, invitation_id, with_for_update=True)
    if invitation is None or invitation.agency_id != agency_id or not is_pending(invitation):
        raise NotFound(NOTHING_HERE)
    return invitation
