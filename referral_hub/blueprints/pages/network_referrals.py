"""Referrals as the network's stewards see them, and the one thing that they do to them."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel
from referral_hub.schemas.referral_arguments import OverseeArguments
from referral_hub.schemas.referral_forms import VoidForm
from referral_hub.use_cases.move_referral import move_referral
from referral_hub.use_cases.oversee_referrals import oversee_referrals
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import load_arguments
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("network_referrals", __name__, url_prefix="/network/referrals")


@blueprint.get("")
@signed_in
def referrals() -> tuple[str, int]:
    """The referrals, that to which something happened last on top, or the one with a number;
    without a word about clients."""
    values, faults = load_arguments(OverseeArguments(), request.args)
    found = oversee_referrals(
        session(), actor(), None if faults else values["number"],
        page=1 if faults else values["page"], now=now(),
    )  # fmt: skip
    shown = render_template(
        "network/referrals.html", found=found, errors=faults, params=request.args
    )
    return shown, 422 if faults else 200


@blueprint.get("/<uuid:referral_id>")
@signed_in
def referral(referral_id: UUID) -> str:
    """One referral, to be marked as entered in error."""
    return _page(referral_id, NOTHING)


@blueprint.post("/<uuid:referral_id>")
@proved
@needs(Permission.REFERRAL_OVERSEE)
def void(referral_id: UUID) -> Answer:
    """Mark a referral as entered in error."""

    def act(values: Values) -> None:
        move_referral(
            session(), actor(), vault(), referral_id, Move.VOID, MoveDetails(note=values["note"]),
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return form_page(
        VoidForm(), act, lambda: saved("It is marked as entered in error.", _address(referral_id)),
        lambda sent: _page(referral_id, sent),
    )  # fmt: skip


def _page(referral_id: UUID, sent: Submitted) -> str:
    found = oversee_referrals(session(), actor(), referral_id, now=now())
    return render_template(
        "network/referral.html", found=found, errors=sent.faults, form=request.form
    )


def _address(referral_id: UUID) -> str:
    return f"/network/referrals/{referral_id}"
