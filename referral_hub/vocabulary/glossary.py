"""Reads the glossary: words that people type, and the words that listings write for the same."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from referral_hub.vocabulary.word_forms import (
    english_forms,
    spanish_forms,
    spanish_forms_of_people,
)


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A word or phrase that people type, as written, and what listings write instead."""

    said: str
    meant: tuple[str, ...]
    spanish: bool = False


@cache
def equivalents() -> tuple[Equivalence, ...]:
    """All entries, each in every form in which it may be typed."""
    glossary = _glossary()
    spanish, english = glossary["spanish"], glossary["english"]
    return (
        *_read(spanish["people"], spanish_forms_of_people, spanish=True),
        *_read(spanish["things"], spanish_forms, spanish=True),
        *_read(spanish["as_said"], _only, spanish=True),
        *_read(glossary["abbreviations"], _only),
        *_read(english["things"], english_forms),
        *_read(english["as_said"], _only),
    )


@cache
def alike() -> tuple[tuple[str, ...], ...]:
    """Spanish words that stand for one another in the phrases of needs, the usual one first."""
    return tuple((usual, *others) for usual, others in _glossary()["spanish"]["alike"].items())


@cache
def english_alike() -> tuple[tuple[str, ...], ...]:
    """English words that stand for one another in the phrases of needs, the usual one first."""
    return tuple((usual, *others) for usual, others in _glossary()["english"]["alike"].items())


def _glossary() -> dict[str, Any]:
    text = (files("referral_hub.vocabulary") / "glossary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _read(
    entries: Mapping[str, Sequence[str]],
    forms_of: Callable[[str], Iterable[str]],
    *,
    spanish: bool = False,
) -> Iterator[Equivalence]:
    for said, meant in entries.items():
        for form in forms_of(said):
            yield Equivalence(form, tuple(meant), spanish)


def _only(said: str) -> tuple[str, ...]:
    return (said,)
