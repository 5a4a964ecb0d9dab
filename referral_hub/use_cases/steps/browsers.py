"""The browser that somebody signs in with, and in whose account it has signed in before.

A known browser has tries of its own, so that nobody can lock others out of their accounts by
guessing. It carries a mark for each person: a keyed hash, which a new password makes void.
"""

from dataclasses import dataclass

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.tokens import new_token
from referral_hub.models import Person

MARK = "browser.known"
MOST_PEOPLE = 8
"""How many people's marks a browser carries: a front desk may be shared."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser: its secret (`web.form_tokens`), a short label, its address, and its marks."""

    secret: str
    label: str
    address: str
    known: str = ""


def is_known(vault: Vault, person: Person, marks: str) -> bool:
    """Whether a browser with these marks has signed in as the person before."""
    name, *carried = marks.split(".")
    return any(index.hex() in carried for index in vault.indexes(MARK, _text(name, person)))


def with_mark(vault: Vault, person: Person, marks: str) -> str:
    """The marks of a browser in which the person has signed in just now."""
    name, *carried = marks.split(".")
    if len(name) != len(new_token()):
        name, carried = new_token(), []
    own = {index.hex() for index in vault.indexes(MARK, _text(name, person))}
    others = [mark for mark in carried if mark not in own]
    newest = vault.index(MARK, _text(name, person)).hex()
    return ".".join((name, newest, *others[: MOST_PEOPLE - 1]))


def browser_name(marks: str) -> str:
    """What a browser is told apart by, among those that carry marks."""
    return marks.partition(".")[0]


def _text(name: str, person: Person) -> str:
    changed = person.password_changed_at
    return f"{name}:{person.id}:{changed.timestamp() if changed else ''}"
