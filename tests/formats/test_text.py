"""Text as files hold it: cleaned, folded, split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.formats.text import clean, fold, quoted, split_list


@given(st.text(st.characters()))
def test_clean_text_can_always_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode() == cleaned == cleaned.strip()


def test_ordinary_text_is_left_alone() -> None:
    assert clean("  Niños y niñas\n2nd line ") == "Niños y niñas\n2nd line"


def test_folding_takes_accents_case_and_signs_away() -> None:
    assert fold("  Código-Postal (ZIP)_5 ") == "codigo postal zip 5"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a, b,,c ", ["a", "b", "c"]),
        ("a, b; c | d", ["a, b", "c", "d"]),
        ("Chinese (Cantonese, Hakka), Lao", ["Chinese (Cantonese, Hakka)", "Lao"]),
        ("a), b", ["a)", "b"]),
        ("", []),
    ],
)
def test_lists_in_a_cell_are_split(text: str, parts: list[str]) -> None:
    assert split_list(text) == parts


def test_a_long_list_is_split_in_a_moment() -> None:
    assert len(split_list("(, " * 100_000)) == 1


def test_values_are_shown_short_and_on_one_line() -> None:
    assert quoted("a\n b") == "a b"
    assert len(quoted("x" * 500)) == 200
