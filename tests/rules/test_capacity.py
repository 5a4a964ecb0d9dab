"""What an agency may say about taking referrals."""

from datetime import date, timedelta
from typing import Any

import pytest

from referral_hub.rules.capacity import (
    CapacityState,
    CapacityWord,
    PopulationWord,
    check_word,
    in_numbers,
)
from referral_hub.rules.errors import InvalidInput

TODAY = date(2026, 3, 1)
OPEN = CapacityState.OPEN
BEDS: dict[str, Any] = {"available": 3, "maximum": 20, "unit": "beds"}


def word(**more: Any) -> CapacityWord:
    return CapacityWord(OPEN, **more)


def women(**more: Any) -> tuple[PopulationWord, ...]:
    return (PopulationWord("women", OPEN, **more),)


@pytest.mark.parametrize(
    "good",
    [
        word(),
        word(**BEDS, until=TODAY, note="Upper floor only."),
        word(maximum=20, unit="beds"),
        word(unit="beds", populations=women(available=0, maximum=4)),
    ],
)
def test_what_can_be_meant_passes(good: CapacityWord) -> None:
    check_word(good, {"women"}, TODAY)


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (word(available=3), "unit"),
        (word(available=-1, unit="beds"), "available"),
        (word(available=float("nan"), unit="beds"), "available"),
        (word(available=4, maximum=3, unit="beds"), "available"),
        (word(maximum=float("inf"), unit="beds"), "maximum"),
        (word(until=TODAY - timedelta(days=1)), "until"),
        (word(until=TODAY + timedelta(days=400)), "until"),
        (word(note="x" * 301), "note"),
        (word(note="two\nlines"), "note"),
        (word(unit="x" * 41), "unit"),
        (word(maximum=20), "unit"),
        (word(populations=women(available=1)), "unit"),
        (word(unit="beds", populations=women() + women()), "populations"),
        (word(populations=(PopulationWord("martians", OPEN),)), "populations"),
        (word(unit="beds", populations=women(available=3, maximum=2)), "populations"),
    ],
)
def test_what_cannot_be_meant_is_named(bad: CapacityWord, field: str) -> None:
    with pytest.raises(InvalidInput) as error:
        check_word(bad, {"women"}, TODAY)
    assert field in error.value.fields


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((3, 20, "beds"), "3 of 20 beds free"),
        ((3, None, "beds"), "3 beds free"),
        ((2.5, 10, "tons"), "2.5 of 10 tons free"),
        ((None, 20, "beds"), "20 beds in all"),
        ((None, None, None), ""),
    ],
)
def test_room_reads_in_numbers(
    said: tuple[float | None, float | None, str | None], words: str
) -> None:
    assert in_numbers(*said) == words
