"""Finding out who did what. That somebody looked is told in the audit too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Application, AuditRow, Person
from referral_hub.rules.actor import ACTS_FOR, Actor, actor_label, person_label
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.people import name_of
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.transaction import transaction

PAGE_SIZE = 50
EXPORTS = Rate("audit-export", 20, timedelta(hours=1))
_BATCH = 500
_ID_LENGTH = 36
SHOWING = (
    "client:list", "client:search", "figures:export", "figures:list", "referral:list",
    "referral:oversee", "task:list",
)  # fmt: skip
"""Acts whose detail ends with the ids of the records that were shown."""


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which rows: all conditions hold. Days are of UTC, both included.

    `actor` and `action` may be beginnings, such as "person:" or "session:". What an application did
    in a person's name is found by either. A record is found in the lists that showed it, too.
    `before` is a number: only older rows.
    """

    actor: str = ""
    action: str = ""
    table: str = ""
    record_id: UUID | None = None
    agency_id: UUID | None = None
    since: date | None = None
    until: date | None = None
    before: int | None = None

    @property
    def conditions(self) -> str:
        """The names of the conditions that are set: what they ask for is nobody's business."""
        named = [field.name for field in fields(self) if getattr(self, field.name)]
        return ", ".join(named) or "everything"


@dataclass(slots=True)
class AuditEntry:
    """A row as it is shown and exported. `id` is its number."""

    id: int
    at: datetime
    actor: str
    agency_id: UUID | None
    agency: str | None
    action: str
    outcome: str
    table_name: str | None
    record_id: UUID | None
    detail: str | None
    position: int | None
    seal: bytes | None

    @property
    def shown(self) -> tuple[str, ...]:
        """The ids of the records that a list showed."""
        if self.action not in SHOWING:
            return ()
        told = (self.detail or "").partition(": ")[2].split()
        return tuple(each for each in told if len(each) == _ID_LENGTH)


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Rows, the newest first; `older` is the `before` of the next page, if there is one.

    `names` are those of people, applications and agencies in these rows, by what stands for them:
    an actor, or the id of a record.
    """

    query: AuditQuery
    entries: Sequence[AuditEntry]
    older: int | None
    names: Mapping[str, str]


def search_audit(
    session: Session, actor: Actor, query: AuditQuery, vault: Vault, *, now: datetime
) -> AuditPage:
    """The newest rows that meet the conditions."""
    require(actor, Permission.AUDIT_READ)
    with transaction(session):
        add_audit(session, actor, "audit:read", detail=query.conditions, now=now)
    found = _matching(query).order_by(AuditRow.id.desc()).limit(PAGE_SIZE + 1)
    entries = [AuditEntry(*row) for row in session.execute(found)]
    older = entries[PAGE_SIZE - 1].id if len(entries) > PAGE_SIZE else None
    shown = entries[:PAGE_SIZE]
    return AuditPage(query, shown, older, _names(session, vault, shown))


def export_audit(
    session: Session, actor: Actor, query: AuditQuery, *, now: datetime
) -> Iterator[AuditEntry]:
    """All rows that meet the conditions, the oldest first. Raises TooManyTries."""
    require(actor, Permission.AUDIT_EXPORT)
    if isinstance(actor, PersonActing):
        spend(session, EXPORTS, actor_label(actor), now=now)
    with transaction(session):
        add_audit(session, actor, "audit:export", detail=query.conditions, now=now)
    return _all(session, query)


def _names(session: Session, vault: Vault, entries: Iterable[AuditEntry]) -> dict[str, str]:
    """Names without addresses: a steward sees those of an agency's people on its page, too."""
    actors = {one for entry in entries for one in entry.actor.split(ACTS_FOR)}
    records = {entry.record_id for entry in entries if entry.record_id}
    acting = {actor.removeprefix("person:") for actor in actors if actor.startswith("person:")}
    clients = {actor.removeprefix("application:") for actor in actors}
    names = {}
    people = select(Person).where(Person.id.in_({*map(UUID, acting), *records}))
    for person in session.scalars(people):
        names[person_label(person.id)] = names[str(person.id)] = name_of(vault, person)
    of_record_or_actor = Application.id.in_(records) | Application.client_id.in_(clients)
    for application in session.scalars(select(Application).where(of_record_or_actor)):
        names[f"application:{application.client_id}"] = application.name
        names[str(application.id)] = application.name
    for agency in session.scalars(select(Agency).where(Agency.id.in_(records))):
        names[str(agency.id)] = agency.name
    return names


def _all(session: Session, query: AuditQuery) -> Iterator[AuditEntry]:
    found = _matching(query).order_by(AuditRow.id).execution_options(yield_per=_BATCH)
    with session.execute(found) as rows:
        for row in rows:
            yield AuditEntry(*row)


def _matching(query: AuditQuery) -> Select[*tuple[Any, ...]]:
    rows = select(
        AuditRow.id, AuditRow.at, AuditRow.actor, AuditRow.agency_id, Agency.name, AuditRow.action,
        AuditRow.outcome, AuditRow.table_name, AuditRow.record_id, AuditRow.detail,
        AuditRow.position, AuditRow.seal,
    ).outerjoin(Agency, Agency.id == AuditRow.agency_id)  # fmt: skip
    if query.actor:
        rows = rows.where(
            AuditRow.actor.startswith(query.actor, autoescape=True)
            | AuditRow.actor.contains(ACTS_FOR + query.actor, autoescape=True)
        )
    if query.action:
        rows = rows.where(AuditRow.action.startswith(query.action, autoescape=True))
    if query.table:
        rows = rows.where(AuditRow.table_name == query.table)
    if query.record_id:
        rows = rows.where(
            (AuditRow.record_id == query.record_id)
            | (AuditRow.action.in_(SHOWING) & AuditRow.detail.contains(str(query.record_id)))
        )
    if query.agency_id:
        rows = rows.where(AuditRow.agency_id == query.agency_id)
    if query.since:
        rows = rows.where(AuditRow.at >= _start(query.since))
    if query.until:
        rows = rows.where(AuditRow.at < _start(query.until) + timedelta(days=1))
    if query.before:
        rows = rows.where(AuditRow.id < query.before)
    return rows


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
