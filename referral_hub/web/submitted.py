"""Forms of pages: checked, done, and shown again with what was typed where something is wrong."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, request
from marshmallow import EXCLUDE, Schema, fields
from werkzeug.wrappers import Response

from referral_hub.rules.errors import Conflict, ConsentMissing, HubError, InvalidInput
from referral_hub.web.input import load_form

Values = dict[str, Any]
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of a form: messages by field where something is wrong, and the page's status."""

    faults: dict[str, str] = field(default_factory=dict)
    status: int = 200

    @property
    def done(self) -> bool:
        """Whether the form did what it is for."""
        return not self.faults


NOTHING = Submitted()
"""A form that nobody has sent yet."""


def submit(schema: Schema, act: Callable[[Values], object]) -> Submitted:
    """Check the form that was sent and act on it; what is wrong can be shown beside its field."""
    schema.unknown = EXCLUDE  # the form's own token, and what browsers' add-ons put in
    values, faults = load_form(schema, form_values(schema))
    if faults:
        return Submitted(faults, 422)
    try:
        act(values)
    except (InvalidInput, Conflict, ConsentMissing) as error:
        return Submitted(error.fields or {"form": error.message}, _status(error))
    return NOTHING


def form_page(
    schema: Schema,
    act: Callable[[Values], object],
    done: Callable[[], Response],
    page: Callable[[Submitted], str],
) -> Answer:
    """A page with a form: shown, or acted on and left, or shown again with what is wrong."""
    if request.method != "POST":
        return page(NOTHING)
    sent = submit(schema, act)
    return done() if sent.done else (page(sent), sent.status)


def saved(note: str, address: str) -> Response:
    """On to a page that says what was done."""
    flash(note)
    return redirect(address, 303)


def form_values(schema: Schema) -> Values:
    """What was typed; blank fields count as left out, lists come whole."""
    sent: Values = {}
    for name, expected in schema.fields.items():
        given = [value for value in request.form.getlist(name) if value.strip()]
        if isinstance(expected, fields.List):
            sent[name] = given
        elif given:
            sent[name] = given[0]
    return sent


def _status(error: HubError) -> int:
    return 409 if isinstance(error, Conflict) else 422
