"""Typed places to points: the offline gazetteer first, then a geocoding service if configured.

The only module that knows geopy's geocoders. What people type may be a home address, so it is
neither logged nor stored: the cache knows it only by its digest.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geopy.adapters import BaseSyncAdapter
from geopy.exc import ConfigurationError, GeocoderNotFound
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import get_geocoder_for_service
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from referral_hub.gateways.gazetteer import LONGEST_TEXT, Gazetteer
from referral_hub.rules.errors import SettingsInvalid
from referral_hub.rules.places import (
    AmbiguousPlace,
    GeocoderUnavailable,
    Place,
    PlaceKind,
    PlaceNotFound,
)

OFFLINE = "offline"
RETRIES = 1
NOTHING_FOUND_DAYS = 30
"""For so long a service is not asked again for a place that it did not know."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GeocoderSettings:
    """Which geocoder and how. `service` is "offline" or a name of geopy ("nominatim", "pelias").

    `options` go to the service as they are (domain, api_key …). A service is asked at most
    once in `min_delay_seconds`; its answers are kept in the SQLite file `cache_path`.
    """

    service: str = OFFLINE
    user_agent: str = "referral-hub"
    timeout_seconds: float = 5.0
    options: Mapping[str, str] = field(default_factory=dict)
    min_delay_seconds: float = 1.0
    cache_path: Path | None = None


class NoNetwork(BaseSyncAdapter):  # type: ignore[misc] # geopy has no types
    """The adapter of a geocoder that never asks anyone."""

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        """Never: always NotImplementedError."""
        raise NotImplementedError

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        """Never: always NotImplementedError."""
        raise NotImplementedError


class OfflineGeocoder(Geocoder):  # type: ignore[misc] # geopy has no types
    """A geopy geocoder over the gazetteer; `raw["place"]` of a Location is the Place."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__(adapter_factory=NoNetwork)
        self._gazetteer = gazetteer

    def geocode(
        self, query: str, *, exactly_one: bool = True, timeout: object = DEFAULT_SENTINEL
    ) -> Location | list[Location] | None:
        """The place of a text, or the area that a street address ends with; None if unknown.

        AmbiguousPlace when several have the name and only one is wanted.
        """
        try:
            found = [self._find(query)]
        except PlaceNotFound:
            return None
        except AmbiguousPlace as ambiguous:
            if exactly_one:
                raise
            found = [self._gazetteer.find(choice) for choice in ambiguous.choices]
        locations = [_location(place) for place in found]
        return locations[0] if exactly_one else locations

    def reverse(
        self,
        query: Sequence[float],
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
    ) -> Location | list[Location]:
        """The point itself with the facts of the nearest ZIP code."""
        location = _location(self._gazetteer.zip_of_point(query[0], query[1]))
        return location if exactly_one else [location]

    def _find(self, query: str) -> Place:
        try:
            return self._gazetteer.find(query)
        except PlaceNotFound:
            return self._gazetteer.area_of_address(query)


class HubGeocoder:
    """Resolves what people type as a place; threads may share one instance."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        ask: Callable[[str], Location | None],
        cache: "AnswerCache | None" = None,
    ) -> None:
        """`ask` is the `geocode` of a geopy geocoder; it is asked what the gazetteer misses."""
        self._gazetteer = gazetteer
        self._ask = ask
        self._cache = cache

    def find_place(self, text: str) -> Place:
        """The place that is meant.

        Raises PlaceNotFound, AmbiguousPlace or, when a service fails, GeocoderUnavailable.
        """
        try:
            return self._gazetteer.find(text)
        except PlaceNotFound:
            is_askable = 0 < len(text.strip()) <= LONGEST_TEXT
            place = self._answer(text) if is_askable else None
        if place is None:
            raise PlaceNotFound(text)
        return place

    def _answer(self, text: str) -> Place | None:
        answer = self._cache.read(text) if self._cache else None
        if answer is None:
            answer = self._fresh_answer(text)
            if self._cache:
                self._cache.write(text, answer)
        return answer.place if answer.point is None else self._address(text, *answer.point)

    def _fresh_answer(self, text: str) -> "Answer":
        try:
            return _read_location(self._ask(text))
        except AmbiguousPlace:
            raise
        except Exception as error:  # geopy lets through whatever a strange answer leads to
            _log.warning("the geocoding service failed: %s", type(error).__name__)
            # The cause is left out: its text holds the address that was asked for.
            raise GeocoderUnavailable("Places cannot be looked up right now.") from None

    def _address(self, text: str, latitude: float, longitude: float) -> Place:
        """The point under the words that were typed, with the city where it was found."""
        around = self._gazetteer.zip_of_point(latitude, longitude)
        city = f" ({around.city}, {around.state})" if around.city else ""
        return replace(around, label=f"{text.strip()}{city}", kind=PlaceKind.ADDRESS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a geocoder said: a whole place, a point in degrees, or neither for "unknown"."""

    point: tuple[float, float] | None = None
    place: Place | None = None


class AnswerCache:
    """Answers of one service in a SQLite file, by a digest of what was asked."""

    def __init__(self, path: Path, service: str) -> None:
        self._path = path
        self._service = service

    def read(self, text: str) -> Answer | None:
        """The kept answer; None when there is none, or when the file cannot be read."""
        query = (
            "SELECT latitude, longitude FROM answer WHERE digest = ? AND "
            "(latitude IS NOT NULL OR asked_at > datetime('now', ?))"
        )
        try:
            with closing(self._open()) as cache:
                values = (self._digest(text), f"-{NOTHING_FOUND_DAYS} days")
                row = cache.execute(query, values).fetchone()
        except (sqlite3.Error, OSError) as error:
            _log.warning("the cache of geocoded places cannot be read: %s", error)
            return None
        if row is None:
            return None
        return Answer(None if row[0] is None else (row[0], row[1]))

    def write(self, text: str, answer: Answer) -> None:
        """Keep an answer; a file that cannot be written only costs a later question."""
        statement = "INSERT OR REPLACE INTO answer (digest, latitude, longitude) VALUES (?, ?, ?)"
        try:
            with closing(self._open()) as cache, cache:
                cache.execute(statement, (self._digest(text), *(answer.point or (None, None))))
        except (sqlite3.Error, OSError) as error:
            _log.warning("the cache of geocoded places cannot be written: %s", error)

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        cache = sqlite3.connect(self._path)
        cache.execute(
            "CREATE TABLE IF NOT EXISTS answer (digest BLOB PRIMARY KEY, latitude REAL, "
            "longitude REAL, asked_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP) WITHOUT ROWID"
        )
        return cache

    def _digest(self, text: str) -> bytes:
        words = " ".join(text.casefold().split())
        return hashlib.sha256(f"{self._service}\n{words}".encode()).digest()


def make_geocoder(
    settings: GeocoderSettings,
    gazetteer: Gazetteer | None = None,
    adapter_factory: Callable[..., BaseSyncAdapter] | None = None,
) -> HubGeocoder:
    """The geocoder of these settings over a shared gazetteer.

    `adapter_factory` makes the geopy adapter that asks a service. Raises SettingsInvalid.
    """
    gazetteer = gazetteer or Gazetteer()
    if settings.service == OFFLINE:
        return HubGeocoder(gazetteer, OfflineGeocoder(gazetteer).geocode)
    if settings.timeout_seconds <= 0 or settings.min_delay_seconds < 0:
        raise _invalid("the timeout must be more than 0 seconds, the delay 0 or more")
    # Its warnings quote the address that was asked for.
    logging.getLogger("geopy").setLevel(logging.ERROR)
    ask = RateLimiter(
        _service(settings, adapter_factory).geocode,
        min_delay_seconds=settings.min_delay_seconds,
        max_retries=RETRIES,
        error_wait_seconds=settings.min_delay_seconds,
        swallow_exceptions=False,
    )
    cache = AnswerCache(settings.cache_path, settings.service) if settings.cache_path else None
    return HubGeocoder(gazetteer, ask, cache)


def _service(
    settings: GeocoderSettings, adapter_factory: Callable[..., BaseSyncAdapter] | None
) -> Geocoder:
    try:
        return get_geocoder_for_service(settings.service)(
            user_agent=settings.user_agent,
            timeout=settings.timeout_seconds,
            adapter_factory=adapter_factory,
            **settings.options,
        )
    except (GeocoderNotFound, ConfigurationError, TypeError, ValueError) as error:
        raise _invalid(str(error)) from error


def _invalid(reason: str) -> SettingsInvalid:
    return SettingsInvalid(f"The geocoder cannot be set up: {reason}.", {"geocoder": reason})


def _location(place: Place) -> Location:
    return Location(place.label, (place.latitude, place.longitude), {"place": place})


def _read_location(location: Location | None) -> Answer:
    """ValueError for a point that is not on Earth."""
    if location is None:
        return Answer()
    place = location.raw.get("place") if isinstance(location.raw, dict) else None
    if isinstance(place, Place):
        return Answer(place=place)
    latitude, longitude = float(location.latitude), float(location.longitude)
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("a point off the Earth")
    return Answer((latitude, longitude))
