"""When one's own agency works."""

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission
from referral_hub.schemas.agency_forms import WorkingTimeForm
from referral_hub.use_cases.agency_time import change_working_time, show_working_time
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved
from referral_hub.web.time_zones import zone_choices

blueprint = Blueprint("agency_time", __name__, url_prefix="/agency/working-time")
PATH = "/agency/working-time"


@blueprint.route("", methods=["GET", "POST"])
@signed_in
@needs(Permission.AGENCY_CHANGE)
def working_time() -> Answer:
    """Where the agency is and whose holidays it keeps; an administrator says it here."""

    def act(values: Values) -> None:
        zone, region = values["time_zone"], values["holiday_region"]
        change_working_time(session(), actor(), own_agency(), zone, region, now=now())

    return form_page(
        WorkingTimeForm(), act, lambda: saved("The working time is saved.", PATH), _page
    )


def _page(sent: Submitted) -> str:
    """The page, with what was typed where something is wrong."""
    view = show_working_time(session(), actor(), own_agency())
    return render_template(
        "agency/working_time.html",
        view=view,
        zones=zone_choices(),
        errors=sent.faults,
        form=request.form if sent.faults else None,
    )
