"""Search nearby: what was typed to a page of services that may be shown."""

from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.directory.asked_place import PlaceFinder, asked_place
from referral_hub.use_cases.directory.searching import Searcher, searched
from referral_hub.use_cases.directory_views import FindQuery, FindView, PlaceProblem

DEFAULT_RADIUS_KM = 25 * 1.609344


def find_services(
    session: Session,
    actor: Actor,
    query: FindQuery,
    *,
    searcher: Searcher,
    places: PlaceFinder,
    now: datetime,
) -> FindView:
    """One page of services. A place that cannot be resolved gives no results and says why."""
    require(actor, Permission.DIRECTORY_SEARCH)
    asked = asked_place(query.near, query.latitude, query.longitude, places)
    if isinstance(asked, PlaceProblem):
        return FindView(query, None, asked, 0, 0, ())
    return searched(session, query, asked, searcher, now)
