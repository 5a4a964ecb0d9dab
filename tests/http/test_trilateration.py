"""Whoever asks from many points learns the middle of a ZIP code, and not where the shelter is.

The attacker knows all that the public search and the public API answer: distances, the radius at
which something is found no more, orders, scores with their parts, counts, completions. Two hubs
whose shelters stand at different places in one ZIP code answer all of it byte for byte alike.
"""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, hypot, pi, radians, sin
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from flask import Flask

from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.use_cases.maintain_index import catch_up_index
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.web.hub import EXTENSION
from search_index.geography import geodesic_km
from tests.conftest import dispose, environment
from tests.demo import load_documents
from tests.factories import a_location, a_service, an_address, an_organization, uid
from tests.secret_place import a_secret_location, a_shelter

HUB = System("test")
HOUSE, SHELTER = uid("house"), uid("shelter")
HERE, THERE = (41.8573917, -87.6571943), (41.8439201, -87.6844127)
PLACES = (
    a_secret_location(point=HERE),
    a_secret_location(point=THERE, street="2719 Quetzal Passage", zip_code="60608-5518"),
)
KM_PER_DEGREE = 111.2
METRES = 1000
Point = tuple[float, float]


@dataclass
class Attacker:
    """Asks a hub as everybody may, and keeps every answer as it came."""

    app: Flask
    heard: list[tuple[str, bytes]] = field(default_factory=list)

    def ask(self, path: str, **query: object) -> Any:
        answer = self.app.test_client().get(path, query_string=query)
        assert answer.status_code == 200, (path, query, answer.text)
        self.heard.append((f"{path} {query}", answer.get_data()))
        return answer.get_json(silent=True)

    def distance(self, point: Point) -> float:
        """What the search says in kilometres."""
        answer = self.ask(
            "/api/v1/search",
            q="Safe Rooms",
            lat=point[0],
            lon=point[1],
            radius_km="any",
            explain="1",
        )
        return float(one(answer)["distance_km"])

    def threshold(self, point: Point) -> float:
        """The radius in kilometres from which on the search finds it at its point."""

        def finds(radius: float) -> bool:
            answer = self.ask(
                "/api/v1/search", q="Safe Rooms", lat=point[0], lon=point[1], radius_km=radius
            )
            return any(
                each["service_id"] == SHELTER and each["matched_by"] == "point"
                for each in answer["results"]
            )

        return bisected(finds)

    def hsds_threshold(self, point: Point) -> float:
        """The same of the standard's API, which counts in metres."""

        def finds(radius: float) -> bool:
            answer = self.ask(
                "/hsds/service_at_locations",
                lat=point[0], lon=point[1], radius=radius * METRES, format="json",
            )  # fmt: skip
            return uid("shelter at house") in json.dumps(answer)

        return bisected(finds)

    def look_around(self, middle: Point) -> None:
        """Everything else that depends on where one asks from."""
        for point in around(middle, 2.0, 6):
            here = {"lat": point[0], "lon": point[1]}
            for sort in ("best", "nearest"):
                for q in ("Safe Rooms", "", "rooms near Chicago", "2719 Quetzal"):
                    self.ask("/api/v1/search", q=q, sort=sort, explain="1", radius_km=3, **here)
            self.ask("/api/v1/complete", q="sa", **here)
            self.ask("/hsds/service_at_locations", radius=2_500, full="1", **here)
        for near in ("60608", "60623", "Chicago", "Cook County, IL"):
            self.ask("/api/v1/search", q="Safe Rooms", near=near, sort="nearest", explain="1")
        for metres in (100, 500, 1_000, 2_000, 4_000):
            self.ask("/hsds/service_at_locations", postcode="60608", proximity=metres)
        for name in ("services", "organizations", "service_at_locations"):
            self.ask(f"/hsds/{name}", full="1")


def one(answer: Any) -> Any:
    """The shelter among the results."""
    return next(each for each in answer["results"] if each["service_id"] == SHELTER)


def bisected(finds: Any, low: float = 0.0, high: float = 30.0) -> float:
    """The least radius in kilometres that finds something, to a metre."""
    assert finds(high)
    while high - low > 0.001:
        middle = (low + high) / 2
        low, high = (low, middle) if finds(middle) else (middle, high)
    return high


def around(middle: Point, km: float, count: int) -> list[Point]:
    """Points on a circle."""
    turns = [2 * pi * number / count for number in range(count)]
    return [
        (
            middle[0] + km * cos(turn) / KM_PER_DEGREE,
            middle[1] + km * sin(turn) / KM_PER_DEGREE / cos(radians(middle[0])),
        )
        for turn in turns
    ]


def located(points: list[Point], distances: list[float]) -> Point:
    """Where all distances meet best: least squares by Gauss and Newton, on degrees."""
    guess = np.mean(np.array(points), axis=0) + 0.001
    for _ in range(30):
        reached = np.array([geodesic_km(*guess, *point) for point in points])
        step = 1e-6
        slopes = np.array(
            [
                [
                    (geodesic_km(guess[0] + step, guess[1], *point) - km) / step,
                    (geodesic_km(guess[0], guess[1] + step, *point) - km) / step,
                ]
                for point, km in zip(points, reached, strict=True)
            ]
        )
        guess = guess + np.linalg.lstsq(slopes, np.array(distances) - reached, rcond=None)[0]
    return float(guess[0]), float(guess[1])


def apart_km(one: Point, other: Point) -> float:
    return hypot(
        (one[0] - other[0]) * KM_PER_DEGREE,
        (one[1] - other[1]) * KM_PER_DEGREE * cos(radians(one[0])),
    )


@dataclass(frozen=True)
class Hubs:
    """Makes hubs that differ in nothing but where their shelter is."""

    folder: Path
    template: Path
    gazetteer: Path
    now: datetime

    @contextmanager
    def hub(self, name: str, place: Any, *, secret: bool = True) -> Iterator[Attacker]:
        """A hub that knew the place before it became confidential, and learned of it again."""
        folder = self.folder / name
        folder.mkdir()
        (folder / "gazetteer").symlink_to(self.gazetteer)
        shutil.copy(self.template, folder / "hub.sqlite3")
        app = create_app(environment(f"sqlite:///{folder / 'hub.sqlite3'}", folder))
        with app.app_context():
            documents = [*a_shelter(place), decoys()]
            load_documents(app, documents, self.now)
            if secret:
                self._protect(app)
                load_documents(app, documents, self.now)
        yield Attacker(app)
        dispose(app)

    def _protect(self, app: Flask) -> None:
        hub, session = app.extensions[EXTENSION], db.session()
        protect_location(session, HUB, UUID(HOUSE), hub.gazetteer, hub.vault, now=self.now)
        while catch_up_index(session, HUB, hub.searcher, hub.gazetteer, now=self.now):
            pass


def decoys() -> Any:
    """Public places of the same kind, against which orders, scores and counts are told."""
    services = [
        a_service(
            f"decoy {number}", name="Open Rooms", description="Rooms.",
            location=a_location(
                f"decoy place {number}", latitude=point[0], longitude=point[1],
                addresses=[an_address(f"decoy address {number}")],
            ),
        )
        for number, point in enumerate(around((41.85, -87.67), 1.5, 5))
    ]  # fmt: skip
    return an_organization("decoys", name="Open Door", services=services)


@pytest.fixture
def hubs(tmp_path: Path, sqlite_template: Path, gazetteer_folder: Path, now: datetime) -> Hubs:
    return Hubs(tmp_path, sqlite_template, gazetteer_folder, now)


def middle_of(attacker: Attacker) -> Point:
    """Where the hub says the ZIP code is."""
    area = attacker.app.extensions[EXTENSION].gazetteer.approximate_point("60608", "Chicago", "IL")
    return area.latitude, area.longitude


def attacked(attacker: Attacker) -> list[Point]:
    """Where three attacks say that the shelter is: by distances, and by both kinds of radius."""
    points = around((41.85, -87.66), 6.0, 5)
    return [
        located(points, [measure(point) for point in points])
        for measure in (attacker.distance, attacker.threshold, attacker.hsds_threshold)
    ]


def test_the_attack_finds_a_place_that_is_public(hubs: Hubs) -> None:
    with hubs.hub("public", PLACES[0], secret=False) as attacker:
        for found in attacked(attacker):
            assert apart_km(found, HERE) < 0.05


@pytest.mark.parametrize("place", PLACES, ids=["here", "there"])
def test_the_attack_on_a_secret_place_finds_the_middle_of_its_zip_code(
    hubs: Hubs, place: Any
) -> None:
    with hubs.hub("secret", place) as attacker:
        middle = middle_of(attacker)
        assert min(apart_km(middle, HERE), apart_km(middle, THERE)) > 0.3
        for found in attacked(attacker):
            assert apart_km(found, middle) < 0.05


def test_nothing_that_is_answered_tells_two_places_of_one_zip_code_apart(hubs: Hubs) -> None:
    heard = []
    for name, place in zip(("here", "there"), PLACES, strict=True):
        with hubs.hub(name, place) as attacker:
            attacked(attacker)
            attacker.look_around(middle_of(attacker))
            heard.append(attacker.heard)
    assert [question for question, _ in heard[0]] == [question for question, _ in heard[1]]
    for (question, one_answer), (_, other) in zip(*heard, strict=True):
        assert one_answer == other, question
    assert len(heard[0]) > 200
