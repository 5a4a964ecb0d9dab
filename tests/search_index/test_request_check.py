from datetime import UTC, datetime

import pytest

from search_index import InvalidRequest, SearchRequest

HERE = {"latitude": 40.0, "longitude": -75.0}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"latitude": 40.0}, "longitude"),
        ({"longitude": 40.0}, "latitude"),
        ({**HERE, "latitude": 91.0}, "latitude"),
        ({**HERE, "latitude": float("nan")}, "latitude"),
        ({**HERE, "longitude": -180.1}, "longitude"),
        ({**HERE, "longitude": float("inf")}, "longitude"),
        ({**HERE, "radius_km": -0.1}, "radius_km"),
        ({**HERE, "radius_km": float("nan")}, "radius_km"),
        ({**HERE, "radius_km": float("inf")}, "radius_km"),
        ({"radius_km": -1.0}, "radius_km"),
        ({"age": -1.0}, "age"),
        ({"age": float("nan")}, "age"),
        ({"offset": -1}, "offset"),
        ({"limit": 0}, "limit"),
        ({"open_at": datetime(2026, 1, 5)}, "open_at"),  # noqa: DTZ001
        ({"now": datetime(2026, 1, 5)}, "now"),  # noqa: DTZ001
    ],
)
def test_a_search_that_cannot_be_answered_names_the_field(index_of, asked, field):
    with pytest.raises(InvalidRequest, match=field) as error:
        index_of().search(SearchRequest(**asked))
    assert error.value.field == field


@pytest.mark.parametrize(
    "asked",
    [
        {"latitude": 90.0, "longitude": 180.0, "radius_km": 0.0},
        {"latitude": -90.0, "longitude": -180.0},
        {"age": 0.0},
        {"limit": 1, "offset": 10_000},
        {"open_at": datetime(2026, 1, 5, tzinfo=UTC)},
    ],
)
def test_the_limits_themselves_can_be_asked(index_of, asked):
    assert index_of().search(SearchRequest(**asked)).total == 0
