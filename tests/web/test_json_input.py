"""A body in which a key stands twice is refused by the name of the key."""

import pytest
from flask import Flask, request

from referral_hub.rules.errors import InvalidInput
from referral_hub.web.json_input import register_json_input


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
