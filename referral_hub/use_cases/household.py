"""Who lives with a client. Who has left the household stays, for the history."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, HouseholdMember
from referral_hub.rules.actor import Actor
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.profile_check import check_profile
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import local_day, the_client
from referral_hub.use_cases.transaction import transaction


def add_member(
    session: Session,
    actor: Actor,
    client_id: UUID,
    profile: Profile,
    vault: Vault,
    *,
    now: datetime,
) -> UUID:
    """Add somebody to a client's household and return their id. Raises InvalidInput."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        member = HouseholdMember(id=uuid4(), client_id=client_id, since=now)
        _seal(session, vault, client, member, profile, now)
        session.add(member)
        add_audit(session, actor, "household:add", member, agency_id=client.agency_id, now=now)
        return member.id


def change_member(
    session: Session,
    actor: Actor,
    client_id: UUID,
    member_id: UUID,
    profile: Profile,
    vault: Vault,
    *,
    now: datetime,
) -> None:
    """Change what is known of somebody in a household. Raises NotFound and InvalidInput."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client, member = _member(session, actor, client_id, member_id)
        _seal(session, vault, client, member, profile, now)
        add_audit(session, actor, "household:change", member, agency_id=client.agency_id, now=now)


def end_member(
    session: Session, actor: Actor, client_id: UUID, member_id: UUID, *, now: datetime
) -> None:
    """Somebody lives with the client no longer. Raises NotFound, and Conflict said twice."""
    require(actor, Permission.CLIENT_CHANGE)
    with transaction(session):
        client, member = _member(session, actor, client_id, member_id)
        if member.until is not None:
            raise Conflict("This person has left the household already. Load the page again.")
        member.until = now
        add_audit(session, actor, "household:end", member, agency_id=client.agency_id, now=now)


def _member(
    session: Session, actor: Actor, client_id: UUID, member_id: UUID
) -> tuple[Client, HouseholdMember]:
    client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id)
    member = session.get(HouseholdMember, member_id, with_for_update=True)
    if member is None or member.client_id != client_id:
        raise NotFound(NOTHING_HERE)
    return client, member


def _seal(
    session: Session,
    vault: Vault,
    client: Client,
    member: HouseholdMember,
    profile: Profile,
    now: datetime,
) -> None:
    checked = check_profile(profile, local_day(session, client.agency_id, now))
    sealed = vault.seal("household_member.profile", member.id, to_json(checked))
    member.profile_sealed = sealed
