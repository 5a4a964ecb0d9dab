"""The network's stewards, and invitations that stewards sent."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.schemas.network_forms import PersonForm
from referral_hub.use_cases.invitations import (
    invite_steward,
    list_invitations,
    send_again,
    withdraw_invitation,
)
from referral_hub.use_cases.stewards import end_steward, list_stewards
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("network_stewards", __name__, url_prefix="/network")
STEWARDS = "/network/stewards"
AGAIN = "The invitation is sent again. The link before does not work any more."
BACK = "The invitation is taken back."


@blueprint.get("/stewards")
@signed_in
def stewards() -> Answer:
    """Who looks after the network, and who is invited to."""
    found = list_stewards(session(), actor(), vault())
    waiting = list_invitations(session(), actor(), None, vault(), now=now())
    return render_template("network/stewards.html", people=found, invitations=waiting)


@blueprint.route("/stewards/invite", methods=["GET", "POST"])
@proved
def invite() -> Answer:
    """Invite a steward by mail."""
    require(actor(), Permission.STEWARDS_CHANGE)

    def act(values: Values) -> None:
        invite_steward(session(), actor(), values["name"], values["email"], vault(), now=now())

    def page(sent: Submitted) -> str:
        return render_template("network/invite.html", errors=sent.faults, form=request.form)

    return form_page(PersonForm(), act, lambda: saved("The invitation is sent.", STEWARDS), page)


@blueprint.get("/stewards/<uuid:person_id>/end")
@proved
def ask_to_end(person_id: UUID) -> Answer:
    """Ask before a steward's role ends."""
    found = list_stewards(session(), actor(), vault())
    for steward in found:
        if steward.id == person_id and steward.roles:
            return render_template("network/end_steward.html", steward=steward)
    raise NotFound(NOTHING_HERE)


@blueprint.post("/stewards/<uuid:person_id>/end")
@proved
def end(person_id: UUID) -> Answer:
    """End a steward's role."""
    end_steward(session(), actor(), person_id, now=now())
    return saved("They are no network steward any more.", STEWARDS)


@blueprint.post("/invitations/<uuid:invitation_id>/send-again")
@proved
def invitation_again(invitation_id: UUID) -> Answer:
    """Send an invitation to a steward with a new link."""
    send_again(session(), actor(), None, invitation_id, vault(), now=now())
    return saved(AGAIN, STEWARDS)


@blueprint.post("/invitations/<uuid:invitation_id>/withdraw")
@proved
def invitation_back(invitation_id: UUID) -> Answer:
    """Take an invitation of a steward back."""
    withdraw_invitation(session(), actor(), None, invitation_id, now=now())
    return saved(BACK, STEWARDS)


@blueprint.post("/agencies/<uuid:agency_id>/invitations/<uuid:invitation_id>/send-again")
@proved
def agency_invitation_again(agency_id: UUID, invitation_id: UUID) -> Answer:
    """Send an invitation to an agency with a new link."""
    require(actor(), Permission.AGENCY_DECIDE)
    send_again(session(), actor(), agency_id, invitation_id, vault(), now=now())
    return saved(AGAIN, f"/network/agencies/{agency_id}")


@blueprint.post("/agencies/<uuid:agency_id>/invitations/<uuid:invitation_id>/withdraw")
@proved
def agency_invitation_back(agency_id: UUID, invitation_id: UUID) -> Answer:
    """Take an invitation to an agency back."""
    require(actor(), Permission.AGENCY_DECIDE)
    withdraw_invitation(session(), actor(), agency_id, invitation_id, now=now())
    return saved(BACK, f"/network/agencies/{agency_id}")
