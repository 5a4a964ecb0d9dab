"""Moving a service's listing on: publishing, review, pause, retirement."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    ListingChange,
    ListingReview,
    Location,
    Organization,
    Person,
    Program,
    Service,
    ServiceAtLocation,
)
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.errors import Conflict
from referral_hub.rules.listing_state import (
    MOVES,
    PUBLIC,
    ListingMove,
    ListingState,
    MoveRule,
    check_move,
)
from referral_hub.rules.listings import ListingAct, ListingKey, RowEdit, difference
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.listing_forms.editing import Gazetteer, shown
from referral_hub.use_cases.listing_views import WaitingListing
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.listing_change import agency_of_listing, change_listing
from referral_hub.use_cases.steps.listing_facts import completeness_of
from referral_hub.use_cases.steps.listings import (
    editing_of,
    is_reviewed,
    is_steward,
    listing_to_change,
    state_of_service,
    who_made,
)
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.steps.people import email_of
from referral_hub.use_cases.transaction import transaction

TOO_LITTLE = "Say first what the service does: a listing without a description helps nobody."


def move_listing(
    session: Session,
    actor: Actor,
    service_id: UUID,
    move: ListingMove,
    note: str,
    gazetteer: Gazetteer,
    vault: Vault,
    *,
    now: datetime,
) -> MoveRule:
    """Make a move, as the table of moves allows it. Returns its rule, which says what was done.

    What is published for the first time brings its organization, program and places with it. A
    paused service says `note` on its page; who sent in what a steward sends back hears of it by
    mail. Raises NotFound, InvalidInput without a note that is
    needed, and Conflict where the move cannot be made.
    """
    require(actor, Permission.LISTING_CHANGE)
    note = note.strip()
    listing = ListingKey("service", service_id)
    with transaction(session):
        service = listing_to_change(session, actor, listing)
        rule = check_move(
            move, state_of_service(session, service), note,
            reviewed=is_reviewed(session), is_steward=is_steward(actor),
        )  # fmt: skip
        if move in (ListingMove.PUBLISH, ListingMove.SUBMIT) and not service.description:
            raise Conflict(TOO_LITTLE)
        edits = _edits(session, listing, service, move, note, gazetteer, now)
        if move is ListingMove.RETURN:
            _tell_sender(session, vault, service, now)
        _note_review(session, actor, service_id, move, note, now)
        if edits:
            words = note if rule.needs_note else ""
            change_listing(session, actor, listing, edits, act=ListingAct.EDIT, note=words, now=now)
        else:
            agency_id = agency_of_listing(session, listing)
            add_audit(session, actor, _ACTS[move], service, agency_id=agency_id, now=now)
    return rule


def waiting_listings(
    session: Session, actor: Actor, vault: Vault, *, now: datetime
) -> tuple[WaitingListing, ...]:
    """The drafts that wait for a steward, the oldest first."""
    require(actor, Permission.LISTING_REVIEW)
    rows = session.execute(
        select(
            ListingReview.service_id, ListingReview.submitted_by, ListingReview.submitted_at,
            Service.name, Organization.name.label("organization"),
        )
        .join(Service, Service.id == ListingReview.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(
            ListingReview.returned_at.is_(None), Service.visibility != PUBLIC,
            Service.status.in_(("active", "temporarily closed")),
        )
        .order_by(ListingReview.submitted_at, ListingReview.service_id)
    ).all()  # fmt: skip
    names = who_made(session, vault, (row.submitted_by for row in rows))
    scores = completeness_of(session, [row.service_id for row in rows], now.date())
    return tuple(
        WaitingListing(
            row.service_id, row.name, row.organization, names[row.submitted_by],
            row.submitted_at, scores[row.service_id].score,
        )
        for row in rows
    )  # fmt: skip


_ACTS = {
    ListingMove.SUBMIT: "listing:submit",
    ListingMove.RETURN: "listing:return",
    ListingMove.WITHDRAW: "listing:withdraw",
}


def _edits(
    session: Session,
    listing: ListingKey,
    service: Service,
    move: ListingMove,
    note: str,
    gazetteer: Gazetteer,
    now: datetime,
) -> list[RowEdit]:
    rule = MOVES[move]
    after: dict[str, Any] = {}
    if rule.status is not None:
        after["status"] = rule.status
    if rule.visibility is not None:
        after["visibility"] = rule.visibility
    if rule.visibility == PUBLIC:
        after["vanished_at"] = None  # its source may have stopped sending it
    if move is ListingMove.PAUSE:
        after["alert"] = note
    if move is ListingMove.RESUME:
        after |= _notice_before_pause(session, service)
    before = {name: getattr(service, name) for name in after}
    edit = difference("service", listing.id, before, after)
    edits = [edit] if edit is not None else []
    if rule.leads_to is ListingState.PUBLISHED and rule.visibility == PUBLIC:
        editing = editing_of(session, listing, service, gazetteer, now=now)
        linked = session.scalars(
            select(ServiceAtLocation.location_id).where(
                ServiceAtLocation.service_id == service.id, ServiceAtLocation.vanished_at.is_(None)
            )
        )
        edits += shown(editing, Organization, [service.organization_id], back=True)
        edits += shown(editing, Program, [service.program_id], back=True)
        edits += shown(editing, Location, linked.all())
    return edits


def _notice_before_pause(session: Session, service: Service) -> dict[str, Any]:
    """The notice that the pause took the place of; what was written since stays."""
    changes = session.scalars(
        select(ListingChange)
        .where(ListingChange.table_name == "service", ListingChange.record_id == service.id)
        .order_by(ListingChange.id.desc())
    )
    for change in changes:
        for edit in change.edits:
            after = edit["after"] or {}
            if edit["table"] == "service" and after.get("status") == "temporarily closed":
                is_kept = "alert" in after and after["alert"] == service.alert
                return {"alert": (edit["before"] or {}).get("alert")} if is_kept else {}
    return {}


def _tell_sender(session: Session, vault: Vault, service: Service, now: datetime) -> None:
    review = session.get_one(ListingReview, service.id)
    kind, _, name = review.submitted_by.partition(":")
    person = session.get(Person, UUID(name)) if kind == "person" else None
    if person is not None and person.disabled_at is None:
        send_mail(
            session, vault, email_of(vault, person), "listing_returned", now=now,
            listing=service.name, link=f"/listings/{service.id}",
        )  # fmt: skip


def _note_review(
    session: Session, actor: Actor, service_id: UUID, move: ListingMove, note: str, now: datetime
) -> None:
    review = session.get(ListingReview, service_id)
    if move is ListingMove.RETURN and review is not None:
        review.returned_by, review.returned_at, review.note = actor_label(actor), now, note
    elif review is not None:
        session.delete(review)
        session.flush()
    if move is ListingMove.SUBMIT:
        session.add(
            ListingReview(service_id=service_id, submitted_by=actor_label(actor), submitted_at=now)
        )
