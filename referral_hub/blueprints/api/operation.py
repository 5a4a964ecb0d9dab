"""Is it alive, is it ready: for load balancers and start-up scripts."""

from flask import Blueprint, Response, jsonify

from referral_hub.rules.readiness import require_worker
from referral_hub.use_cases.worker_lag import worker_lag
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, hub, now, session

blueprint = Blueprint("operation", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="alive")


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """Database and index answer, and the worker keeps up; an error says which does not."""
    lag = worker_lag(session(), actor(), now=now())
    documents = hub().searcher.document_count()
    require_worker(lag)
    seconds = int(lag.total_seconds())
    return jsonify(status="ready", documents=documents, worker_lag_seconds=seconds)
