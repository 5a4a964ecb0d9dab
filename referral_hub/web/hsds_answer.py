"""Lists of the HSDS API: what was asked for, and the answer as pages or as a stream."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, request, stream_with_context
from marshmallow import Schema
from orjson import dumps
from werkzeug.datastructures import MultiDict

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.hsds_page import envelope
from referral_hub.schemas.hsds_arguments import NDJSON, PER_PAGE
from referral_hub.use_cases.directory.around import Around
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.listed import Asked
from referral_hub.use_cases.read_directory import Page, Shape
from referral_hub.web.input import require_arguments
from referral_hub.web.search_answer import json_response

ALL_ON_ONE = 1_000_000
"""Records a page where all of a directory should be on one."""
FORM = "application/x-www-form-urlencoded"


def parameters(schema: type[Schema]) -> dict[str, Any]:
    """What was asked for, in the address, or where it is sent by POST in a form as well. Raises
    InvalidInput, and UnknownParameter for what there is not."""
    if request.content_length and request.mimetype != FORM:
        raise InvalidInput(f"Send parameters in the address, or by POST as a form ({FORM}).")
    sent = MultiDict([*request.args.items(multi=True), *request.form.items(multi=True)])
    return require_arguments(schema(), sent)


def asked_of(values: Mapping[str, Any]) -> Asked:
    """The filters among the parameters."""
    return Asked(
        words=values.get("search", ""),
        taxonomy_term_id=values.get("taxonomy_term_id"),
        taxonomy_id=values.get("taxonomy_id"),
        organization_id=values.get("organization_id"),
        modified_after=values.get("modified_after"),
        parent_id=values.get("parent_id"),
        top_only=values.get("top_only", False),
    )


def around_of(values: Mapping[str, Any], gazetteer: Gazetteer) -> Around:
    """Where to look. Raises InvalidInput for a ZIP code that there is not."""
    circles = []
    place = None
    if values.get("postcode"):
        place = gazetteer.approximate_point(values["postcode"], None, None)
        if place is None:
            message = "There is no such ZIP code in the United States."
            raise InvalidInput(message, {"postcode": message})
        if values["proximity"] is not None:
            circles.append((place.latitude, place.longitude, values["proximity"]))
    if values.get("radius") is not None:
        circles.append((values["lat"], values["lon"], values["radius"]))
    return Around(place, tuple(circles))


def shape_of(values: Mapping[str, Any]) -> Shape:
    """How much of each record is asked for."""
    if values.get("minimal"):
        return Shape.MINIMAL
    if values.get("full_service"):
        return Shape.WHOLE
    return Shape.NESTED if values.get("full") else Shape.DIRECT


def is_stream(values: Mapping[str, Any]) -> bool:
    """Whether all records are asked for, without pages."""
    return bool(values["format"] == NDJSON)


def span(values: Mapping[str, Any]) -> tuple[int, int]:
    """(how many records come before the page, how many it holds at most)."""
    per_page = _per_page(values)
    return (_page(values) - 1) * per_page, per_page


def page_response(found: Page, values: Mapping[str, Any]) -> Response:
    """A page in its envelope."""
    return json_response(
        envelope(found.contents, total=found.total, page=_page(values), per_page=_per_page(values))
    )


def _page(values: Mapping[str, Any]) -> int:
    return values["page"] or 1


def _per_page(values: Mapping[str, Any]) -> int:
    usual = ALL_ON_ONE if values.get("minimal") else PER_PAGE
    return values["per_page"] or usual


def stream_response(records: Iterator[dict[str, Any]]) -> Response:
    """Records, one a line, written as they are read."""
    lines = (dumps(record) + b"\n" for record in records)
    return Response(stream_with_context(lines), mimetype="application/x-ndjson")
