"""Texts that a person can read and a database can hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.errors import ControlCharacters
from referral_hub.rules.texts import is_line, is_passage, is_readable, on_one_line, require_readable

UNREADABLE = ["\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\x85", "\ud800"]


@pytest.mark.parametrize("sign", UNREADABLE)
def test_control_characters_cannot_be_read(sign: str) -> None:
    assert not is_readable(f"Ana{sign}Gomez")
    assert not is_line(f"Ana{sign}Gomez", 50)
    assert not is_passage(f"Ana\n{sign}", 50)


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"])))
def test_everything_else_can_be_read_also_over_several_lines(text: str) -> None:
    assert is_readable(f"{text}\t\r\n{text}")


def test_a_line_is_one_line_of_some_length() -> None:
    assert is_line("Ana", 3)
    assert not any((is_line("", 3), is_line("Anna", 3), is_line("A\n", 3)))
    assert on_one_line(" Ana \n  Gomez ") == "Ana Gomez"


def test_a_passage_may_be_empty_or_long_but_not_too_long() -> None:
    assert is_passage("", 3)
    assert is_passage("a\nb", 3)
    assert not is_passage("a\nbc", 3)


def test_what_cannot_be_read_is_named() -> None:
    require_readable("Ana\n", "name")
    with pytest.raises(ControlCharacters) as raised:
        require_readable("\x00", "name")
    assert set(raised.value.fields) == {"name"}
    with pytest.raises(ControlCharacters) as raised:
        require_readable("\x00", "na\x00me")
    assert raised.value.fields == {}
