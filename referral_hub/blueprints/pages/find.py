"""The search page: the address bar is the search, as far as it was typed."""

from dataclasses import replace

from flask import Blueprint, render_template, request

from referral_hub.schemas.search_arguments import FindPageArguments
from referral_hub.use_cases.client_search_views import ClientFindView
from referral_hub.use_cases.directory_views import FindQuery, FindView
from referral_hub.use_cases.find_services import find_services
from referral_hub.web.call_limits import limit_calls
from referral_hub.web.client_search import faulty_search_for_client, search_for_client
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
        client = faulty_search_for_client(query, values)
        return _page(FindView(query, None, None, 0, 0, ()), faults, client), 422
    found = search_for_client(query, values)
    if found is None:
        return _page(_searched(query)), 200
    if found.counted:
        count_search(replace(found.view, query=found.asked))
    return _page(found.view, client=found), 200


def _searched(query: FindQuery) -> FindView:
    view = find_services(
        session(), actor(), query, searcher=hub().searcher, places=hub().places, now=now()
    )
    count_search(view)
    return view


def _page(
    view: FindView, faults: dict[str, str] | None = None, client: ClientFindView | None = None
) -> str:
    return render_template(
        "find.html",
        view=view,
        errors=faults or {},
        params=request.args,
        radius_choices=RADIUS_CHOICES,
        for_client=client,
    )
