"""What a mistyped word probably means: the nearest known word, by its letters and by its sounds.

People write as they hear, so a guess is as far away as letters and sounds differ together. Words
that many listings use, and words of the vocabulary, are believed sooner. A word that is known, or
is another form of a known word, stays; so does one with nothing near, since most of what an index
does not know is a name and no mistake.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from math import log10

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import LONGEST_WORD, STOP_WORDS, stem, words
from search_index.everyday_words import EVERYDAY_WORDS
from search_index.near_words import NearWord, NearWords

SHORTEST_WORD = 4
MOST_WORDS = 64

# Shorter words, and words outside the vocabulary that are used less, are no guesses: most are
# abbreviations and other people's mistakes.
_SHORTEST_GUESS = 3
_FEWEST_USES = 3
_SHORTEST_PAIR = 6
_GUESSES_KEPT = 10_000

# How much an edit counts: in letters, in sounds, and in sounds with all vowels alike.
_LETTER = 0.5
_SOUND = 0.7
_CONSONANT = 0.7
_OTHER_START = 0.8
# How much nearer each tenfold use brings a guess, and being a word of the vocabulary.
_TENFOLD_USE = 0.3
_PREFERRED = 0.6

# For words of at least so many letters: how many edits to look at, and how much a guess may cost.
# In a short word one change already makes another word.
_REACH = (
    (12, 3, 4.5),
    (10, 2, 4.0),
    (8, 2, 3.2),
    (6, 2, 1.8),
    (5, 1, 1.3),
    (SHORTEST_WORD, 1, 1.15),
)
# A guess outside the vocabulary must be nearer. Slips of the hand may cost more.
_SHORTEST_STRANGER = 6
_STRANGER = 1.0
_SLIP = 0.8

# Another form of a known word has at least so many of its letters. From so many letters on, what
# sounds alike is meant all the same.
_SHORTEST_BASE = 4
_SHORTEST_ALIKE = 8
_PLURALS = ("s", "es")
_ENDINGS = ("ed", "er", "ers", "ing", "ings", "ly")

_PLAIN = STOP_WORDS | EVERYDAY_WORDS
_TOKEN = re.compile(r"[^\W_]+(?:['’‘ʼ`´][^\W_]+)*")


class Speller:
    """Knows the words of an index, and guesses what a word means that it does not know.

    `words` are folded and sorted, `counts` say how often each is used. `preferred` are words and
    phrases of the vocabulary: their words are known, too, and believed sooner; neighbours among
    them are recognised when typed as one. All that is costly is made when first needed.
    """

    def __init__(
        self,
        words: Sequence[str],
        counts: NDArray[np.int64] | Sequence[int],
        preferred: Collection[str] = (),
    ) -> None:
        self._words = words
        self._counts = counts
        self._preferred = preferred
        self._remembered = lru_cache(_GUESSES_KEPT)(self._guess)

    def known(self, word: str) -> bool:
        """Tell whether a folded word is one of the index, the vocabulary or everyday language."""
        return word in _PLAIN or word in self._vocabulary.words or self._uses(word) > 0

    def correct(self, word: str) -> str | None:
        """Return what a folded word probably means, one known word or two; None if it may stay."""
        if not (SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()):
            return None
        return self._remembered(word)

    def correct_text(self, text: str, known: Callable[[str], bool]) -> str | None:
        """Return a text with its mistyped words replaced and all else as typed; None if all stay.

        `known` tells of more folded words that stay. Words after the 64th stay, too.
        """
        parts: list[str] = []
        end = 0
        for start, stop, meant in self._replaced(text, known):
            parts += text[end:start], _in_case_of(text[start:stop], meant)
            end = stop
        return "".join((*parts, text[end:])) if parts else None

    def _replaced(self, text: str, known: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
        """Yield where something else is meant than what is written, and what."""
        tokens = [
            (found.start(), found.end(), "".join(words(found.group())))
            for found in islice(_TOKEN.finditer(text), MOST_WORDS)
        ]
        done = 0
        for (start, stop, word), (after, last, more) in pairwise((*tokens, (len(text), 0, ""))):
            if start < done:
                continue
            if text[stop:after].isspace() and self._is_torn(word, more, known):
                done = last
                yield start, last, word + more
            elif not known(word) and (meant := self.correct(word)):
                yield start, stop, meant

    def _is_torn(self, word: str, more: str, known: Callable[[str], bool]) -> bool:
        """Tell whether two words are one of the vocabulary with a gap in it."""
        if len(word + more) < _SHORTEST_PAIR or word + more not in self._vocabulary.words:
            return False
        return not all(self.known(part) or known(part) for part in (word, more))

    def _guess(self, word: str) -> str | None:
        if self.known(word):
            return None
        for joined in (word, word.removesuffix("s"), f"{word}s"):
            if joined in self._vocabulary.pairs and not self.known(joined):
                return self._vocabulary.pairs[joined]
        _, edits, _ = _reach(word)
        near = [found for found in self._guesses.of(word, edits) if self._is_in_reach(word, found)]
        if not near:
            return None
        best = min(near, key=lambda found: (self._cost(found), found.word))
        return None if self._is_other_form(word, near, best) else best.word

    def _is_in_reach(self, word: str, near: NearWord) -> bool:
        _, _, most = _reach(word)
        if near.word not in self._vocabulary.words:
            if len(word) < _SHORTEST_STRANGER:
                return False
            most -= _STRANGER
        elif near.slip:
            most += _SLIP
        return _distance(near) <= most

    def _cost(self, near: NearWord) -> float:
        """Return how unlikely a guess is: its distance, less what speaks for it."""
        preferred = _PREFERRED if near.word in self._vocabulary.words else 0.0
        return _distance(near) - preferred - _TENFOLD_USE * log10(1 + self._uses(near.word))

    def _is_other_form(self, word: str, near: Sequence[NearWord], best: NearWord) -> bool:
        """Tell whether a word is a known one with another ending ("shelters").

        "Counciling" is not, though there is "council": so long a word sounds like "counseling".
        """
        root = stem(word)
        if stem(best.word) == root or self._ends_known_word(word, _PLURALS):
            return True
        alike = best.sounds <= 1 and not best.consonants and best.word in self._vocabulary.words
        if alike and len(word) >= _SHORTEST_ALIKE:
            return False
        return self._ends_known_word(word, _ENDINGS) or any(
            stem(found.word) == root for found in near
        )

    def _ends_known_word(self, word: str, endings: Sequence[str]) -> bool:
        bases = [word.removesuffix(ending) for ending in endings if word.endswith(ending)]
        forms = (form for base in bases for form in (base, f"{base}e"))
        return any(len(form) >= _SHORTEST_BASE and self.known(form) for form in forms)

    def _uses(self, word: str) -> int:
        place = bisect_left(self._words, word)
        found = place < len(self._words) and self._words[place] == word
        return int(self._counts[place]) if found else 0

    @cached_property
    def _vocabulary(self) -> "_Vocabulary":
        return _vocabulary(tuple(self._preferred))

    @cached_property
    def _guesses(self) -> NearWords:
        places = np.flatnonzero(np.asarray(self._counts) >= _FEWEST_USES)
        used = (self._words[place] for place in places.tolist())
        return NearWords(
            sorted(
                word
                for word in self._vocabulary.words.union(used)
                if _SHORTEST_GUESS <= len(word) <= LONGEST_WORD and word.isalpha()
            )
        )


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """The words of phrases, and neighbours among them by what they are when typed as one."""

    words: frozenset[str]
    pairs: Mapping[str, str]


@lru_cache(maxsize=2)
def _vocabulary(phrases: tuple[str, ...]) -> _Vocabulary:
    split = sorted({tuple(words(phrase)) for phrase in phrases})
    pairs = {
        first + second: f"{first} {second}"
        for phrase in split
        for first, second in pairwise(phrase)
        if len(first) > 1 and len(second) > 1 and len(first + second) >= _SHORTEST_PAIR
    }
    return _Vocabulary(frozenset(word for phrase in split for word in phrase), pairs)


def _reach(word: str) -> tuple[int, int, float]:
    return next(reach for reach in _REACH if len(word) >= reach[0])


def _distance(near: NearWord) -> float:
    return (
        _LETTER * near.letters
        + _SOUND * near.sounds
        + _CONSONANT * near.consonants
        + _OTHER_START * (not near.same_start)
    )


def _in_case_of(typed: str, word: str) -> str:
    """Return a word with capitals where the typed one has them."""
    if len(typed) > 1 and typed.isupper():
        return word.upper()
    return word.capitalize() if typed[:1].isupper() else word
