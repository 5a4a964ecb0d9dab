"""Is it alive, is it ready: for load balancers and start-up scripts."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from referral_hub.web.guards import public
from referral_hub.web.hub import hub, session

blueprint = Blueprint("operation", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Database and index answer; an error says which does not."""
    session().execute(text("SELECT 1"))
    return jsonify(status="ready", documents=hub().searcher.document_count())
