"""The search in JSON: its parameters and its answer."""

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

from referral_hub.vocabulary import needs

MOST_CHARACTERS = 500
MILES_IN_KM = 1.609344
FARTHEST_KM = 500.0


class _Flag(fields.Boolean):
    """A switch: 1 or 0, true or false."""

    truthy = {"1", "true", "on", "yes", True}  # noqa: RUF012 marshmallow's own attribute
    falsy = {"0", "false", "off", "no", False}  # noqa: RUF012


def _text(most: int = MOST_CHARACTERS, **more: Any) -> fields.String:
    message = f"Use at most {most} characters."
    return fields.String(validate=validate.Length(max=most, error=message), **more)


def _choices(what: str, closed: tuple[str, ...] = ()) -> fields.List[Any]:
    listed = ", ".join(closed) if len(closed) < 10 else "the codes of the taxonomy"
    known = [validate.OneOf(closed, error=f"Use one of: {listed}.")] if closed else []
    most = validate.Length(max=100, error="Use at most 100 characters.")
    return fields.List(
        fields.String(validate=[most, *known]),
        load_default=[],
        validate=validate.Length(max=50, error="Choose at most 50 values."),
        metadata={"description": f"{what}; may be repeated, one of them is enough"},
    )


def _number(low: float, high: float, what: str, **more: Any) -> fields.Float:
    return fields.Float(
        validate=validate.Range(low, high, error=f"Use a number from {low:g} to {high:g}."),
        error_messages={
            "invalid": "This is not a number.",
            "special": "This is not a number.",
            "too_large": "This is not a number.",
        },
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


class SearchArguments(Schema):
    """Parameters of a search. Anything else is refused by name."""

    class Meta:
        """Unknown parameters are an error: a misspelt filter must not widen the answer."""

        unknown = RAISE

    q = _text(load_default="", metadata={"description": "What is needed, in any words"})
    near = _text(200, load_default="", metadata={"description": "ZIP code, city or county"})
    lat = _number(-90, 90, "Latitude in degrees, instead of `near`", load_default=None)
    lon = _number(-180, 180, "Longitude in degrees, with `lat`", load_default=None)
    category = _choices("Need code of the hub's taxonomy", tuple(needs()))
    language = _choices("Language spoken")
    accessibility = _choices("Accessibility feature")
    cost = _choices("What it costs", ("free", "sliding", "paid"))
    delivery = _choices("How it reaches people", ("in_person", "phone", "virtual"))
    accepting = _Flag(
        load_default=False,
        error_messages={"invalid": "Use 1 or 0."},
        metadata={"description": "Only services that say they take referrals"},
    )
    open_now = _Flag(
        load_default=False,
        error_messages={"invalid": "Use 1 or 0."},
        metadata={"description": "Only services open at this moment, in their own time zone"},
    )
    age = _number(0, 130, "Age of the person in years", load_default=None, allow_none=True)
    sort = fields.String(
        load_default="best",
        validate=validate.OneOf(("best", "nearest"), error="Use best or nearest."),
    )
    page = _whole(1, 10_000, "Page, from 1", 1)

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


class SearchApiArguments(SearchArguments):
    """The API's search: kilometres, and as many results a page as asked."""

    radius_km = _number(0, FARTHEST_KM, "Radius in kilometres around the place", load_default=None)
    limit = _whole(1, 100, "Results a page", 20)

    def _keep(self, kept: dict[str, Any], name: str, value: Any) -> None:
        """A program that says two things does not know which one it means."""
        if name in kept:
            raise ValidationError("Give it once.", name)
        kept[name] = value

    @validates_schema
    def radius_has_a_place(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A radius around nothing would be ignored in silence."""
        placed = data.get("near") or data.get("lat") is not None
        if data.get("radius_km") is not None and not placed:
            raise ValidationError("Say where: give near, or lat and lon.", "radius_km")


class FindPageArguments(SearchArguments):
    """The page's search: miles, and tolerant of parameters that mail and social sites add."""

    class Meta:
        """A link that was shared must open."""

        unknown = EXCLUDE

    radius = _number(0, 300, "Radius in miles around the place", load_default=None)


class PlaceSchema(Schema):
    """A resolved place."""

    label = fields.String(required=True)
    latitude = fields.Float(required=True)
    longitude = fields.Float(required=True)
    kind = fields.String(required=True)
    zip = fields.String(allow_none=True)
    city = fields.String(allow_none=True)
    county = fields.String(allow_none=True)
    state = fields.String(allow_none=True)


class NeedSchema(Schema):
    """A need of the hub's taxonomy."""

    code = fields.String(required=True)
    label = fields.String(required=True)
    suggested = fields.Boolean()


class FoundServiceSchema(Schema):
    """One result: a service with its nearest matching location."""

    service_id = fields.UUID(required=True)
    organization_id = fields.UUID(required=True)
    location_id = fields.UUID(allow_none=True, required=True)
    name = fields.String(required=True)
    organization = fields.String(required=True)
    location_name = fields.String()
    address = fields.String()
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    approximate = fields.Boolean()
    place_stated = fields.Boolean()
    distance_km = fields.Float(allow_none=True, required=True)
    matched_by = fields.String(
        required=True, validate=validate.OneOf(("point", "coverage", "none"))
    )
    score = fields.Float(required=True)
    eligibility = fields.String(
        allow_none=True,
        metadata={"description": "Eligibility of a client in context; null without one"},
    )
    summary = fields.String()
    needs = fields.List(fields.Nested(NeedSchema))
    cost = fields.String()
    languages = fields.List(fields.String())
    phone = fields.String()
    hours = fields.String()
    open_now = fields.Boolean(allow_none=True)
    accepting = fields.Boolean(allow_none=True)
    verified_on = fields.Date(allow_none=True)
    status = fields.String()


class FacetOptionSchema(Schema):
    """A choice of a filter and how many services it gives."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    count = fields.Integer(required=True)
    selected = fields.Boolean(required=True)


class FacetSchema(Schema):
    """A filter with its choices."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    options = fields.List(fields.Nested(FacetOptionSchema), required=True)


class SearchAnswer(Schema):
    """A page of services near a place."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    results = fields.List(fields.Nested(FoundServiceSchema), required=True)
    facets = fields.List(fields.Nested(FacetSchema), required=True)
    place = fields.Nested(PlaceSchema, allow_none=True, required=True)
    did_you_mean = fields.String(allow_none=True, required=True)
    relax = fields.List(fields.Raw(), required=True)
    understood = fields.List(fields.Nested(NeedSchema), required=True)


class ProblemSchema(Schema):
    """What went wrong, as RFC 9457 problem details with the hub's stable code."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    fields_ = fields.Dict(
        keys=fields.String(), values=fields.String(), data_key="fields", attribute="fields"
    )
