"""Searching real directories: food sites by distance, legal aid without places."""

import csv
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from geopy.distance import geodesic

TEN_MILES_KM = 16.09344


@pytest.fixture
def client(real_app: Flask) -> FlaskClient:
    return real_app.test_client()


def search(client: FlaskClient, **parameters: object) -> dict:
    return client.get("/api/v1/search", query_string=parameters).get_json()


def nearby_rows(test_data: Path, latitude: float, longitude: float) -> list[float]:
    """Distances of the file's rows within ten miles by geopy's geodesic, nearest first."""
    found = []
    with (test_data / "data/food_sites/food_sites_flat.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            try:
                point = (float(row["latitude"]), float(row["longitude"]))
                distance = geodesic((latitude, longitude), point).km
            except ValueError:
                continue
            if distance <= TEN_MILES_KM:
                found.append(distance)
    return sorted(found)


@pytest.mark.parametrize(("zip_code", "about"), [("94110", 85), ("20735", 82)])
def test_all_food_sites_within_ten_miles_are_found_nearest_first(
    client: FlaskClient, test_data: Path, zip_code: str, about: int
) -> None:
    answer = search(client, near=zip_code, radius_km=TEN_MILES_KM, sort="nearest", limit=100)
    place = answer["place"]
    expected = nearby_rows(test_data, place["latitude"], place["longitude"])
    assert answer["total"] == len(expected) == about
    found = [result["distance_km"] for result in answer["results"]]
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("zip_code", ["94110", "20735"])
def test_distances_are_geodesic(client: FlaskClient, zip_code: str) -> None:
    answer = search(client, near=zip_code, radius_km=TEN_MILES_KM, sort="nearest", limit=100)
    here = (answer["place"]["latitude"], answer["place"]["longitude"])
    for result in answer["results"]:
        there = (result["latitude"], result["longitude"])
        assert result["distance_km"] == pytest.approx(geodesic(here, there).km, abs=1e-6)


@pytest.mark.parametrize(("zip_code", "about"), [("94110", 85), ("20735", 82)])
def test_the_word_food_finds_them_though_hardly_any_says_so(
    client: FlaskClient, zip_code: str, about: int
) -> None:
    answer = search(client, q="food", near=zip_code, radius_km=TEN_MILES_KM)
    assert answer["total"] == about


def test_eviction_without_a_place_finds_the_four_illinois_services(client: FlaskClient) -> None:
    answer = search(client, q="eviction")
    assert answer["total"] == 4
    assert not any(result["place_stated"] for result in answer["results"])
    page = client.get("/find?q=eviction").get_data(as_text=True)
    assert page.count("Place not stated") >= 4


def test_services_without_a_place_are_not_near_anywhere(client: FlaskClient) -> None:
    assert search(client, q="eviction", near="Chicago, IL")["total"] == 0
