"""The description of the API is valid and true."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from marshmallow import Schema
from openapi_spec_validator import validate
from werkzeug.routing import Rule

from referral_hub.schemas.search_arguments import CompleteArguments, SearchApiArguments
from referral_hub.web.guards import ACCESS, SCOPE, Access


def document(client: FlaskClient) -> dict:
    return client.get("/api/openapi.json").get_json()


def test_the_document_is_valid_openapi_3_1(client: FlaskClient) -> None:
    assert document(client)["openapi"].startswith("3.1")
    validate(document(client))


@pytest.mark.parametrize(
    ("path", "arguments"),
    [("/api/v1/search", SearchApiArguments), ("/api/v1/complete", CompleteArguments)],
)
def test_the_document_names_every_parameter(
    client: FlaskClient, path: str, arguments: type[Schema]
) -> None:
    described = document(client)["paths"][path]["get"]["parameters"]
    assert {parameter["name"] for parameter in described} == set(arguments().fields)


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("SearchAnswer", "/api/v1/search?q=eviction&near=60608"),
        ("SearchAnswer", "/api/v1/search?q=food+pantrey+in+Cicero,+IL&explain=1"),
        ("SearchAnswer", "/api/v1/search?q=xylophone&near=60608&language=Polish"),
        ("CompleteAnswer", "/api/v1/complete?q=dent"),
        ("Problem", "/api/v1/search?lat=91"),
    ],
)
def test_a_real_answer_fits_the_described_schema(demo: FlaskClient, schema: str, path: str) -> None:
    components = document(demo)["components"]
    described = {"$ref": f"#/components/schemas/{schema}", "components": components}
    Draft202012Validator(described).validate(demo.get(path).get_json())


def test_every_address_is_in_the_document_and_the_other_way_round(app: Flask) -> None:
    described = {
        (path, method.upper())
        for path, operations in document(app.test_client())["paths"].items()
        for method in operations
        if method != "parameters"
    }
    assert described == {(path_of(rule), method) for rule, method in api_routes(app)}


def test_the_document_asks_for_what_the_guards_ask_for(app: Flask) -> None:
    paths = document(app.test_client())["paths"]
    for rule, method in api_routes(app):
        view = app.view_functions[rule.endpoint]
        security = paths[path_of(rule)][method.lower()]["security"]
        scopes = {scope for each in security for listed in each.values() for scope in listed}
        assert scopes == set(getattr(view, SCOPE)), rule.rule
        assert ({} in security) is (getattr(view, ACCESS) is Access.PUBLIC), rule.rule


def test_every_scope_that_is_asked_for_can_be_got(app: Flask) -> None:
    found = document(app.test_client())
    flows = found["components"]["securitySchemes"]["oauth"]["flows"]
    asked = {
        scope
        for operations in found["paths"].values()
        for method, operation in operations.items()
        if method != "parameters"
        for each in operation["security"]
        for scope in each.get("oauth", [])
    }
    for flow in flows.values():
        assert asked <= set(flow["scopes"])


def test_every_change_takes_a_key_but_a_test_message(app: Flask) -> None:
    without = {
        operation["operationId"]
        for operations in document(app.test_client())["paths"].values()
        for method, operation in operations.items()
        if method in ("post", "patch", "delete")
        and "Idempotency-Key" not in {each["name"] for each in operation["parameters"]}
    }
    assert without == {"testWebhook", "searchClients"}


@pytest.mark.parametrize("accept", ["text/html", "application/xml;q=0.9", "image/*"])
def test_who_takes_no_json_is_told_so(app: Flask, accept: str) -> None:
    answer = app.test_client().get("/api/v1/clients", headers={"Accept": accept})
    assert (answer.status_code, answer.get_json()["code"]) == (406, "not-acceptable")


@pytest.mark.parametrize("accept", ["", "*/*", "application/*", "text/html, */*;q=0.1"])
def test_who_takes_json_among_others_is_answered(app: Flask, accept: str) -> None:
    answer = app.test_client().get("/api/v1/clients", headers={"Accept": accept})
    assert answer.status_code == 401


def test_a_method_that_there_is_not_is_refused_with_those_that_there_are(app: Flask) -> None:
    answer = app.test_client().put("/api/v1/clients")
    assert answer.status_code == 405
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert answer.mimetype == "application/problem+json"


def api_routes(app: Flask) -> list[tuple[Rule, str]]:
    """Every route of the API with each of its methods."""
    return [
        (rule, method)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]


def path_of(rule: Rule) -> str:
    """The path of a route, as the document writes it."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
