"""Whom a client or a received referral may fit, with reasons. Nothing is assigned by itself."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import CaseAssignment, Need, Person, Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.assignment import Candidate, Suggestion, Wanted, suggest
from referral_hub.rules.caseload_weights import Load
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.disclosures import from_snapshot
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.use_cases.steps.caseloads import (
    caseload_rules,
    cases_at,
    loads_of,
    team_workers,
)
from referral_hub.use_cases.steps.client_staff import workers_of
from referral_hub.use_cases.steps.clients import local_day, profile_of, the_client
from referral_hub.use_cases.steps.disclosures import disclosed_to_receiver
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.referrals import referral_to_see
from referral_hub.vocabulary import needs

_MET = (NeedStatus.MET, NeedStatus.PARTLY_MET)


def suggest_for_client(
    session: Session, actor: Actor, client_id: UUID, vault: Vault, *, now: datetime
) -> tuple[Suggestion, ...]:
    """Whom a client may fit, by the most pressing open need; not who has the case already."""
    require(actor, Permission.CLIENT_CHANGE)
    client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id)
    languages = profile_of(vault, client).languages
    domain = _pressing_domain(session, client_id)
    known = _workers_with(session, [client_id])
    asked = _Asked(client.agency_id, client.team_id, languages, domain, known, now)
    return _suggestions(session, vault, asked, client.worker_id)


def suggest_for_referral(
    session: Session, actor: Actor, referral_id: UUID, vault: Vault, *, now: datetime
) -> tuple[Suggestion, ...]:
    """Whom a received referral may fit, by what was shared for it; nobody for the sender."""
    require(actor, Permission.REFERRAL_READ)
    referral, sides = referral_to_see(session, actor, referral_id)
    if Side.RECEIVER not in sides:
        return ()
    shared = disclosed_to_receiver(session, vault, referral, now=now)
    languages = from_snapshot(shared.values).languages
    known = _workers_with(session, _own_records(session, referral))
    domain = _domain(referral.need_code)
    asked = _Asked(referral.to_agency_id, referral.to_team_id, languages, domain, known, now)
    return _suggestions(session, vault, asked, None)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a case asks for, and where; `known` are those who worked with the client."""

    agency_id: UUID
    team_id: UUID
    languages: tuple[str, ...]
    domain: str
    known: frozenset[UUID]
    now: datetime

    @property
    def wanted(self) -> Wanted:
        """As the rules want it."""
        label = needs()[self.domain].label if self.domain in needs() else ""
        return Wanted(self.languages, label)


def _suggestions(
    session: Session, vault: Vault, asked: _Asked, but: UUID | None
) -> tuple[Suggestion, ...]:
    agency_id = asked.agency_id
    rules, today = caseload_rules(session), local_day(session, agency_id, asked.now)
    loads = loads_of(cases_at(session, agency_id, asked.now), rules.weights)
    team = team_workers(session, agency_id, asked.team_id, today)
    done = _done(session, agency_id, asked.domain) if asked.domain else {}
    everybody = workers_of(session, agency_id) - {but}
    spoken = _languages(session, everybody)
    candidates = [
        Candidate(
            person_id, name, spoken[person_id], len(done.get(person_id, ())),
            loads.get(person_id, Load()).points, person_id in asked.known, person_id in team,
        )
        for person_id, name in names_of(session, vault, everybody).items()
    ]  # fmt: skip
    points = [loads.get(each, Load()).points for each in team]
    return suggest(asked.wanted, candidates, median(points) if points else None, rules.band)


def _pressing_domain(session: Session, client_id: UUID) -> str:
    """The area of the open need that presses most; empty where there is none."""
    code = session.scalar(
        select(Need.need_code)
        .where(Need.client_id == client_id, Need.status == NeedStatus.OPEN)
        .order_by((Need.urgency * Need.importance).desc(), Need.opened_at)
        .limit(1)
    )
    return _domain(code) if code else ""


def _domain(code: str) -> str:
    return code.partition(".")[0]


def _workers_with(session: Session, clients: Collection[UUID]) -> frozenset[UUID]:
    """Who has or had one of these clients."""
    rows = session.scalars(
        select(CaseAssignment.worker_id).where(CaseAssignment.client_id.in_(clients))
    )
    return frozenset(row for row in rows if row is not None)


def _own_records(session: Session, referral: Referral) -> list[UUID]:
    """The receiver's own records of the client, from this and earlier referrals."""
    rows = session.scalars(
        select(Referral.receiver_client_id).where(
            Referral.client_id == referral.client_id,
            Referral.to_agency_id == referral.to_agency_id,
        )
    )
    return [row for row in rows if row is not None]


def _languages(session: Session, people: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    rows = session.execute(select(Person.id, Person.languages).where(Person.id.in_(people)))
    return {row.id: frozenset(row.languages or ()) for row in rows}


def _done(session: Session, agency_id: UUID, domain: str) -> dict[UUID, set[UUID]]:
    """The clients of each worker for whom a need of an area was met, or a referral completed,
    while the worker was responsible."""
    met = session.execute(
        select(CaseAssignment.worker_id, Need.client_id)
        .join(Need, Need.client_id == CaseAssignment.client_id)
        .where(
            CaseAssignment.agency_id == agency_id,
            CaseAssignment.since <= Need.closed_at,
            or_(CaseAssignment.until.is_(None), CaseAssignment.until >= Need.closed_at),
            Need.status.in_(_MET),
            _of_domain(Need.need_code, domain),
        )
    )
    completed = session.execute(
        select(Referral.assignee_id, Referral.receiver_client_id).where(
            Referral.to_agency_id == agency_id,
            Referral.status == Status.COMPLETED,
            _of_domain(Referral.need_code, domain),
        )
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for worker_id, client_id in (*met, *completed):
        if worker_id is not None and client_id is not None:
            found[worker_id].add(client_id)
    return found


def _of_domain(code: InstrumentedAttribute[str], domain: str) -> ColumnElement[bool]:
    return or_(code == domain, code.like(f"{domain}.%"))
