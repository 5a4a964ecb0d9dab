"""What is kept of passwords."""

from typing import ClassVar, Literal

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from referral_hub.gateways.passwords import Passwords
from referral_hub.rules.errors import InvalidInput
from tests.accounts import PASSWORD, PASSWORDS


def test_a_password_is_kept_as_argon2id() -> None:
    stored = Passwords().hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,")
    assert PASSWORD not in stored


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert PASSWORDS.hash(PASSWORD) != PASSWORDS.hash(PASSWORD)


def test_only_the_password_matches() -> None:
    stored = PASSWORDS.hash(PASSWORD)
    assert PASSWORDS.matches(stored, PASSWORD)
    assert not PASSWORDS.matches(stored, PASSWORD + " ")
    assert not PASSWORDS.matches(stored, PASSWORD.upper())
    assert not PASSWORDS.matches(stored, "")


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_nothing_matches_where_nothing_usable_is_stored(stored: str | None) -> None:
    assert not PASSWORDS.matches(stored, PASSWORD)
    assert not PASSWORDS.matches(stored, "")


def test_two_ways_to_type_a_letter_are_one_password() -> None:
    composed, decomposed = "caf\u00e9 at the river", "cafe\u0301 at the river"
    assert PASSWORDS.matches(PASSWORDS.hash(composed), decomposed)


def test_a_hash_with_older_parameters_is_outdated() -> None:
    newer = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    assert newer.is_outdated(PASSWORDS.hash(PASSWORD))
    assert not newer.is_outdated(newer.hash(PASSWORD))


def test_an_unknown_account_costs_as_much_work_as_a_wrong_password() -> None:
    class Noting(PasswordHasher):
        verified: ClassVar[list[Parameters]] = []

        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - as argon2 has it
            self.verified.append(extract_parameters(str(hash)))
            return super().verify(hash, password)

    passwords = Passwords(Noting(time_cost=2, memory_cost=16 * 1024, parallelism=1))
    assert not passwords.matches(passwords.hash(PASSWORD), "wrong")
    assert not passwords.matches(None, "wrong")
    known, unknown = Noting.verified
    assert known == unknown


def test_another_list_of_breached_passwords_can_be_plugged_in() -> None:
    class Known:
        def has(self, password: str) -> bool:
            return password == PASSWORD

    with pytest.raises(InvalidInput) as raised:
        Passwords(breached=Known()).check(PASSWORD)
    assert "password" in raised.value.fields
    PASSWORDS.check(PASSWORD)
