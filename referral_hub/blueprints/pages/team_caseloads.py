"""How the work of a team is shared, and cases moved from one worker to another."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from referral_hub.formats.caseload_files import caseload_csv
from referral_hub.rules.caseload_weights import PLACE_LABEL
from referral_hub.rules.permissions import Permission
from referral_hub.rules.referrals import Channel
from referral_hub.schemas.caseload_forms import ReassignForm, TeamArguments
from referral_hub.use_cases.reassign_cases import reassign_cases
from referral_hub.use_cases.team_caseloads import (
    export_team_load,
    show_team_load,
    show_worker_load,
)
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import require_arguments
from referral_hub.web.presentation import counted
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("team_caseloads", __name__, url_prefix="/supervision")
TEAM = "/supervision/team"


@blueprint.get("/team")
@signed_in
@needs(Permission.CASELOAD_READ)
def team() -> str:
    """A team that one supervises."""
    chosen = require_arguments(TeamArguments(), request.args)["team"]
    found = show_team_load(session(), actor(), vault(), chosen, now=now())
    return render_template("supervision/team.html", found=found)


@blueprint.get("/team.csv")
@signed_in
@needs(Permission.CASELOAD_READ)
def export() -> Response:
    """The workers of a team with their load, as a file."""
    chosen = require_arguments(TeamArguments(), request.args)["team"]
    view = export_team_load(session(), actor(), vault(), chosen, now=now())
    rows = [
        (
            line.name, line.load.points, PLACE_LABEL[line.place], line.apart, line.load.cases,
            line.load.not_weighed, line.overdue,
        )
        for line in view.lines
    ]  # fmt: skip
    return Response(
        caseload_csv(rows),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="team.csv"'},
    )


@blueprint.route("/team/nobody", methods=["GET", "POST"])
@signed_in
@needs(Permission.CASE_REASSIGN)
def nobody() -> Answer:
    """Cases that nobody has yet, to be given to somebody."""
    return _cases_of(None)


@blueprint.route("/team/<uuid:person_id>", methods=["GET", "POST"])
@signed_in
@needs(Permission.CASE_REASSIGN)
def worker(person_id: UUID) -> Answer:
    """The cases of a worker, to be moved to another one."""
    return _cases_of(person_id)


def _cases_of(person_id: UUID | None) -> Answer:
    moved: list[int] = []

    def act(values: Values) -> None:
        moved.append(
            reassign_cases(
                session(), actor(), person_id, values["worker_id"], values["client_id"],
                with_referrals=values["with_referrals"], channel=Channel.PAGE, now=now(),
            )
        )  # fmt: skip

    def page(sent: Submitted) -> str:
        found = show_worker_load(session(), actor(), vault(), person_id, now=now())
        others = [(other, f"{name} ({load:g} points)") for other, name, load in found.others]
        return render_template(
            "supervision/worker.html", found=found, others=others, errors=sent.faults,
            form=request.form,
        )  # fmt: skip

    return form_page(
        ReassignForm(), act, lambda: saved(f"{counted(moved[0], 'case', 'cases')} moved.", TEAM),
        page,
    )  # fmt: skip
