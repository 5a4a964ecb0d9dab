"""The public search as JSON."""

from math import inf
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.scopes import Scope
from referral_hub.schemas.search import CompleteAnswer, SearchAnswer
from referral_hub.schemas.search_arguments import CompleteArguments, SearchApiArguments
from referral_hub.use_cases.complete_search import complete_search
from referral_hub.use_cases.find_services import find_services
from referral_hub.web.api_docs import described
from referral_hub.web.call_limits import limit_calls
from referral_hub.web.guards import needs_scope, public
from referral_hub.web.hub import actor, count_search, hub, now, session
from referral_hub.web.input import require_arguments
from referral_hub.web.search_answer import answer_of, json_response
from referral_hub.web.search_input import find_query

NO_PLACE = "Say where: give near, or lat and lon, or name a place in q."
_ARGUMENTS = SearchApiArguments()  # made once: a search costs little more than making it
blueprint = Blueprint(
    "search", __name__, url_prefix="/api/v1", description="Search the public directory"
)


@blueprint.get("/search")
@described(blueprint, "search", SearchAnswer, arguments=SearchApiArguments, limited=True)
@public
@needs_scope(Scope.DIRECTORY_READ)
def search() -> Response:
    """Services near a place, in any words, with filters and counts.

    Open to everybody, like the directory itself; an access token that comes along needs the scope
    `directory.read`. "Near" means an office within the radius, or a service that covers the place
    wherever its office is. Without `near`, `lat` and `lon` a place named in `q` counts ("food bank
    in Cicero, IL"), unless `words_only`. Words that nothing knows are searched as what was probably
    meant, unless `as_typed`.
    """
    limit_calls("search")
    values = require_arguments(_ARGUMENTS, request.args)
    query = find_query(values)
    view = find_services(
        session(), actor(), query, searcher=hub().searcher, places=hub().places, now=now()
    )
    if view.place_problem is not None:
        raise InvalidInput(view.place_problem.message, {"near": view.place_problem.message})
    if view.place is None and values["radius_km"] not in (None, inf):
        raise InvalidInput(f"Some parameters cannot be used. {NO_PLACE}", {"radius_km": NO_PLACE})
    count_search(view)
    return json_response(answer_of(view))


@blueprint.get("/complete")
@described(blueprint, "complete", CompleteAnswer, arguments=CompleteArguments, limited=True)
@public
@needs_scope(Scope.DIRECTORY_READ)
def complete() -> dict[str, Any]:
    """Ways to go on typing: needs, services, organizations and places that begin like `q`.

    Best first in each kind, those near the place first. Nothing for less than two letters.
    """
    limit_calls("complete")
    query = find_query(require_arguments(CompleteArguments(), request.args))
    found = complete_search(
        session(), actor(), query, completer=hub().searcher, places=hub().places
    )
    return {"completions": found}
