"""Small stand-ins for what tests must not depend on."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from referral_hub.gateways.search import SearchRequest, SearchResults
from referral_hub.rules.coordinates import Bounds
from referral_hub.rules.places import Place, PlaceKind, PlaceNotFound

ILLINOIS = (Bounds(36.9, -91.6, 42.6, -87.0),)
CHICAGO = Place(
    label="Chicago, IL 60608",
    latitude=41.85,
    longitude=-87.67,
    kind=PlaceKind.ZIP,
    zip="60608",
    city="Chicago",
    county="IL:cook county",
    state="IL",
    time_zone="America/Chicago",
)


class FakeGazetteer:
    """Knows Illinois and one ZIP code of it."""

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        return CHICAGO if postal_code == CHICAGO.zip else None

    def state_bounds(self, state: str) -> Sequence[Bounds]:
        return ILLINOIS if state == "IL" else ()

    def time_zone_of(self, postal_code: str) -> str | None:
        return CHICAGO.time_zone if postal_code == CHICAGO.zip else None

    def county_keys(self) -> frozenset[str]:
        return frozenset({"IL:cook county"})


class FakePlaces:
    """Finds one ZIP code and any point."""

    def find_place(self, text: str) -> Place:
        if text != CHICAGO.zip:
            raise PlaceNotFound(text)
        return CHICAGO

    def place_at(self, latitude: float, longitude: float) -> Place:
        return Place("here", latitude, longitude, PlaceKind.POINT, state="IL")


@dataclass
class FakeSearcher:
    """Answers every search with the same results and remembers what was asked."""

    results: SearchResults
    asked: list[SearchRequest] = field(default_factory=list)

    def search(self, request: SearchRequest) -> SearchResults:
        self.asked.append(request)
        return self.results
