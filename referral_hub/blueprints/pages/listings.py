"""The listings of one's own agency: what is listed, how complete it is, where it stands."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.schemas.listing_forms import AddListingForm, MoveListingForm, Seen, SeenForm
from referral_hub.use_cases.add_listing import add_listing
from referral_hub.use_cases.hide_listing import show_record, show_to_everybody
from referral_hub.use_cases.listing_history import show_history, undo_change
from referral_hub.use_cases.listings import (
    list_listings,
    preview_listing,
    show_service_listing,
)
from referral_hub.use_cases.publish_listing import move_listing
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.listing_words import KINDS, listing_address
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("listings", __name__, url_prefix="/listings")
KIND = "<any(organizations, programs, locations):kind>"


@blueprint.get("")
@signed_in
def listings() -> str:
    """Everything that the agency lists."""
    agency_id = own_agency()
    return render_template(
        "listings/listings.html",
        listings=list_listings(session(), actor(), agency_id, now=now()),
        may_change=is_allowed(actor(), Permission.LISTING_CHANGE, agency_id),
    )


@blueprint.route(
    "/add/<any(services, organizations, programs, locations):kind>", methods=["GET", "POST"]
)
@signed_in
@needs(Permission.LISTING_CHANGE)
def add(kind: str) -> Answer:
    """Begin a listing; its sections come next."""
    require(actor(), Permission.LISTING_CHANGE)
    agency_id = own_agency()
    made: list[ListingKey] = []

    def act(values: Values) -> None:
        made.append(add_listing(session(), actor(), KINDS[kind], **values, now=now()))

    def page(sent: Submitted) -> str:
        found = list_listings(session(), actor(), agency_id, now=now())
        return render_template(
            "listings/add.html",
            kind=kind,
            organizations=found.organizations,
            errors=sent.faults,
            form=request.form or request.args,
        )

    return form_page(
        AddListingForm(), act,
        lambda: saved("It is begun. Nobody else sees it yet.",
                      f"{listing_address(made[0])}/edit/about"),
        page,
    )  # fmt: skip


@blueprint.get("/<uuid:service_id>")
@signed_in
def service(service_id: UUID) -> str:
    """One service as its agency sees it."""
    return _service_page(service_id, NOTHING)


@blueprint.post("/<uuid:service_id>/state")
@signed_in
@needs(Permission.LISTING_CHANGE)
def move(service_id: UUID) -> Answer:
    """Publish, pause or retire a service, or send it for review."""
    done: list[str] = []

    def act(values: Values) -> None:
        rule = move_listing(
            session(), actor(), service_id, **values, gazetteer=hub().gazetteer, vault=vault(),
            now=now(),
        )  # fmt: skip
        done.append(rule.done)

    return form_page(
        MoveListingForm(), act, lambda: saved(done[0], f"/listings/{service_id}"),
        lambda sent: _service_page(service_id, sent),
    )  # fmt: skip


@blueprint.get("/<uuid:service_id>/preview")
@signed_in
def preview(service_id: UUID) -> str:
    """The service's page as everybody would see it."""
    view = preview_listing(session(), actor(), service_id, hub().gazetteer, now=now())
    return render_template("service.html", service=view, for_client=None, preview=True)


@blueprint.get(f"/{KIND}/<uuid:record_id>")
@signed_in
def record(kind: str, record_id: UUID) -> str:
    """An organization, program or location as its agency sees it."""
    return _record_page(ListingKey(KINDS[kind], record_id), NOTHING)


@blueprint.post(f"/{KIND}/<uuid:record_id>/state")
@signed_in
@needs(Permission.LISTING_CHANGE)
def show_or_hide(kind: str, record_id: UUID) -> Answer:
    """Have everybody see an organization, program or location, or only its agency."""
    listing = ListingKey(KINDS[kind], record_id)
    done: list[str] = []

    def act(values: Values) -> None:
        seen = values["seen"] is Seen.BY_EVERYBODY
        show_to_everybody(session(), actor(), listing, seen=seen, now=now())
        done.append("Everybody sees it now." if seen else "Only your agency sees it now.")

    return form_page(
        SeenForm(), act, lambda: saved(done[0], listing_address(listing)),
        lambda sent: _record_page(listing, sent),
    )  # fmt: skip


@blueprint.get("/<uuid:service_id>/history")
@signed_in
def service_history(service_id: UUID) -> str:
    """Who changed a service, when, from what to what."""
    return _history_page(ListingKey("service", service_id), NOTHING)


@blueprint.get(f"/{KIND}/<uuid:record_id>/history")
@signed_in
def record_history(kind: str, record_id: UUID) -> str:
    """The same of an organization, program or location."""
    return _history_page(ListingKey(KINDS[kind], record_id), NOTHING)


@blueprint.post("/<uuid:service_id>/history/<int:change_id>/undo")
@signed_in
@needs(Permission.LISTING_CHANGE)
def undo_of_service(service_id: UUID, change_id: int) -> Answer:
    """Take back a change of a service."""
    return _undo(ListingKey("service", service_id), change_id)


@blueprint.post(f"/{KIND}/<uuid:record_id>/history/<int:change_id>/undo")
@signed_in
@needs(Permission.LISTING_CHANGE)
def undo_of_record(kind: str, record_id: UUID, change_id: int) -> Answer:
    """Take back a change of an organization, program or location."""
    return _undo(ListingKey(KINDS[kind], record_id), change_id)


def _undo(listing: ListingKey, change_id: int) -> Answer:
    undo_change(session(), actor(), listing, change_id, vault(), now=now())
    return saved("The change is taken back.", f"{listing_address(listing)}/history")


def _history_page(listing: ListingKey, sent: Submitted) -> str:
    text = request.args.get("before", "")
    if text and not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise InvalidInput("Use the number of a change.", {"before": "Use a number."})
    before = int(text) if text else None
    view = show_history(session(), actor(), listing, vault(), before=before)
    return render_template("listings/history.html", history=view, errors=sent.faults)


def _record_page(listing: ListingKey, sent: Submitted) -> str:
    record = show_record(session(), actor(), listing)
    return render_template("listings/record.html", record=record, errors=sent.faults)


def _service_page(service_id: UUID, sent: Submitted) -> str:
    view = show_service_listing(session(), actor(), service_id, vault(), now=now())
    return render_template(
        "listings/service.html", listing=view, errors=sent.faults, form=request.form
    )
