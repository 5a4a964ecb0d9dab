"""The parameters of a search, checked."""

import math
from typing import Any

from marshmallow import (
    EXCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    pre_load,
    validate,
    validates_schema,
)

from referral_hub.rules.places import ANYWHERE, FARTHEST_KM
from referral_hub.vocabulary import needs

MOST_CHARACTERS = 500
MILES_IN_KM = 1.609344
FARTHEST_MILES = int(FARTHEST_KM / MILES_IN_KM)
_NO_NUMBER: dict[str, Any] = dict.fromkeys(
    ("invalid", "special", "too_large"), "This is not a number."
)


class _Flag(fields.Boolean):
    """A switch: 1 or 0, true or false."""

    truthy = {"1", "true", "on", "yes", True}  # noqa: RUF012 marshmallow's own attribute
    falsy = {"0", "false", "off", "no", False}  # noqa: RUF012


def _text(most: int = MOST_CHARACTERS, **more: Any) -> fields.String:
    message = f"Use at most {most} characters."
    return fields.String(validate=validate.Length(max=most, error=message), **more)


def _flag(what: str) -> _Flag:
    return _Flag(
        load_default=False,
        error_messages={"invalid": "Use 1 or 0."},
        metadata={"description": what},
    )


def _choices(what: str, closed: tuple[str, ...] = ()) -> fields.List[Any]:
    few = len(closed) < 10
    listed = f"Use one of: {', '.join(closed)}." if few else "Use codes of the taxonomy of needs."
    known = [validate.OneOf(closed, error=listed)] if closed else []
    most = validate.Length(max=100, error="Use at most 100 characters.")
    return fields.List(
        fields.String(validate=[most, *known]),
        load_default=[],
        validate=validate.Length(max=50, error="Choose at most 50 values."),
        metadata={"description": f"{what}; may be repeated, one of them is enough"},
    )


class _Radius(fields.Float):
    """A number, or "any" for any distance, which is read as infinity."""

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **more: Any) -> Any:
        """The distance."""
        if value == ANYWHERE:
            return math.inf
        return super().deserialize(value, attr, data, **more)


def _radius(most: float, unit: str) -> _Radius:
    return _Radius(
        validate=validate.Range(0, most, error=f"Use a number from 0 to {most:g}, or any."),
        error_messages=_NO_NUMBER,
        metadata={
            "description": f"Radius in {unit} around the place; `{ANYWHERE}` for any distance",
            "type": ["number", "string"],
            "anyOf": [{"type": ["number", "null"]}, {"const": ANYWHERE}],
        },
        load_default=None,
    )


def _number(low: float, high: float, what: str, **more: Any) -> fields.Float:
    return fields.Float(
        validate=validate.Range(low, high, error=f"Use a number from {low:g} to {high:g}."),
        error_messages=_NO_NUMBER,
        metadata={"description": what},
        **more,
    )


def _whole(low: int, high: int, what: str, default: int) -> fields.Integer:
    return fields.Integer(
        load_default=default,
        validate=validate.Range(low, high, error=f"Use a whole number from {low} to {high}."),
        error_messages={"invalid": "This is not a whole number."},
        metadata={"description": what},
    )


class SearchBox(Schema):
    """What stands in the search box: words and a place. Anything else is refused by name."""

    class Meta:
        """Unknown parameters are an error: a misspelt filter must not widen the answer."""

        unknown = RAISE

    q = _text(load_default="", metadata={"description": "What is needed, in any words"})
    near = _text(200, load_default="", metadata={"description": "ZIP code, city or county"})
    lat = _number(-90, 90, "Latitude in degrees, instead of `near`", load_default=None)
    lon = _number(-180, 180, "Longitude in degrees, with `lat`", load_default=None)

    @pre_load
    def drop_blank(self, data: Any, **_kwargs: Any) -> Any:
        """An empty field of a form means "not asked"."""
        pairs = data.items(multi=True) if hasattr(data, "getlist") else data.items()
        kept: dict[str, Any] = {}
        for name, value in pairs:
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

    @validates_schema
    def point_is_whole(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Latitude and longitude come together."""
        if (data.get("lat") is None) != (data.get("lon") is None):
            missing = "lon" if data.get("lon") is None else "lat"
            raise ValidationError("Give both lat and lon, or neither.", missing)


class SearchArguments(SearchBox):
    """Parameters of a search."""

    category = _choices("Need code of the hub's taxonomy", tuple(needs()))
    language = _choices("Language spoken")
    accessibility = _choices("Accessibility feature")
    cost = _choices("What it costs", ("free", "sliding", "paid"))
    delivery = _choices("How it reaches people", ("in_person", "phone", "virtual"))
    accepting = _flag("Only services that say they take referrals")
    open_now = _flag("Only services open at this moment, in their own time zone")
    age = _number(0, 130, "Age of the person in years", load_default=None, allow_none=True)
    sort = fields.String(
        load_default="best",
        validate=validate.OneOf(("best", "nearest"), error="Use best or nearest."),
    )
    page = _whole(1, 10_000, "Page, from 1", 1)
    words_only = _flag("Look for no place in `q`: all of it is words")
    as_typed = _flag("Search the words as they are typed, without correcting their spelling")
    explain = _flag("Say of what each score is made")


class _Once(SearchBox):
    """Parameters of programs."""

    def _keep(self, kept: dict[str, Any], name: str, value: Any) -> None:
        """A program that says two things does not know which one it means."""
        if name in kept:
            raise ValidationError("Give it once.", name)
        kept[name] = value


class SearchApiArguments(_Once, SearchArguments):
    """The API's search: kilometres, and as many results a page as asked."""

    radius_km = _radius(FARTHEST_KM, "kilometres")
    limit = _whole(1, 100, "Results a page", 20)


class CompleteArguments(_Once):
    """Parameters of completing: what stands in the search box, and how many ways to go on."""

    limit = _whole(1, 20, "How many at most", 8)


class FindPageArguments(SearchArguments):
    """The page's search: miles, and tolerant of parameters that mail and social sites add."""

    class Meta:
        """A link that was shared must open."""

        unknown = EXCLUDE

    radius = _radius(FARTHEST_MILES, "miles")
    no_age = _flag("Do not use the age of the client in context")
    no_language = _flag("Do not use the language of the client in context")
    no_place = _flag("Do not use the ZIP code of the client in context")
    no_needs = _flag("Do not use the needs of the client in context")
    hide_not = _flag("Leave out services that the client in context is not eligible for")
