"""Phrases that mean something, found in runs of stems: the longest first, none across another."""

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from search_index.analysis import FILLERS, STOP_WORDS, stem, words

Stems = tuple[str, ...]
Value = TypeVar("Value")


def part_of(word: str) -> str:
    """Return what stands for a folded word in a phrase: its stem, unless one is a stop word.

    "Tos" is a cough and no plural of "to".
    """
    if word in STOP_WORDS:
        return word
    found = stem(word)
    return word if found in STOP_WORDS else found


def key_of(phrase: str) -> Stems:
    """Return a phrase without fillers as it is looked up."""
    return tuple(part_of(word) for word in words(phrase) if word not in FILLERS)


class Lexicon(Generic[Value]):
    """Values by phrase. A phrase may have several."""

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        values: dict[Stems, dict[Value, None]] = {}
        for phrase, value in entries:
            values.setdefault(key_of(phrase), {})[value] = None
        values.pop((), None)
        self._values = {key: tuple(found) for key, found in values.items()}
        # By first stem the lengths that phrases have, longest first.
        lengths: dict[str, set[int]] = {}
        for key in self._values:
            lengths.setdefault(key[0], set()).add(len(key))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def __bool__(self) -> bool:
        return bool(self._values)

    def get(self, key: Stems) -> tuple[Value, ...]:
        """Return the values of a phrase, by its stems."""
        return self._values.get(key, ())

    def items(self) -> Iterable[tuple[Stems, tuple[Value, ...]]]:
        """Return all phrases, as stems, with their values."""
        return self._values.items()

    def spans(self, run: Sequence[str]) -> list[tuple[int, int]]:
        """Return where phrases stand in a run: longer ones first, then earlier ones, none across."""
        found = [
            (start, start + length)
            for start, first in enumerate(run)
            for length in self._lengths.get(first, ())
            if start + length <= len(run) and tuple(run[start : start + length]) in self._values
        ]
        if len(found) < 2:
            return found
        taken = [False] * len(run)
        chosen = []
        for start, end in sorted(found, key=lambda span: (span[0] - span[1], span[0])):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                chosen.append((start, end))
        return sorted(chosen)

    def found(self, run: Sequence[str]) -> list[Stems]:
        """Return the phrases of a run from left to right, at each place the longest."""
        values, lengths = self._values, self._lengths
        chosen, place = [], 0
        while place < len(run):
            for length in lengths.get(run[place], ()):
                key = tuple(run[place : place + length])
                if len(key) == length and key in values:
                    chosen.append(key)
                    place += length
                    break
            else:
                place += 1
        return chosen
