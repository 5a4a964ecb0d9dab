"""The quality of the directory: how fresh and complete it is, and what people search in vain."""

from flask import Blueprint, Response, render_template, request

from referral_hub.formats.quality_files import quality_csv
from referral_hub.rules.completeness import FACTS
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.quality import AGE_LABEL, MEASURE_LABEL, SEARCH_DAYS
from referral_hub.schemas.quality_arguments import QualityArguments, QualityServicesArguments
from referral_hub.use_cases.show_quality import (
    QualityQuery,
    list_open_corrections,
    list_quality_services,
    quality_rows,
    show_quality,
)
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import actor, hub, now, session
from referral_hub.web.input import load_arguments, require_arguments

blueprint = Blueprint("network_quality", __name__, url_prefix="/network")


@blueprint.get("/quality")
@signed_in
def quality() -> tuple[str, int]:
    """Freshness, completeness, duplicates, corrections and searches in vain, with a map."""
    require(actor(), Permission.QUALITY_READ)
    values, faults = load_arguments(QualityArguments(), request.args)
    query = QualityQuery(values["need"], values["area"])
    found = show_quality(session(), actor(), query, hub().gazetteer, hub().places, now=now())
    shown = render_template(
        "network/quality.html", found=found, asked=values, errors=faults, params=request.args,
        age_labels=AGE_LABEL, measures=MEASURE_LABEL, days=SEARCH_DAYS,
    )  # fmt: skip
    return shown, 422 if faults else 200


@blueprint.get("/quality/services")
@signed_in
def quality_services() -> tuple[str, int]:
    """The services behind a number."""
    require(actor(), Permission.QUALITY_READ)
    values, faults = load_arguments(QualityServicesArguments(), request.args)
    chosen = {name: values[name] for name in ("age", "missing", "incomplete", "duplicate",
                                              "correction", "page")}  # fmt: skip
    query = QualityQuery(values["need"], values["area"])
    found = list_quality_services(session(), actor(), query, now=now(), **chosen)
    shown = render_template(
        "network/quality_services.html", found=found, asked=values, errors=faults,
        params=request.args, age_labels=AGE_LABEL, facts={fact.part: fact for fact in FACTS},
    )  # fmt: skip
    return shown, 422 if faults else 200


@blueprint.get("/quality/corrections")
@signed_in
def quality_corrections() -> str:
    """The corrections that wait for an answer."""
    found = list_open_corrections(session(), actor())
    return render_template("network/quality_corrections.html", found=found)


@blueprint.get("/quality.csv")
@signed_in
def export() -> Response:
    """The numbers by need and by area, as a file."""
    values = require_arguments(QualityArguments(), request.args)
    query = QualityQuery(values["need"], values["area"])
    view = show_quality(session(), actor(), query, hub().gazetteer, hub().places, now=now())
    return Response(
        quality_csv(quality_rows(view)),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="quality.csv"'},
    )
