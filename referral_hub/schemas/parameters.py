"""What parameters are made of: kinds of values, and what every list of parameters refuses."""

from collections.abc import Iterable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

MOST_CHARACTERS = 500
NO_NUMBER: dict[str, Any] = dict.fromkeys(
    ("invalid", "special", "too_large"), "This is not a number."
)


class _Flag(fields.Boolean):
    """A switch: 1 or 0, true or false."""

    truthy = {"1", "true", "on", "yes", True}  # noqa: RUF012 marshmallow's own attribute
    falsy = {"0", "false", "off", "no", False}  # noqa: RUF012


def text(most: int = MOST_CHARACTERS, **more: Any) -> fields.String:
    """A text of so many characters at most."""
    message = f"Use at most {most} characters."
    return fields.String(validate=validate.Length(max=most, error=message), **more)


def flag(what: str) -> fields.Boolean:
    """A switch that is off unless it is given."""
    return _Flag(
        load_default=False,
        error_messages={"invalid": "Use 1 or 0."},
        metadata={"description": what},
    )


def number(low: float, high: float, what: str, **more: Any) -> fields.Float:
    """A number between bounds, which belong to it."""
    return fields.Float(
        validate=validate.Range(low, high, error=f"Use a number from {low:g} to {high:g}."),
        error_messages=NO_NUMBER,
        metadata={"description": what},
        **more,
    )


def whole(low: int, high: int, what: str, default: int | None) -> fields.Integer:
    """A whole number between bounds, which belong to it."""
    return fields.Integer(
        load_default=default,
        allow_none=False,
        validate=validate.Range(low, high, error=f"Use a whole number from {low} to {high}."),
        error_messages={"invalid": "This is not a whole number."},
        metadata={"description": what},
    )


def pairs(data: Any) -> Iterable[tuple[str, Any]]:
    """All that was sent, with names that come more than once."""
    found: Iterable[tuple[str, Any]] = (
        data.items(multi=True) if hasattr(data, "getlist") else data.items()
    )
    return found


class Parameters(Schema):
    """Parameters of an address; others are refused by name."""

    class Meta:
        """Unknown parameters are an error: a misspelt filter must not widen the answer."""

        unknown = RAISE

    @pre_load
    def drop_blank(self, data: Any, **_kwargs: Any) -> Any:
        """An empty field of a form means "not asked"."""
        kept: dict[str, Any] = {}
        for name, value in pairs(data):
            if value in ("", None):
                continue
            if isinstance(self.fields.get(name), fields.List):
                values = value if isinstance(value, list) else [value]
                kept.setdefault(name, []).extend(text for text in values if text != "")
            else:
                self._keep(kept, name, value)
        return kept

    def _keep(self, kept: dict[str, Any], name: str, value: Any) -> None:
        """One value a name; a link that was put together twice still opens a page."""
        kept.setdefault(name, value)


class Once(Parameters):
    """Parameters of programs."""

    def _keep(self, kept: dict[str, Any], name: str, value: Any) -> None:
        """A program that says two things does not know which one it means."""
        if name in kept:
            raise ValidationError("Give it once.", name)
        kept[name] = value
