"""Finding clients of one's own agency by part of a name, birth date or phone; and the caseload."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Task
from referral_hub.rules.actor import Actor, Person
from referral_hub.rules.client_keys import rank, read_query
from referral_hub.rules.client_profile import full_name
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.client_views import Caseload, FoundClients
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_keys import outside_matching, with_keys
from referral_hub.use_cases.steps.client_lines import client_lines
from referral_hub.use_cases.steps.clients import agency_of, local_day, profile_of, seen_by
from referral_hub.use_cases.transaction import transaction

MOST_SHOWN, MOST_OPENED, PAGE = 50, 200, 50


class Whose(StrEnum):
    """Whose clients a caseload shows."""

    MINE = "mine"
    ALL = "all"
    CLOSED = "closed"


def find_clients(
    session: Session, actor: Actor, text: str, vault: Vault, *, now: datetime
) -> FoundClients:
    """The clients that a text may mean, open cases first where they fit equally well. An agency
    that serves victims has no index: all its profiles are opened and looked at.

    Raises InvalidInput for a text in which there is nothing to look for.
    """
    require(actor, Permission.CLIENT_READ)
    query = read_query(text)
    if query.is_empty:
        message = "Type part of a name, a date of birth, or at least 4 digits of a phone number."
        raise InvalidInput(message, {"q": message})
    agency_id = agency_of(actor)
    with transaction(session):
        asked = select(Client).where(seen_by(actor))
        newest = asked.order_by(Client.closed_at.is_not(None), Client.changed_at.desc(), Client.id)
        if outside_matching(session, [agency_id]):
            candidates, more = session.scalars(newest).all(), False
        else:
            keyed = newest.where(with_keys(vault, agency_id, query.tokens()))
            candidates = session.scalars(keyed.limit(MOST_OPENED + 1)).all()
            candidates, more = candidates[:MOST_OPENED], len(candidates) > MOST_OPENED
        opened = {each.id: profile_of(vault, each) for each in candidates}
        fitting = [
            (fit, each.closed_at is not None, full_name(opened[each.id]).casefold(), each)
            for each in candidates
            if (fit := rank(query, opened[each.id])) is not None
        ]
        fitting.sort(key=lambda found: (*found[:3], str(found[3].id)))
        shown = [each for *_, each in fitting[:MOST_SHOWN]]
        lines = client_lines(session, vault, shown, local_day(session, agency_id, now), opened)
        add_audit(
            session, actor, "client:search", agency_id=agency_id, detail=f"{len(shown)} found",
            shown=(each.id for each in shown), now=now,
        )  # fmt: skip
    return FoundClients(lines, more or len(fitting) > MOST_SHOWN)


def list_caseload(
    session: Session,
    actor: Actor,
    vault: Vault,
    *,
    whose: Whose = Whose.ALL,
    page: int = 1,
    now: datetime,
) -> Caseload:
    """A page of the clients that one may see: first those with something overdue, then those
    longest without contact. Raises InvalidInput for a page that there cannot be."""
    require(actor, Permission.CLIENT_READ)
    if not 1 <= page <= 100_000:
        raise InvalidInput("There is no such page.", {"page": "There is no such page."})
    agency_id = agency_of(actor)
    with transaction(session):
        today = local_day(session, agency_id, now)
        wanted = (seen_by(actor), _of(actor, whose))
        total = session.scalar(select(func.count()).select_from(Client).where(*wanted)) or 0
        overdue = (
            select(Task.client_id).where(
                Task.agency_id == agency_id, Task.done_at.is_(None), Task.due_on < today
            )
        )  # fmt: skip
        rows = session.scalars(
            select(Client)
            .where(*wanted)
            .order_by(
                Client.id.not_in(overdue),
                Client.last_contact_at.is_not(None),
                Client.last_contact_at,
                Client.opened_at,
                Client.id,
            )
            .limit(PAGE)
            .offset((page - 1) * PAGE)
        ).all()
        lines = client_lines(session, vault, rows, today)
        add_audit(
            session, actor, "client:list", agency_id=agency_id, detail=f"{len(lines)} listed",
            shown=(line.id for line in lines), now=now,
        )  # fmt: skip
    return Caseload(lines, total, page, max(1, -(-total // PAGE)))


def _of(actor: Actor, whose: Whose) -> ColumnElement[bool]:
    if whose is Whose.CLOSED:
        return Client.closed_at.is_not(None)
    mine: ColumnElement[bool] = true()
    if whose is Whose.MINE and isinstance(actor, Person):
        mine = Client.worker_id == actor.person_id
    return Client.closed_at.is_(None) & mine
