"""The search page: the address bar is the search."""

from flask import Blueprint, render_template, request

from referral_hub.schemas.search_arguments import FindPageArguments
from referral_hub.use_cases.directory_views import FindView
from referral_hub.use_cases.find_services import find_services
from referral_hub.web.call_limits import limit_calls
from referral_hub.web.guards import public
from referral_hub.web.hub import actor, count_search, hub, now, session
from referral_hub.web.input import load_arguments
from referral_hub.web.search_input import find_query

RADIUS_CHOICES = (1, 2, 5, 10, 25, 50, 100)
blueprint = Blueprint("find", __name__)


@blueprint.get("/find")
@public
def find() -> tuple[str, int]:
    """Services for words and a place. Wrong input is shown beside its field, and kept."""
    limit_calls("search")
    values, faults = load_arguments(FindPageArguments(), request.args)
    query = find_query(values)
    if faults:
        view = FindView(query, None, None, 0, 0, ())
    else:
        view = find_services(
            session(), actor(), query, searcher=hub().searcher, places=hub().places, now=now()
        )
        count_search(view)
    page = render_template(
        "find.html",
        view=view,
        errors=faults,
        params=request.args,
        radius_choices=RADIUS_CHOICES,
    )
    return page, 422 if faults else 200
