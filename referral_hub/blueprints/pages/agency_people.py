"""The people of one's own agency: roles, invitations, and the end of somebody's work."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.roles import AGENCY_ROLES
from referral_hub.schemas.agency_forms import InviteForm, RolesForm
from referral_hub.use_cases.invitations import (
    invite_to_agency,
    list_invitations,
    send_again,
    withdraw_invitation,
)
from referral_hub.use_cases.people import (
    change_roles,
    disable_person,
    end_membership,
    list_people,
    show_person,
)
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("agency_people", __name__, url_prefix="/agency")
PEOPLE = "/agency/people"


@blueprint.get("/people")
@signed_in
def people() -> Answer:
    """Everybody who works for the agency, and who is invited."""
    agency_id = own_agency()
    found = list_people(session(), actor(), agency_id, vault(), now=now())
    waiting = list_invitations(session(), actor(), agency_id, vault(), now=now())
    return render_template("agency/people.html", people=found, invitations=waiting)


@blueprint.route("/people/invite", methods=["GET", "POST"])
@proved
def invite() -> Answer:
    """Invite somebody by mail."""
    agency_id = own_agency()
    require(actor(), Permission.PEOPLE_INVITE, agency_id)

    def act(values: Values) -> None:
        name, email, roles = values["name"], values["email"], values["roles"]
        invite_to_agency(session(), actor(), agency_id, name, email, roles, vault(), now=now())

    def page(sent: Submitted) -> str:
        return render_template(
            "agency/invite.html", errors=sent.faults, form=request.form, roles=AGENCY_ROLES
        )

    return form_page(InviteForm(), act, lambda: saved("The invitation is sent.", PEOPLE), page)


@blueprint.get("/people/<uuid:person_id>")
@signed_in
def person(person_id: UUID) -> Answer:
    """What somebody does and did for the agency."""
    detail = show_person(session(), actor(), own_agency(), person_id, vault(), now=now())
    return render_template("agency/person.html", detail=detail)


@blueprint.route("/people/<uuid:person_id>/change", methods=["GET", "POST"])
@proved
def change(person_id: UUID) -> Answer:
    """Change what somebody does, or go on to end it."""
    agency_id = own_agency()

    def act(values: Values) -> None:
        change_roles(session(), actor(), agency_id, person_id, values["roles"], now=now())

    def page(sent: Submitted) -> str:
        detail = show_person(session(), actor(), agency_id, person_id, vault(), now=now())
        return render_template(
            "agency/change.html",
            detail=detail, errors=sent.faults, form=request.form, roles=AGENCY_ROLES,
        )  # fmt: skip

    return form_page(
        RolesForm(), act, lambda: saved("The roles are changed.", f"{PEOPLE}/{person_id}"), page
    )


@blueprint.post("/people/<uuid:person_id>/leave")
@proved
def leave(person_id: UUID) -> Answer:
    """End somebody's work for the agency."""
    end_membership(session(), actor(), own_agency(), person_id, now=now())
    return saved("Their work for the agency has ended.", PEOPLE)


@blueprint.post("/people/<uuid:person_id>/disable")
@proved
def disable(person_id: UUID) -> Answer:
    """Close somebody's account."""
    disable_person(session(), actor(), own_agency(), person_id, now=now())
    return saved("The account is closed.", PEOPLE)


@blueprint.post("/invitations/<uuid:invitation_id>/send-again")
@proved
def invitation_again(invitation_id: UUID) -> Answer:
    """Send an invitation with a new link."""
    send_again(session(), actor(), own_agency(), invitation_id, vault(), now=now())
    return saved("The invitation is sent again. The link before does not work any more.", PEOPLE)


@blueprint.post("/invitations/<uuid:invitation_id>/withdraw")
@proved
def invitation_back(invitation_id: UUID) -> Answer:
    """Take an invitation back."""
    withdraw_invitation(session(), actor(), own_agency(), invitation_id, now=now())
    return saved("The invitation is taken back.", PEOPLE)
