"""The search in JSON: its answers."""

from marshmallow import Schema, fields, validate


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
    from_words = fields.Boolean(
        required=True, metadata={"description": "Whether the place was found in `q`"}
    )


class ScorePartSchema(Schema):
    """What one step adds to a score, or takes off it; the parts add up to the score."""

    name = fields.String(required=True)
    label = fields.String(required=True)
    amount = fields.Float(required=True)


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
    parts = fields.List(
        fields.Nested(ScorePartSchema), metadata={"description": "With `explain` only"}
    )


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


class DidYouMeanSchema(Schema):
    """The words that were probably meant, when nothing knew some that were typed."""

    words = fields.String(required=True)
    searched = fields.Boolean(
        required=True,
        metadata={"description": "Whether these words gave the results; see `as_typed`"},
    )


class RelaxationSchema(Schema):
    """What would give results where there are none."""

    filter = fields.String(
        required=True,
        metadata={
            "description": "The parameter to leave out or to widen; `filters` for all filters"
            " together, `words_only` for the place in `q`"
        },
    )
    value = fields.Float(
        allow_none=True,
        required=True,
        metadata={
            "description": "Kilometres to widen `radius_km` to; null for leaving the parameter out"
            " (of `radius_km`: any distance)"
        },
    )
    parameters = fields.Dict(
        keys=fields.String(),
        values=fields.String(allow_none=True),
        required=True,
        metadata={
            "description": "What to send for it, all else as before: parameters with their new"
            " values, null for those to leave out; from page 1"
        },
    )
    total = fields.Integer(
        required=True, metadata={"description": "How many services there are then"}
    )


class SearchAnswer(Schema):
    """A page of services near a place."""

    total = fields.Integer(required=True)
    page = fields.Integer(required=True)
    limit = fields.Integer(required=True)
    results = fields.List(fields.Nested(FoundServiceSchema), required=True)
    facets = fields.List(fields.Nested(FacetSchema), required=True)
    place = fields.Nested(PlaceSchema, allow_none=True, required=True)
    did_you_mean = fields.Nested(DidYouMeanSchema, allow_none=True, required=True)
    relax = fields.List(
        fields.Nested(RelaxationSchema),
        required=True,
        metadata={"description": "When nothing was found: what would give results"},
    )
    understood = fields.List(fields.Nested(NeedSchema), required=True)


class CompletionSchema(Schema):
    """One way to go on typing."""

    kind = fields.String(
        required=True, validate=validate.OneOf(("need", "service", "organization", "place"))
    )
    text = fields.String(required=True, metadata={"description": "To be searched as it is"})
    code = fields.String(
        allow_none=True, required=True, metadata={"description": "The code of a need"}
    )


class CompleteAnswer(Schema):
    """Ways to go on typing, by kind: needs, services, organizations, places."""

    completions = fields.List(fields.Nested(CompletionSchema), required=True)


class ProblemSchema(Schema):
    """What went wrong, as RFC 9457 problem details with the hub's stable code."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        data_key="fields",
        attribute="fields",
        metadata={"description": "What is wrong, by the name of each field or parameter"},
    )
    clients = fields.List(
        fields.UUID(),
        metadata={"description": "With `likely-duplicate`: clients who may be the same person"},
    )
