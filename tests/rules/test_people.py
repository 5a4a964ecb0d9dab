"""Names and addresses of people."""

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.people import check_email, check_name, check_person


def test_blanks_around_them_do_not_count() -> None:
    assert check_person("  Ana   Gomez ", " ana@example.org ") == ("Ana Gomez", "ana@example.org")
    assert check_name(" Ana ") == "Ana"
    assert check_email(" ana@example.org") == "ana@example.org"


def test_each_wrong_one_is_named() -> None:
    with pytest.raises(InvalidInput) as raised:
        check_person("", "ana@example")
    assert set(raised.value.fields) == {"name", "email"}


@pytest.mark.parametrize("name", ["علی\u200cرضا", "क्\u200dषमा"])
def test_a_name_is_spelled_as_its_language_does(name: str) -> None:
    assert check_name(f" {name} ") == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "x" * 121, "x" + "\u200c" * 120, "Ana\x00Gomez", "Ana\u202egomez", "\u200c\u200d"],
)
def test_a_name_is_short_and_can_be_read(name: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        check_name(name)
    assert set(raised.value.fields) == {"name"}
    assert "letters that can be seen" in raised.value.message


@pytest.mark.parametrize("email", ["ana..g@example.org", "añá@example.org", "ana@example"])
def test_an_address_can_be_mailed(email: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        check_email(email)
    assert set(raised.value.fields) == {"email"}
