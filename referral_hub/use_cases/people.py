"""People of an agency: seeing them, what they do, and ending it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Membership, Person
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.permissions import (
    NOTHING_HERE,
    Permission,
    is_allowed,
    require,
    require_another,
)
from referral_hub.rules.roles import AGENCY_ROLES, Role
from referral_hub.use_cases.agency_views import PersonDetail, PersonView, RoleTime
from referral_hub.use_cases.steps.access import end_access_of_person, end_all_access_of_person
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.memberships import (
    end_all_roles,
    has_roles_elsewhere,
    held_memberships,
    set_roles,
)
from referral_hub.use_cases.steps.people_views import people_views
from referral_hub.use_cases.steps.team_views import parts_of_person, team_names
from referral_hub.use_cases.transaction import transaction

NOT_ONESELF = "Nobody changes their own roles. Ask another administrator."


def list_people(
    session: Session, actor: Actor, agency_id: UUID, vault: Vault, *, now: datetime
) -> tuple[PersonView, ...]:
    """The people of an agency, by name. A steward sees names, roles, and who has a second factor:
    they reset it."""
    require(actor, Permission.PEOPLE_READ, agency_id)
    in_full = is_allowed(actor, Permission.PEOPLE_CHANGE, agency_id)
    teams = team_names(session, agency_id, now.date()) if in_full else {}
    may_recover = is_allowed(actor, Permission.ACCOUNT_RECOVER)
    return people_views(
        session, vault, agency_id, in_full=in_full, may_recover=may_recover, teams=teams
    )


def show_person(
    session: Session, actor: Actor, agency_id: UUID, person_id: UUID, vault: Vault, *, now: datetime
) -> PersonDetail:
    """Somebody of an agency with all that they did there. Raises NotFound."""
    require(actor, Permission.PEOPLE_CHANGE, agency_id)
    teams = team_names(session, agency_id, now.date())
    found = people_views(session, vault, agency_id, in_full=True, only=person_id, teams=teams)
    if not found:
        raise NotFound(NOTHING_HERE)
    roles = session.scalars(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.agency_id == agency_id)
        .order_by(Membership.since.desc(), Membership.id)
    )
    return PersonDetail(
        person=found[0],
        roles=tuple(RoleTime(Role(row.role), row.since, row.until) for row in roles),
        parts=parts_of_person(session, agency_id, person_id, found[0].name, now.date()),
    )


def change_roles(
    session: Session,
    actor: Actor,
    agency_id: UUID,
    person_id: UUID,
    roles: Collection[Role],
    *,
    now: datetime,
) -> None:
    """Give somebody of an agency exactly these roles there.

    Raises NotFound, NotPermitted for oneself, InvalidInput for no role or one that an agency does
    not give, Conflict for the last administrator.
    """
    require(actor, Permission.PEOPLE_CHANGE, agency_id)
    require_another(actor, person_id, NOT_ONESELF)
    if not roles or not set(roles) <= set(AGENCY_ROLES):
        message = "Choose at least one role. To end their work, use the button below."
        raise InvalidInput(message, {"roles": message})
    with transaction(session):
        person = _colleague(session, agency_id, person_id)
        set_roles(session, person_id, agency_id, roles, now=now)
        detail = ", ".join(sorted(roles))
        add_audit(
            session, actor, "person:roles", person, agency_id=agency_id, detail=detail, now=now
        )


def end_membership(
    session: Session, actor: Actor, agency_id: UUID, person_id: UUID, *, now: datetime
) -> None:
    """Somebody leaves an agency: roles, teams, sessions and tokens there end now.

    Raises NotFound, NotPermitted for oneself, Conflict for the last administrator.
    """
    require(actor, Permission.PEOPLE_CHANGE, agency_id)
    require_another(actor, person_id, NOT_ONESELF)
    with transaction(session):
        person = _colleague(session, agency_id, person_id)
        set_roles(session, person_id, agency_id, (), now=now)
        end_access_of_person(session, person_id, agency_id, now=now)
        add_audit(session, actor, "person:leave", person, agency_id=agency_id, now=now)


def disable_person(
    session: Session, actor: Actor, agency_id: UUID, person_id: UUID, *, now: datetime
) -> None:
    """Close the account of somebody who works for this agency alone: everything ends now.

    Raises NotFound, NotPermitted for oneself, Conflict for the last administrator and for somebody
    who has a role elsewhere too.
    """
    require(actor, Permission.PEOPLE_CHANGE, agency_id)
    require_another(actor, person_id, NOT_ONESELF)
    with transaction(session):
        person = _colleague(session, agency_id, person_id)
        if has_roles_elsewhere(session, person_id, agency_id):
            raise Conflict(
                "This account is not your agency's alone. End the work for your agency instead."
            )
        end_all_roles(session, person_id, now=now)
        end_all_access_of_person(session, person_id, now=now)
        person.disabled_at = now
        add_audit(session, actor, "person:disable", person, agency_id=agency_id, now=now)


def _colleague(session: Session, agency_id: UUID, person_id: UUID) -> Person:
    """Somebody who has a role in the agency now. Raises NotFound."""
    person = session.get(Person, person_id)
    if person is None or not held_memberships(session, person_id, agency_id):
        raise NotFound(NOTHING_HERE)
    return person
