"""Where a listing stands, and which moves the table allows to whom."""

import pytest

from referral_hub.rules.errors import Conflict, InvalidInput
from referral_hub.rules.listing_state import (
    MOVES,
    STATE_LABEL,
    STATE_MEANING,
    ListingMove,
    ListingState,
    check_move,
    offered,
    review_words,
    state_of,
)


@pytest.mark.parametrize(
    ("status", "visibility", "waits", "state"),
    [
        ("active", "hidden", False, ListingState.DRAFT),
        ("active", "hidden", True, ListingState.IN_REVIEW),
        ("active", "public", False, ListingState.PUBLISHED),
        ("active", "public", True, ListingState.PUBLISHED),
        ("temporarily closed", "public", False, ListingState.PAUSED),
        ("inactive", "public", False, ListingState.RETIRED),
        ("defunct", "hidden", True, ListingState.RETIRED),
    ],
)
def test_the_state_follows_from_what_everybody_sees(
    status: str, visibility: str, waits: bool, state: ListingState
) -> None:
    assert state_of(status, visibility, waits=waits) is state


@pytest.mark.parametrize(
    ("state", "reviewed", "is_steward", "moves"),
    [
        (ListingState.DRAFT, False, False, "publish retire"),
        (ListingState.DRAFT, True, False, "submit retire"),
        (ListingState.DRAFT, True, True, "publish retire"),
        (ListingState.IN_REVIEW, True, False, "withdraw"),
        (ListingState.IN_REVIEW, True, True, "publish withdraw return"),
        (ListingState.IN_REVIEW, False, False, "publish withdraw"),
        (ListingState.PUBLISHED, True, False, "pause retire"),
        (ListingState.PAUSED, True, False, "resume retire"),
        (ListingState.RETIRED, False, False, "reopen"),
    ],
)
def test_the_moves_of_each_state(
    state: ListingState, reviewed: bool, is_steward: bool, moves: str
) -> None:
    found = offered(state, reviewed=reviewed, is_steward=is_steward)
    assert " ".join(found) == moves


def test_a_move_that_is_not_offered_is_refused_with_the_state() -> None:
    with pytest.raises(Conflict, match="retired"):
        check_move(ListingMove.PAUSE, ListingState.RETIRED, "x", reviewed=False, is_steward=False)


@pytest.mark.parametrize("note", ["", "x" * 501])
def test_a_pause_needs_a_note_that_people_can_read(note: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_move(
            ListingMove.PAUSE, ListingState.PUBLISHED, note, reviewed=False, is_steward=False
        )
    assert "note" in refused.value.fields


def test_every_state_can_be_left_and_has_words() -> None:
    assert {state for rule in MOVES.values() for state in rule.starts} == set(ListingState)
    assert set(STATE_LABEL) == set(STATE_MEANING) == set(ListingState)
    assert set(MOVES) == set(ListingMove)


@pytest.mark.parametrize(
    ("state", "reviewed", "is_steward", "said"),
    [
        (ListingState.DRAFT, True, False, "Nobody looks at what you change after that"),
        (ListingState.PUBLISHED, True, False, "What you change now is seen by everybody at once"),
        (ListingState.PUBLISHED, False, False, ""),
        (ListingState.PUBLISHED, True, True, ""),
    ],
)
def test_it_is_said_what_a_steward_looks_at_and_what_not(
    state: ListingState, reviewed: bool, is_steward: bool, said: str
) -> None:
    words = review_words(state, reviewed=reviewed, is_steward=is_steward)
    assert said in words
    assert bool(words) == bool(said)
