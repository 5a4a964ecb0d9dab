"""Phrases that mean something, found in runs of stems: the longest first, none across another."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from search_index.analysis import FILLERS, STOP_WORDS, fold, stem, word_list, words

Stems = tuple[str, ...]
Value = TypeVar("Value")

_PARTS_KEPT = 200_000
_SHORT = 3

# Stems of words by which people come to the thing they ask for.
_LEADING = frozenset(
    word_list(
        "need want get find look help assist free cheap cost low afford cant cannot pai monei"
        " for with to on of in"
        " necesito quiero busco quien que con de en para por"
    )
)


def part_of(word: str) -> str:
    """Return what stands for a folded word in a phrase: its stem, unless one is a stop word.

    "Tos" is a cough and no plural of "to", and short words are abbreviations: "irs" is no "ir".
    """
    if word in STOP_WORDS:
        return word
    found = stem(word)
    if len(word) <= _SHORT and word.startswith(found):
        return word
    return word if found in STOP_WORDS else found


class _Parts(dict[str, str]):
    """What stands for each word that has come up: an index asks for the same ones again."""

    def __missing__(self, word: str) -> str:
        part = part_of(word)
        if len(self) < _PARTS_KEPT:
            self[word] = part
        return part


_PARTS = _Parts()


def parts_of(found: Iterable[str]) -> list[str]:
    """Return what stands for folded words in phrases; fillers are left out."""
    return [_PARTS[word] for word in found if word not in FILLERS]


def key_of(phrase: str) -> Stems:
    """Return a phrase without fillers as it is looked up."""
    return tuple(parts_of(words(phrase)))


class Lexicon(Generic[Value]):
    """Values by phrase. A phrase may have several.

    A phrase of which fillers leave but one word is none: "he hits me" is not "hit". Words that are
    alike stand for one another in phrases of several words that people type; those of listings
    must be as written.
    """

    def __init__(
        self, entries: Iterable[tuple[str, Value]], alike: Iterable[Sequence[str]] = ()
    ) -> None:
        self._alike = {
            part_of(word): part_of(usual)
            for usual, *others in (map(fold, group) for group in alike)
            for word in others
        }
        values: dict[Stems, dict[Value, None]] = {}
        for phrase, value in entries:
            key = key_of(phrase)
            if len(key) > 1 or len(word_list(phrase)) == 1:
                values.setdefault(key, {})[value] = None
        values.pop((), None)
        self._values = {key: tuple(found) for key, found in values.items()}
        usual: dict[Stems, dict[Value, None]] = {}
        for key, found in values.items():
            if len(key) > 1:
                usual.setdefault(self.usual(key), {}).update(found)
        self._usual = {key: self._values.get(key, tuple(found)) for key, found in usual.items()}
        # By first stem the lengths that phrases have, longest first.
        lengths: dict[str, set[int]] = {}
        for key in (*self._values, *self._usual):
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._values)

    def usual(self, run: Sequence[str]) -> Stems:
        """Return stems with the usual ones in place of those that are alike."""
        return tuple([self._alike.get(part, part) for part in run])

    def get(self, key: Stems) -> tuple[Value, ...]:
        """Return the values of a phrase, by its stems."""
        return self._values.get(key) or self._usual.get(self.usual(key), ())

    def items(self) -> Iterable[tuple[Stems, tuple[Value, ...]]]:
        """Return all phrases, as stems, with their values."""
        return (self._usual | self._values).items()

    def spans(self, run: Sequence[str]) -> list[tuple[int, int]]:
        """Return which phrases stand, as `longest` has it."""
        found = {
            (start, start + length)
            for said, values in ((tuple(run), self._values), (self.usual(run), self._usual))
            for start, first in enumerate(said)
            for length in self._lengths.get(first, ())
            if start + length <= len(said) and said[start : start + length] in values
        }
        return longest(found, run)

    def found(self, run: Sequence[str]) -> list[Stems]:
        """Return the phrases of a run from left to right, at each place the longest, as written."""
        values, lengths = self._values, self._lengths
        chosen: list[Stems] = []
        done = 0
        for place, first in enumerate(run):
            if first not in lengths or place < done:
                continue
            for length in lengths[first]:
                key = tuple(run[place : place + length])
                if key in values and len(key) == length:
                    chosen.append(key)
                    done = place + length
                    break
        return chosen


def longest(spans: Iterable[tuple[int, int]], run: Sequence[str]) -> list[tuple[int, int]]:
    """Return which of some runs of stems stand: those that say most, then earlier ones.

    None goes across another. What only leads to a thing says nothing of it: in "need car
    insurance" the insurance is more than "need car".
    """

    def says(span: tuple[int, int]) -> tuple[int, int, int]:
        start, end = span
        telling = start
        while telling < end and run[telling] in _LEADING:
            telling += 1
        return telling - end, start - end, start

    chosen: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=says):
        if all(end <= first or start >= last for first, last in chosen):
            chosen.append((start, end))
    return sorted(chosen)
