"""Declines of a supervisor's teams: what waits for a word, and a look back."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, render_template, request
from marshmallow import Schema

from referral_hub.rules.permissions import Permission
from referral_hub.rules.referrals import Channel
from referral_hub.schemas.supervision_forms import ApproveForm, LookForm, ReturnForm
from referral_hub.use_cases.decline_looks import look_at_decline
from referral_hub.use_cases.decline_proposals import approve_decline, return_decline
from referral_hub.use_cases.show_declines import list_declines, show_decline
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("declines", __name__, url_prefix="/supervision/declines")
LIST = "/supervision/declines"


@blueprint.get("")
@signed_in
@needs(Permission.DECLINE_REVIEW)
def declines() -> str:
    """What waits, and the declines of the last 90 days by reason."""
    found = list_declines(session(), actor(), vault(), now=now())
    return render_template("supervision/declines.html", found=found)


@blueprint.get("/<uuid:referral_id>")
@signed_in
@needs(Permission.DECLINE_REVIEW)
def decline(referral_id: UUID) -> str:
    """A decline that waits, or the last one of the referral."""
    return _page(referral_id, NOTHING)


@blueprint.post("/<uuid:referral_id>/approve")
@signed_in
@needs(Permission.DECLINE_REVIEW)
def approve(referral_id: UUID) -> Answer:
    """Decline it as proposed."""

    def act(values: Values) -> None:
        approve_decline(
            session(), actor(), vault(), referral_id,
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return _part(ApproveForm(), act, "Declined. The sending agency hears of it.", referral_id)


@blueprint.post("/<uuid:referral_id>/return")
@signed_in
@needs(Permission.DECLINE_REVIEW)
def send_back(referral_id: UUID) -> Answer:
    """Send it back to the worker."""

    def act(values: Values) -> None:
        return_decline(
            session(), actor(), vault(), referral_id, values["note"],
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return _part(ReturnForm(), act, "Sent back. The worker hears of it.", referral_id)


@blueprint.post("/<uuid:referral_id>/look")
@signed_in
@needs(Permission.DECLINE_REVIEW)
def look(referral_id: UUID) -> Answer:
    """Note that one looked at it."""

    def act(values: Values) -> None:
        look_at_decline(session(), actor(), vault(), referral_id, values["note"], now=now())

    return _part(LookForm(), act, "Noted that you looked at it.", referral_id)


def _part(form: Schema, act: Callable[[Values], object], note: str, referral_id: UUID) -> Answer:
    return form_page(form, act, lambda: saved(note, LIST), lambda sent: _page(referral_id, sent))


def _page(referral_id: UUID, sent: Submitted) -> str:
    return render_template(
        "supervision/decline.html",
        view=show_decline(session(), actor(), vault(), referral_id, now=now()),
        errors=sent.faults,
        form=request.form,
    )
