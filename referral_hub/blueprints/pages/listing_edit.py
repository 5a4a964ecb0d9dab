"""Editing a listing, a short form at a time."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from referral_hub.rules.errors import Conflict, InvalidInput
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.opening_hours import HoursLine
from referral_hub.rules.permissions import Permission
from referral_hub.rules.three_way import lines_of
from referral_hub.schemas.listing_forms import ConfirmConditionForm
from referral_hub.use_cases.edit_listing import (
    check_hours,
    confirm_condition,
    save_section,
    show_section,
)
from referral_hub.use_cases.listing_views import ChangeSince, Saved, SectionView
from referral_hub.vocabulary import needs as taxonomy
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.listing_input import SentForm, labels_of, row_keys, sent_form, written_base
from referral_hub.web.listing_words import KINDS, listing_address
from referral_hub.web.local_times import short_moment
from referral_hub.web.submitted import Answer, Values, saved, submit

NO_ANSWER = Saved()
"""Nothing that others did."""

blueprint = Blueprint("listing_edit", __name__, url_prefix="/listings")


@blueprint.route("/<uuid:service_id>/edit/<section>", methods=["GET", "POST"])
@signed_in
@needs(Permission.LISTING_CHANGE)
def service(service_id: UUID, section: str) -> Answer:
    """A section of a service."""
    return _edit(ListingKey("service", service_id), section)


@blueprint.route(
    "/<any(organizations, programs, locations):kind>/<uuid:record_id>/edit/<section>",
    methods=["GET", "POST"],
)
@signed_in
@needs(Permission.LISTING_CHANGE)
def record(kind: str, record_id: UUID, section: str) -> Answer:
    """A section of an organization, program or location."""
    return _edit(ListingKey(KINDS[kind], record_id), section)


@blueprint.post("/<uuid:service_id>/conditions")
@signed_in
@needs(Permission.LISTING_CHANGE)
def confirm(service_id: UUID) -> Answer:
    """State a condition that was read out of the service's text."""
    listing = ListingKey("service", service_id)
    said: list[str] = []

    def act(values: Values) -> None:
        key = values["condition"]
        said.append(confirm_condition(session(), actor(), listing, key, hub().gazetteer, now=now()))

    sent = submit(ConfirmConditionForm(), act)
    address = f"/listings/{service_id}/edit/who"
    if sent.done:
        return saved(f"“{said[0]}” is a condition of this service now.", address)
    view = show_section(session(), actor(), listing, "who", hub().gazetteer, vault(), now=now())
    return _page(view, view.texts, view.texts, view.seen, sent.faults), sent.status


def _edit(listing: ListingKey, key: str) -> Answer:
    view = show_section(session(), actor(), listing, key, hub().gazetteer, vault(), now=now())
    if request.method != "POST":
        return _page(view, view.texts, view.texts, view.seen, {})
    sent = sent_form(view.section)
    try:
        if key == "hours" and not _is_checked(sent):
            hours = check_hours(
                session(), actor(), listing, sent.typed.get("schedule", ""), hub().gazetteer,
                now=now(),
            )  # fmt: skip
            return _page(view, sent.typed, sent.base, sent.seen, {}, understood=tuple(hours))
        done = save_section(
            session(), actor(), listing, key, sent.base, sent.typed, sent.seen, hub().gazetteer,
            vault(), now=now(),
        )  # fmt: skip
    except InvalidInput as error:
        faults = error.fields or {"form": error.message}
        return _page(view, sent.typed, sent.base, sent.seen, faults), 422
    except Conflict as error:
        return _page(view, sent.typed, sent.base, sent.seen, {"form": error.message}), 409
    if done.clashes:
        faults = {clash.name: "Somebody else changed this too. Choose." for clash in done.clashes}
        return _page(view, done.texts, done.theirs, done.seen, faults, done=done), 409
    return _done(listing, done)


def _is_checked(sent: SentForm) -> bool:
    """Whether the person saw how these very lines are understood, or left them as they were."""
    lines = lines_of(sent.typed.get("schedule", ""))
    seen = lines_of(request.form.get("checked", ""))
    return lines in (seen, lines_of(sent.base.get("schedule", "")))


def _done(listing: ListingKey, done: Saved) -> Response:
    flash("Saved." if done.is_changed else "Nothing was changed.")
    for each in done.since:
        flash(_said(each))
    return redirect(listing_address(listing), 303)


def _said(since: ChangeSince) -> str:
    return f"Meanwhile {since.who} changed: {since.fields} ({short_moment(since.at)})."


def _page(
    view: SectionView,
    texts: dict[str, str],
    base: dict[str, str],
    seen: int,
    faults: dict[str, str],
    *,
    understood: tuple[HoursLine, ...] | None = None,
    done: Saved = NO_ANSWER,
) -> str:
    return render_template(
        "listings/edit.html",
        view=view,
        head=view.head,
        texts=texts,
        base=written_base(base, seen),
        errors=faults,
        labels=labels_of(view.section, texts),
        row_keys=row_keys,
        understood=understood,
        clashes={clash.name: clash for clash in done.clashes},
        since=[_said(each) for each in done.since],
        taxonomy=tuple(taxonomy().values()) if view.section.key == "about" else (),
    )
