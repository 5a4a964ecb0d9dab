"""The API writes its answers by hand, and exactly as its schema says."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import Schema, fields

from referral_hub.schemas.search import SearchAnswer

SEARCHES = (
    "q=eviction&near=60608",
    "q=help+with+rent&language=Spanish&limit=100",
    "q=food+pantrey+in+Cicero,+IL",
    "q=xylophone&near=60608&language=Polish",
    "lat=41.85&lon=-87.67&open_now=1&sort=nearest",
)


def answer_to(client: FlaskClient, search: str) -> dict[str, Any]:
    return client.get(f"/api/v1/search?{search}").get_json()


def assert_has_exactly_the_fields(schema: Schema, value: dict[str, Any]) -> None:
    assert set(value) == set(schema.fields)
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested) and value[name]:
            for item in value[name] if inner is not field else [value[name]]:
                assert_has_exactly_the_fields(inner.schema, item)


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("explain", [False, True], ids=["plain", "explained"])
def test_an_answer_has_every_field_of_the_schema_and_no_other(
    demo: FlaskClient, search: str, explain: bool
) -> None:
    schema = SearchAnswer(exclude=() if explain else ("results.parts",))
    answer = answer_to(demo, f"{search}&explain={explain:d}")
    assert_has_exactly_the_fields(schema, answer)


@pytest.mark.parametrize("search", SEARCHES)
def test_an_answer_is_written_as_the_schema_would_write_it(demo: FlaskClient, search: str) -> None:
    answer = answer_to(demo, f"{search}&explain=1")
    written = SearchAnswer().dump(SearchAnswer().load(answer))
    assert json.dumps(written, sort_keys=True) == json.dumps(answer, sort_keys=True)


def test_the_searches_have_everything_that_an_answer_can_have(demo: FlaskClient) -> None:
    answers = [answer_to(demo, search) for search in SEARCHES]
    for name in SearchAnswer().fields:
        assert any(answer[name] for answer in answers), name
    for name in ("location_id", "needs", "languages", "distance_km", "phone", "verified_on"):
        assert any(card[name] for answer in answers for card in answer["results"]), name
