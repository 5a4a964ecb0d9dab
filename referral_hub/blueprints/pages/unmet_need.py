"""Where people find no help, on a map."""

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.use_cases.show_unmet_need import show_unmet_need
from referral_hub.vocabulary import needs
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import actor, hub, now, session

blueprint = Blueprint("unmet_need", __name__, url_prefix="/supervision")


@blueprint.get("/unmet")
@signed_in
def unmet() -> str:
    """Searches without results, and needs for which there was no place."""
    need = request.args.get("need", "")
    domains = [(each.code, each.label) for each in needs().values() if each.level == 1]
    if need and need not in dict(domains):
        raise InvalidInput("Choose a need of the list.", {"need": "Choose a need of the list."})
    found = show_unmet_need(
        session(), actor(), hub().figures, hub().gazetteer, hub().places, need=need, now=now()
    )
    return render_template(
        "supervision/unmet.html", found=found, need=need, needs=domains, params=request.args
    )
