"""Search parameters of the page and of the API as one question."""

from collections.abc import Mapping
from math import isinf
from typing import Any

from referral_hub.schemas.search_arguments import MILES_IN_KM
from referral_hub.use_cases.directory_views import FindQuery
from referral_hub.use_cases.find_services import DEFAULT_RADIUS_KM

PAGE_SIZE = 20


def find_query(values: Mapping[str, Any]) -> FindQuery:
    """A question from checked parameters. Around a place, the radius is 25 miles unless asked."""
    radius_km = values.get("radius_km")
    if values.get("radius") is not None:
        radius_km = values["radius"] * MILES_IN_KM
    if radius_km is None:
        radius_km = DEFAULT_RADIUS_KM
    return FindQuery(
        words=values.get("q", ""),
        near=values.get("near", ""),
        latitude=values.get("lat"),
        longitude=values.get("lon"),
        radius_km=None if isinf(radius_km) else radius_km,
        category=tuple(values.get("category", ())),
        language=tuple(values.get("language", ())),
        accessibility=tuple(values.get("accessibility", ())),
        cost=tuple(values.get("cost", ())),
        delivery=tuple(values.get("delivery", ())),
        accepting=values.get("accepting", False),
        open_now=values.get("open_now", False),
        age=values.get("age"),
        sort=values.get("sort", "best"),
        page=values.get("page", 1),
        limit=values.get("limit", PAGE_SIZE),
        words_only=values.get("words_only", False),
        as_typed=values.get("as_typed", False),
        explain=values.get("explain", False),
    )
