"""What the routes reach for: the session, the search, the places, the time, who is calling."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from referral_hub.config import Settings
from referral_hub.extensions import db
from referral_hub.rules.actor import Actor, Anonymous
from referral_hub.use_cases.complete_search import Completer
from referral_hub.use_cases.count_searches import cells_of_search
from referral_hub.use_cases.directory.asked_place import PlaceFinder
from referral_hub.use_cases.directory_views import FindView
from referral_hub.use_cases.find_services import Searcher
from referral_hub.web.search_tally import SearchTally

EXTENSION = "referral_hub"


class SearchIndex(Searcher, Completer, Protocol):
    """What routes ask of the index."""

    def document_count(self) -> int:
        """How many documents can be found."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything outside of the request that an application was built with."""

    settings: Settings
    searcher: SearchIndex
    places: PlaceFinder
    gazetteer: object
    tally: SearchTally


def hub() -> Hub:
    """What the running application was built with."""
    return cast(Hub, current_app.extensions[EXTENSION])


def session() -> Session:
    """The database session of this request."""
    return cast(Session, db.session())


def actor() -> Actor:
    """Who is calling. Nobody can sign in yet: everybody is anonymous."""
    return Anonymous()


def now() -> datetime:
    """The present, in UTC: the only clock of the web layer."""
    return datetime.now(UTC)


def count_search(view: FindView) -> None:
    """Count a search that was answered, for the map of unmet need."""
    hub().tally.add(cells_of_search(view, now().date()))
