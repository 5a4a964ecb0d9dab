"""How much room one's own services have: said with one tap, or with numbers."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.capacity import CapacityWord
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.freshness_forms import CapacityForm, ConfirmForm, TapForm
from referral_hub.use_cases.record_capacity import (
    list_capacities,
    population_choices,
    record_capacity,
    show_capacity,
    tap,
)
from referral_hub.use_cases.verify_listing import list_due, verify_listing
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session
from referral_hub.web.population_rows import population_rows, read_populations
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("capacity", __name__, url_prefix="/listings/capacity")
PATH = "/listings/capacity"


@blueprint.get("")
@signed_in
def board() -> str:
    """All services of the agency, each with four buttons; what is asked about stands first."""
    return _board(NOTHING)


@blueprint.post("")
@signed_in
@needs(Permission.CAPACITY_RECORD)
def tapped() -> Answer:
    """Say whether a service takes referrals."""

    def act(values: Values) -> None:
        tap(session(), actor(), values["service_id"], values["state"], now=now())

    where = f"{PATH}#service-{request.form.get('service_id', '')[:36]}"
    return form_page(
        TapForm(), act, lambda: saved("Saved. Tap another to change it.", where), _board
    )


@blueprint.route("/<uuid:service_id>", methods=["GET", "POST"])
@signed_in
@needs(Permission.CAPACITY_RECORD)
def numbers(service_id: UUID) -> Answer:
    """Say it with numbers, a last day and a note."""

    def act(values: Values) -> None:
        version = values.pop("version")
        word = CapacityWord(**values, populations=read_populations(request.form))
        record_capacity(session(), actor(), service_id, word, version=version, now=now())

    def page(sent: Submitted) -> str:
        view = show_capacity(session(), actor(), service_id, now=now())
        form = request.form if sent.faults else None
        return render_template(
            "listings/capacity_numbers.html", view=view, errors=sent.faults, form=form,
            rows=population_rows(form, view.word.populations if view.word else ()),
            populations=population_choices(actor()),
        )  # fmt: skip

    return form_page(CapacityForm(), act, lambda: saved("Saved.", PATH), page)


@blueprint.post("/confirm")
@signed_in
@needs(Permission.LISTING_VERIFY)
def confirm() -> Answer:
    """Say that a listing is still true."""

    def act(values: Values) -> None:
        listing = ListingKey(values["table"], values["listing_id"])
        verify_listing(session(), actor(), listing, now=now())

    return form_page(
        ConfirmForm(), act, lambda: saved("Thank you. The listing is confirmed.", PATH), _board
    )


def _board(sent: Submitted) -> str:
    agency_id = own_agency()
    return render_template(
        "listings/capacity.html",
        views=list_capacities(session(), actor(), agency_id, now=now()),
        due=list_due(session(), actor(), agency_id, now=now()),
        errors=sent.faults,
    )
