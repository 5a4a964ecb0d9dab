"""What a password may be."""

import pytest

from referral_hub.gateways.passwords import CommonPasswords
from referral_hub.rules.passwords import password_fault

OWN = ("Ana Gómez-Ruiz", "ana.gomez@fairhomes.example")


def fault(password: str) -> str | None:
    return password_fault(password, OWN, CommonPasswords().has)


@pytest.mark.parametrize(
    "password",
    [
        "violet river nine lamps", "demo-network-2026", "839201746352", "ñandú über straße",
        "aB3$aB3$xY9!", "        a b c d e f", "x" * 3 + "paraguas" + "y" * 240,
    ],
)  # fmt: skip
def test_any_kind_of_characters_will_do(password: str) -> None:
    assert fault(password) is None


@pytest.mark.parametrize("length", [0, 1, 11])
def test_a_short_one_is_refused_with_the_length_to_reach(length: int) -> None:
    assert "at least 12" in str(fault("kJ8vQ2xW9zRt"[:length]))


def test_one_longer_than_256_characters_is_refused() -> None:
    assert "at most 256" in str(fault("ab9 " * 65))


@pytest.mark.parametrize(
    "password",
    [
        "password1234", "P@ssw0rd2026!", "123456789012", "qwertyuiop12", "aaaaaaaaaaaa",
        "abcabcabcabc", "1q2w3e4r5t6y", "passwordpassword", "987654321098", "Welcome2026!!",
        "correcthorsebatterystaple",
    ],
)  # fmt: skip
def test_what_many_people_use_is_refused(password: str) -> None:
    assert "Many people" in str(fault(password))


@pytest.mark.parametrize(
    "password",
    [
        "AnaGómez2026!", "gomez-ruiz-ana", "ana.gomez@fairhomes.example", "referral-hub-77",
        "Fairhomes2026!",
    ],
)  # fmt: skip
def test_one_made_of_name_address_or_the_site_is_refused(password: str) -> None:
    assert "your name" in str(fault(password))


def test_a_name_within_a_longer_phrase_is_fine() -> None:
    assert fault("ana walks seven dogs") is None


def test_letters_that_look_the_same_count_as_the_same() -> None:
    assert fault("ｐａｓｓｗｏｒｄ１２３４") is not None
