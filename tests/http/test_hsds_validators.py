"""The standard's own checks, run as its publishers run them on their examples: by the programs
that others wrote, on files saved from the live feed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral_hub.extensions import db
from tests.http.test_hsds_api import BY_PAGE, ROOTS, read, stream
from tests.node import MODULES, run_node

PROGRAMS = Path(sys.executable).parent
EXAMPLES_VALIDATOR = MODULES / "openapi-examples-validator" / "dist" / "cli.js"
SHOWN = 1
"""So many records of each kind are also asked for by their ids."""
BODY = "responses.200.content.application/json.schema"

Saver = Callable[[str, Any], Path]


@pytest.fixture(params=["demo_app", pytest.param("real_app", marks=pytest.mark.slow)])
def client(request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """A client of a hub with the demo network, and of one with real directories: Illinois legal
    aid and food sites."""
    app: Flask = request.getfixturevalue(request.param)
    with app.test_client() as opened:
        yield opened
    with app.app_context():
        db.session.remove()


@pytest.fixture
def save(tmp_path: Path) -> Saver:
    """Writes what the API answered to a file of its own."""

    def saver(name: str, answer: Any) -> Path:
        path = tmp_path / "saved" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(answer))
        return path

    return saver


@pytest.fixture
def official(test_data: Path) -> Path:
    """The folder of the official schemas."""
    return test_data / "hsds/3.2.3/schema"


class Strict:
    """`compiletojsonschema` makes a schema strict, `check-jsonschema` holds files against it."""

    def __init__(self, official: Path, root: str, folder: Path) -> None:
        compiled = official / "compiled" / f"{root}.json"
        source = compiled if compiled.exists() else official / f"{root}.json"
        made = _run("compiletojsonschema", "--set-additional-properties-false-everywhere", source)
        assert made.returncode == 0, made.stderr
        self._schema = folder / f"strict_{root}.json"
        self._schema.write_text(made.stdout)

    def complaints(self, saved: list[Path]) -> str:
        """What is wrong with files of one record each; empty where nothing is."""
        assert saved
        done = _run("check-jsonschema", "--schemafile", self._schema, *saved)
        return done.stdout + done.stderr if done.returncode else ""


def _run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [str(PROGRAMS / program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", ROOTS)
def test_every_whole_record_passes_the_strict_check(
    request: pytest.FixtureRequest,
    client: FlaskClient,
    official: Path,
    save: Saver,
    tmp_path: Path,
    name: str,
) -> None:
    if "real_app" in request.node.name and name.startswith("taxonom"):
        assert stream(client, f"/{name}") == []  # the real directories bring no terms
        return
    more = {"full_service": "true"} if name == "organizations" else {}
    asked = {"full": "true", **more} if name in BY_PAGE else {}
    records = stream(client, f"/{name}", **asked)
    saved = [save(f"{name}_{number}", record) for number, record in enumerate(records)]
    assert Strict(official, ROOTS[name], tmp_path).complaints(saved) == ""


def test_the_strict_check_finds_a_field_that_there_is_not(
    demo: FlaskClient, official: Path, save: Saver, tmp_path: Path
) -> None:
    record = read(demo, "/services", full="true", per_page=1)["contents"][0]
    good = save("good", record)
    misspelt = save("misspelt", {**record, "e_mail": "info@example.org"})
    deep = {**record, "organization": {**record["organization"], "websites": []}}
    strict = Strict(official, "service", tmp_path)
    assert strict.complaints([good]) == ""
    assert "e_mail" in strict.complaints([good, misspelt])
    assert "websites" in strict.complaints([save("deep", deep)])


def test_every_page_and_record_is_what_the_official_document_describes(
    client: FlaskClient, official: Path, save: Saver, tmp_path: Path
) -> None:
    saved: dict[str, list[str]] = {"$.paths./.get." + BODY: [str(save("base", read(client, "/")))]}
    for name in ROOTS:
        pages = [read(client, f"/{name}", per_page=100)]
        for number in range(2, pages[0]["total_pages"] + 1):
            pages.append(read(client, f"/{name}", per_page=100, page=number))
        answers = client.post(f"/hsds/{name}", data={"per_page": "100"}).get_json()
        shown = [read(client, f"/{name}/{each['id']}") for each in pages[0]["contents"][:SHOWN]]
        for path, found in {
            f"./{name}.get": pages, f"./{name}.post": [answers], f"./{name}/{{id}}.get": shown,
        }.items():  # fmt: skip
            files = [str(save(f"{len(saved)}_{n}", each)) for n, each in enumerate(found)]
            saved[f"$.paths{path}.{BODY}"] = files
    assert complaints(official, saved, tmp_path) == []


def test_the_examples_validator_finds_what_is_missing(
    demo: FlaskClient, official: Path, save: Saver, tmp_path: Path
) -> None:
    page = read(demo, "/services", per_page=3)
    del page["contents"][0]["status"]
    page["contents"][1]["id"] = "4711"
    saved = {f"$.paths./services.get.{BODY}": [str(save("broken", page))]}
    found = complaints(official, saved, tmp_path)
    assert sorted(each["instancePath"] for each in found) == ["/contents/0", "/contents/1/id"]


def complaints(official: Path, saved: dict[str, list[str]], folder: Path) -> list[Any]:
    """What `openapi-examples-validator` finds wrong with files, by what they are examples of."""
    mapping = folder / "map.json"
    mapping.write_text(json.dumps(saved))
    document = official / "openapi.local.json"
    done = run_node(EXAMPLES_VALIDATOR, "--mapping-filepath", str(mapping), str(document))
    assert "Examples without schema found: 0" in done.stdout, done.stderr
    assert f"Total examples found: {sum(map(len, saved.values()))}\n" in done.stdout
    found: list[Any] = json.loads(done.stderr or "[]")
    assert bool(done.returncode) == bool(found)
    return found
