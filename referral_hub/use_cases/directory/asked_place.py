"""The place that a search asks for: typed, or a point."""

from typing import Protocol

from referral_hub.rules.places import (
    AmbiguousPlace,
    GeocoderUnavailable,
    Place,
    PlaceNotFound,
)
from referral_hub.use_cases.directory_views import PlaceProblem


class PlaceFinder(Protocol):
    """What a search asks about places."""

    def find_place(self, text: str) -> Place:
        """The place that is meant. Raises PlaceNotFound or AmbiguousPlace."""

    def place_at(self, latitude: float, longitude: float) -> Place:
        """The facts of a point: ZIP, county, state and time zone around it."""


def asked_place(
    near: str, latitude: float | None, longitude: float | None, places: PlaceFinder
) -> Place | PlaceProblem | None:
    """The place, why there is none, or None when none was asked for.

    A typed place wins over a point that an earlier "near me" left in the address.
    """
    try:
        if near:
            return places.find_place(near)
        if latitude is not None and longitude is not None:
            return places.place_at(latitude, longitude)
    except PlaceNotFound as problem:
        hint = "Check the spelling, or use a ZIP code or a city with its state."
        return PlaceProblem("unknown", f"{problem} {hint}")
    except AmbiguousPlace as problem:
        return PlaceProblem("ambiguous", str(problem), problem.choices)
    except GeocoderUnavailable:
        message = "Places cannot be looked up right now. A ZIP code always works."
        return PlaceProblem("unavailable", message)
    return None
