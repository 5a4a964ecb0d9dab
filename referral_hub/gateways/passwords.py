"""Passwords: kept as Argon2id, and looked up in a list of those that were found in breaches."""

import re
from functools import cache
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from referral_hub.gateways.tokens import new_token
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.passwords import as_typed_alike, password_fault


class BreachList(Protocol):
    """Something that knows passwords which attackers try first."""

    def has(self, password: str) -> bool:
        """Whether the password is among them."""


class CommonPasswords:
    """The little that needs no list from elsewhere: common words, rows of keys, repetitions."""

    def has(self, password: str) -> bool:
        """Whether the password is a common word with trimmings, a row of keys or a repetition."""
        folded = as_typed_alike(password).casefold()
        core = _ENDS.sub("", folded).translate(_LOOKALIKES)
        return folded in WORDS or _once(core) in WORDS or _is_row(folded) or len(_once(folded)) < 5


class Passwords:
    """Makes and checks what is stored of passwords."""

    def __init__(
        self, hasher: PasswordHasher | None = None, breached: BreachList | None = None
    ) -> None:
        self._hasher = hasher or _HASHER
        self._breached = breached or CommonPasswords()
        self._nobodys = _nobodys(self._hasher)

    def check(self, password: str, *words: str) -> None:
        """Raise InvalidInput for a password that is too weak, or too close to one of the words."""
        fault = password_fault(password, words, self._breached.has)
        if fault is not None:
            raise InvalidInput(fault, {"password": fault})

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(_bytes(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether it is the password. Where none is stored, that takes as long to deny."""
        try:
            self._hasher.verify(stored or self._nobodys, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether it was stored with other parameters than those of now."""
        return self._hasher.check_needs_rehash(stored)


@cache
def _nobodys(hasher: PasswordHasher) -> str:
    """What is stored of a password that nobody has."""
    return hasher.hash(new_token())


def _bytes(password: str) -> bytes:
    return as_typed_alike(password).encode("utf-8", "surrogatepass")


def _once(text: str) -> str:
    """What a text repeats; the text itself where it repeats nothing."""
    return text[: (text + text).index(text, 1)] if text else text


def _is_row(text: str) -> bool:
    """Whether a text is made of rows of neighbouring keys or letters, of four and more."""
    rest = text
    while len(rest) >= _ROW:
        length = next(
            (n for n in range(len(rest), _ROW - 1, -1) if any(rest[:n] in row for row in ROWS)), 0
        )
        if not length:
            return False
        rest = rest[length:]
    return len(rest) < 3


_HASHER = PasswordHasher()
_ROW = 4
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LOOKALIKES = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "i", "0": "o", "$": "s", "5": "s"})
_KEYS = (
    "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujm",
)  # fmt: skip
ROWS = tuple(row * 2 for keys in _KEYS for row in (keys, keys[::-1]))
_WORDS = """
    abcabc access administrator angel apple asdf babygirl baseball basketball batman butterfly
    changeme cheese chocolate computer correcthorsebatterystaple default dragon family football
    freedom friends guest happy hello helloworld iloveyou jesus letmein letmeinnow liverpool login
    loveme lovely manager master monkey mustang mypassword newpassword ninja nopassword passw
    passwort password passwordpassword passphrase pokemon princess private qwerty secret secure
    security server shadow soccer starwars startrek summer autumn winter spring sunshine superman
    support temporary test testing thisisapassword thisismypassword trustno trustnoone unknown
    user welcome welcomehome whatever winner caseworker casemanager socialworker
    contraseña bienvenido teamo
"""
WORDS = frozenset(_WORDS.split())
"""Words that are passwords of many people, by themselves or with a number behind."""
