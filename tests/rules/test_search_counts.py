"""What is counted of a search: needs, an area, a day, about how much was found; never words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.places import Place, PlaceKind
from referral_hub.rules.search_counts import RESULT_BANDS, cells_of, result_band, search_area

DAY = date(2026, 11, 18)
ZIP = Place("Cicero, IL 60804", 41.84, -87.76, PlaceKind.ZIP, zip="60804", county="IL:cook county")
CITY = Place("Cicero, IL", 41.84, -87.76, PlaceKind.CITY, city="Cicero", county="IL:cook county")
STATE = Place("Illinois", 40.0, -89.0, PlaceKind.STATE, state="IL")


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, "0"), (1, "1-4"), (4, "1-4"), (5, "5-19"), (19, "5-19"), (20, "20+"), (9999, "20+")],
)
def test_each_number_of_results_has_one_band(total: int, band: str) -> None:
    assert result_band(total) == band


@given(st.integers(0, 10**9))
def test_more_results_are_never_a_lower_band(total: int) -> None:
    order = RESULT_BANDS.index
    assert order(result_band(total)) <= order(result_band(total + 1))


def test_fewer_than_no_results_are_refused() -> None:
    with pytest.raises(ValueError, match="fewer"):
        result_band(-1)


@pytest.mark.parametrize(
    ("place", "area"), [(ZIP, "608"), (CITY, "IL:cook county"), (STATE, ""), (None, "")]
)
def test_the_area_is_three_digits_of_a_zip_code_or_a_county(place: Place | None, area: str) -> None:
    assert search_area(place) == area


def test_a_search_counts_once_under_each_term() -> None:
    cells = list(cells_of(DAY, ["food.pantry", "veterans", "food.pantry"], ZIP, 7))
    assert [cell.term for cell in cells] == ["food.pantry", "veterans"]
    assert {(cell.day, cell.area, cell.band) for cell in cells} == {(DAY, "608", "5-19")}


def test_a_search_of_which_nothing_is_understood_counts_under_no_term() -> None:
    (cell,) = cells_of(DAY, [], None, 0)
    assert (cell.term, cell.area, cell.band) == ("", "", "0")
