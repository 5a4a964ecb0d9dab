"""Sharing more for a referral that was sent: choose, look, share."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission
from referral_hub.schemas.referral_forms import ShareMoreForm
from referral_hub.use_cases.share_more import Sharing, share_more, show_sharing
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import load_form
from referral_hub.web.submitted import (
    NOTHING,
    Answer,
    Submitted,
    Values,
    form_page,
    form_values,
    saved,
)

blueprint = Blueprint("share_more", __name__, url_prefix="/referrals")


@blueprint.route("/<uuid:referral_id>/more", methods=["GET", "POST"])
@signed_in
@needs(Permission.REFERRAL_PREPARE)
def more(referral_id: UUID) -> Answer:
    """What to share in addition, exactly what the receiver will see, and the button that shares."""

    def act(values: Values) -> None:
        share_more(session(), actor(), vault(), referral_id, _sharing(values), now=now())

    def page(sent: Submitted) -> str:
        view = show_sharing(session(), actor(), vault(), referral_id, _chosen(), now=now())
        return render_template(
            "referrals/more.html", view=view, errors=sent.faults, form=request.form
        )

    if "look" in request.form:
        return page(NOTHING)
    address = f"/referrals/{referral_id}"
    return form_page(ShareMoreForm(), act, lambda: saved("It is shared.", address), page)


def _chosen() -> Sharing | None:
    """What the form that was sent holds, as far as it can be read; None before there is one."""
    if request.method != "POST":
        return None
    form = ShareMoreForm()
    values, faults = load_form(form, form_values(form))
    return Sharing() if faults else _sharing(values)


def _sharing(values: Values) -> Sharing:
    return Sharing(
        frozenset(values["categories"]), values["consent_id"], values["override_reason"],
        values["preview_digest"],
    )  # fmt: skip
