"""Places for a search: what people type, and the point that their device gives."""

from typing import Protocol

from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.rules.places import Place


class Geocoder(Protocol):
    """Whatever resolves typed places: offline, or a service by configuration."""

    def find_place(self, text: str) -> Place:
        """The place that is meant."""


class PlaceFinder:
    """Typed places by the configured geocoder, points by the offline gazetteer."""

    def __init__(self, geocoder: Geocoder, gazetteer: Gazetteer) -> None:
        self._geocoder = geocoder
        self._gazetteer = gazetteer

    def find_place(self, text: str) -> Place:
        """The place that is meant. Raises PlaceNotFound or AmbiguousPlace."""
        return self._geocoder.find_place(text)

    def place_at(self, latitude: float, longitude: float) -> Place:
        """The point itself, with ZIP, county, state and time zone around it."""
        return self._gazetteer.zip_of_point(latitude, longitude)
