"""Listings from a file: send it, choose columns, see what it would do, load it, take it back."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from referral_hub.formats.flat_columns import TARGETS
from referral_hub.formats.problem_files import OUTCOME, problems_csv
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.listing_imports import LABEL, MOST_BYTES
from referral_hub.rules.permissions import Permission, require
from referral_hub.schemas.import_forms import ImportArguments, SendListingsForm
from referral_hub.use_cases.listing_imports import (
    choose_columns,
    drop_listings,
    import_home,
    import_problems,
    load_listings,
    send_listings,
    show_columns,
    show_import,
    undo_listings,
)
from referral_hub.web.guards import needs, proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import require_arguments
from referral_hub.web.submitted import Answer, Submitted, Values, form_page, saved
from referral_hub.web.uploads import takes_file, uploaded

blueprint = Blueprint("listing_import", __name__, url_prefix="/listings/import")
IMPORTS = "/listings/import"


@blueprint.route("", methods=["GET", "POST"])
@takes_file(MOST_BYTES)
@signed_in
@needs(Permission.LISTING_IMPORT)
def home() -> Answer:
    """Send a file; what was imported lately."""
    require(actor(), Permission.LISTING_IMPORT)
    sent_as: list[UUID] = []

    def act(values: Values) -> None:
        name, content = uploaded("file")
        sent_as.append(
            send_listings(
                session(), actor(), vault(), values["organization_id"], name, content,
                complete=values["complete"], now=now(),
            )
        )  # fmt: skip

    def page(sent: Submitted) -> str:
        return render_template(
            "listings/import.html", home=import_home(session(), actor()), errors=sent.faults,
            form=request.form, state_label=LABEL,
        )  # fmt: skip

    return form_page(
        SendListingsForm(),
        act,
        lambda: saved("The file has arrived.", f"{IMPORTS}/{sent_as[0]}/columns"),
        page,
    )


@blueprint.route("/<uuid:import_id>/columns", methods=["GET", "POST"])
@signed_in
@needs(Permission.LISTING_IMPORT)
def columns(import_id: UUID) -> Answer:
    """Say what each column of a flat file becomes; any other file needs none of it."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        count = len(show_columns(session(), actor(), vault(), import_id).columns)
        targets = [request.form.get(f"column-{number}", "") for number in range(count)]
        try:
            choose_columns(session(), actor(), import_id, targets, now=now())
            return saved("The file is being looked through.", f"{IMPORTS}/{import_id}")
        except InvalidInput as error:
            errors = error.fields
    view = show_import(session(), actor(), vault(), import_id, None, 1)
    if not view.has_columns:
        return saved("The file is being looked through.", f"{IMPORTS}/{import_id}")
    page = render_template(
        "listings/import_columns.html", errors=errors, form=request.form, targets=list(TARGETS),
        view=show_columns(session(), actor(), vault(), import_id),
    )  # fmt: skip
    return (page, 422) if errors else page


@blueprint.get("/<uuid:import_id>")
@signed_in
def job(import_id: UUID) -> str:
    """Where an import stands; what it would do, or did."""
    asked = require_arguments(ImportArguments(), request.args)
    view = show_import(session(), actor(), vault(), import_id, asked["show"], asked["page"])
    return render_template(
        "listings/import_job.html", view=view, state_label=LABEL, outcome=OUTCOME
    )


@blueprint.get("/<uuid:import_id>/problems.csv")
@signed_in
def problems(import_id: UUID) -> Response:
    """What is wrong with the file, as a file."""
    found = import_problems(session(), actor(), vault(), import_id)
    return Response(
        "".join(problems_csv(found)),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
    )


@blueprint.post("/<uuid:import_id>/load")
@proved
@needs(Permission.LISTING_IMPORT)
def load(import_id: UUID) -> Answer:
    """Load a file that was looked through."""
    load_listings(session(), actor(), import_id, now=now())
    return saved("The file is being loaded.", f"{IMPORTS}/{import_id}")


@blueprint.post("/<uuid:import_id>/undo")
@proved
@needs(Permission.LISTING_IMPORT)
def undo(import_id: UUID) -> Answer:
    """Take an import back."""
    undo_listings(session(), actor(), import_id, now=now())
    return saved("The import is being taken back.", f"{IMPORTS}/{import_id}")


@blueprint.post("/<uuid:import_id>/drop")
@signed_in
@needs(Permission.LISTING_IMPORT)
def drop(import_id: UUID) -> Answer:
    """Delete a file without loading it."""
    drop_listings(session(), actor(), import_id, now=now())
    return saved("The file is deleted. Nothing was loaded.", IMPORTS)
