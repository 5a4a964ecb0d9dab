"""The network's agencies, as its stewards look after them."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.roles import Role
from referral_hub.schemas.network_forms import AddAgencyForm, DecideForm, PersonForm, TieForm
from referral_hub.use_cases.agencies import (
    FirstAdministrator,
    add_agency,
    decide_agency,
    list_agencies,
    show_agency,
)
from referral_hub.use_cases.agency_organizations import (
    find_organizations,
    tie_organization,
    untie_organization,
)
from referral_hub.use_cases.agreements import end_agreement
from referral_hub.use_cases.invitations import invite_to_agency, list_invitations
from referral_hub.use_cases.people import list_people
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("network", __name__, url_prefix="/network")


@blueprint.get("")
@signed_in
def agencies() -> Answer:
    """All agencies, with how they take part."""
    return render_template(
        "network/agencies.html", agencies=list_agencies(session(), actor(), now=now())
    )


@blueprint.route("/agencies/add", methods=["GET", "POST"])
@proved
def add() -> Answer:
    """Add an agency, and invite its first administrator."""
    require(actor(), Permission.AGENCY_ADD)

    def act(values: Values) -> None:
        admin = values["admin_name"], values["admin_email"]
        first = FirstAdministrator(*admin) if all(admin) else None
        victims = values["victim_services"]
        add_agency(
            session(), actor(), values["name"], first, vault(), victim_services=victims, now=now()
        )

    def page(sent: Submitted) -> str:
        faults = _renamed(sent.faults)
        return render_template("network/add.html", errors=faults, form=request.form)

    return form_page(AddAgencyForm(), act, lambda: saved("The agency is added.", "/network"), page)


@blueprint.get("/agencies/<uuid:agency_id>")
@signed_in
def agency(agency_id: UUID) -> Answer:
    """One agency: status, agreements, organizations, people by name and role."""
    require(actor(), Permission.AGENCY_DECIDE)
    return render_template(
        "network/agency.html",
        agency=show_agency(session(), actor(), agency_id, vault(), now=now()),
        people=list_people(session(), actor(), agency_id, vault(), now=now()),
        invitations=list_invitations(session(), actor(), agency_id, vault(), now=now()),
    )


@blueprint.route("/agencies/<uuid:agency_id>/decide", methods=["GET", "POST"])
@proved
def decide(agency_id: UUID) -> Answer:
    """Approve, suspend or resume an agency, or keep it in the directory only."""
    require(actor(), Permission.AGENCY_DECIDE)

    def act(values: Values) -> None:
        decide_agency(session(), actor(), agency_id, values["move"], vault(), now=now())

    def page(sent: Submitted) -> str:
        view = show_agency(session(), actor(), agency_id, vault(), now=now())
        return render_template(
            "network/decide.html", agency=view, errors=sent.faults, form=request.form
        )

    return form_page(
        DecideForm(), act, lambda: saved("It is done.", f"/network/agencies/{agency_id}"), page
    )


@blueprint.post("/agencies/<uuid:agency_id>/agreements/<uuid:agreement_id>/end")
@proved
def agreement_end(agency_id: UUID, agreement_id: UUID) -> Answer:
    """End an agreement before its time."""
    end_agreement(session(), actor(), agency_id, agreement_id, now=now())
    return saved("The agreement has ended.", f"/network/agencies/{agency_id}")


@blueprint.route("/agencies/<uuid:agency_id>/invite", methods=["GET", "POST"])
@proved
def invite(agency_id: UUID) -> Answer:
    """Invite an administrator of an agency."""
    require(actor(), Permission.AGENCY_DECIDE)

    def act(values: Values) -> None:
        name, email, roles = values["name"], values["email"], (Role.AGENCY_ADMINISTRATOR,)
        invite_to_agency(session(), actor(), agency_id, name, email, roles, vault(), now=now())

    def page(sent: Submitted) -> str:
        view = show_agency(session(), actor(), agency_id, vault(), now=now())
        return render_template(
            "network/invite.html", agency=view, errors=sent.faults, form=request.form
        )

    done = f"/network/agencies/{agency_id}"
    return form_page(PersonForm(), act, lambda: saved("The invitation is sent.", done), page)


@blueprint.get("/agencies/<uuid:agency_id>/organizations")
@signed_in
def organizations(agency_id: UUID) -> Answer:
    """Which organizations of the directory are the agency's own."""
    return _organizations_page(agency_id, NOTHING)


@blueprint.post("/agencies/<uuid:agency_id>/organizations/tie")
@proved
def tie(agency_id: UUID) -> Answer:
    """Say that an organization is the agency's own."""

    def act(values: Values) -> None:
        tie_organization(session(), actor(), agency_id, values["organization_id"], now=now())

    return form_page(
        TieForm(), act,
        lambda: saved("The organization is the agency's own.", _organizations(agency_id)),
        lambda sent: _organizations_page(agency_id, sent),
    )  # fmt: skip


@blueprint.post("/agencies/<uuid:agency_id>/organizations/untie")
@proved
def untie(agency_id: UUID) -> Answer:
    """Say that an organization is the agency's own no longer."""

    def act(values: Values) -> None:
        untie_organization(session(), actor(), agency_id, values["organization_id"], now=now())

    return form_page(
        TieForm(), act,
        lambda: saved("The organization is not the agency's any more.", _organizations(agency_id)),
        lambda sent: _organizations_page(agency_id, sent),
    )  # fmt: skip


def _organizations(agency_id: UUID) -> str:
    return f"/network/agencies/{agency_id}/organizations"


def _organizations_page(agency_id: UUID, sent: Submitted) -> str:
    words = request.args.get("q", "")
    found = find_organizations(session(), actor(), words)
    view = show_agency(session(), actor(), agency_id, vault(), now=now())
    return render_template(
        "network/organizations.html", agency=view, found=found, words=words, errors=sent.faults
    )


def _renamed(faults: dict[str, str]) -> dict[str, str]:
    """Messages about an address stand at the administrator's: the agency has none."""
    return {("admin_email" if name == "email" else name): text for name, text in faults.items()}
