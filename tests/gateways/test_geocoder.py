"""Typed places: the offline gazetteer first, then the configured service."""

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from geopy.adapters import AdapterHTTPError, BaseSyncAdapter

from referral_hub.gateways.gazetteer import LONGEST_TEXT, Gazetteer
from referral_hub.gateways.geocoder import (
    GeocoderSettings,
    HubGeocoder,
    OfflineGeocoder,
    make_geocoder,
)
from referral_hub.rules.errors import SettingsInvalid
from referral_hub.rules.places import (
    AmbiguousPlace,
    GeocoderUnavailable,
    PlaceKind,
    PlaceNotFound,
)

ADDRESS = "5801 W Cermak Rd, Cicero"
FOUND = [{"lat": "41.8515", "lon": "-87.7702", "display_name": "5801, Cermak Road, Cicero"}]


class FakeService:
    """A Nominatim that says what it is told to, and remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, float, str]] = []

    def adapter(self, **_settings: object) -> BaseSyncAdapter:
        return _Adapter(self)

    def answer(self, url: str, timeout: float, headers: Mapping[str, str]) -> Any:
        self.asked.append((url, timeout, headers["User-Agent"]))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


class _Adapter(BaseSyncAdapter):  # type: ignore[misc] # geopy has no types
    def __init__(self, service: FakeService) -> None:
        super().__init__(proxies=None, ssl_context=None)
        self._service = service

    def get_json(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> Any:
        return self._service.answer(url, timeout, headers)

    def get_text(self, url: str, *, timeout: float, headers: Mapping[str, str]) -> str:
        raise NotImplementedError


def http_error(status: int) -> AdapterHTTPError:
    return AdapterHTTPError(
        f"failed for {ADDRESS}", status_code=status, headers={}, text=f"no answer to {ADDRESS}"
    )


def online(
    gazetteer: Gazetteer, service: FakeService, cache_path: Path | None = None, **settings: Any
) -> HubGeocoder:
    stated = GeocoderSettings("nominatim", min_delay_seconds=0, cache_path=cache_path, **settings)
    return make_geocoder(stated, gazetteer, service.adapter)


# Offline


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("94110", "San Francisco, CA 94110"),
        ("cicero il", "Cicero, IL"),
        ("5801 W Cermak Rd, Cicero, IL 60804", "Cicero, IL 60804"),
    ],
)
def test_offline_finds_zip_codes_cities_and_the_area_of_an_address(
    gazetteer: Gazetteer, text: str, label: str
) -> None:
    assert make_geocoder(GeocoderSettings(), gazetteer).find_place(text).label == label


def test_offline_says_when_a_place_is_unknown_or_ambiguous(gazetteer: Gazetteer) -> None:
    geocoder = make_geocoder(GeocoderSettings(), gazetteer)
    for text in ("Zzyzx", "", "1 Main St, Zzyzx"):
        with pytest.raises(PlaceNotFound):
            geocoder.find_place(text)
    for text in ("Springfield", "1 Main St, Springfield"):
        with pytest.raises(AmbiguousPlace):
            geocoder.find_place(text)


def test_the_offline_geocoder_answers_as_geopy_does(gazetteer: Gazetteer) -> None:
    geocoder: Any = OfflineGeocoder(gazetteer)
    found = geocoder.geocode("94110")
    assert (found.address, found.latitude, found.longitude) == (
        "San Francisco, CA 94110",
        37.7509,
        -122.4153,
    )
    assert geocoder.geocode("Zzyzx") is None
    assert geocoder.reverse((37.75, -122.41)).raw["place"].zip == "94110"


def test_the_offline_geocoder_lists_all_places_of_a_name(gazetteer: Gazetteer) -> None:
    found: Any = OfflineGeocoder(gazetteer).geocode("Cicero", exactly_one=False)
    assert [place.address for place in found] == ["Cicero, IL", "Cicero, IN", "Cicero, NY"]


# A service


def test_zip_codes_cities_and_points_never_leave_the_machine(gazetteer: Gazetteer) -> None:
    service = FakeService()
    geocoder = online(gazetteer, service)
    for text in ("94110", "Cicero, IL", "Cook County, IL", "37.75,-122.41"):
        geocoder.find_place(text)
    with pytest.raises(AmbiguousPlace):
        geocoder.find_place("Springfield")
    assert service.asked == []


def test_an_address_is_found_by_the_service_with_the_facts_around_it(
    gazetteer: Gazetteer,
) -> None:
    service = FakeService(FOUND)
    found = online(gazetteer, service).find_place(f" {ADDRESS} ")
    assert (found.latitude, found.longitude, found.kind) == (41.8515, -87.7702, PlaceKind.ADDRESS)
    assert (found.county, found.time_zone) == ("IL:cook county", "America/Chicago")
    assert found.label == f"{ADDRESS} (Cicero, IL)"


def test_the_service_is_asked_as_the_settings_say(gazetteer: Gazetteer) -> None:
    service = FakeService(FOUND)
    geocoder = online(
        gazetteer,
        service,
        user_agent="county-hub",
        timeout_seconds=2.5,
        options={"domain": "geo.example.org", "scheme": "http"},
    )
    geocoder.find_place(ADDRESS)
    [(url, timeout, user_agent)] = service.asked
    assert url.startswith("http://geo.example.org/")
    assert (timeout, user_agent) == (2.5, "county-hub")


def test_nothing_and_more_than_an_address_are_never_asked(gazetteer: Gazetteer) -> None:
    service = FakeService()
    for text in ("", "   ", "x" * (LONGEST_TEXT + 1)):
        with pytest.raises(PlaceNotFound):
            online(gazetteer, service).find_place(text)
    assert service.asked == []


def test_a_passing_failure_is_tried_again(gazetteer: Gazetteer) -> None:
    service = FakeService(http_error(503), FOUND)
    assert online(gazetteer, service).find_place(ADDRESS).state == "IL"


@pytest.mark.parametrize(
    "answer",
    [
        [{"lat": "41.85"}],
        [{"lat": "x", "lon": "y", "display_name": "z"}],
        [{"lat": "95", "lon": "-87", "display_name": "z"}],
        ["text"],
        http_error(401),
        OSError("no network"),
    ],
    ids=repr,
)
def test_a_service_that_fails_is_unavailable(gazetteer: Gazetteer, answer: Any) -> None:
    with pytest.raises(GeocoderUnavailable):
        online(gazetteer, FakeService(answer)).find_place(ADDRESS)


def test_what_was_typed_is_in_no_log_and_no_cause_of_a_failure(
    gazetteer: Gazetteer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with pytest.raises(GeocoderUnavailable) as failure:
        online(gazetteer, FakeService(http_error(503), http_error(503))).find_place(ADDRESS)
    assert failure.value.__cause__ is None
    assert failure.value.__suppress_context__
    assert "the geocoding service failed" in caplog.text
    assert "Cermak" not in caplog.text


# The cache


def test_an_answer_is_kept_for_later_processes(gazetteer: Gazetteer, tmp_path: Path) -> None:
    path, service = tmp_path / "new" / "cache.sqlite3", FakeService(FOUND)
    first = online(gazetteer, service, path).find_place(ADDRESS)
    later = online(gazetteer, FakeService(), path)
    assert later.find_place(ADDRESS) == first
    assert later.find_place(ADDRESS.upper()).latitude == first.latitude


def test_an_unknown_place_is_not_asked_for_again_at_once_but_later(
    gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path, service = tmp_path / "cache.sqlite3", FakeService([], FOUND)
    geocoder = online(gazetteer, service, path)
    for _ in range(2):
        with pytest.raises(PlaceNotFound):
            geocoder.find_place(ADDRESS)
    assert len(service.asked) == 1
    with closing(sqlite3.connect(path)) as cache, cache:
        cache.execute("UPDATE answer SET asked_at = datetime('now', '-31 days')")
    assert geocoder.find_place(ADDRESS).state == "IL"


def test_a_found_place_is_kept_for_good(gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    geocoder = online(gazetteer, FakeService(FOUND), path)
    geocoder.find_place(ADDRESS)
    with closing(sqlite3.connect(path)) as cache, cache:
        cache.execute("UPDATE answer SET asked_at = datetime('now', '-9 years')")
    assert geocoder.find_place(ADDRESS).state == "IL"


def test_a_failure_is_not_kept(gazetteer: Gazetteer, tmp_path: Path) -> None:
    geocoder = online(gazetteer, FakeService(["text"], FOUND), tmp_path / "cache.sqlite3")
    with pytest.raises(GeocoderUnavailable):
        geocoder.find_place(ADDRESS)
    assert geocoder.find_place(ADDRESS).state == "IL"


def test_the_answers_of_one_service_are_not_those_of_another(
    gazetteer: Gazetteer, tmp_path: Path
) -> None:
    path = tmp_path / "cache.sqlite3"
    online(gazetteer, FakeService(FOUND), path).find_place(ADDRESS)
    other = FakeService({"features": []})
    settings = GeocoderSettings("photon", min_delay_seconds=0, cache_path=path)
    with pytest.raises(PlaceNotFound):
        make_geocoder(settings, gazetteer, other.adapter).find_place(ADDRESS)


def test_the_cache_does_not_hold_what_was_typed(gazetteer: Gazetteer, tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite3"
    online(gazetteer, FakeService(FOUND), path).find_place(ADDRESS)
    assert b"cermak" not in path.read_bytes().lower()


def test_a_broken_cache_only_costs_a_question(gazetteer: Gazetteer, tmp_path: Path) -> None:
    garbage, file = tmp_path / "garbage", tmp_path / "file"
    garbage.write_bytes(b"no database" * 100)
    file.touch()
    for path in (garbage, file / "below" / "cache.sqlite3"):
        geocoder = online(gazetteer, FakeService(FOUND, FOUND), path)
        assert geocoder.find_place(ADDRESS) == geocoder.find_place(ADDRESS)


# Settings


@pytest.mark.parametrize(
    "settings",
    [
        GeocoderSettings("no-such-service"),
        GeocoderSettings("nominatim", options={"colour": "blue"}),
        GeocoderSettings("nominatim", options={"scheme": "ftp"}),
        GeocoderSettings("opencage"),
        GeocoderSettings("nominatim", timeout_seconds=0),
        GeocoderSettings("nominatim", min_delay_seconds=-1),
    ],
    ids=repr,
)
def test_a_geocoder_that_cannot_work_is_refused_at_the_start(
    gazetteer: Gazetteer, settings: GeocoderSettings
) -> None:
    with pytest.raises(SettingsInvalid) as problem:
        make_geocoder(settings, gazetteer)
    assert problem.value.fields["geocoder"]
