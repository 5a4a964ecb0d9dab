"""For which client somebody searches: kept with their sign-in, and ending with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, SignInSession
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.client_profile import from_json, full_name
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.client_search_views import ClientChoice
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import seen_by, the_client
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.transaction import transaction

MOST_OFFERED = 200


def choose_client(session: Session, actor: Actor, client_id: UUID, *, now: datetime) -> None:
    """Search for a client from now on, in this session. Raises NotFound."""
    require(actor, Permission.CLIENT_READ)
    person = person_of(actor)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_READ, client_id, lock=True)
        held = _own_session(session, person)
        if held is None or held.agency_id != client.agency_id:
            raise NotFound(NOTHING_HERE)
        held.client_id = client.id
        add_audit(session, actor, "client:choose", client, agency_id=client.agency_id, now=now)


def leave_client(session: Session, actor: Actor, *, now: datetime) -> None:
    """Search for nobody any more, in this session."""
    require(actor, Permission.ACCOUNT_USE)
    person = person_of(actor)
    with transaction(session):
        held = _own_session(session, person)
        if held is None or held.client_id is None:
            return
        add_audit(
            session, actor, "client:leave", held, agency_id=person.agency_id,
            detail=f"client {held.client_id}", now=now,
        )  # fmt: skip
        held.client_id = None


def list_choices(
    session: Session, actor: Actor, vault: Vault, *, now: datetime
) -> tuple[ClientChoice, ...]:
    """The clients for whom the actor can search: their own first, then by name.

    Of those of others only the ones last worked with, since the list is not for finding somebody.
    """
    require(actor, Permission.CLIENT_READ)
    person = person_of(actor)
    with transaction(session):
        query = select(Client).where(seen_by(actor), Client.closed_at.is_(None))
        is_own = Client.worker_id == person.person_id
        rows = session.scalars(
            query.order_by(is_own.desc().nulls_last(), Client.changed_at.desc(), Client.id)
            .limit(MOST_OFFERED)
        )  # fmt: skip
        found = [_choice(client, vault, person.person_id) for client in rows]
        add_audit(
            session, actor, "client:list", agency_id=person.agency_id,
            detail=f"{len(found)} listed", shown=(each.client_id for each in found), now=now,
        )  # fmt: skip
    return tuple(sorted(found, key=lambda each: (not each.is_own, each.name.casefold())))


def _own_session(session: Session, person: PersonActing) -> SignInSession | None:
    """The session in which the person acts, locked; None where they act in none, or it ended."""
    if person.session_id is None:
        return None
    held = session.get(SignInSession, person.session_id, with_for_update=True)
    return held if held is not None and held.ended_at is None else None


def _choice(client: Client, vault: Vault, person_id: UUID) -> ClientChoice:
    profile = from_json(vault.open("client.profile", client.id, client.profile_sealed))
    return ClientChoice(client.id, full_name(profile), client.worker_id == person_id)
