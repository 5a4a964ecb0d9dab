"""Services put aside for a client, to compare and to hand over."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Service, ShortlistEntry
from referral_hub.rules.actor import Actor
from referral_hub.rules.eligibility import Criterion, Kind
from referral_hub.rules.eligibility_answers import judge
from referral_hub.rules.eligibility_words import criterion_words
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, is_allowed, require
from referral_hub.use_cases.client_search_views import (
    ClientBanner,
    Compared,
    ServiceForClient,
    ShortlistView,
)
from referral_hub.use_cases.directory.cards import read_cards
from referral_hub.use_cases.directory.criteria import read_criteria
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.directory.nearest import nearest
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.chosen_client import chosen_client, known_of
from referral_hub.use_cases.steps.clients import the_client
from referral_hub.use_cases.steps.own_session import person_of
from referral_hub.use_cases.steps.partners import reachable
from referral_hub.use_cases.steps.shortlists import shortlisted
from referral_hub.use_cases.transaction import transaction

MOST_ENTRIES = 20
NOBODY_CHOSEN = "You search for no client now. Choose a client first."
FULL = f"The list holds {MOST_ENTRIES} services at most. Take one off it first."


def add_to_shortlist(session: Session, actor: Actor, service_id: UUID, *, now: datetime) -> None:
    """Put a service aside for the client in context; one that is there already stays.

    Raises NotFound for a service that is not there, Conflict without a client or on a full list.
    """
    require(actor, Permission.CLIENT_READ)
    person = person_of(actor)
    if person.client_id is None:
        raise Conflict(NOBODY_CHOSEN)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_READ, person.client_id, lock=True)
        service = session.get(Service, service_id)
        if service is None or service.visibility != "public":
            raise NotFound(NOTHING_HERE)
        key = (person.person_id, client.id, service_id)
        if session.get(ShortlistEntry, key) is not None:
            return
        if len(shortlisted(session, actor, client.id)) >= MOST_ENTRIES:
            raise Conflict(FULL)
        session.add(ShortlistEntry(person_id=key[0], client_id=key[1], service_id=key[2],
                                   added_at=now))  # fmt: skip
        add_audit(
            session, actor, "client:shortlist", client, agency_id=client.agency_id,
            detail=f"service {service_id}", now=now,
        )  # fmt: skip


def remove_from_shortlist(
    session: Session, actor: Actor, service_id: UUID, *, now: datetime
) -> None:
    """Take a service off the list for the client in context, if it is on it. Raises Conflict."""
    require(actor, Permission.CLIENT_READ)
    person = person_of(actor)
    if person.client_id is None:
        raise Conflict(NOBODY_CHOSEN)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_READ, person.client_id)
        session.execute(
            delete(ShortlistEntry).where(
                ShortlistEntry.person_id == person.person_id,
                ShortlistEntry.client_id == client.id,
                ShortlistEntry.service_id == service_id,
            )
        )
        add_audit(
            session, actor, "client:unlist", client, agency_id=client.agency_id,
            detail=f"service {service_id}", now=now,
        )  # fmt: skip


def show_shortlist(
    session: Session, actor: Actor, *, vault: Vault, gazetteer: Gazetteer, now: datetime
) -> ShortlistView | None:
    """The services put aside for the client in context, side by side; None without a client."""
    require(actor, Permission.CLIENT_READ)
    with transaction(session):
        client = chosen_client(session, actor, vault, "shortlist", now=now)
        aside = shortlisted(session, actor, client.client_id) if client else ()
    if client is None:
        return None
    facts = read_services(session, aside)
    known = known_of(client.profile, gazetteer, now.date())
    criteria = read_criteria(session, facts, gazetteer)
    partners = reachable(session, (each.organization.id for each in facts.values()), now.date())
    may_refer = is_allowed(actor, Permission.REFERRAL_PREPARE, client.agency_id)
    hits = [nearest(facts[each], known.home.place) for each in aside if each in facts]
    cards = read_cards(session, hits, now)
    return ShortlistView(
        ClientBanner(client.client_id, client.initials, len(aside)),
        tuple(
            Compared(
                card,
                ServiceForClient(
                    judge(criteria[UUID(card.service_id)], known), True,
                    UUID(card.organization_id) in partners if may_refer else None,
                ),
                tuple(map(criterion_words, criteria[UUID(card.service_id)])),
                tuple(_documents(criteria[UUID(card.service_id)])),
            )
            for card in cards
        ),
        len(aside) - len(cards),
    )  # fmt: skip


def _documents(criteria: Iterable[Criterion]) -> Iterable[str]:
    for criterion in criteria:
        if criterion.kind is Kind.DOCUMENTS:
            yield from map(str, criterion.values)
