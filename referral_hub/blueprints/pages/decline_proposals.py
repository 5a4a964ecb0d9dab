"""Proposing to decline a referral, where a supervisor of the agency decides on it."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission
from referral_hub.rules.reason_codes import choices_for
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel
from referral_hub.schemas.referral_forms import ProposeForm
from referral_hub.use_cases.decline_proposals import propose_decline
from referral_hub.use_cases.show_referral import show_referral
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint(
    "decline_proposals", __name__, url_prefix="/referrals/<uuid:referral_id>/propose-decline"
)


@blueprint.route("", methods=["GET", "POST"])
@signed_in
@needs(Permission.REFERRAL_MOVE)
def propose(referral_id: UUID) -> Answer:
    """The form of a decline, which goes to a supervisor."""

    def act(values: Values) -> None:
        details = MoveDetails(
            note=values["note"], reason=values["reason"], listing_field=values["listing_field"]
        )
        propose_decline(
            session(), actor(), vault(), referral_id, details,
            version=values["version"], channel=Channel.PAGE, now=now(),
        )  # fmt: skip

    return form_page(
        ProposeForm(),
        act,
        lambda: saved("Proposed. A supervisor decides on it.", f"/referrals/{referral_id}"),
        lambda sent: _page(referral_id, sent),
    )


def _page(referral_id: UUID, sent: Submitted) -> str:
    view = show_referral(session(), actor(), vault(), referral_id, compare=False, now=now())
    if sent.done and not view.may_propose:
        raise NotFound(NOTHING_HERE)
    return render_template(
        "referrals/propose_decline.html",
        view=view,
        reasons=choices_for(Move.DECLINE),
        errors=sent.faults,
        form=request.form,
    )
