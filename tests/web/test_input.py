"""Forms and parameters: what is wrong is told by its name, and what can be used is kept."""

import pytest
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict

from referral_hub.rules.errors import InvalidInput
from referral_hub.web.input import load_arguments, load_form, require_arguments


class Form(Schema):
    """A form with a field that must be filled in."""

    name = fields.String(required=True, error_messages={"required": "Enter a name."})
    size = fields.Integer(error_messages={"invalid": "Enter a number."})


class Arguments(Schema):
    """Parameters of which none is required."""

    page = fields.Integer(load_default=1, error_messages={"invalid": "Not a page."})
    words = fields.String(load_default="")


def test_a_required_field_that_is_left_out_is_told_by_its_name() -> None:
    assert load_form(Form(), {"size": "3"}) == ({"size": 3}, {"name": "Enter a name."})
    assert load_form(Form(), {"name": "Nia", "size": "x"}) == (
        {"name": "Nia"},
        {"size": "Enter a number."},
    )


def test_a_form_that_is_right_comes_without_faults() -> None:
    assert load_form(Form(), {"name": "Nia"}) == ({"name": "Nia"}, {})


def test_parameters_that_are_not_given_have_their_defaults() -> None:
    assert load_arguments(Arguments(), {"words": "food"}) == ({"page": 1, "words": "food"}, {})
    assert load_arguments(Arguments(), {"page": "x"}) == (
        {"page": 1, "words": ""},
        {"page": "Not a page."},
    )


def test_a_parameter_that_is_given_twice_is_not_guessed_at() -> None:
    with pytest.raises(InvalidInput) as refused:
        require_arguments(Arguments(), MultiDict([("words", "food"), ("words", "rent")]))
    assert refused.value.fields == {"words": "Give it once."}
