"""Applications: an agency registers them, a steward approves, everybody sees who has access."""

from collections.abc import Mapping
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)

from referral_hub.rules.applications import (
    SIGNING_ALGORITHMS,
    ClientAuthentication,
    GrantType,
)
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.scopes import MEANING, Scope
from referral_hub.use_cases.applications import (
    approve_application,
    list_applications,
    refuse_application,
    register_application,
    revoke_application,
    show_application,
)
from referral_hub.use_cases.grants import list_grants, withdraw_grant
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.registration_input import read_registration

blueprint = Blueprint("applications", __name__)


@blueprint.get("/agency/applications")
@signed_in
def of_agency() -> str:
    """The applications of the agency for which one acts."""
    found = list_applications(session(), actor(), own_agency())
    return render_template("applications/of_agency.html", applications=found)


@blueprint.get("/agency/applications/new")
@proved
def new() -> str:
    """The form by which one is registered."""
    require(actor(), Permission.APPLICATION_REGISTER)
    return _form({})


@blueprint.post("/agency/applications/new")
@proved
def register() -> Response:
    """Register, and show the secret this once."""
    agency_id = own_agency()
    try:
        wanted = read_registration(request.form)
        done = register_application(session(), actor(), agency_id, wanted, now=now())
    except InvalidInput as error:
        return make_response(_form(error.fields), 422)
    return make_response(render_template("applications/registered.html", registered=done))


@blueprint.get("/agency/applications/<uuid:application_id>")
@signed_in
def application(application_id: UUID) -> str:
    """One application."""
    found = show_application(session(), actor(), application_id)
    return render_template("applications/application.html", application=found, meaning=MEANING)


@blueprint.get("/agency/applications/<uuid:application_id>/revoke")
@proved
def ask_revoke(application_id: UUID) -> str:
    """Ask before an application is ended."""
    require(actor(), Permission.APPLICATION_REVOKE)
    found = show_application(session(), actor(), application_id)
    return render_template("applications/revoke.html", application=found)


@blueprint.post("/agency/applications/<uuid:application_id>/revoke")
@proved
def revoke(application_id: UUID) -> Response:
    """End an application."""
    revoke_application(session(), actor(), application_id, now=now())
    flash("The application has ended.")
    return _to(url_for("applications.application", application_id=application_id))


@blueprint.get("/network/applications")
@signed_in
def of_network() -> str:
    """All applications, with those that wait first."""
    require(actor(), Permission.APPLICATION_DECIDE)
    found = list_applications(session(), actor())
    return render_template("applications/of_network.html", applications=found)


@blueprint.get("/network/applications/<uuid:application_id>")
@proved
def to_decide(application_id: UUID) -> str:
    """What a steward decides upon."""
    require(actor(), Permission.APPLICATION_DECIDE)
    found = show_application(session(), actor(), application_id)
    return render_template("applications/decide.html", application=found, meaning=MEANING)


@blueprint.post("/network/applications/<uuid:application_id>")
@proved
@needs(Permission.APPLICATION_DECIDE)
def decide(application_id: UUID) -> Response:
    """Approve, refuse or end."""
    match request.form.get("decision"):
        case "approve":
            approve_application(session(), actor(), application_id, vault(), now=now())
            flash("The application is approved: it works now.")
        case "refuse":
            refuse_application(session(), actor(), application_id, vault(), now=now())
            flash("The application is refused.")
        case "revoke":
            revoke_application(session(), actor(), application_id, now=now())
            flash("The application has ended.")
        case _:
            raise InvalidInput("Choose what to do with this application.")
    return _to(url_for("applications.of_network"))


@blueprint.get("/account/applications")
@signed_in
def of_account() -> str:
    """The applications that act in one's name."""
    found = list_grants(session(), actor())
    return render_template("applications/of_account.html", grants=found, meaning=MEANING)


@blueprint.post("/account/applications/<uuid:grant_id>/withdraw")
@signed_in
def withdraw(grant_id: UUID) -> Response:
    """Take back what an application may do."""
    withdraw_grant(session(), actor(), grant_id, now=now())
    flash("The application has no access to your account now.")
    return _to(url_for("applications.of_account"))


def _form(faults: Mapping[str, str]) -> str:
    return render_template(
        "applications/new.html",
        errors=faults,
        form=request.form,
        authentications=ClientAuthentication,
        grants=GrantType,
        scopes=Scope,
        meaning=MEANING,
        algorithms=SIGNING_ALGORITHMS,
    )


def _to(address: str) -> Response:
    return make_response(redirect(address, 303))
