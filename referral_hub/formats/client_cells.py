"""Cells of a list of clients as values of a profile; what cannot be read is said, never guessed."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from referral_hub.formats.text import fold, split_list
from referral_hub.rules.clients import ContactWay
from referral_hub.rules.languages import LANGUAGES


class Unreadable(ValueError):
    """A cell that cannot be read; the message says how to write it."""


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+Z?)?")
_AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: [\d:]+(?: ?[AP]M)?)?", re.I)
_NUMBER = re.compile(r"\$?\s*(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{1,2}))?")
_YES = frozenset({"yes", "y", "true", "t", "1", "x", "si"})
_NO = frozenset({"no", "n", "false", "f", "0"})
_UNKNOWN = frozenset({"unknown", "not asked", "data not collected", "na", "n a", "refused"})
_WAYS: Mapping[str, ContactWay] = {
    word: way
    for way, words in {
        ContactWay.CALL: "call phone telephone calls voice",
        ContactWay.TEXT: "text sms texting texts",
        ContactWay.EMAIL: "email",
        ContactWay.LETTER: "letter mail post",
        ContactWay.IN_PERSON: "visit",
    }.items()
    for word in words.split()
} | {
    "phone call": ContactWay.CALL,
    "text message": ContactWay.TEXT,
    "e mail": ContactWay.EMAIL,
    "in person": ContactWay.IN_PERSON,
    "in_person": ContactWay.IN_PERSON,
}  # fmt: skip
_CODE_OF = {fold(name): code for code, name in LANGUAGES.items()} | {
    "espanol": "es", "ingles": "en", "mandarin": "cmn", "farsi": "fa", "asl": "ase",
    "haitian": "ht", "creole": "ht", "kreyol": "ht",
}  # fmt: skip


def day(text: str) -> date:
    """A day as 2026-05-31 or 5/31/2026; the year in full, since two digits mean two centuries."""
    iso, american = _ISO.fullmatch(text.strip()), _AMERICAN.fullmatch(text.strip())
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if american:
            return date(int(american[3]), int(american[1]), int(american[2]))
    except ValueError as error:
        raise Unreadable("there is no such day") from error
    raise Unreadable("write days as 4/17/1988 or 1988-04-17, with all 4 digits of the year")


def yes_or_no(text: str) -> bool | None:
    """Yes, no, or None where it is not known."""
    word = fold(text)
    if word in _UNKNOWN:
        return None
    if word not in _YES | _NO:
        raise Unreadable("write yes or no")
    return word in _YES


def number(text: str) -> int:
    """A whole number; cents are rounded to dollars."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None or not text.isascii():
        raise Unreadable("write a number")
    cents = int((found[2] or "0").ljust(2, "0"))
    return int(found[1].replace(",", "")) + (cents >= 50)


def languages(text: str) -> tuple[str, ...]:
    """Languages by code or English name, several parted by semicolons or commas."""
    found = []
    for word in split_list(text.replace("/", ";")):
        code = word.casefold() if word.casefold() in LANGUAGES else _CODE_OF.get(fold(word))
        if code is None:
            raise Unreadable("write languages as English, Spanish or as codes such as en, es")
        found.append(code)
    return tuple(dict.fromkeys(found))


def contact_ways(text: str) -> tuple[ContactWay, ...]:
    """Ways to make contact, several parted by semicolons or commas."""
    found = []
    for word in split_list(text.replace("/", ";")):
        way = _WAYS.get(fold(word))
        if way is None:
            raise Unreadable("write ways as call, text, email, letter or in person")
        found.append(way)
    return tuple(dict.fromkeys(found))


def full_name(text: str) -> dict[str, str]:
    """First and last name of one cell: "Vega, Rosa" or "Rosa Vega"; the last word is the last."""
    last, comma, first = text.partition(",")
    if comma:
        return {"given_name": first.strip(), "family_name": last.strip()}
    words = text.split()
    if len(words) == 1:
        return {"given_name": words[0], "family_name": ""}
    return {"given_name": " ".join(words[:-1]), "family_name": words[-1]}


READERS: Mapping[str, Callable[[str], Any]] = {
    "birth_date": day,
    "languages": languages,
    "interpreter_needed": lambda text: bool(yes_or_no(text)),
    "contact_ways": contact_ways,
    "household_size": number,
    "children": number,
    "income": number,
    **dict.fromkeys(("veteran", "student", "pregnant", "disability"), yes_or_no),
}
"""How each field is read that is no text."""
