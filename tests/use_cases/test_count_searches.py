"""Counts of searches: added up by cell, on both databases, from any number of processes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import SearchCount
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import SignInNeeded
from referral_hub.rules.search_counts import SearchCell
from referral_hub.use_cases.count_searches import cells_of_search, count_searches
from referral_hub.use_cases.directory_views import FindQuery, FindView, NeedLabel, PlaceProblem
from tests.fakes import CHICAGO

DAY = date(2026, 11, 18)
RENT = SearchCell(DAY, "housing.keep.rent-assistance", "606", "0")
FOOD = SearchCell(DAY, "food.pantry", "IL:cook county", "20+")


def counted(session: Session) -> dict[str, int]:
    return dict(session.execute(select(SearchCount.term, SearchCount.searches)).all())


def test_counts_of_a_cell_add_up(session: Session) -> None:
    count_searches(session, System(), {RENT: 2, FOOD: 1})
    count_searches(session, System(), {RENT: 3})
    assert counted(session) == {RENT.term: 5, FOOD.term: 1}


def test_no_counts_are_no_rows(session: Session) -> None:
    count_searches(session, System(), {})
    assert counted(session) == {}


def test_processes_that_count_at_once_lose_nothing(engine: Engine) -> None:
    def one(turn: int) -> None:
        with Session(engine) as session:
            count_searches(session, System(), {RENT: 1, FOOD: turn})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, [1] * 20))
    with Session(engine) as session:
        assert counted(session) == {RENT.term: 20, FOOD.term: 20}


def test_only_the_hub_itself_counts(session: Session) -> None:
    with pytest.raises(SignInNeeded):
        count_searches(session, Anonymous(), {RENT: 1})


def test_a_row_says_a_day_codes_an_area_a_band_and_a_number_and_nothing_else() -> None:
    columns = {column.name for column in SearchCount.__table__.columns}
    assert columns == {"day", "term", "area", "band", "searches"}


def answered(**query: object) -> FindView:
    """A search in Chicago that found three services."""
    return FindView(FindQuery(**query), CHICAGO, None, 3, 1, ())  # type: ignore[arg-type]


def test_a_search_counts_by_what_was_understood_and_chosen() -> None:
    view = replace(
        answered(words="maria needs help with rent", category=("food.pantry",)),
        understood=(NeedLabel(RENT.term, "Help with rent"),),
        populations=("veterans",),
    )
    cells = cells_of_search(view, DAY)
    assert {cell.term for cell in cells} == {RENT.term, "food.pantry", "veterans"}
    assert {(cell.area, cell.band) for cell in cells} == {("606", "1-4")}


def test_words_that_nothing_understood_are_counted_and_discarded() -> None:
    (cell,) = cells_of_search(answered(words="maria gonzalez 555-0100"), DAY)
    assert cell == SearchCell(DAY, "", "606", "1-4")


@pytest.mark.parametrize(
    "query",
    [{}, {"words": "  "}, {"near": "60608"}, {"words": "food", "page": 2}],
    ids=["nothing", "blank", "only a place", "a later page"],
)
def test_what_asks_for_nothing_new_is_not_counted(query: dict[str, object]) -> None:
    assert cells_of_search(answered(**query), DAY) == ()


def test_a_search_whose_place_was_not_found_is_not_counted() -> None:
    problem = PlaceProblem("unknown", "No place found.")
    view = FindView(FindQuery(words="food", near="Zzyzx"), None, problem, 0, 0, ())
    assert cells_of_search(view, DAY) == ()
