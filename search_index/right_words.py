"""Words that are right though no listing has them: names of people, English, everyday language."""

from functools import cache
from importlib.resources import files

from spellchecker import SpellChecker

from search_index.analysis import STOP_WORDS
from search_index.everyday_words import EVERYDAY_WORDS

_SHORTEST_BASE = 4
# Used so often in the texts that the dictionary was counted in: below that stand rarities.
_OFTEN = 100
_SIGN = "#"


def is_everyday(word: str) -> bool:
    """Tell whether a folded word is one of everyday language, in English or Spanish."""
    return word in STOP_WORDS or word in EVERYDAY_WORDS


def is_name(word: str) -> bool:
    """Tell whether a folded word is a common given name or surname."""
    return word in _names()


def bases(word: str, endings: tuple[str, ...]) -> list[str]:
    """Return what a word may be without one of these endings: "baked" is "bak", or "bake".

    A doubled letter before the ending may be one: "tripped" is "trip".
    """
    found = [
        word.removesuffix(ending)
        for ending in endings
        if word.endswith(ending) and not word.endswith("sss")
    ]
    doubled = [base[:-1] for base in found if base[-2:-1] == base[-1:]]
    return [form for base in (*found, *doubled) for form in (base, f"{base}e")]


@cache
def _names() -> frozenset[str]:
    text = (files("search_index") / "word_lists" / "names.txt").read_text(encoding="utf-8")
    lines = text.splitlines()
    return frozenset(word for line in lines if not line.startswith(_SIGN) for word in line.split())


@cache
def english_words() -> frozenset[str]:
    """Return the English words of four letters or more that are used now and then.

    They are those that the package pyspellchecker counts; to read it takes a moment.
    """
    counted = SpellChecker(language="en").word_frequency.items()
    return frozenset(
        word for word, count in counted if count >= _OFTEN and len(word) >= _SHORTEST_BASE
    )
