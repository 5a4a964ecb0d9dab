"""Phrases with words that people also write as one, or as two: "food bank", "foodbank"."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from search_index.analysis import STOP_WORDS, word_list
from search_index.everyday_words import EVERYDAY_WORDS

_SHORTEST_PART = 3
_SHORTEST_JOINED = 7


class Compounds:
    """Knows the words of phrases, and so where a gap may be missing, or one too many.

    What some phrase writes as two words means that, and so does what some phrase writes as one.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        split = [word_list(phrase) for phrase in phrases]
        self._words = {word for phrase in split for word in phrase}
        self._whole = {phrase[0] for phrase in split if len(phrase) == 1}
        self._neighbours = {pair for phrase in split for pair in pairwise(phrase)}
        self._parts = {
            word
            for word in self._words | EVERYDAY_WORDS
            if len(word) >= _SHORTEST_PART and word not in STOP_WORDS
        }

    def other_ways(self, phrase: str) -> Iterator[str]:
        """Yield other ways to write a phrase: two words as one, or one word as two."""
        found = word_list(phrase)
        if len(found) == 2 and self._parts.issuperset(found):
            joined = "".join(found)
            if len(joined) >= _SHORTEST_JOINED and joined not in self._whole:
                yield joined
        for place, word in enumerate(found):
            for first in self._halves(word):
                yield " ".join((*found[:place], first, word[len(first) :], *found[place + 1 :]))

    def _halves(self, word: str) -> Iterator[str]:
        if len(word) < _SHORTEST_JOINED:
            return
        for end in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            pair = word[:end], word[end:]
            if self._parts.issuperset(pair) and pair not in self._neighbours:
                yield word[:end]
