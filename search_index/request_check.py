"""Which searches can be answered."""

import math
from datetime import datetime

from search_index.documents import SearchRequest
from search_index.errors import InvalidRequest


def check(request: SearchRequest) -> None:
    """Raise InvalidRequest, naming the field, for a search that cannot be answered."""
    if (request.latitude is None) != (request.longitude is None):
        missing = "latitude" if request.latitude is None else "longitude"
        raise InvalidRequest(missing, "latitude and longitude belong together")
    _check_number("latitude", request.latitude, -90, 90)
    _check_number("longitude", request.longitude, -180, 180)
    _check_number("radius_km", request.radius_km, 0)
    _check_number("age", request.age, 0)
    _check_number("offset", request.offset, 0)
    _check_number("limit", request.limit, 1)
    _check_moment("open_at", request.open_at)
    _check_moment("now", request.now)


def _check_number(field: str, number: float | None, least: float, most: float = math.inf) -> None:
    if number is not None and not (math.isfinite(number) and least <= number <= most):
        bounds = f"from {least} up" if most == math.inf else f"from {least} to {most}"
        raise InvalidRequest(field, f"must be a number {bounds}, not {number}")


def _check_moment(field: str, moment: datetime | None) -> None:
    if moment is not None and moment.utcoffset() is None:
        raise InvalidRequest(field, "must say its time zone")
