"""A body in which a key stands twice is refused by the name of the key."""

import pytest
from flask import Flask, request

from referral_hub.rules.errors import ControlCharacters, InvalidInput
from referral_hub.web.json_input import MOST_NAMED, register_json_input


@pytest.fixture
def app() -> Flask:
    """An application that reads JSON as the hub does."""
    made = Flask("reads")
    register_json_input(made)
    return made


@pytest.mark.parametrize("sent", ['{"note": "a", "note": "b"}', '{"in": [{"note": 1, "note": 1}]}'])
def test_a_key_that_stands_twice_is_named(app: Flask, sent: str) -> None:
    body = {"data": sent, "content_type": "application/json", "method": "POST"}
    with app.test_request_context(**body), pytest.raises(InvalidInput) as refused:
        request.get_json(silent=True)
    assert refused.value.fields == {"note": "Give it once."}


def test_the_same_key_in_two_objects_is_no_fault(app: Flask) -> None:
    sent = '[{"note": 1}, {"note": 2}]'
    with app.test_request_context(data=sent, content_type="application/json", method="POST"):
        assert request.get_json() == [{"note": 1}, {"note": 2}]


@pytest.mark.parametrize("key", ["\\ud800", "a\\u0000b"])
def test_a_key_that_nobody_can_read_is_not_named(app: Flask, key: str) -> None:
    sent = f'{{"{key}": 1, "{key}": 2}}'
    with (
        app.test_request_context(data=sent, content_type="application/json", method="POST"),
        pytest.raises(ControlCharacters),
    ):
        request.get_json()


def test_of_many_keys_that_stand_twice_a_few_are_named(app: Flask) -> None:
    sent = "{" + ", ".join(f'"k{number}": 1, "k{number}": 2' for number in range(100)) + "}"
    with (
        app.test_request_context(data=sent, content_type="application/json", method="POST"),
        pytest.raises(InvalidInput) as refused,
    ):
        request.get_json()
    assert len(refused.value.fields) == MOST_NAMED
