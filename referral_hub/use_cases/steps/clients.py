"""Clients inside a transaction: whose they are, what is sealed of them, which day it is there."""

from datetime import date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, true
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.client_profile import Profile, from_json, full_name, to_json
from referral_hub.rules.errors import Conflict, NotFound, NotPermitted
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.roles import Role
from referral_hub.use_cases.steps.agencies import zone_of

PROFILE = "client.profile"
"""Under which name profiles are sealed."""
_WORKERS = frozenset({Role.CASE_MANAGER, Role.INTAKE_WORKER})


def agency_of(actor: Actor) -> UUID:
    """The agency that somebody acts for. Raises NotFound for who acts for none, and for an
    application that acts for somebody of another agency."""
    found = actor.agency_id if isinstance(actor, Person | Application) else None
    person = actor.person if isinstance(actor, Application) else None
    if found is None or (person is not None and person.agency_id != found):
        raise NotFound(NOTHING_HERE)
    return found


def only_teams(actor: Actor) -> frozenset[UUID] | None:
    """The teams whose clients somebody sees; None for all of the agency.

    Supervisors who are nothing else see those of the teams that they supervise.
    """
    acting = actor.person if isinstance(actor, Application) else actor
    if isinstance(acting, Person) and not acting.roles & _WORKERS:
        return acting.teams
    return None


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """The clients that somebody may see, as a condition."""
    teams = only_teams(actor)
    mine = true() if teams is None else Client.team_id.in_(teams)
    return and_(Client.agency_id == agency_of(actor), mine)


def the_client(
    session: Session,
    actor: Actor,
    permission: Permission,
    client_id: UUID,
    *,
    lock: bool = False,
) -> Client:
    """A client of the actor's own agency, with `lock` locked against other changes.

    Raises NotFound where there is none, or it is not theirs to see.
    """
    client = session.get(Client, client_id, with_for_update={"key_share": True} if lock else None)
    if client is None:
        raise NotFound(NOTHING_HERE)
    require(actor, permission, client.agency_id)
    teams = only_teams(actor)
    if client.agency_id != agency_of(actor) or (teams is not None and client.team_id not in teams):
        raise NotFound(NOTHING_HERE)
    return client


def profile_of(vault: Vault, client: Client) -> Profile:
    """What is known of a client."""
    return from_json(vault.open(PROFILE, client.id, client.profile_sealed))


def name_of(vault: Vault, client: Client) -> str:
    """How a client is called in lists."""
    return full_name(profile_of(vault, client))


def seal_profile(vault: Vault, client: Client, profile: Profile) -> None:
    """Give a client a profile, and an id where there is none yet."""
    client.id = client.id or uuid4()
    client.profile_sealed = vault.seal(PROFILE, client.id, to_json(profile))


def note_contact(client: Client, at: datetime) -> None:
    """Note that somebody of the agency was in contact with the client."""
    if client.last_contact_at is None or client.last_contact_at < at:
        client.last_contact_at = at


def require_open(client: Client) -> None:
    """Raise Conflict where the work with the client has ended."""
    if client.closed_at is not None:
        raise Conflict("This case is closed. Reopen it first.")


def author_of(actor: Actor) -> UUID:
    """The person who acts, also through an application. Raises NotPermitted where there is none."""
    acting = actor.person if isinstance(actor, Application) else actor
    if not isinstance(acting, Person):
        raise NotPermitted("Only a person can do this, or an application in a person's name.")
    return acting.person_id


def moment_of(session: Session, agency_id: UUID, day: date | None, now: datetime) -> datetime:
    """A day on which something happened as a moment: today is now, any other one its noon."""
    if day is None or day == local_day(session, agency_id, now):
        return now
    return datetime.combine(day, time(12), zone_of(session, agency_id))


def local_day(session: Session, agency_id: UUID, now: datetime) -> date:
    """Which day it is where an agency works."""
    return now.astimezone(zone_of(session, agency_id)).date()
