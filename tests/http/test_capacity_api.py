"""Room over the API."""

from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tests.http.api_caller import a_caller
from tests.http.api_world import ApiWorld, an_api_world

SAID = {
    "state": "limited", "available": 3, "maximum": 20, "unit": "beds", "note": "Upper floor.",
    "populations": [{"population": "women", "state": "closed", "available": 0}],
}  # fmt: skip


@pytest.fixture
def api(app: Flask, sqlite_session: Session, tmp_path: Path) -> ApiWorld:
    """Two agencies with one of everything."""
    return an_api_world(app, sqlite_session, tmp_path)


def path_of(api: ApiWorld) -> str:
    """Where the receiver says how much room its service has."""
    return f"/services/{api.ids['service_id'][0]}/capacity"


def test_a_system_says_how_much_room_there_is(api: ApiWorld) -> None:
    path = path_of(api)
    first = api.receiver.get(path)
    assert (first.headers["ETag"], first.get_json()["state"]) == ('"1"', None)
    answer = api.receiver.put(path, SAID, 1)
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    told = api.receiver.read(path)
    assert told.items() >= {"state": "limited", "available": 3, "standing": "current"}.items()
    assert told["populations"] == [
        {"population": "women", "state": "closed", "available": 0, "maximum": None}
    ]


def test_everybody_reads_the_numbers_in_the_standard(api: ApiWorld) -> None:
    api.receiver.put(path_of(api), SAID, 1)
    service = api.receiver.client.get(f"/hsds/services/{api.ids['service_id'][0]}").get_json()
    found = [(each["available"], each["unit"]["name"]) for each in service["capacities"]]
    assert sorted(found) == [(0, "beds"), (3, "beds")]


def test_who_was_slower_gets_412_and_who_names_no_version_428(api: ApiWorld) -> None:
    assert api.receiver.put(path_of(api), SAID).status_code == 428
    api.receiver.put(path_of(api), SAID, 1)
    assert api.receiver.put(path_of(api), SAID, 1).status_code == 412


def test_nobody_speaks_for_another_agency_or_without_the_scope(app: Flask, api: ApiWorld) -> None:
    assert api.sender.put(path_of(api), SAID, 1).status_code == 404
    assert api.sender.get(path_of(api)).status_code == 404
    assert api.receiver.put(f"/services/{uuid4()}/capacity", SAID, 1).status_code == 404
    world = api.played.world
    reading = a_caller(app, world.receiver.agency_id, "directory.read")
    assert reading.put(path_of(api), SAID, 1).status_code == 403


def test_what_cannot_be_meant_is_named(api: ApiWorld) -> None:
    wrong = SAID | {"available": 30, "until": "2001-01-01"}
    answer = api.receiver.put(path_of(api), wrong, 1)
    assert answer.status_code == 422
    assert set(answer.get_json()["fields"]) == {"available", "until"}
    unknown = api.receiver.put(path_of(api), SAID | {"beds": 3}, 1)
    assert set(unknown.get_json()["fields"]) == {"beds"}


@pytest.mark.parametrize("number", ["3", True, -1, [3]])
def test_a_number_is_a_number(api: ApiWorld, number: object) -> None:
    answer = api.receiver.put(path_of(api), SAID | {"available": number}, 1)
    assert set(answer.get_json()["fields"]) == {"available"}
