"""The parameters of the HSDS API, by address, checked."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, pre_load, validate, validates_schema

from referral_hub.schemas.parameters import Once, flag, number, pairs, text, whole

PER_PAGE, MOST_PER_PAGE, MOST_PAGES = 50, 100, 1_000_000
JSON, NDJSON = "json", "ndjson"
FARTHEST_METRES = 20_038_000.0


class _Moment(fields.Field[datetime]):
    """A date or a time by ISO 8601; in UTC where it names no zone."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **_more: Any) -> datetime:
        # A plus in an address is read as a blank.
        written = str(value).strip().replace(" ", "+") if "T" in str(value) else str(value)
        try:
            found = datetime.fromisoformat(written)
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            message = "Use a time such as 2026-11-18T15:00:00Z, or a date."
            raise ValidationError(message) from error


def _id(what: str) -> fields.UUID:
    return fields.UUID(
        load_default=None,
        allow_none=False,
        error_messages={"invalid_uuid": "Use an id (UUID) as the API answers it."},
        metadata={"description": what},
    )


def _moment(what: str) -> _Moment:
    described = {"type": "string", "description": f"{what}: a time or a date by ISO 8601, in UTC"
                 " where it names no zone"}  # fmt: skip
    return _Moment(load_default=None, allow_none=False, metadata=described)


def _words() -> fields.String:
    what = "Words that must all stand in the record, without regard to case"
    return text(load_default="", metadata={"description": what})


def _metres(what: str) -> fields.Float:
    return number(0, FARTHEST_METRES, what, load_default=None, allow_none=False)


class _Exact(Once):
    @pre_load
    def drop_blank(self, data: Any, **_more: Any) -> Any:
        """Nothing is dropped: a filter whose value got lost must not widen the answer."""
        kept: dict[str, Any] = {}
        for name, value in pairs(data):
            self._keep(kept, name, value)
        return kept


class OneRecord(_Exact):
    """One record has no parameters."""


class OneOrganization(_Exact):
    """Parameters of one organization."""

    full_service = flag("All of each service; else its own fields only")


class _List(_Exact):
    page = whole(1, MOST_PAGES, "Page, from 1", None)
    per_page = whole(1, MOST_PER_PAGE, f"Records a page, {PER_PAGE} unless asked", None)
    format = fields.String(
        load_default=JSON,
        validate=validate.OneOf((JSON, NDJSON), error="Use json or ndjson."),
        metadata={"description": "`ndjson`: all records without pages, one a line"},
    )

    @validates_schema
    def a_stream_has_no_pages(self, data: dict[str, Any], **_more: Any) -> None:
        """A stream holds all records."""
        for name in ("page", "per_page"):
            if data.get("format") == NDJSON and data.get(name) is not None:
                raise ValidationError("Leave this out: ndjson has all records.", name)


class Taxonomies(_List):
    """Parameters of the list of taxonomies."""

    search = _words()


class TaxonomyTerms(Taxonomies):
    """Parameters of the list of terms."""

    taxonomy_id = _id("Terms of this taxonomy")
    top_only = flag("Only terms that stand under no other")
    parent_id = _id("Terms directly under this one")


class _Classified(Taxonomies):
    taxonomy_term_id = _id("Records that carry this term")
    taxonomy_id = _id("Records that carry any term of this taxonomy")
    full = flag("Records with all that is nested in them")


class Organizations(_Classified):
    """Parameters of the list of organizations."""

    full_service = flag("As `full`, and all of each service of theirs")


class Services(_Classified):
    """Parameters of the list of services."""

    organization_id = _id("Services of this organization")
    modified_after = _moment("Changed then or later, in what belongs to them too")
    minimal = flag("Only `id` and `modified_date`; all on one page unless `per_page` is given")

    @validates_schema
    def one_shape(self, data: dict[str, Any], **_more: Any) -> None:
        """Records cannot be shown in two ways."""
        if data.get("minimal") and data.get("full"):
            raise ValidationError("Use minimal or full, not both.", "minimal")


class ServiceAtLocations(_Classified):
    """Parameters of the list of services at locations; those after `proximity` are the hub's."""

    organization_id = _id("Of services of this organization")
    modified_after = _moment("Changed then or later, in what belongs to them too")
    postcode = fields.String(
        load_default=None,
        allow_none=False,
        validate=validate.Length(1, 20, error="Use a ZIP code."),
        metadata={"description": "A ZIP code. Leaves out what states a service area without it"},
    )
    proximity = _metres("Metres from the middle of `postcode`, the nearest first")
    lat = number(
        -90, 90, "Latitude in degrees, with `lon` and `radius`", load_default=None, allow_none=False
    )
    lon = number(
        -180,
        180,
        "Longitude in degrees, with `lat` and `radius`",
        load_default=None,
        allow_none=False,
    )
    radius = _metres("Metres from `lat` and `lon`, the nearest first")

    @validates_schema
    def places_are_whole(self, data: dict[str, Any], **_more: Any) -> None:
        """A distance counts from somewhere."""
        if data.get("proximity") is not None and not data.get("postcode"):
            raise ValidationError("Give postcode, from which this counts.", "proximity")
        point = ("lat", "lon", "radius")
        given = [name for name in point if data.get(name) is not None]
        for name in set(point) - set(given):
            if given:
                raise ValidationError("Give lat, lon and radius, or none of them.", name)


class Tombstones(_List):
    """Parameters of the list of what is gone."""

    modified_after = _moment("Gone then or later")


LISTS: dict[str, type[Schema]] = {
    "services": Services,
    "organizations": Organizations,
    "service_at_locations": ServiceAtLocations,
    "taxonomies": Taxonomies,
    "taxonomy_terms": TaxonomyTerms,
}
"""What each list of the standard takes."""
