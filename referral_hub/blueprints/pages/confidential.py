"""Keeping where a place is from everybody, looking it up, and making it public again."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission
from referral_hub.schemas.listing_forms import OpenPlaceForm, ProtectPlaceForm, ReadPlaceForm
from referral_hub.use_cases.confidential_place import show_confidentiality
from referral_hub.use_cases.protect_location import protect_location, unprotect_location
from referral_hub.use_cases.read_true_address import TrueAddress, read_true_address
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved, submit

blueprint = Blueprint(
    "confidential", __name__, url_prefix="/listings/locations/<uuid:location_id>/confidential"
)


@blueprint.get("")
@signed_in
def page(location_id: UUID) -> str:
    """What is known of a place, and what follows from keeping it."""
    return _page(location_id, NOTHING)


@blueprint.post("/keep")
@signed_in
@needs(Permission.LOCATION_PROTECT)
def keep(location_id: UUID) -> Answer:
    """Make the address confidential."""
    return form_page(
        ProtectPlaceForm(),
        lambda _: protect_location(
            session(), actor(), location_id, hub().gazetteer, vault(), now=now()
        ),
        lambda: saved("The address is confidential from now on.", _address(location_id)),
        lambda sent: _page(location_id, sent),
    )


@blueprint.post("/open")
@proved
@needs(Permission.LOCATION_UNPROTECT)
def open_again(location_id: UUID) -> Answer:
    """Make the address public again."""
    return form_page(
        OpenPlaceForm(),
        lambda values: unprotect_location(
            session(),
            actor(),
            location_id,
            values["why_open"],
            hub().gazetteer,
            vault(),
            now=now(),
        ),
        lambda: saved("The address is public again.", _address(location_id)),
        lambda sent: _page(location_id, sent),
    )


@blueprint.post("/address")
@signed_in
@needs(Permission.LOCATION_READ)
def look_up(location_id: UUID) -> Answer:
    """Where it truly is, this once."""
    read: list[TrueAddress] = []

    def act(values: Values) -> None:
        read.append(
            read_true_address(
                session(), actor(), location_id, values["why_read"], vault(), now=now()
            )
        )

    sent = submit(ReadPlaceForm(), act)
    return _page(location_id, sent, read[0] if read else None), sent.status


def _address(location_id: UUID) -> str:
    return f"/listings/locations/{location_id}/confidential"


def _page(location_id: UUID, sent: Submitted, true: TrueAddress | None = None) -> str:
    return render_template(
        "listings/confidential.html",
        place=show_confidentiality(session(), actor(), location_id),
        found=true,
        errors=sent.faults,
        form=request.form,
    )
