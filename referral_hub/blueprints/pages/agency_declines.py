"""Whether supervisors of one's own agency decide on declines."""

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission
from referral_hub.schemas.supervision_forms import DeclineRuleForm
from referral_hub.use_cases.decline_rule import change_decline_rule, reviews_declines_of
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("agency_declines", __name__, url_prefix="/agency/declines")
PATH = "/agency/declines"


@blueprint.route("", methods=["GET", "POST"])
@signed_in
@needs(Permission.DECLINE_RULE)
def declines() -> Answer:
    """Who decides on declines; an administrator or a supervisor says it here."""

    def act(values: Values) -> None:
        reviewed = values["reviewed"]
        change_decline_rule(session(), actor(), own_agency(), reviewed=reviewed, now=now())

    return form_page(DeclineRuleForm(), act, lambda: saved("Saved.", PATH), _page)


def _page(sent: Submitted) -> str:
    return render_template(
        "agency/declines.html",
        reviewed=reviews_declines_of(session(), actor(), own_agency()),
        errors=sent.faults,
        form=request.form,
    )
