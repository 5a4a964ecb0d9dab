"""Suggests needs for a service from its text, where its source gave no terms.

Precision over recall: a suggestion that is wrong costs a case manager more than one that is
missing. A phrase must stand in the text word for word, singular and plural alike.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from referral_hub.vocabulary.needs_reader import Need, needs

NAME_WEIGHT = 4.0
ENOUGH = 2.0
CLOSE_TO_BEST = 0.4
LONGEST_TEXT_WORDS = 400
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")

Words = tuple[str, ...]
PhraseIndex = Mapping[str, tuple[tuple[Words, str], ...]]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A need that a text speaks of; `quote` is the phrase that says so."""

    code: str
    score: float
    quote: str


def suggest_needs(
    name: str, description: str, feed: str = "", limit: int = 3
) -> tuple[Suggestion, ...]:
    """The needs that a service's name and description speak of, best first, at most `limit`.

    A phrase in the name counts four times; a longer phrase counts more than a shorter one; a
    single word in a description is not enough by itself. The name of the feed adds its kind,
    were it only a domain ("food_sites"), where the service says nothing of that domain itself.
    """
    own = _suggested(((name, NAME_WEIGHT), (description, 1.0)), _phrases(2))[:limit]
    domains = {_domain(suggestion) for suggestion in own}
    for suggestion in _suggested(((feed, NAME_WEIGHT),), _phrases(1)):
        if _domain(suggestion) not in domains:
            domains.add(_domain(suggestion))
            own = (*own, suggestion)
    return own


def _domain(suggestion: Suggestion) -> str:
    return suggestion.code.partition(".")[0]


def _suggested(texts: Iterable[tuple[str, float]], index: PhraseIndex) -> tuple[Suggestion, ...]:
    scores: dict[str, float] = defaultdict(float)
    quotes: dict[str, tuple[float, str]] = {}
    for text, weight in texts:
        for code, phrase in dict.fromkeys(_found(_words(text), index)):
            value = weight * _phrase_value(phrase)
            scores[code] += value
            quotes[code] = max(quotes.get(code, (0.0, "")), (value, " ".join(phrase)))
    best = max(scores.values(), default=0.0)
    chosen = [
        Suggestion(code, score, quotes[code][1])
        for code, score in scores.items()
        if score >= ENOUGH and score >= best * CLOSE_TO_BEST
    ]
    chosen.sort(key=lambda suggestion: (-suggestion.score, suggestion.code))
    return tuple(chosen)


def _phrase_value(phrase: Words) -> float:
    """One word says little, three say a lot."""
    return {1: 0.8, 2: 2.0}.get(len(phrase), 3.0)


def _found(words: Words, index: PhraseIndex) -> Iterator[tuple[str, Words]]:
    """(need, phrase) of the longest phrases, from left to right, none inside another."""
    place = 0
    while place < len(words):
        for phrase, code in index.get(words[place], ()):
            if words[place : place + len(phrase)] == phrase:
                yield code, phrase
                place += len(phrase)
                break
        else:
            place += 1


@cache
def _phrases(highest_level: int) -> PhraseIndex:
    """Phrases of the terms of this level and below by their first word, longest first."""
    index: dict[str, list[tuple[Words, str]]] = defaultdict(list)
    for need in needs().values():
        if need.level >= highest_level:
            for phrase in _own_phrases(need):
                index[phrase[0]].append((phrase, need.code))
    return {
        first: tuple(sorted(entries, key=lambda entry: -len(entry[0])))
        for first, entries in index.items()
    }


def _own_phrases(need: Need) -> Iterator[Words]:
    for text in need.phrases:
        words = _words(text)
        if words:
            yield words


def _words(text: str) -> Words:
    """Folded words in the singular, as far as an s at the end tells."""
    folded = unicodedata.normalize("NFKD", text.casefold()).replace("’", "'")
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return tuple(_singular(word) for word in _WORD.findall(plain)[:LONGEST_TEXT_WORDS])


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
