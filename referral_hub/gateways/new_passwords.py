"""Passwords of accounts that are made by invitation, and of those of the demo network."""

from argon2 import PasswordHasher

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.sign_in import LEAST_PASSWORD, MOST_PASSWORD


class NewPasswords:
    """Says which passwords are good enough, and makes what is stored of them (Argon2id)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()

    def check(self, password: str, *words: str) -> None:
        """Raise InvalidInput for a password that is too short, too long, or one of the words."""
        if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            _refuse(f"Use {LEAST_PASSWORD} to {MOST_PASSWORD} characters, such as four words.")
        if password.casefold() in {word.casefold() for word in words}:
            _refuse("Use something else than your name or e-mail address.")

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        return self._hasher.hash(password.encode("utf-8", "surrogatepass"))


def _refuse(message: str) -> None:
    raise InvalidInput(message, {"password": message})
