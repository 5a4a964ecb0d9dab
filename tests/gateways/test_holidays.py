"""Public holidays of a country, and of a part of one."""

from datetime import date

import pytest

from referral_hub.gateways.holidays import holidays_of, is_region, known_regions


def test_holidays_are_those_of_the_region() -> None:
    country, state = holidays_of("US", [2026]), holidays_of("US-IL", [2026])
    assert {date(2026, 11, 26), date(2026, 7, 3), date(2026, 12, 25)} <= country < state
    assert date(2026, 2, 12) in state - country
    assert date(2026, 10, 3) in holidays_of("DE", [2026])


def test_a_holiday_that_is_kept_in_the_year_before_is_known_there() -> None:
    assert date(2027, 12, 31) in holidays_of("US", [2027])
    assert {day.year for day in holidays_of("US", [2026, 2028])} == {2026, 2028}


@pytest.mark.parametrize(
    "region", ["", "U", "us", "US-", "US-ZZ", "US-IL-X", "-IL", "XX", "USA-IL "]
)
def test_a_region_that_is_not_known_is_refused(region: str) -> None:
    assert not is_region(region)
    with pytest.raises(ValueError, match="not known"):
        holidays_of(region, [2026])


def test_every_known_region_has_holidays() -> None:
    regions = known_regions()
    assert {"US", "US-IL", "PR", "DE-BE"} <= set(regions)
    assert all(is_region(region) for region in regions)
    for region in regions[::97]:
        assert isinstance(holidays_of(region, [2026]), frozenset)
