"""The parameters of a search, checked."""

import math
from typing import Any

from marshmallow import EXCLUDE, ValidationError, fields, validate, validates_schema

from referral_hub.rules.places import ANYWHERE, FARTHEST_KM
from referral_hub.schemas.parameters import (
    NO_NUMBER,
    Once,
    Parameters,
    flag,
    number,
    text,
    whole,
)
from referral_hub.vocabulary import needs

MILES_IN_KM = 1.609344
FARTHEST_MILES = int(FARTHEST_KM / MILES_IN_KM)


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
        error_messages=NO_NUMBER,
        metadata={
            "description": f"Radius in {unit} around the place; `{ANYWHERE}` for any distance",
            "type": ["number", "string"],
            "anyOf": [{"type": ["number", "null"]}, {"const": ANYWHERE}],
        },
        load_default=None,
    )


class SearchBox(Parameters):
    """What stands in the search box: words and a place. Anything else is refused by name."""

    q = text(load_default="", metadata={"description": "What is needed, in any words"})
    near = text(200, load_default="", metadata={"description": "ZIP code, city or county"})
    lat = number(-90, 90, "Latitude in degrees, instead of `near`", load_default=None)
    lon = number(-180, 180, "Longitude in degrees, with `lat`", load_default=None)

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
    accepting = flag("Only services that say they take referrals")
    open_now = flag("Only services open at this moment, in their own time zone")
    age = number(0, 130, "Age of the person in years", load_default=None, allow_none=True)
    sort = fields.String(
        load_default="best",
        validate=validate.OneOf(("best", "nearest"), error="Use best or nearest."),
    )
    page = whole(1, 10_000, "Page, from 1", 1)
    words_only = flag("Look for no place in `q`: all of it is words")
    as_typed = flag("Search the words as they are typed, without correcting their spelling")
    explain = flag("Say of what each score is made")


class SearchApiArguments(Once, SearchArguments):
    """The API's search: kilometres, and as many results a page as asked."""

    radius_km = _radius(FARTHEST_KM, "kilometres")
    limit = whole(1, 100, "Results a page", 20)


class CompleteArguments(Once, SearchBox):
    """Parameters of completing: what stands in the search box, and how many ways to go on."""

    limit = whole(1, 20, "How many at most", 8)


class FindPageArguments(SearchArguments):
    """The page's search: miles, and tolerant of parameters that mail and social sites add."""

    class Meta:
        """A link that was shared must open."""

        unknown = EXCLUDE

    radius = _radius(FARTHEST_MILES, "miles")
    no_age = flag("Do not use the age of the client in context")
    no_language = flag("Do not use the language of the client in context")
    no_place = flag("Do not use the ZIP code of the client in context")
    no_needs = flag("Do not use the needs of the client in context")
    hide_not = flag("Leave out services that the client in context is not eligible for")
