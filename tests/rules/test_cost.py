"""What a service costs, in one word."""

import pytest

from referral_hub.rules.cost import cost_class


@pytest.mark.parametrize(
    ("fees", "amounts", "expected"),
    [
        ("Free to everyone", [], "free"),
        ("No cost", [], "free"),
        ("", [0.0], "free"),
        ("None.", [], "free"),
        ("Sliding scale based on income", [], "sliding"),
        ("$25 per visit", [], "paid"),
        ("", [25.0], "paid"),
        ("First visit free, then $10", [], "paid"),
        ("Free, donations welcome", [], "paid"),
        ("", [], ""),
        ("Call for details", [], ""),
    ],
)
def test_fees_are_classed(fees: str, amounts: list[float], expected: str) -> None:
    assert cost_class(fees, amounts) == expected


def test_nobody_is_told_free_who_may_be_charged() -> None:
    assert cost_class("Free for children, $5 for adults", [0.0, 5.0]) == "paid"
