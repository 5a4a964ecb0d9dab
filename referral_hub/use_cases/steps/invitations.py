"""Invitations inside a transaction: made, sent, found by their token."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import Agency, Invitation, Person
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.invitations import INVITATION_LENGTH, NOT_VALID, is_valid
from referral_hub.rules.roles import Role
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.memberships import set_roles
from referral_hub.use_cases.steps.people import (
    current_roles,
    email_of,
    person_with_email,
    seal_person,
    with_email,
)

TEMPLATE = "invitation"
NETWORK = "the network, as a steward"


def add_invitation(
    session: Session,
    actor: Actor,
    agency: Agency | None,
    name: str,
    email: str,
    roles: Collection[Role],
    vault: Vault,
    *,
    now: datetime,
) -> Invitation:
    """A new invitation to an agency (None: to the stewards), on its way by mail.

    Raises InvalidInput for somebody who is there already, or is invited already.
    """
    agency_id = None if agency is None else agency.id
    here: ColumnElement[bool] = (
        Invitation.agency_id.is_(None) if agency is None else Invitation.agency_id == agency_id
    )
    known = person_with_email(session, vault, email)
    if known is not None and current_roles(session, known.id, agency_id):
        _refuse("Somebody with this e-mail address is here already.")
    others = session.scalars(select(Invitation).where(here, with_email(vault, email)))
    if any(is_valid(other, now) for other in others):
        _refuse("This e-mail address is invited already. You can send the invitation again.")
    invitation = Invitation(
        agency_id=agency_id,
        roles=sorted(roles),
        invited_by=actor_label(actor),
        created_at=now,
    )
    seal_person(vault, invitation, name, email)
    send_invitation(session, invitation, agency, vault, now=now)
    session.add(invitation)
    session.flush()
    return invitation


def send_invitation(
    session: Session, invitation: Invitation, agency: Agency | None, vault: Vault, *, now: datetime
) -> None:
    """Send an invitation with a new link; the link before, if there was one, is no good then.

    The token stands in the link's fragment: no server on the way sees it, and none logs it.
    """
    token = new_token()
    invitation.token_hash = token_hash(token)
    invitation.expires_at = now + INVITATION_LENGTH
    values = {} if agency is None else {"agency": agency.name}
    send_mail(
        session,
        vault,
        email_of(vault, invitation),
        TEMPLATE,
        now=now,
        link=f"/invitation#{token}",
        **values,
    )


def valid_invitation(session: Session, token: str, now: datetime) -> Invitation:
    """The invitation, if it can be accepted. Raises NotFound."""
    invitation = session.scalars(
        select(Invitation).where(Invitation.token_hash == token_hash(token))
    ).one_or_none()
    if invitation is None or not is_valid(invitation, now):
        raise NotFound(NOT_VALID)
    if invitation.agency_id is not None:
        agency = session.get(Agency, invitation.agency_id)
        if agency is None or agency.status not in (AgencyStatus.PARTNER, AgencyStatus.INVITED):
            raise NotFound(NOT_VALID)
    return invitation


def take_invitation(session: Session, token: str, now: datetime) -> Invitation:
    """The invitation, marked as accepted: of many who try at once, one gets it.

    Raises NotFound to all others.
    """
    return _taken(session, valid_invitation(session, token, now), now)


def take_known_invitation(session: Session, invitation_id: UUID, now: datetime) -> Invitation:
    """As `take_invitation`, for one whose token was shown when the accepting began."""
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or not is_valid(invitation, now):
        raise NotFound(NOT_VALID)
    return _taken(session, invitation, now)


def _taken(session: Session, invitation: Invitation, now: datetime) -> Invitation:
    done = session.execute(
        update(Invitation)
        .where(
            Invitation.id == invitation.id,
            Invitation.token_hash == invitation.token_hash,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        )
        .values(accepted_at=now)
    )
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise NotFound(NOT_VALID)
    return invitation


def join_by_invitation(
    session: Session, person: Person, invitation: Invitation, now: datetime
) -> None:
    """Give the person the roles, beside those that they have, and tell the audit."""
    held = current_roles(session, person.id, invitation.agency_id)
    roles = held | set(map(Role, invitation.roles))
    set_roles(session, person.id, invitation.agency_id, roles, now=now)
    add_audit(
        session,
        PersonActing(person.id, invitation.agency_id, frozenset()),
        "invitation:accept",
        invitation,
        agency_id=invitation.agency_id,
        now=now,
    )


def withdraw_invitations_to(
    session: Session, actor: Actor, vault: Vault, email: str, *, now: datetime
) -> None:
    """Take back what was sent to an address that is its person's no longer.

    Else whoever reads its mail could join with an account of their own.
    """
    waiting = session.scalars(
        select(Invitation)
        .where(
            with_email(vault, email),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.id)
        .with_for_update()
    )
    for invitation in waiting:
        invitation.withdrawn_at = now
        agency_id = invitation.agency_id
        add_audit(session, actor, "invitation:withdraw", invitation, agency_id=agency_id, now=now)


def _refuse(message: str) -> None:
    raise InvalidInput(message, {"email": message})
