"""Suggested needs: right or none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.vocabulary.suggestions import suggest_needs


def codes(name: str, description: str = "") -> list[str]:
    return [suggestion.code for suggestion in suggest_needs(name, description)]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("St. Anthony Food Pantry", "food.groceries.pantry"),
        ("Tri-County Food Bank", "food.groceries.pantry"),
        ("Emergency Rental Assistance", "housing.keep.rent-assistance"),
        ("Head Start", "education.early.preschool"),
        ("GED classes", "education.adult.ged"),
    ],
)
def test_a_name_that_says_it_is_enough(name: str, code: str) -> None:
    assert codes(name)[0] == code


@pytest.mark.parametrize("name", ["Help Center", "Community Church", "Main Office", "", "Services"])
def test_a_name_that_says_nothing_gives_nothing(name: str) -> None:
    assert codes(name) == []


def test_one_common_word_in_a_description_is_not_enough() -> None:
    assert codes("Riverside Center", "We have a library corner and a bus stop outside.") == []


def test_singular_and_plural_accents_and_case_are_alike() -> None:
    assert codes("FOOD PANTRIES") == codes("food pantry") == codes("Food Pântry")


def test_a_suggestion_quotes_what_it_rests_on() -> None:
    (suggestion,) = suggest_needs("Parish Food Pantry", "")
    assert suggestion.quote == "food pantry"


def test_the_name_of_the_feed_says_the_kind_of_a_service_that_does_not() -> None:
    (suggestion,) = suggest_needs("St. Peter's Church", "", "food_sites_flat")
    assert (suggestion.code, suggestion.quote) == ("food", "food")


def test_the_feed_adds_nothing_to_what_the_service_says_itself() -> None:
    (suggestion,) = suggest_needs("Soup Kitchen", "", "sfmarin_food_bank_ca ; food_sites")
    assert suggestion.code == "food.meals.free"


@given(st.text(), st.text())
def test_whatever_is_written_it_answers_with_at_most_three(name: str, description: str) -> None:
    assert len(suggest_needs(name, description)) <= 3
