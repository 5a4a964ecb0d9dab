"""The description of the API is valid and true."""

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from marshmallow import Schema
from openapi_spec_validator import validate

from referral_hub.schemas.search_arguments import CompleteArguments, SearchApiArguments


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
