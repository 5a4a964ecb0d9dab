"""Corrections of listings: proposed by anybody, decided by who answers for the listing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DIRECTORY,
    AgencyOrganization,
    Correction,
    Location,
    Organization,
    Program,
    Service,
    ServiceAtLocation,
    table_of,
)
from referral_hub.rules.actor import Actor, Anonymous, actor_label
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.corrections import (
    CHANGED,
    FIELD_LABEL,
    LEFT_AFTER,
    NO_ADDRESS,
    NOT_OFFERED,
    OPEN_AT_MOST,
    CorrectionState,
    ListingField,
    Origin,
    Refusal,
    as_text,
    check_proposal,
    read_value,
)
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.listing_sections import plain
from referral_hub.rules.listings import ListingAct, ListingKey, difference
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.directory.concealing import lock_places
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.corrections import has_field, listing_of, propose, target_of
from referral_hub.use_cases.steps.listing_change import (
    agency_of_listing,
    change_listing,
    is_withheld,
)
from referral_hub.use_cases.steps.listing_rights import answering_agency
from referral_hub.use_cases.steps.partners import is_listed
from referral_hub.use_cases.steps.rates import Rate, spend
from referral_hub.use_cases.steps.unique import only_once
from referral_hub.use_cases.transaction import transaction

PAGE = 50
PROPOSALS = Rate("correction", 6, timedelta(hours=1))
DECIDED = "Somebody decided about this proposal already."
CANNOT_HOLD = "The listing cannot say this. Change it by hand."
LISTING_GONE = "The record is not there any more. Refuse the proposal."
NO_SERVICE = "There is no such service. It may have been removed; try a new search."
_NEVER_CHANGED = frozenset({"id", "source_id", "source_record_id", "organization_id"})


@dataclass(frozen=True, slots=True)
class CorrectionForm:
    """What the form on the page of a service is about, and what became of one's own proposals."""

    service_id: UUID
    name: str
    organization: str
    own: tuple[tuple[str, CorrectionState], ...]


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """A proposal that waits. `current` is what the listing says now; `by_hand` that accepting it
    changes nothing by itself; without `proposed` whoever decides writes what is right."""

    id: UUID
    listing: str
    listing_table: str
    listing_id: UUID
    field: str
    current: str | None
    proposed: str | None
    note: str
    origin: Origin
    proposed_at: datetime
    by_hand: bool
    gone: bool

    @property
    def key(self) -> ListingKey:
        """The listing to which it belongs."""
        return ListingKey(self.listing_table, self.listing_id)


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A page of the proposals that wait, the oldest first."""

    corrections: tuple[CorrectionView, ...]
    total: int
    page: int
    pages: int


def show_correction_form(session: Session, actor: Actor, service_id: UUID) -> CorrectionForm:
    """What a proposal would be about. Raises NotFound for what cannot be seen."""
    require(actor, Permission.CORRECTION_PROPOSE)
    if not is_listed(session, service_id):
        raise NotFound(NO_SERVICE)
    service = session.get_one(Service, service_id)
    own: Sequence[Correction] = ()
    if isinstance(actor, PersonActing):
        own = session.scalars(
            select(Correction)
            .where(Correction.proposer_id == actor.person_id, Correction.listing_id == service_id)
            .order_by(Correction.proposed_at.desc(), Correction.id)
            .limit(10)
        ).all()
    return CorrectionForm(
        service_id, service.name,
        session.get_one(Organization, service.organization_id).name,
        tuple((_label(row), CorrectionState(row.state)) for row in own),
    )  # fmt: skip


def propose_correction(
    session: Session,
    actor: Actor,
    service_id: UUID,
    field: ListingField,
    proposed: str,
    note: str,
    *,
    caller: str,
    now: datetime,
) -> None:
    """Propose that a service should say something else. `caller` is who is counted, so that
    nobody proposes too much.

    Raises NotFound, InvalidInput, Conflict where too much waits already, TooManyTries.
    """
    require(actor, Permission.CORRECTION_PROPOSE)
    stranger = isinstance(actor, Anonymous)
    check_proposal(field, proposed, note, stranger=stranger)
    spend(session, PROPOSALS, caller, now=now)
    with transaction(session):
        if not is_listed(session, service_id):
            raise NotFound(NO_SERVICE)
        if field is ListingField.ADDRESS and _has_secret_place(session, service_id):
            raise InvalidInput(NO_ADDRESS, {"proposed": NO_ADDRESS})
        target = target_of(session, service_id, field)
        if stranger:
            _require_room(session, listing_of(session, target.table, target.record_id))
        made = propose(
            session, table=target.table, record_id=target.record_id, field=target.field,
            current=target.current,
            proposed=NOT_OFFERED if field is ListingField.STATUS else plain(proposed),
            origin=Origin.FORM, proposed_by=actor_label(actor), note=plain(note) or None, now=now,
            proposer_id=actor.person_id if isinstance(actor, PersonActing) else None,
        )  # fmt: skip
        add_audit(session, actor, "correction:propose", made, detail=made.field, now=now)


def list_corrections(
    session: Session, actor: Actor, agency_id: UUID, *, page: int = 1
) -> CorrectionPage:
    """The proposals that wait for an agency to decide."""
    require(actor, Permission.CORRECTION_DECIDE, agency_id)
    return _page(session, _waiting().where(AgencyOrganization.agency_id == agency_id), page)


def list_unanswered_corrections(
    session: Session, actor: Actor, *, page: int = 1, now: datetime
) -> CorrectionPage:
    """The proposals for which no agency answers, and those that one has left for long, for the
    steward of the network."""
    require(actor, Permission.LISTING_REVIEW)
    left = Correction.proposed_at <= now - LEFT_AFTER
    waiting = _waiting().where(AgencyOrganization.agency_id.is_(None) | left)
    return _page(session, waiting, page)


def accept_correction(
    session: Session,
    actor: Actor,
    correction_id: UUID,
    vault: Vault,
    *,
    seen: str,
    value: str | None = None,
    now: datetime,
) -> None:
    """Change the listing as somebody proposed; `seen` is what it said when the caller looked, and
    `value` what it is to say, where the proposal says only that it is wrong.

    What stands in no one field is only noted as changed by hand. Raises NotFound; Conflict where
    the listing says something else by now, or somebody decided already; InvalidInput for what the
    listing cannot hold.
    """
    require(actor, Permission.CORRECTION_DECIDE)
    with transaction(session):
        lock_places(session)  # before any row, as whoever makes a place confidential does
        correction, listing, whose = _to_decide(session, correction_id)
        require(actor, Permission.CORRECTION_DECIDE, whose)
        if has_field(correction.table_name, correction.field):
            _change(session, actor, correction, listing, seen, value, vault, now)
        _decide(correction, CorrectionState.ACCEPTED, actor, now)
        add_audit(
            session, actor, "correction:accept", correction,
            agency_id=agency_of_listing(session, listing), detail=correction.field, now=now,
        )  # fmt: skip


def refuse_correction(
    session: Session, actor: Actor, correction_id: UUID, reason: Refusal, *, now: datetime
) -> None:
    """Leave the listing as it is, and say why. Raises NotFound, Conflict."""
    require(actor, Permission.CORRECTION_DECIDE)
    with transaction(session):
        correction, listing, whose = _to_decide(session, correction_id)
        require(actor, Permission.CORRECTION_DECIDE, whose)
        _decide(correction, CorrectionState.REFUSED, actor, now)
        correction.refusal = reason
        add_audit(
            session, actor, "correction:refuse", correction,
            agency_id=agency_of_listing(session, listing), detail=correction.field, now=now,
        )  # fmt: skip


def _has_secret_place(session: Session, service_id: UUID) -> bool:
    there = (
        select(Location.id)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .where(ServiceAtLocation.service_id == service_id, Location.confidential)
    )
    return session.scalars(there.limit(1)).first() is not None


def _require_room(session: Session, listing: ListingKey) -> None:
    waiting = session.scalar(
        select(func.count()).where(
            Correction.listing_id == listing.id,
            Correction.state == CorrectionState.PROPOSED,
            Correction.origin == Origin.FORM,
            Correction.proposer_id.is_(None),
        )
    )
    if (waiting or 0) >= OPEN_AT_MOST:
        raise Conflict("Many proposals wait for this listing already. Call the service instead.")


def _to_decide(session: Session, correction_id: UUID) -> tuple[Correction, ListingKey, UUID]:
    """A proposal, locked, its listing, and whose that is. Raises NotFound, Conflict."""
    correction = session.get(Correction, correction_id, with_for_update=True)
    if correction is None:
        raise NotFound(NOTHING_HERE)
    listing = ListingKey(correction.listing_table, correction.listing_id)
    whose = answering_agency(session, listing)
    if correction.state != CorrectionState.PROPOSED:
        raise Conflict(DECIDED)
    return correction, listing, whose


def _decide(correction: Correction, state: CorrectionState, actor: Actor, now: datetime) -> None:
    correction.state = state
    correction.decided_by, correction.decided_at = actor_label(actor), now


def _change(
    session: Session,
    actor: Actor,
    correction: Correction,
    listing: ListingKey,
    seen: str,
    value: str | None,
    vault: Vault,
    now: datetime,
) -> None:
    table, field = correction.table_name, correction.field
    record = session.get(DIRECTORY[table], correction.record_id)
    if record is None or _is_gone(session, correction):
        raise Conflict(LISTING_GONE)
    if field in _NEVER_CHANGED:
        raise Conflict("This cannot be changed by a correction. Refuse it.")
    before = getattr(record, field)
    if plain(as_text(before) or "") != plain(seen):
        raise Conflict(CHANGED)
    column = table_of(DIRECTORY[table]).c[field]
    text = correction.proposed_value
    if text is None:
        text = value or ""
    after = read_value(table, field, text, column.type.python_type)
    if after in (None, ""):
        after = None
        if not column.nullable:
            message = "Write what it should say."
            raise InvalidInput(message, {"value": message})
    edit = difference(table, correction.record_id, {field: before}, {field: after})
    change = None
    if edit is not None:
        with only_once(session, "value", CANNOT_HOLD):
            change = change_listing(
                session, actor, listing, [edit], act=ListingAct.CORRECTION,
                note=f"Correction {correction.id}", vault=vault, now=now,
            )  # fmt: skip
    if change is not None and is_withheld(change):
        correction.current_value = correction.proposed_value = correction.note = None
    else:
        correction.current_value = as_text(before)
        correction.proposed_value = as_text(after)


def _is_gone(session: Session, correction: Correction) -> bool:
    """Whether the listing is not in the directory any more: merged into another, or not sent by its
    source since."""
    listing: Any = session.get(DIRECTORY[correction.listing_table], correction.listing_id)
    return listing is None or listing.vanished_at is not None


def _waiting() -> Select[Any]:
    """Proposals that wait, each with the agency that answers for its listing, if one does."""
    owners = union_all(
        select(Service.id.label("listing_id"), Service.organization_id.label("organization_id")),
        select(Location.id, Location.organization_id),
        select(Program.id, Program.organization_id),
        select(Organization.id, Organization.id),
    ).subquery()
    return (
        select(Correction)
        .join(owners, owners.c.listing_id == Correction.listing_id)
        .outerjoin(
            AgencyOrganization,
            AgencyOrganization.organization_id == owners.c.organization_id,
        )
        .where(Correction.state == CorrectionState.PROPOSED)
        .order_by(Correction.proposed_at, Correction.id)
    )


def _page(session: Session, waiting: Select[Any], page: int) -> CorrectionPage:
    total = session.scalar(select(func.count()).select_from(waiting.order_by(None).subquery()))
    rows = session.scalars(waiting.limit(PAGE).offset((page - 1) * PAGE)).all()
    pages = max(1, -(-(total or 0) // PAGE))
    return CorrectionPage(tuple(_views(session, rows)), total or 0, page, pages)


def _views(session: Session, rows: Sequence[Correction]) -> Iterator[CorrectionView]:
    for row in rows:
        record = session.get(DIRECTORY[row.table_name], row.record_id)
        listing = session.get(DIRECTORY[row.listing_table], row.listing_id)
        held = has_field(row.table_name, row.field)
        current = getattr(record, row.field, None) if record is not None and held else None
        yield CorrectionView(
            row.id, getattr(listing, "name", None) or "", row.listing_table, row.listing_id,
            _label(row), as_text(current), row.proposed_value, row.note or "",
            Origin(row.origin), row.proposed_at, by_hand=not held,
            gone=record is None or _is_gone(session, row),
        )  # fmt: skip


def _label(correction: Correction) -> str:
    """What a proposal is about, in words."""
    if correction.field in set(ListingField):
        return FIELD_LABEL[ListingField(correction.field)]
    words = f"{correction.table_name}: {correction.field}".replace("_", " ")
    return "Phone number" if words == "phone: number" else words.capitalize()
