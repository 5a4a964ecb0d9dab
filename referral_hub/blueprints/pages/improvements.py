"""Improvement cycles of an agency, or of the network."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request
from flask import Response as FileResponse
from werkzeug.wrappers import Response

from referral_hub.formats.series_files import series_csv
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_filters import read_filter
from referral_hub.rules.figure_query import FILTERS
from referral_hub.rules.figure_words import FILTER_LABEL
from referral_hub.rules.improvements import MEASURED_LABEL, Plan, Stage, measured_of
from referral_hub.rules.permissions import Permission
from referral_hub.schemas.improvement_forms import (
    ChangeImprovementForm,
    CloseImprovementForm,
    ImprovementForm,
    LogForm,
    MarkForm,
)
from referral_hub.use_cases.improvements import (
    begin_cycle,
    change_cycle,
    close_cycle,
    mark_change,
    withdraw_mark,
    write_log,
)
from referral_hub.use_cases.show_improvements import (
    export_series,
    filter_choices,
    filter_words,
    list_cycles,
    show_cycle,
)
from referral_hub.web.figure_rows import series_asked
from referral_hub.web.guards import needs, signed_in
from referral_hub.web.hub import actor, hub, now, session, vault
from referral_hub.web.submitted import NOTHING, Answer, Submitted, Values, form_page, saved

blueprint = Blueprint("improvements", __name__, url_prefix="/supervision/improvements")
HEAD = "/supervision/improvements"


@blueprint.get("")
@signed_in
def improvements() -> str:
    """All of them, with where each stands."""
    found = list_cycles(session(), actor(), vault(), hub().figures, now=now())
    return render_template("supervision/improvements.html", cycles=found)


@blueprint.route("/new", methods=["GET", "POST"])
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def new() -> Answer:
    """Begin one; the address may say of which referrals."""
    begun: list[UUID] = []

    def act(values: Values) -> None:
        plan, conditions = _plan(values), _conditions(values)
        begun.append(begin_cycle(session(), actor(), vault(), plan, conditions, now=now()))

    return form_page(
        ImprovementForm(), act, lambda: saved("It is begun.", f"{HEAD}/{begun[0]}"),
        lambda sent: _form_page(sent, request.form if request.form else _asked_for()),
    )  # fmt: skip


@blueprint.get("/<uuid:cycle_id>")
@signed_in
def improvement(cycle_id: UUID) -> str:
    """One, with its series."""
    return _page("supervision/improvement.html", cycle_id, NOTHING)


@blueprint.route("/<uuid:cycle_id>/change", methods=["GET", "POST"])
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def change(cycle_id: UUID) -> Answer:
    """Write the plan anew."""

    def act(values: Values) -> None:
        stage, version = Stage(values.pop("stage")), values.pop("version")
        change_cycle(
            session(), actor(), vault(), cycle_id, _plan(values), _conditions(values), stage,
            version, now=now(),
        )  # fmt: skip

    return form_page(
        ChangeImprovementForm(), act, lambda: _saved("It is changed.", cycle_id),
        lambda sent: _change_page(cycle_id, sent),
    )  # fmt: skip


@blueprint.route("/<uuid:cycle_id>/close", methods=["GET", "POST"])
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def close(cycle_id: UUID) -> Answer:
    """End one with what was learned."""

    def act(values: Values) -> None:
        close_cycle(session(), actor(), vault(), cycle_id, **values, now=now())

    return form_page(
        CloseImprovementForm(), act, lambda: _saved("It is closed.", cycle_id),
        lambda sent: _page("supervision/improvement_close.html", cycle_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:cycle_id>/marks")
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def mark(cycle_id: UUID) -> Answer:
    """Mark a day on which something was changed."""

    def act(values: Values) -> None:
        mark_change(session(), actor(), vault(), cycle_id, **values, now=now())

    return form_page(
        MarkForm(), act, lambda: _saved("The change is marked.", cycle_id),
        lambda sent: _page("supervision/improvement.html", cycle_id, sent),
    )  # fmt: skip


@blueprint.post("/<uuid:cycle_id>/marks/<uuid:mark_id>/withdraw")
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def unmark(cycle_id: UUID, mark_id: UUID) -> Response:
    """Take back a mark that was wrong."""
    withdraw_mark(session(), actor(), cycle_id, mark_id, now=now())
    return _saved("The mark is taken back.", cycle_id)


@blueprint.post("/<uuid:cycle_id>/log")
@signed_in
@needs(Permission.FIGURES_FOLLOW)
def log(cycle_id: UUID) -> Answer:
    """Write into the log."""

    def act(values: Values) -> None:
        write_log(session(), actor(), vault(), cycle_id, **values, now=now())

    return form_page(
        LogForm(), act, lambda: _saved("It stands in the log.", cycle_id),
        lambda sent: _page("supervision/improvement.html", cycle_id, sent),
    )  # fmt: skip


@blueprint.get("/<uuid:cycle_id>/series.csv")
@signed_in
def export(cycle_id: UUID) -> FileResponse:
    """The series as a file."""
    taken = export_series(session(), actor(), vault(), hub().figures, cycle_id, now=now())
    view = taken.view
    return FileResponse(
        "".join(series_csv(series_asked(taken), view.series, view.chart, view.marks, view.signals)),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="improvement.csv"'},
    )


def _plan(values: Values) -> Plan:
    kept = {name: value for name, value in values.items() if name not in FILTERS}
    return Plan(**kept | {"measured": measured_of(kept["measured"])})


def _conditions(values: Values) -> dict[str, str]:
    return {name: values[name] for name in FILTERS}


def _asked_for() -> dict[str, str]:
    """What the address of a page with figures says for a new one."""
    try:
        found = read_filter(request.args)
    except InvalidInput:
        found = {}
    measured = request.args.get("measure") or request.args.get("show", "")
    return found | ({"measured": measured} if measured in MEASURED_LABEL else {})


def _page(template: str, cycle_id: UUID, sent: Submitted) -> str:
    view = show_cycle(session(), actor(), vault(), hub().figures, cycle_id, now=now())
    return render_template(template, cycle=view, errors=sent.faults, form=request.form)


def _change_page(cycle_id: UUID, sent: Submitted) -> str:
    view = show_cycle(session(), actor(), vault(), hub().figures, cycle_id, now=now())
    plan = view.plan
    shown: Mapping[str, object] = request.form or {
        **view.conditions,
        "title": plan.title, "aim": plan.aim, "change": plan.change, "measured": plan.measured,
        "every": plan.every, "drawn": plan.drawn, "baseline_on": plan.baseline_on,
        "ends_on": plan.ends_on or "", "stage": view.stage,
    }  # fmt: skip
    return _form_page(sent, shown, cycle=view)


def _form_page(sent: Submitted, shown: Mapping[str, object], **more: object) -> str:
    figures = hub().figures
    choices = filter_choices(session(), actor(), vault(), figures, now=now())
    try:
        chosen = read_filter({name: str(shown.get(name) or "") for name in FILTERS})
    except InvalidInput:
        chosen = {}
    hidden = {name: value for name, value in chosen.items() if name not in choices}
    return render_template(
        "supervision/improvement_form.html", errors=sent.faults, shown=shown, choices=choices,
        hidden=hidden, filter_label=FILTER_LABEL,
        hidden_words=filter_words(session(), actor(), vault(), figures, hidden, now=now()), **more,
    )  # fmt: skip


def _saved(note: str, cycle_id: UUID) -> Response:
    return saved(note, f"{HEAD}/{cycle_id}")
