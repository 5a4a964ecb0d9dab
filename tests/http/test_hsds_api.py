"""The HSDS API as other systems see it, held against the official schemas."""

import json
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from referral_hub.extensions import db
from referral_hub.rules.hsds import TABLES
from referral_hub.schemas.hsds_arguments import LISTS
from tests.hsds_schemas import strict

ROOTS = {
    "services": "service",
    "organizations": "organization",
    "service_at_locations": "service_at_location",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
}
BY_PAGE = {"services", "organizations", "service_at_locations"}
METHODS = ("GET", "POST")


@pytest.fixture(params=["demo_app", "real_app"])
def client(request: pytest.FixtureRequest) -> Iterator[FlaskClient]:
    """A client of a hub with the demo network, and of one with real directories."""
    app: Flask = request.getfixturevalue(request.param)
    with app.test_client() as opened:
        yield opened
    with app.app_context():
        db.session.remove()


def read(client: FlaskClient, path: str, **parameters: object) -> Any:
    answer = client.get(f"/hsds{path}", query_string=parameters)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def ids(client: FlaskClient, path: str, **parameters: object) -> list[str]:
    return [record["id"] for record in stream(client, path, **parameters)]


def stream(client: FlaskClient, path: str, **parameters: object) -> list[dict[str, Any]]:
    answer = client.get(f"/hsds{path}", query_string={"format": "ndjson", **parameters})
    assert (answer.status_code, answer.mimetype) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.get_data().splitlines()]


def problem(answer: TestResponse, status: int = 422) -> dict[str, Any]:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    return dict(answer.get_json())


@pytest.mark.parametrize("name", ROOTS)
def test_every_record_of_every_list_fits_the_official_schema(
    client: FlaskClient, test_data: Path, name: str
) -> None:
    root = ROOTS[name]
    schema = strict(test_data, f"{root}_list" if name in BY_PAGE else root)
    for record in stream(client, f"/{name}"):
        schema.validate(record)


@pytest.mark.parametrize("name", sorted(BY_PAGE))
def test_every_full_record_fits_the_official_schema(
    demo: FlaskClient, test_data: Path, name: str
) -> None:
    require_official(demo, test_data, name)


def test_everything_that_was_imported_fits_the_official_schema(
    real_app: Flask, test_data: Path
) -> None:
    require_official(real_app.test_client(), test_data, "organizations")


def require_official(client: FlaskClient, test_data: Path, name: str) -> None:
    """All records of a list, with all that is nested in them, fit the official schema."""
    more = {"full_service": "true"} if name == "organizations" else {}
    records = stream(client, f"/{name}", full="true", **more)
    for record in records:
        strict(test_data, ROOTS[name]).validate(record)
    assert records


@pytest.mark.parametrize("name", ROOTS)
def test_a_record_by_its_id_is_the_one_of_the_full_list(
    demo: FlaskClient, test_data: Path, name: str
) -> None:
    full = {"full": "true"} if name in BY_PAGE else {}
    for record in read(demo, f"/{name}", per_page=3, **full)["contents"]:
        found = read(demo, f"/{name}/{record['id']}")
        assert found == record or name.startswith("taxonom")
        strict(test_data, ROOTS[name]).validate(found)


def test_an_organization_shows_its_services_in_short_or_whole(demo: FlaskClient) -> None:
    organization = next(
        each for each in stream(demo, "/organizations", full=1) if each.get("services")
    )
    (short, *_), path = organization["services"], f"/organizations/{organization['id']}"
    whole = read(demo, path, full_service="true")["services"][0]
    assert not any(isinstance(value, list | dict) for value in short.values())
    assert whole["service_at_locations"]
    assert short.items() <= whole.items()


@pytest.mark.parametrize("name", ROOTS)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("per_page", [1, 7, 50, 100])
def test_all_pages_add_up_to_the_whole_list(
    demo: FlaskClient, name: str, method: str, per_page: int
) -> None:
    require_sum(demo, name, method, per_page)


@pytest.mark.parametrize("name", ROOTS)
@pytest.mark.parametrize("method", METHODS)
def test_all_pages_of_what_was_imported_add_up_to_the_whole_list(
    real_app: Flask, name: str, method: str
) -> None:
    require_sum(real_app.test_client(), name, method, 100)


def require_sum(client: FlaskClient, name: str, method: str, per_page: int) -> None:
    """Each page of a list holds its part of it, and says truly which one."""
    everything = ids(client, f"/{name}")
    assert everything == sorted(set(everything))
    pages = max(1, -(-len(everything) // per_page))
    for number in range(1, pages + 1):
        page = ask(client, method, f"/{name}", page=number, per_page=per_page).get_json()
        listed = [record["id"] for record in page.pop("contents")]
        assert listed == everything[(number - 1) * per_page : number * per_page]
        assert page == {
            "total_items": len(everything), "total_pages": pages if everything else 0,
            "page_number": number, "size": len(listed), "first_page": number == 1,
            "last_page": number == pages, "empty": not listed,
        }  # fmt: skip


def test_a_page_past_the_last_is_empty_and_the_last(demo: FlaskClient) -> None:
    page = read(demo, "/services", page=1000)
    assert page["contents"] == []
    assert (page["size"], page["empty"], page["first_page"], page["last_page"]) == (
        0, True, False, True,
    )  # fmt: skip


def test_an_empty_list_is_its_first_and_last_page(app: Flask) -> None:
    page = read(app.test_client(), "/services")
    assert page == {
        "total_items": 0, "total_pages": 0, "page_number": 1, "size": 0, "first_page": True,
        "last_page": True, "empty": True, "contents": [],
    }  # fmt: skip


def ask(client: FlaskClient, method: str, path: str, **parameters: object) -> TestResponse:
    """The answer to parameters in the address, or by POST in a form."""
    if method == "POST":
        return client.post(f"/hsds{path}", data=parameters)
    return client.get(f"/hsds{path}", query_string=parameters)


@pytest.mark.parametrize("name", ROOTS)
def test_asked_by_post_the_answer_is_the_same(demo: FlaskClient, name: str) -> None:
    wanted = {"search": "a", "per_page": "2"}
    listed = read(demo, f"/{name}", **wanted)
    assert demo.post(f"/hsds/{name}", query_string=wanted).get_json() == listed
    assert demo.post(f"/hsds/{name}", data=wanted).get_json() == listed


def test_what_is_sent_as_json_is_refused_and_not_passed_over(demo: FlaskClient) -> None:
    assert "form" in problem(demo.post("/hsds/services", json={"search": "food"}))["detail"]


def test_all_services_stand_in_short_on_one_page(demo: FlaskClient) -> None:
    page = read(demo, "/services", minimal="true")
    assert (page["total_pages"], page["last_page"]) == (1, True)
    assert [record["id"] for record in page["contents"]] == ids(demo, "/services")
    assert set(page["contents"][0]) == {"id", "modified_date"}


def test_each_filter_narrows_what_the_others_leave(demo: FlaskClient) -> None:
    services = stream(demo, "/services", full="true")
    carrying = next(each for each in services if each.get("attributes"))
    term = carrying["attributes"][0]["taxonomy_term"]
    filters = {
        "organization_id": carrying["organization"]["id"],
        "taxonomy_term_id": term["id"],
        "taxonomy_id": term["taxonomy_detail"]["id"],
        "search": carrying["name"].split()[0],
        "modified_after": "2026-11-18T15:00:00Z",
    }
    for name in ("services", "service_at_locations"):
        alone = [set(ids(demo, f"/{name}", **{key: value})) for key, value in filters.items()]
        together = set(ids(demo, f"/{name}", **filters))
        assert together == set.intersection(*alone)
        assert together
        assert len(alone[0]) < len(ids(demo, f"/{name}")) > len(alone[1])


@pytest.mark.parametrize("name", sorted(set(ROOTS) - {"taxonomies"}))
@pytest.mark.parametrize("method", METHODS)
def test_any_two_filters_leave_what_both_leave(demo: FlaskClient, name: str, method: str) -> None:
    def left(*asked: Filter) -> list[str]:
        parameters = {key: value for each in asked for key, value in each.items()}
        answer = ask(demo, method, f"/{name}", format="ndjson", **parameters)
        assert answer.status_code == 200
        return [json.loads(line)["id"] for line in answer.get_data().splitlines()]

    filters = filters_of(demo, name)
    everything = set(left())
    alone = [set(left(each)) for each in filters]
    assert any(0 < len(found) < len(everything) for found in alone)
    narrowed = 0
    for (first, of_first), (second, of_second) in combinations(zip(filters, alone, strict=True), 2):
        if first.keys() & second.keys():
            continue
        together = left(first, second)
        assert set(together) == of_first & of_second, (first, second)
        assert len(together) == len(set(together))
        narrowed += 0 < len(together) < max(len(of_first), len(of_second))
    assert narrowed


Filter = dict[str, object]


def filters_of(client: FlaskClient, name: str) -> list[Filter]:
    """Some values of each filter of a list: those that leave little, and those that leave much."""
    if name == "taxonomy_terms":
        terms = stream(client, "/taxonomy_terms")
        parent = next(each["parent_id"] for each in terms if each.get("parent_id"))
        taxonomy = next(iter(stream(client, "/taxonomies")))["id"]
        return [{"search": "housing"}, {"search": "a"}, {"taxonomy_id": taxonomy},
                {"taxonomy_id": str(uuid4())}, {"parent_id": parent},
                {"top_only": "true"}]  # fmt: skip
    services = stream(client, "/services", full="true")
    carrying = next(each for each in services if each.get("attributes"))
    term = carrying["attributes"][0]["taxonomy_term"]
    filters: list[Filter] = [
        {"search": carrying["organization"]["name"].split()[0]}, {"search": "a"},
        {"taxonomy_term_id": term["id"]}, {"taxonomy_id": term["taxonomy_detail"]["id"]},
    ]  # fmt: skip
    if name == "organizations":
        return filters
    filters += [
        {"organization_id": carrying["organization"]["id"]},
        {"modified_after": "2026-11-18T15:00:00Z"}, {"modified_after": "2030-01-01"},
    ]  # fmt: skip
    if name == "service_at_locations":
        place = client.get("/api/v1/search?near=60608").get_json()["place"]
        point = {"lat": place["latitude"], "lon": place["longitude"], "radius": 5000}
        filters += [{"postcode": "60608"}, {"postcode": "60625", "proximity": 8000}, point]
    return filters


def test_the_first_address_says_where_all_is_described(demo: FlaskClient) -> None:
    for path in ("", "/"):
        base = read(demo, path)
        assert base["version"] == "3.2.3"
        for name in ("profile", "openapi_url"):
            assert demo.get(base[name].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_the_document_is_valid_and_names_every_address_and_parameter(demo: FlaskClient) -> None:
    document = read(demo, "/openapi.json")
    validate(document)
    shown = {f"/{name}/{{id}}" for name in ROOTS}
    assert set(document["paths"]) == {"/", "/tombstones", *(f"/{n}" for n in ROOTS), *shown}
    for name, arguments in LISTS.items():
        for method in ("get", "post"):
            described = document["paths"][f"/{name}"][method]["parameters"]
            assert {each["name"] for each in described} == set(arguments().fields)


def test_what_is_beyond_the_standard_is_declared_in_the_profile(
    demo: FlaskClient, test_data: Path
) -> None:
    official = json.loads((test_data / "hsds/3.2.3/schema/openapi.json").read_text())
    own = read(demo, "/openapi.json")
    profile = read(demo, "/profile")
    assert set(own["paths"]) - set(official["paths"]) == set(profile["endpoints"])
    for path, operations in official["paths"].items():
        standard = {
            each.get("name") or each["$ref"].rpartition("/")[2]
            for each in operations["get"].get("parameters", ())
        }
        ours = {each["name"] for each in own["paths"][path]["get"]["parameters"]} - {"id"}
        assert ours - standard == set(profile["parameters"].get(path, {})), path
        assert standard - {"id"} <= ours, path


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("/services", "page", "0"),
        ("/services", "page", "9" * 30),
        ("/services", "per_page", "101"),
        ("/services", "per_page", "x"),
        ("/services", "format", "xml"),
        ("/services", "full", "perhaps"),
        ("/services", "organization_id", "4711"),
        ("/services", "organization_id", ""),
        ("/services", "modified_after", ""),
        ("/services", "per_page", ""),
        ("/service_at_locations", "postcode", ""),
        ("/service_at_locations", "lat", ""),
        ("/services", "modified_after", "yesterday"),
        ("/services", "modified_after", "0001-01-01T00:00:00+14:00"),
        ("/services", "search", "word " * 200),
        ("/service_at_locations", "postcode", "00000"),
        ("/service_at_locations", "postcode", "Chicago"),
        ("/service_at_locations", "proximity", "500"),
        ("/service_at_locations", "radius", "500"),
        ("/service_at_locations", "lat", "91"),
        ("/taxonomy_terms", "top_only", "2"),
        ("/taxonomy_terms", "parent_id", "x"),
        ("/tombstones", "modified_after", "x"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(
    demo: FlaskClient, path: str, parameter: str, value: str
) -> None:
    refused = problem(demo.get(f"/hsds{path}", query_string={parameter: value}))
    assert refused["code"] == "invalid-input"
    assert refused["fields"]


@pytest.mark.parametrize("path", [*(f"/{name}" for name in ROOTS), "/tombstones", "/"])
def test_a_parameter_that_there_is_not_is_refused(demo: FlaskClient, path: str) -> None:
    refused = problem(demo.get(f"/hsds{path}?raduis=5"))
    assert refused["code"] == "unknown-parameter"
    assert "raduis" in refused["detail"]


def test_a_stream_has_no_pages(demo: FlaskClient) -> None:
    assert "page" in problem(demo.get("/hsds/services?format=ndjson&page=2"))["fields"]


@pytest.mark.parametrize("name", ROOTS)
def test_an_id_that_there_is_not_is_told_so(demo: FlaskClient, name: str) -> None:
    assert problem(demo.get(f"/hsds/{name}/{uuid4()}"), 404)["code"] == "not-found"
    assert problem(demo.get(f"/hsds/{name}/4711"), 404)["code"] == "not-found"


def test_scripts_of_all_sites_may_read_answers_and_refusals(demo: FlaskClient) -> None:
    for path in ("", "/services", f"/services/{uuid4()}", "/services?x=1"):
        answer = demo.get(f"/hsds{path}", headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_services_near_a_zip_code_come_nearest_first(demo: FlaskClient) -> None:
    near = ids(demo, "/service_at_locations", postcode="60608", proximity=3000)
    wider = ids(demo, "/service_at_locations", postcode="60608", proximity=30000)
    assert 0 < len(near) < len(wider)
    assert wider[: len(near)] == near
    assert set(wider) <= set(ids(demo, "/service_at_locations", postcode="60608"))


def test_what_is_within_a_radius_of_a_point_is_what_is_near_its_zip_code(
    demo: FlaskClient,
) -> None:
    place = demo.get("/api/v1/search?near=60608").get_json()["place"]
    point = {"lat": place["latitude"], "lon": place["longitude"], "radius": 3000}
    near = ids(demo, "/service_at_locations", postcode="60608", **point)
    assert near == ids(demo, "/service_at_locations", postcode="60608", proximity=3000)
    assert near
    page = read(demo, "/service_at_locations", per_page=1, **point)
    assert (page["size"], page["first_page"]) == (1, True)
    assert page["total_items"] >= len(near)


def test_a_hub_of_which_nothing_is_gone_has_no_tombstones(demo: FlaskClient) -> None:
    assert read(demo, "/tombstones", modified_after="2020-01-01")["contents"] == []
    assert stream(demo, "/tombstones") == []


def test_no_field_is_answered_that_the_standard_does_not_name(demo: FlaskClient) -> None:
    known = {field.name for table in TABLES.values() for field in table.fields}
    known |= {nested.json_key for table in TABLES.values() for nested in table.nested}
    known |= {"attributes", "metadata"}
    for name in sorted(BY_PAGE):
        more = {"full_service": "true"} if name == "organizations" else {}
        for record in stream(demo, f"/{name}", full="true", **more):
            assert keys_of(record) <= known


def keys_of(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set()


def test_ids_are_written_as_the_standard_has_them(demo: FlaskClient) -> None:
    assert all(str(UUID(each)) == each for each in ids(demo, "/services"))
