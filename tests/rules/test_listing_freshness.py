"""How long what a listing says is believed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from referral_hub.rules.capacity import CapacityState
from referral_hub.rules.listing_freshness import (
    ReviewTerms,
    Stage,
    Standing,
    changes_often,
    is_stale,
    review_on,
    stage_on,
    standing_at,
)

TERMS = ReviewTerms(often_days=90, other_days=180)
DAY = date(2026, 3, 1)
SAID = datetime(2026, 3, 1, 12, tzinfo=UTC)
OPEN, WAITING, CLOSED = CapacityState.OPEN, CapacityState.WAITING_LIST, CapacityState.CLOSED


@pytest.mark.parametrize(
    ("codes", "days"),
    [
        (["housing.shelter.family"], 90),
        (["food"], 90),
        (["food.groceries.pantry"], 90),
        (["legal", "food.meals"], 90),
        (["housing.keep.rent-assistance"], 180),
        (["foodways"], 180),
        ([], 180),
    ],
)
def test_shelter_and_food_are_looked_at_more_often(codes: list[str], days: int) -> None:
    assert review_on(DAY, codes, TERMS) == DAY + timedelta(days=days)


def test_only_whole_codes_count() -> None:
    assert changes_often("food.meals")
    assert not changes_often("housing.shelters")


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-1, Stage.CURRENT), (0, Stage.DUE), (13, Stage.DUE), (14, Stage.ESCALATED),
        (27, Stage.ESCALATED), (28, Stage.STALE), (400, Stage.STALE),
    ],
)  # fmt: skip
def test_a_review_is_due_then_escalated_then_stale(days: int, stage: Stage) -> None:
    assert stage_on(DAY, DAY + timedelta(days=days)) is stage


def test_a_listing_is_stale_four_weeks_after_its_review_was_due() -> None:
    last_good = DAY + timedelta(days=90 + 27)
    assert not is_stale(DAY, ["food"], TERMS, last_good)
    assert is_stale(DAY, ["food"], TERMS, last_good + timedelta(days=1))
    assert not is_stale(DAY, ["legal"], TERMS, last_good + timedelta(days=1))


def test_what_was_never_confirmed_says_that_and_is_not_stale_besides() -> None:
    assert not is_stale(None, ["food"], TERMS, date(2036, 1, 1))


@pytest.mark.parametrize(
    ("state", "days", "standing"),
    [
        (OPEN, 6, Standing.CURRENT), (OPEN, 7, Standing.ASKED), (OPEN, 29, Standing.ASKED),
        (OPEN, 30, Standing.LAPSED), (WAITING, 29, Standing.CURRENT), (WAITING, 30, Standing.ASKED),
        (CLOSED, 89, Standing.ASKED), (CLOSED, 90, Standing.LAPSED),
    ],
)  # fmt: skip
def test_what_was_said_of_room_is_asked_about_and_then_counts_no_more(
    state: CapacityState, days: int, standing: Standing
) -> None:
    assert standing_at(state, SAID, None, SAID + timedelta(days=days)) is standing


def test_what_was_said_until_a_day_counts_to_its_end() -> None:
    last = datetime(2026, 6, 30, 23, 59, tzinfo=UTC)
    assert standing_at(CLOSED, SAID, date(2026, 6, 30), last) is Standing.CURRENT
    assert standing_at(CLOSED, SAID, date(2026, 6, 30), last + timedelta(minutes=1)) is (
        Standing.LAPSED
    )


@pytest.mark.parametrize(
    ("state", "days", "standing"),
    [
        (OPEN, 6, Standing.CURRENT), (OPEN, 7, Standing.ASKED), (OPEN, 30, Standing.LAPSED),
        (CLOSED, 100, Standing.CURRENT), (CLOSED, 122, Standing.LAPSED),
    ],
)  # fmt: skip
def test_room_that_is_promised_far_ahead_grows_old_all_the_same(
    state: CapacityState, days: int, standing: Standing
) -> None:
    assert standing_at(state, SAID, date(2026, 6, 30), SAID + timedelta(days=days)) is standing


def test_the_last_day_ends_where_the_agency_is() -> None:
    chicago, end = ZoneInfo("America/Chicago"), datetime(2026, 7, 1, 5, tzinfo=UTC)
    last = date(2026, 6, 30)
    before = standing_at(CLOSED, SAID, last, end - timedelta(seconds=1), chicago)
    assert (before, standing_at(CLOSED, SAID, last, end, chicago)) == (
        Standing.CURRENT, Standing.LAPSED,
    )  # fmt: skip
