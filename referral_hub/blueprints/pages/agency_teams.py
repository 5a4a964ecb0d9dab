"""The teams of one's own agency."""

from uuid import UUID

from flask import Blueprint, render_template, request

from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.schemas.agency_forms import JoinTeamForm, LeaveTeamForm, TeamForm
from referral_hub.use_cases.people import list_people
from referral_hub.use_cases.teams import (
    add_team,
    end_team,
    join_team,
    leave_team,
    list_teams,
    rename_team,
    show_team,
)
from referral_hub.web.acting import own_agency
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("agency_teams", __name__, url_prefix="/agency/teams")
TEAMS = "/agency/teams"


@blueprint.route("", methods=["GET", "POST"])
@signed_in
@needs(Permission.TEAM_CHANGE)
def teams() -> Answer:
    """The teams that one may see; an administrator adds one here."""
    agency_id = own_agency()

    def act(values: Values) -> None:
        add_team(session(), actor(), agency_id, values["name"], now=now())

    def page(sent: Submitted) -> str:
        found = list_teams(session(), actor(), agency_id, vault(), now=now())
        return render_template(
            "agency/teams.html", teams=found, errors=sent.faults, form=request.form
        )

    return form_page(TeamForm(), act, lambda: saved("The team is added.", TEAMS), page)


@blueprint.get("/<uuid:team_id>")
@signed_in
def team(team_id: UUID) -> Answer:
    """Who belongs to a team, and who did."""
    return _team_page(team_id, NOTHING)


@blueprint.post("/<uuid:team_id>/rename")
@signed_in
@needs(Permission.TEAM_CHANGE)
def rename(team_id: UUID) -> Answer:
    """Give the team another name."""

    def act(values: Values) -> None:
        rename_team(session(), actor(), own_agency(), team_id, values["name"], now=now())

    return form_page(
        TeamForm(), act, lambda: saved("The team has its new name.", f"{TEAMS}/{team_id}"),
        lambda sent: _team_page(team_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:team_id>/end")
@proved
def end(team_id: UUID) -> Answer:
    """End the team."""
    end_team(session(), actor(), own_agency(), team_id, now=now())
    return saved("The team has ended. Its history stays.", TEAMS)


@blueprint.post("/<uuid:team_id>/join")
@proved
@needs(Permission.TEAM_CHANGE)
def join(team_id: UUID) -> Answer:
    """Make somebody a member or supervisor of the team."""

    def act(values: Values) -> None:
        who, part, since = values["person_id"], values["part"], values["since"]
        join_team(session(), actor(), own_agency(), team_id, who, part, since, now=now())

    return form_page(
        JoinTeamForm(), act, lambda: saved("The team is changed.", f"{TEAMS}/{team_id}"),
        lambda sent: _team_page(team_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:team_id>/parts/<uuid:part_id>/leave")
@proved
@needs(Permission.TEAM_CHANGE)
def leave(team_id: UUID, part_id: UUID) -> Answer:
    """End somebody's part in the team."""

    def act(values: Values) -> None:
        until = values["until"]
        leave_team(session(), actor(), own_agency(), team_id, part_id, until, now=now())

    return form_page(
        LeaveTeamForm(), act, lambda: saved("The team is changed.", f"{TEAMS}/{team_id}"),
        lambda sent: _team_page(team_id, sent, part_id),
    )  # fmt: skip


def _team_page(team_id: UUID, sent: Submitted, part_id: UUID | None = None) -> str:
    """The page of a team; `part_id` is whose leaving could not be done."""
    agency_id = own_agency()
    view = show_team(session(), actor(), agency_id, team_id, vault(), now=now())
    may_change = is_allowed(actor(), Permission.TEAM_CHANGE, agency_id)
    people = list_people(session(), actor(), agency_id, vault(), now=now()) if may_change else ()
    return render_template(
        "agency/team.html",
        team=view,
        people=[person for person in people if person.roles],
        may_change=may_change and view.ended_at is None,
        errors=sent.faults,
        form=request.form,
        leaving=part_id,
    )
