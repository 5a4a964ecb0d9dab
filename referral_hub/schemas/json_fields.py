"""Fields of JSON bodies: each takes exactly what its description says, and nothing near it."""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from referral_hub.rules.consent_days import YEARS

_BOOLEAN = "Use true or false."
CURSOR = "Where the page before ended, as it was answered in `next`; left out to begin"


class YesOrNo(fields.Boolean):
    """true or false; not words or numbers that may mean them."""

    def __init__(self, **more: Any) -> None:
        super().__init__(error_messages={"invalid": _BOOLEAN}, **more)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if value is True or value is False:
            return bool(value)
        raise self.make_error("invalid", input=value)


class AskedYesOrNo(fields.Boolean):
    """`true` or `false` as a parameter."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            truthy={"true"}, falsy={"false"}, error_messages={"invalid": _BOOLEAN}, **more
        )


class Text(fields.String):
    """A text."""

    def __init__(self, most: int, **more: Any) -> None:
        length = validate.Length(max=most, error=f"Use at most {most:,} characters.")
        super().__init__(validate=length, error_messages={"invalid": "Use plain text."}, **more)


class Whole(fields.Integer):
    """A whole number within a range."""

    def __init__(self, least: int, most: int, **more: Any) -> None:
        said = f"Use a whole number from {least} to {most:,}."
        super().__init__(
            strict=True, validate=validate.Range(least, most, error=said),
            error_messages={"invalid": said, "too_large": said}, **more,
        )  # fmt: skip


class Amount(fields.Float):
    """A number from 0 on, whole or not; no text that may mean one."""

    def __init__(self, most: int, **more: Any) -> None:
        said = f"Use a number from 0 to {most:,}."
        super().__init__(
            validate=validate.Range(0, most, error=said),
            error_messages={"invalid": said, "special": said, "too_large": said}, **more,
        )  # fmt: skip

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return float(super()._deserialize(value, attr, data, **kwargs))


class Day(fields.Date):
    """A day that calendars can reckon with."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            error_messages={"invalid": "Use a date such as 2026-05-31."}, validate=_near, **more
        )


class Moment(fields.AwareDateTime):
    """A moment with its offset from UTC, with which calendars can reckon."""

    def __init__(self, **more: Any) -> None:
        said = "Use a time with its offset, such as 2026-05-31T16:00:00Z."
        super().__init__(
            error_messages={"invalid": said, "invalid_awareness": said}, validate=_near, **more
        )


def _near(found: date) -> None:
    """Raise for what cannot be meant, and with which no calendar could go on."""
    if found.year not in YEARS:
        raise ValidationError(f"Use a year from {YEARS.start} to {YEARS.stop - 1}.")


def one_of(kind: type[Enum], **more: Any) -> fields.Enum[Any]:
    """One of the values of an enumeration."""
    return fields.Enum(kind, by_value=True, **more)


class PageArguments(Schema):
    """Which page of a list."""

    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
    cursor = fields.String(
        load_default="", validate=validate.Length(max=300), metadata={"description": CURSOR}
    )


class MadeSchema(Schema):
    """The id of what was made."""

    id = fields.UUID(required=True)
