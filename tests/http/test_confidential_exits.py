"""A confidential location is told by no exit of the hub, to nobody, however it is asked.

Every field of the place's feed says a word that stands nowhere else (`tests.secret_place`). What
answers is found by walking: every page and every call of the URL map, for everybody who may ask.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from referral_hub.extensions import db
from referral_hub.models import (
    AgencyOrganization,
    AuditRow,
    Base,
    ServiceAtLocation,
)
from referral_hub.rules.actor import System
from referral_hub.rules.listing_sections import SECTIONS
from referral_hub.schemas.hsds_arguments import LISTS
from referral_hub.use_cases.export_directory import ROOTS, export_csv, export_json
from referral_hub.use_cases.maintain_index import catch_up_index, rebuild_index
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.web.hub import EXTENSION
from referral_hub.worker import Worker
from tests.demo import load_documents
from tests.factories import a_location, a_service, an_organization, uid
from tests.http.hub_browser import Browser
from tests.http.one_of_everything import ELSEWHERE, STEWARD, TOKEN_OF_ALL, World, doors
from tests.secret_place import NUMBER, POINT, STREET, a_bare_shelter, a_shelter, told

HUB = System("test")
ASKING = ("nobody", "case manager", "administrator", ELSEWHERE, STEWARD, TOKEN_OF_ALL)
HOUSE, SHELTER, ROSE = (UUID(uid(name)) for name in ("house", "shelter", "rose"))
OFFICE = an_organization(
    "office", name="Open Door", services=[a_service("open", location=a_location("open place"))]
)


@dataclass(frozen=True)
class Hub:
    """A hub with one of everything and a confidential shelter, where also a service is given that
    people were referred to."""

    world: World
    folder: Path

    @property
    def hub(self) -> Any:
        return self.world.app.extensions[EXTENSION]

    def session(self) -> Any:
        return db.session()

    def catch_up(self) -> None:
        while catch_up_index(
            self.session(), HUB, self.hub.searcher, self.hub.gazetteer, now=self.now
        ):
            pass

    @property
    def now(self) -> Any:
        return self.world.ids["now"]

    def protect(self) -> None:
        protect_location(
            self.session(), HUB, HOUSE, self.hub.gazetteer, self.hub.vault, now=self.now
        )

    def asks(self, caller: str) -> "Asker":
        return Asker(self.world, caller)


@dataclass(frozen=True)
class Asker:
    """Somebody of the world, at a browser or with a token."""

    world: World
    caller: str

    def get(self, path: str, method: str = "GET", **query: object) -> str:
        client = self.world.app.test_client()
        token = self.world.tokens.get(self.caller, "")
        if self.caller == TOKEN_OF_ALL:
            headers = {"Authorization": f"Bearer {token}"}
            answer = client.open(path, method=method, query_string=query, headers=headers)
        else:
            Browser(client, token)
            answer = client.open(path, method=method, query_string=query)
        assert answer.status_code < 500, path
        text = answer.get_data(as_text=True)
        answer.close()
        return text


@pytest.fixture
def public_hub(world: World, tmp_path: Path, now: Any) -> Iterator[Hub]:
    """The shelter is public still."""
    world.ids["now"] = now
    with world.app.app_context():
        load_documents(world.app, [*a_shelter(), OFFICE], now)
        yield Hub(world, tmp_path)
        db.session.remove()


@pytest.fixture
def hub(world: World, tmp_path: Path, now: Any) -> Iterator[Hub]:
    """The shelter was public, was found, and became confidential."""
    world.ids["now"] = now
    made = Hub(world, tmp_path)
    with world.app.app_context():
        load_documents(world.app, [*a_shelter(), OFFICE], now)
        link = ServiceAtLocation(
            service_id=world.ids["service_id"], location_id=HOUSE, created_at=now, updated_at=now
        )
        db.session.add(link)
        db.session.commit()
        made.protect()
        made.catch_up()
        yield made
        db.session.remove()


def searches() -> Iterator[dict[str, object]]:
    """Questions of a search that could be answered by what is secret."""
    words = ("", "Safe Rooms", STREET, "zanzibar", "zanzibr", "holow", "Zanzibar House", NUMBER)
    near = {"lat": POINT[0], "lon": POINT[1], "radius_km": 1}
    places: tuple[dict[str, object], ...] = ({}, {"near": "60608"}, {"near": STREET}, near)
    for q, place in product(words, places):
        yield {"q": q, **place, "explain": "1", "limit": 100}


def answers_of(hub: Hub, caller: str) -> Iterator[tuple[str, str]]:
    """Whatever can be read by its address: with the ids of the shelter, and of everything else."""
    asker = hub.asks(caller)
    for rule, method in doors(hub.world.app):
        if method != "GET":
            continue
        for own in ({}, {"service_id": SHELTER, "location_id": HOUSE}):
            values = {name: hub.world.value(rule.rule, name) for name in rule.arguments} | {
                name: value for name, value in own.items() if name in rule.arguments
            }
            path = hub.world.app.url_map.bind("localhost").build(rule.endpoint, values)
            yield path, asker.get(path)
    link = UUID(uid("shelter at house"))
    for name, record in (("services", SHELTER), ("service_at_locations", link)):
        yield f"/hsds/{name}/one", asker.get(f"/hsds/{name}/{record}")
    yield "one", asker.get(f"/hsds/organizations/{ROSE}", full_service="1")


def lists_of(hub: Hub, caller: str) -> Iterator[tuple[str, str]]:
    """The lists of the standard in every form, by GET and by POST."""
    asker = hub.asks(caller)
    forms: list[dict[str, object]] = [{}, {"format": "ndjson"}, {"format": "ndjson", "full": "1"}]
    for name in LISTS:
        for form, method in product(forms, ("GET", "POST")):
            known = {key: value for key, value in form.items() if key in LISTS[name]().fields}
            yield f"{method} {name} {form}", asker.get(f"/hsds/{name}", method, **known)
        for word in ("zanzibar", "hollow", "1742"):
            yield f"{name} {word}", without_question(asker.get(f"/hsds/{name}", search=word), word)


def without_question(text: str, *asked: object) -> str:
    """An answer without the question that it may repeat."""
    for each in asked:
        text = text.replace(str(each), "")
    return text


def test_a_public_place_is_told_by_these_exits(public_hub: Hub, tmp_path: Path) -> None:
    found = dict(answers_of(public_hub, "nobody")) | dict(lists_of(public_hub, "nobody"))
    telling = {path.partition(str(SHELTER))[0] for path, text in found.items() if told(text)}
    assert {"/services/", "/hsds/services/one", "one", "/api/v1/search", "/find"} <= telling
    totals = {
        word: json.loads(public_hub.asks("nobody").get("/api/v1/search", q=word))["total"]
        for word in ("zanzibar", "hollow")
    }
    assert totals == {"zanzibar": 1, "hollow": 1}
    assert set(in_files(public_hub)) > {"hub.sqlite3"}
    export_csv(public_hub.session(), HUB, tmp_path)
    assert told((tmp_path / "metadata.csv").read_text("utf-8-sig"))


@pytest.mark.parametrize("caller", ASKING)
def test_no_page_and_no_call_tells_it(hub: Hub, caller: str) -> None:
    found = {path: told(text) for path, text in answers_of(hub, caller)}
    assert len(found) > 100
    assert {path: what for path, what in found.items() if what} == {}


def test_its_own_people_are_told_where_that_is_noted_and_nowhere_else(
    hub: Hub,
) -> None:
    """The forms in which they edit it show what is true."""
    agency = hub.session().scalars(select(AgencyOrganization.agency_id)).first()
    hub.session().add(AgencyOrganization(organization_id=ROSE, agency_id=agency))
    hub.session().commit()
    place, service = f"/listings/locations/{HOUSE}", f"/listings/{SHELTER}"
    forms = [f"{place}/edit/{section.key}" for section in SECTIONS["location"]]
    pages = [
        "/listings", place, f"{place}/history", f"{place}/confidential", service,
        f"{service}/history", f"{service}/preview", f"/listings/organizations/{ROSE}",
        "/listings/corrections", "/network/duplicates", "/listings/import",
        *(f"{service}/edit/{section.key}" for section in SECTIONS["service"]),
    ]  # fmt: skip
    asker = hub.asks("administrator")
    found = {path: told(asker.get(path)) for path in [*pages, *forms]}
    assert {path for path, what in found.items() if what} == set(forms)
    noted = select(AuditRow).where(AuditRow.action == "location:read-address")
    assert len(hub.session().scalars(noted).all()) == len(forms)


@pytest.mark.parametrize("caller", ["nobody", TOKEN_OF_ALL])
def test_no_list_of_the_standard_tells_it(hub: Hub, caller: str) -> None:
    found = dict(lists_of(hub, caller))
    assert any(str(SHELTER) in text for text in found.values())
    assert {path: told(text) for path, text in found.items() if told(text)} == {}


def test_no_search_tells_it_or_is_answered_by_it(hub: Hub) -> None:
    asker = hub.asks("nobody")
    nothing = json.loads(asker.get("/api/v1/search", q="qwzxvkpf", explain="1"))
    assert nothing["total"] == 0
    assert json.loads(asker.get("/api/v1/search", q="Safe Rooms", near="60608"))["total"] == 1
    for question in searches():
        text = asker.get("/api/v1/search", **question)
        answer = json.loads(text)
        shown = {key: answer[key] for key in ("results", "facets", "did_you_mean", "relax")
                 if key in answer}  # fmt: skip
        assert told(without_question(json.dumps(shown), question["q"])) == set(), question
        typed = {key: question[key] for key in ("q", "near") if key in question}
        page = asker.get("/find", **typed)
        about = without_question(page, *typed.values())
        assert told(about) == set(), question
    for word in ("zanzibar", "zanzibr"):
        assert json.loads(asker.get("/api/v1/search", q=word, as_typed=1))["total"] == 0
        assert json.loads(asker.get("/api/v1/search", q=word))["did_you_mean"] is None


def test_nothing_is_completed_by_it(hub: Hub) -> None:
    asker = hub.asks("nobody")
    for typed in ("z", "za", "zanz", "holl", "1742", "17", "safe rooms z"):
        for near in ({}, {"lat": POINT[0], "lon": POINT[1]}):
            answer = asker.get("/api/v1/complete", q=typed, **near)
            assert told(answer.replace(typed, "")) == set(), typed


def test_no_export_tells_it(hub: Hub, tmp_path: Path) -> None:
    folder = tmp_path / "exported"
    export_csv(hub.session(), HUB, folder)
    for root in ROOTS:
        export_json(hub.session(), HUB, folder / f"{root}.json", root=root)
    files = {path.name: told(path.read_text("utf-8-sig")) for path in folder.iterdir()}
    assert len(files) > len(ROOTS) + 20
    assert {name: what for name, what in files.items() if what} == {}


def test_no_mail_log_audit_or_row_tells_it(
    hub: Hub, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    worker = Worker(hub.world.app, hub.hub.searcher, hub.hub.gazetteer)
    for job in worker.jobs:
        if not job.name.startswith("webhooks"):
            job.once(hub.world.app)
    hub.asks("nobody").get("/api/v1/search", q="Safe Rooms", near="60608")
    assert told(caplog.text) == set()
    for table in Base.metadata.sorted_tables:
        rows = hub.session().execute(select(table)).all()
        assert told(repr([tuple(row) for row in rows])) == set(), table.name
    for path in tmp_path.rglob("*.eml"):
        assert told(path.read_text()) == set(), path


def test_the_files_of_the_hub_hold_none_of_it_once_the_index_is_built_anew(hub: Hub) -> None:
    rebuild_index(hub.session(), HUB, hub.hub.searcher, hub.hub.gazetteer, now=hub.now)
    hub.hub.searcher.apply([], [])
    assert in_files(hub) == {}


def test_what_was_protected_before_it_was_told_is_in_no_file(
    world: World, tmp_path: Path, now: Any
) -> None:
    world.ids["now"] = now
    hub = Hub(world, tmp_path)
    with world.app.app_context():
        load_documents(world.app, a_bare_shelter(), now)
        hub.protect()
        load_documents(world.app, a_shelter(), now)
        hub.catch_up()
        assert in_files(hub) == {}
        db.session.remove()


def in_files(hub: Hub) -> dict[str, set[str]]:
    """What the database and the index tell, by file, as anybody with a copy would read it."""
    hub.session().rollback()  # a checkpoint inside a transaction that has read is refused
    hub.session().connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    hub.session().rollback()
    found = {}
    for path in sorted(hub.folder.rglob("*")):
        if path.is_file() and "gazetteer" not in path.parts and "untouched" not in path.name:
            found[path.name] = told(path.read_bytes().decode("latin-1"))
    return {name: what for name, what in found.items() if what}
