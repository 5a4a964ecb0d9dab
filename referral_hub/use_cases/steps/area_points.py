"""Where areas are, as searches are counted in them."""

from typing import Protocol

from referral_hub.rules.places import AmbiguousPlace, GeocoderUnavailable, Place, PlaceNotFound


class Gazetteer(Protocol):
    """What is asked about geography."""

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        """The middle of a ZIP code, else of a city."""


class Places(Protocol):
    """What finds places by their names."""

    def find_place(self, text: str) -> Place:
        """The place of a text. Raises PlaceNotFound, AmbiguousPlace and GeocoderUnavailable."""


def place_of_area(area: str, gazetteer: Gazetteer, places: Places) -> Place | None:
    """Where an area is: a county, or what begins with the digits of ZIP codes; None where that is
    not known."""
    if ":" in area:
        state, _, county = area.partition(":")
        try:
            return places.find_place(f"{county}, {state}")
        except (PlaceNotFound, AmbiguousPlace, GeocoderUnavailable):
            return None
    tried = (f"{area}{ending:02}" for ending in range(1, 20))
    points = (gazetteer.approximate_point(code, None, None) for code in tried)
    return next(filter(None, points), None) if area else None
