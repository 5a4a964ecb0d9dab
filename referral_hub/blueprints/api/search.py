"""The public search as JSON."""

from dataclasses import asdict
from typing import Any

from flask import request
from flask_smorest import Blueprint

from referral_hub.rules.errors import InvalidInput
from referral_hub.schemas.search import ProblemSchema, SearchAnswer, SearchApiArguments
from referral_hub.use_cases.find_services import find_services
from referral_hub.web.hub import actor, hub, now, session
from referral_hub.web.input import require_arguments
from referral_hub.web.search_input import find_query

blueprint = Blueprint(
    "search", __name__, url_prefix="/api/v1", description="Search the public directory"
)


@blueprint.get("/search")
@blueprint.doc(parameters=[{"in": "query", "schema": SearchApiArguments}], operationId="search")
@blueprint.alt_response(422, schema=ProblemSchema, description="A parameter cannot be used")
@blueprint.alt_response(503, schema=ProblemSchema, description="The search index is being built")
@blueprint.response(200, SearchAnswer)
def search() -> dict[str, Any]:
    """Services near a place, in any words, with filters and counts.

    Open to everybody, like the directory itself. "Near" means an office within the radius, or a
    service that covers the place wherever its office is.
    """
    query = find_query(require_arguments(SearchApiArguments(), request.args))
    view = find_services(
        session(), actor(), query, searcher=hub().searcher, places=hub().places, now=now()
    )
    if view.place_problem is not None:
        raise InvalidInput(view.place_problem.message, {"near": view.place_problem.message})
    return {
        "total": view.total,
        "page": query.page,
        "limit": query.limit,
        "results": [asdict(card) | {"eligibility": None} for card in view.results],
        "facets": view.facets,
        "place": view.place,
        "did_you_mean": None,
        "relax": [],
        "understood": view.understood,
    }
