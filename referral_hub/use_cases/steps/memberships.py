"""Roles of people inside a transaction: held, given, taken away."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Invitation, Membership, Person, Team, TeamMember
from referral_hub.rules.actor import person_label
from referral_hub.rules.errors import Conflict
from referral_hub.rules.roles import Role
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.steps.people import email_of

LAST_ADMINISTRATOR = (
    "This is the last administrator of the agency. Make somebody else an administrator first."
)
INVITING = frozenset({Role.AGENCY_ADMINISTRATOR, Role.NETWORK_STEWARD})
"""Who may invite: see `rules.permissions`."""
LAST_STEWARD = "This is the last network steward. Invite another one first."


def held_memberships(session: Session, person_id: UUID, agency_id: UUID | None) -> list[Membership]:
    """The roles that a person holds now in an agency or, for None, in the network."""
    found = session.scalars(
        select(Membership).where(
            Membership.person_id == person_id, Membership.until.is_(None), _where(agency_id)
        )
    )
    return list(found)


def has_roles_elsewhere(session: Session, person_id: UUID, agency_id: UUID | None) -> bool:
    """Whether a person has a role elsewhere than in an agency or, for None, in the network."""
    found = select(Membership.id).where(
        Membership.person_id == person_id,
        Membership.until.is_(None),
        Membership.agency_id.is_distinct_from(agency_id),
    )
    return session.scalars(found).first() is not None


def set_roles(
    session: Session,
    person_id: UUID,
    agency_id: UUID | None,
    roles: Collection[Role],
    *,
    now: datetime,
) -> None:
    """Give a person exactly these roles in an agency. Raises Conflict for the last administrator,
    or the last steward. Who is no supervisor any more supervises no team, and who may invite no
    more has no invitations waiting.

    The person is locked first: two changes at once would give a role twice.
    """
    session.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    rows = held_memberships(session, person_id, agency_id)
    held = {Role(row.role) for row in rows}
    for role in sorted(held - set(roles)):
        if role in (Role.AGENCY_ADMINISTRATOR, Role.NETWORK_STEWARD):
            _require_another(session, person_id, agency_id, role)
    for row in rows:
        if row.role not in roles:
            row.until = now
    for role in sorted(set(roles) - held):
        session.add(Membership(person_id=person_id, agency_id=agency_id, role=role, since=now))
    if not INVITING.isdisjoint(held - set(roles)):
        _withdraw_invitations(session, person_id, agency_id, now)
    if agency_id is not None and Role.SUPERVISOR not in roles:
        parts = (TeamPart.SUPERVISOR,) if roles else tuple(TeamPart)
        _end_team_parts(session, person_id, agency_id, parts, now)


def end_all_roles(session: Session, person_id: UUID, *, now: datetime) -> None:
    """Take all roles from a person, everywhere. Raises Conflict as `set_roles` does."""
    agencies = session.scalars(
        select(Membership.agency_id)
        .where(Membership.person_id == person_id, Membership.until.is_(None))
        .distinct()
    )
    for agency_id in agencies.all():
        set_roles(session, person_id, agency_id, (), now=now)


def administrators_of(session: Session, vault: Vault, agency_id: UUID) -> tuple[str, ...]:
    """The e-mail addresses of those who look after an agency now."""
    people = session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.agency_id == agency_id,
            Membership.role == Role.AGENCY_ADMINISTRATOR,
            Membership.until.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    return tuple(email_of(vault, person) for person in people)


def stewards_of(session: Session, vault: Vault) -> tuple[str, ...]:
    """The e-mail addresses of those who look after the network now."""
    people = session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.role == Role.NETWORK_STEWARD,
            Membership.until.is_(None),
            Person.disabled_at.is_(None),
        )
    )
    return tuple(email_of(vault, person) for person in people)


def _withdraw_invitations(
    session: Session, person_id: UUID, agency_id: UUID | None, now: datetime
) -> None:
    """Take back what a person sent for an agency or, as a steward, for any."""
    session.execute(
        update(Invitation)
        .where(
            Invitation.invited_by == person_label(person_id),
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            *([] if agency_id is None else [Invitation.agency_id == agency_id]),
        )
        .values(withdrawn_at=now)
    )


def _require_another(session: Session, person_id: UUID, agency_id: UUID | None, role: Role) -> None:
    """The rows stay locked, so that two people cannot take the last two away at once."""
    others = session.scalars(
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.role == role,
            Membership.until.is_(None),
            _where(agency_id),
            Person.disabled_at.is_(None),
        )
        .order_by(Membership.id)
        .with_for_update(of=Membership)
        .execution_options(populate_existing=True)
    )
    if all(other.person_id == person_id for other in others):
        raise Conflict(LAST_STEWARD if role is Role.NETWORK_STEWARD else LAST_ADMINISTRATOR)


def _end_team_parts(
    session: Session,
    person_id: UUID,
    agency_id: UUID,
    parts: Collection[TeamPart],
    now: datetime,
) -> None:
    """From today on they belong to no team as one of these."""
    today = now.date()
    rows = session.scalars(
        select(TeamMember)
        .join(Team, Team.id == TeamMember.team_id)
        .where(
            TeamMember.person_id == person_id,
            TeamMember.part.in_(parts),
            Team.agency_id == agency_id,
        )
    )
    for row in rows:
        if row.until is None or row.until > today:
            row.until = max(row.since, today)


def _where(agency_id: UUID | None) -> ColumnElement[bool]:
    return (
        Membership.agency_id.is_(None) if agency_id is None else Membership.agency_id == agency_id
    )
