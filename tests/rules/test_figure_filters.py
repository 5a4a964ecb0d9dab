"""A filter of figures is kept as names and texts, and comes back as the same question."""

from datetime import date
from uuid import UUID

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_filters import as_address, query_with, read_filter
from referral_hub.rules.figure_query import FILTERS, FigureQuery
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referrals import Priority

ID = "0b9c2b7e-2f0b-4d0e-9a59-3a54a0b5d6a1"
DAYS = date(2026, 1, 1), date(2026, 11, 1)
EVERYTHING = {
    "side": "sender", "from_agency_id": ID, "to_agency_id": ID, "need": "food.pantry",
    "area": "IL:cook", "service_id": ID, "team_id": ID, "worker_id": ID, "priority": "urgent",
}  # fmt: skip


def test_every_field_of_a_question_can_be_kept_and_comes_back() -> None:
    assert set(EVERYTHING) == set(FILTERS)
    kept = read_filter(EVERYTHING)
    assert kept == EVERYTHING
    assert query_with(kept, *DAYS) == FigureQuery(
        *DAYS, side=Side.SENDER, from_agency_id=UUID(ID), to_agency_id=UUID(ID),
        need="food.pantry", area="IL:cook", service_id=UUID(ID), team_id=UUID(ID),
        worker_id=UUID(ID), priority=Priority.URGENT,
    )  # fmt: skip


def test_other_parameters_of_an_address_are_passed_over_and_blanks_mean_all() -> None:
    assert read_filter({"since": "2026-01-01", "as_of": "x", "need": " ", "side": ""}) == {}


def test_the_names_of_groups_mean_the_filter_that_a_group_is() -> None:
    assert read_filter({"to_agency": ID, "domain": "food"}) == {"to_agency_id": ID, "need": "food"}


@pytest.mark.parametrize(
    ("name", "text"),
    [("side", "both"), ("worker_id", "me"), ("priority", "soon"), ("need", "x" * 201)],
)
def test_a_value_that_there_cannot_be_is_named(name: str, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_filter({name: text})
    assert set(refused.value.fields) == {name}


def test_the_same_filter_is_the_same_address_whatever_its_order() -> None:
    one = read_filter({"side": "receiver", "need": "food"})
    other = read_filter({"need": "food", "side": "receiver"})
    assert as_address(one) == as_address(other) == "side=receiver&need=food"
    assert as_address({}) == ""


def test_an_id_is_kept_in_one_spelling() -> None:
    assert read_filter({"team_id": ID.upper()}) == {"team_id": ID}
