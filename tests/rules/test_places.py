"""Names of places written differently, and the states."""

import pytest

from referral_hub.rules.places import (
    STATES,
    AmbiguousPlace,
    fold_place_name,
    place_name_key,
    state_code,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Louis", "SAINT LOUIS"),
        ("Ft Worth", "Fort Worth"),
        ("Mt. Pleasant", "mount pleasant"),
        ("N. Hollywood", "North Hollywood"),
        ("Peñuelas", "penuelas"),
        ("Prince George’s", "Prince Georges"),
        ("Winston-Salem", "Winston  Salem"),
    ],
)
def test_a_name_folds_to_the_same_words(one: str, other: str) -> None:
    assert fold_place_name(one) == fold_place_name(other)


def test_spaces_do_not_count_in_the_key_of_a_name() -> None:
    assert place_name_key("Mc Henry") == place_name_key("McHenry")
    assert fold_place_name("Mc Henry") != fold_place_name("McHenry")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("IL", "IL"),
        ("illinois", "IL"),
        ("D.C.", "DC"),
        ("N. Carolina", "NC"),
        ("US Virgin Islands", "VI"),
        ("Puerto Rico", "PR"),
        ("IL 60629", None),
        ("Ontario", None),
        ("", None),
    ],
)
def test_states_are_known_by_code_and_by_name(text: str, code: str | None) -> None:
    assert state_code(text) == code


def test_every_state_is_known_by_its_own_code_and_name() -> None:
    for code, name in STATES.items():
        assert state_code(code) == state_code(name) == code


def test_an_ambiguous_place_names_its_choices() -> None:
    problem = AmbiguousPlace("Cicero", ["Cicero, IL", "Cicero, NY"])
    assert str(problem) == "“Cicero” could be Cicero, IL, or Cicero, NY."
