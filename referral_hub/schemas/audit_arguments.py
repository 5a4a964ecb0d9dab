"""The parameters of a search in the audit, checked."""

from datetime import date
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

MOST_CHARACTERS = 200
LAST_NUMBER = 2**31 - 1


def _text() -> fields.String:
    most = validate.Length(max=MOST_CHARACTERS, error=f"Use at most {MOST_CHARACTERS} characters.")
    return fields.String(validate=most)


def _id() -> fields.UUID:
    return fields.UUID(
        error_messages={
            "invalid_uuid": "This is not an id, such as 3f2b8c1e-0d4a-4c55-9e6f-7a1b2c3d4e5f."
        }
    )


def _within_reach(day: date) -> None:
    """Raise for a day with which nothing can be reckoned."""
    if not 1970 <= day.year <= 9998:
        raise ValidationError("Use a year of four digits, from 1970 on.")


def _day() -> fields.Date:
    return fields.Date(
        validate=_within_reach, error_messages={"invalid": "Write a day as 2026-11-03."}
    )


class AuditArguments(Schema):
    """Conditions of a search; what is empty is no condition."""

    class Meta:
        """Other parameters are not this page's business."""

        unknown = EXCLUDE

    actor = _text()
    action = _text()
    table = _text()
    record_id = _id()
    agency_id = _id()
    since = _day()
    until = _day()
    before = fields.Integer(
        validate=validate.Range(1, LAST_NUMBER, error="This is not the number of a row."),
        error_messages={"invalid": "This is not the number of a row."},
    )

    @pre_load
    def leave_out_the_empty(self, values: Any, **_: object) -> dict[str, str]:
        """A field that is left empty is not sent."""
        return {name: text.strip() for name, text in values.items() if text.strip()}
