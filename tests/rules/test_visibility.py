"""What may be known of a confidential place, and how a text gives it away."""

import pytest

from referral_hub.rules.visibility import concealed, is_drawn, quotes, telling


@pytest.mark.parametrize(
    ("code", "known"),
    [
        ("60608", "60608"),
        ("60608-2043", "60608"),
        ("60608\u20132043", "60608"),
        ("60608 2043", "60608"),
        ("606082043", "60608"),
        ("K1A 0B1", "K1A"),
        ("K1A0B1", "K1A"),
        ("SW1A 1AA", "SW1A"),
        ("", ""),
        ("none", "none"),
    ],
)
def test_of_a_postal_code_the_area_may_be_known_alone(code: str, known: str) -> None:
    assert concealed("address", {"postal_code": code})["postal_code"] == known


@pytest.mark.parametrize(
    ("text", "is_quoted"),
    [
        ("We are at 1742 ZANZIBAR  Hollow Way.", True),
        ("Ring at 1742, Zanzibar-Hollow Way", True),
        ("Call 3125550142 first", True),
        ("Call +1 (312) 555-0142", True),
        ("Call 312 555 0143", False),
        ("11742 Zanzibar Hollow Ways", False),
        ("", False),
    ],
)
def test_a_text_that_says_the_street_or_a_number_gives_it_away(text: str, is_quoted: bool) -> None:
    assert quotes(text, {"1742 Zanzibar Hollow Way", "312-555-0142"}) is is_quoted


def test_values_of_before_tell_where_they_name_the_place() -> None:
    fields = ("address_1", "city", "postal_code")
    assert telling("address", fields) == {"address_1", "postal_code"}
    assert telling("location", ("point_latitude", "visibility")) == {"point_latitude"}
    assert telling("phone", ("number", "position")) == {"number"}
    assert telling("service", ("name",)) == frozenset()


@pytest.mark.parametrize(
    ("extent_type", "extent", "drawn"),
    [
        ("circle", "41.9,-87.6,8", True),
        (" GeoJSON", "", True),
        ("text", '{"type": "Point"}', True),
        (None, "41.85739, -87.65719", True),
        ("text", "60608", False),
        ("text", "Within 5.25 miles of Cicero", False),
        (None, None, False),
    ],
)
def test_a_shape_on_a_map_is_known_whatever_it_is_called(
    extent_type: str | None, extent: str | None, drawn: bool
) -> None:
    assert is_drawn(extent_type, extent) is drawn
