"""The HSDS API does what its own document and the official one say, whatever is sent."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig

from tests.http.test_api_as_described import faults

OFFICIAL_ONLY = {
    # The official document names no answer but 200.
    "status_code_conformance": {"enabled": False},
    "content_type_conformance": {"enabled": False},
}
ASKED = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]},
    "negative_data_rejection": {"expected-statuses": ["4xx"]},
}
NOTHING_LIKE_IT = {"minimal"}
"""The official document says of these that the answer is another than it describes."""


def ids_of(app: Flask) -> dict[str, list[str]]:
    """A few ids of each kind of record, by the path that takes them."""
    client = app.test_client()
    return {
        f"/{name}/{{id}}": [
            each["id"]
            for each in client.get(f"/hsds/{name}?per_page=3").get_json()["contents"]
        ]
        for name in ("services", "organizations", "service_at_locations", "taxonomies",
                     "taxonomy_terms")
    }  # fmt: skip


def below_hsds(document: dict[str, Any], ids: dict[str, list[str]]) -> dict[str, Any]:
    """The document with the addresses as they are at the hub, and ids that there are."""
    paths: dict[str, Any] = {}
    for path, operations in document["paths"].items():
        shared = operations.pop("parameters", [])
        for operation in operations.values():
            parameters = [*shared, *operation.get("parameters", [])]
            operation["parameters"] = [
                {**each, "schema": {"type": "string", "enum": ids[path]}}
                if each.get("in") == "path" else each
                for each in parameters
                if each.get("name", each.get("$ref", "").rpartition("/")[2]) not in NOTHING_LIKE_IT
            ]  # fmt: skip
        paths[f"/hsds{path}"] = operations
    return {**document, "paths": paths, "servers": [{"url": "/"}]}


def complaints(app: Flask, document: dict[str, Any], checks: dict[str, Any]) -> list[str]:
    """What the API does that the document does not say; every operation must work at times."""
    schema = schemathesis.openapi.from_dict(
        document, config=SchemathesisConfig.from_dict({"checks": checks})
    )
    schema.app = app
    found: list[str] = []
    for operation in (each.ok() for each in schema.get_all_operations()):
        statuses: Counter[int] = Counter()
        found += faults(schema, operation, {}, 10, statuses)
        if not statuses[200]:
            found.append(f"{operation.label} never worked: {dict(statuses)}")
    return found


def test_it_does_what_its_own_document_says(demo_app: Flask) -> None:
    document = demo_app.test_client().get("/hsds/openapi.json").get_json()
    found = complaints(demo_app, below_hsds(document, ids_of(demo_app)), ASKED)
    assert found == [], "\n\n".join(found)


@pytest.mark.timeout(900)
def test_it_does_what_the_official_document_says(demo_app: Flask, test_data: Path) -> None:
    document = json.loads((test_data / "hsds/3.2.3/schema/openapi.bundled.json").read_text())
    found = complaints(demo_app, below_hsds(document, ids_of(demo_app)), ASKED | OFFICIAL_ONLY)
    assert found == [], "\n\n".join(found)
