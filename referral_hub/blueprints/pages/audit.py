"""The audit, as stewards search and export it."""

from flask import Blueprint, Response, render_template, request, stream_with_context

from referral_hub.formats.audit_files import audit_csv
from referral_hub.schemas.audit_arguments import AuditArguments
from referral_hub.use_cases.agencies import list_agencies
from referral_hub.use_cases.search_audit import AuditQuery, export_audit, search_audit
from referral_hub.web.guards import proved, signed_in
from referral_hub.web.hub import actor, now, session, vault
from referral_hub.web.input import load_arguments, require_arguments

blueprint = Blueprint("audit", __name__)


@blueprint.get("/network/audit")
@signed_in
def audit() -> tuple[str, int]:
    """Rows that meet the conditions, page by page. Wrong conditions are shown, and kept."""
    values, faults = load_arguments(AuditArguments(), request.args)
    query = AuditQuery(**({} if faults else values))
    page = search_audit(session(), actor(), query, vault(), now=now())
    agencies = list_agencies(session(), actor(), now=now())
    shown = render_template(
        "network/audit.html", page=page, agencies=agencies, errors=faults, params=request.args
    )
    return shown, 422 if faults else 200


@blueprint.get("/network/audit.csv")
@proved
def export() -> Response:
    """All rows that meet the conditions, as a file."""
    query = AuditQuery(**require_arguments(AuditArguments(), request.args))
    lines = audit_csv(export_audit(session(), actor(), query, now=now()))
    return Response(
        stream_with_context(lines),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
    )
