"""What was shared about a client: the list, and the file."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from referral_hub.formats.disclosure_files import accounting_csv
from referral_hub.rules.consent import LABEL
from referral_hub.rules.errors import InvalidInput
from referral_hub.schemas.consent_forms import SpanArguments
from referral_hub.use_cases.consent_views import Reading
from referral_hub.use_cases.disclosures import list_disclosures
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import load_arguments, require_arguments

blueprint = Blueprint("disclosures", __name__, url_prefix="/clients/<uuid:client_id>")


@blueprint.get("/disclosures")
@signed_in
def disclosures(client_id: UUID) -> tuple[str, int]:
    """What was shared in a span of days. A wrong span is shown, and kept."""
    span, faults = load_arguments(SpanArguments(), request.args)
    try:
        page = list_disclosures(session(), actor(), client_id, vault(), **span, now=now())
    except InvalidInput as error:
        faults |= error.fields
        page = list_disclosures(session(), actor(), client_id, vault(), now=now())
    shown = render_template(
        "disclosures/list.html", page=page, errors=faults, params=request.args,
        category_label=LABEL, reading=Reading,
    )  # fmt: skip
    return shown, 422 if faults else 200


@blueprint.get("/disclosures.csv")
@proved
def export(client_id: UUID) -> Response:
    """What was shared in a span of days, as a file."""
    span = require_arguments(SpanArguments(), request.args)
    page = list_disclosures(session(), actor(), client_id, vault(), **span, now=now())
    return Response(
        "".join(accounting_csv(page.lines)),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="disclosures.csv"'},
    )
