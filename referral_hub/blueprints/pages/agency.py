"""One's own agency: how it takes part, and its agreement."""

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission, require
from referral_hub.schemas.agency_forms import SignForm
from referral_hub.use_cases.agencies import show_agency
from referral_hub.use_cases.agreements import sign_agreement
from referral_hub.use_cases.network_settings import agreement_title
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("agency", __name__, url_prefix="/agency")


@blueprint.get("")
@signed_in
def overview() -> Answer:
    """How the agency takes part in the network."""
    view = show_agency(session(), actor(), own_agency(), vault(), now=now())
    return render_template("agency/overview.html", agency=view)


@blueprint.get("/agreement")
@signed_in
def agreement() -> Answer:
    """The agreements that the agency signed."""
    view = show_agency(session(), actor(), own_agency(), vault(), now=now())
    return render_template("agency/agreement.html", agency=view)


@blueprint.route("/agreement/sign", methods=["GET", "POST"])
@proved
def sign() -> Answer:
    """Sign the network agreement for the agency."""
    agency_id = own_agency()
    require(actor(), Permission.AGREEMENT_SIGN, agency_id)

    def act(values: Values) -> None:
        starts_on, ends_on = values["starts_on"], values["ends_on"]
        sign_agreement(session(), actor(), agency_id, starts_on, ends_on, now=now())

    def page(sent: Submitted) -> str:
        view = show_agency(session(), actor(), agency_id, vault(), now=now())
        title = agreement_title(session(), actor(), agency_id)
        return render_template(
            "agency/sign.html", agency=view, title=title, errors=sent.faults, form=request.form
        )

    return form_page(
        SignForm(), act, lambda: saved("The agreement is signed.", "/agency/agreement"), page
    )
