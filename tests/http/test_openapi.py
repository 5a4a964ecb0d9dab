"""The description of the API is valid and true."""

from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from referral_hub.schemas.search import SearchApiArguments


def document(client: FlaskClient) -> dict:
    return client.get("/api/openapi.json").get_json()


def test_the_document_is_valid_openapi_3_1(client: FlaskClient) -> None:
    assert document(client)["openapi"].startswith("3.1")
    validate(document(client))


def test_the_document_names_every_parameter(client: FlaskClient) -> None:
    described = document(client)["paths"]["/api/v1/search"]["get"]["parameters"]
    assert {parameter["name"] for parameter in described} == set(SearchApiArguments().fields)


def test_a_real_answer_fits_the_described_schema(demo: FlaskClient) -> None:
    described = document(demo)
    schema = {"$ref": "#/components/schemas/SearchAnswer", "components": described["components"]}
    answer = demo.get("/api/v1/search?q=eviction&near=60608").get_json()
    Draft202012Validator(schema).validate(answer)


def test_a_real_problem_fits_the_described_schema(demo: FlaskClient) -> None:
    described = document(demo)
    schema = {"$ref": "#/components/schemas/Problem", "components": described["components"]}
    Draft202012Validator(schema).validate(demo.get("/api/v1/search?lat=91").get_json())
