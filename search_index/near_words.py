"""Which words are written nearly as another, or sound like it: in letters and in sounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import starmap
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

# How English and Spanish spellings sound, in the order in which to read them. A line end stands
# before and after each word; $ is the sound of "sh" and "ch".
_SOUNDS = (
    ("\nps", "\ns"),
    ("\nkn", "\nn"),
    ("\nwr", "\nr"),
    ("ph", "f"),
    ("tio", "$o"),
    ("sio", "$o"),
    ("cio", "$o"),
    ("tia", "$a"),
    ("cia", "$a"),
    ("sch", "sk"),
    ("ch", "$"),
    ("sh", "$"),
    ("ce", "se"),
    ("ci", "si"),
    ("cy", "si"),
    ("ge", "je"),
    ("gi", "ji"),
    ("dg", "j"),
    ("ture", "$er"),
    ("ck", "k"),
    ("qu", "k"),
    ("x", "ks"),
    ("e\n", "\n"),
)
_LETTER_SOUNDS = str.maketrans("yczv", "iksb", "h")
# Heard coarsely all vowels are one, and so are consonants made with and without the voice.
_COARSE_SOUNDS = str.maketrans("eioudbgm", "aaaatpkn")

# In a shorter word the key beside makes another word: "nail" is not "mail".
_SHORTEST_BESIDE = 5
# Keys by row and column, each row half a key to the right of the one above.
_KEYS = {
    key: (row, 2 * column + row)
    for row, keys in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for column, key in enumerate(keys)
}


@dataclass(frozen=True, slots=True)
class NearWord:
    """A word near another, and how many edits apart they are: written, heard, heard coarsely.

    An edit adds, drops or changes one letter, or swaps two neighbours. Heard coarsely, all vowels
    are alike. What is heard differs no more than what is written. `same_start` tells whether they
    begin with the same sound; `slip` whether one letter left out, two swapped or one key hit beside
    the right one is all.
    """

    word: str
    letters: int
    sounds: int
    consonants: int
    same_start: bool
    slip: bool


class NearWords:
    """Folded words, ready to find those near another. Thousands are looked through in no time."""

    def __init__(self, words: Sequence[str]) -> None:
        written = "\n".join((*words, ""))
        heard = _heard(written)
        coarse = _coarse(heard)
        self._words = words
        self._heard = heard.split("\n")
        self._coarse = coarse.split("\n")
        self._written_shapes = _Shapes.of(written)
        self._coarse_shapes = _Shapes.of(coarse)

    def of(self, word: str, edits: int) -> list[NearWord]:
        """Return the words within so many edits as written, and one more if they sound the same.

        A word heard coarsely the same is among them, whatever its letters, if it is that near.
        """
        heard = _heard(f"{word}\n")
        coarse = _coarse(heard)
        flags = self._written_shapes.near(f"{word}\n", edits)
        flags |= self._coarse_shapes.near(coarse, 0)
        places = np.flatnonzero(flags)
        if not places.size:
            return []
        letters = process.cdist(
            [word],
            [self._words[place] for place in places.tolist()],
            scorer=OSA.distance,
            score_cutoff=edits + 1,
            dtype=np.uint8,
        )[0]
        close = letters <= edits + 1
        found = [
            self._compared(place, word, heard[:-1], coarse[:-1], apart)
            for place, apart in zip(places[close].tolist(), letters[close].tolist(), strict=True)
        ]
        return [near for near in found if near.letters <= edits or not near.sounds]

    def _compared(self, place: int, typed: str, heard: str, coarse: str, letters: int) -> NearWord:
        word = self._words[place]
        sounds = min(letters, OSA.distance(heard, self._heard[place]))
        return NearWord(
            word,
            letters,
            sounds,
            min(sounds, OSA.distance(coarse, self._coarse[place])),
            coarse[:1] == self._coarse[place][:1],
            letters == 1 and _is_slip(typed, word),
        )


@dataclass(frozen=True, slots=True)
class _Shapes:
    """What texts look like at a glance: letters present, letters present an odd number of times.

    One edit changes at most two letters of each, and the length by at most one.
    """

    present: NDArray[np.uint32]
    odd: NDArray[np.uint32]
    length: NDArray[np.intp]

    @classmethod
    def of(cls, lines: str) -> Self:
        """Return the shapes of texts, each ended by a line end."""
        letters = _letters(lines)
        ends = np.flatnonzero(letters == ord("\n"))
        starts = np.concatenate((ends[:0], [0], ends[:-1] + 1))[: ends.size]
        bits = np.left_shift(np.uint32(1), letters & 31, dtype=np.uint32)
        bits[ends] = 0
        present = np.bitwise_or.reduceat(bits, starts)
        return cls(present, np.bitwise_xor.reduceat(bits, starts), ends - starts)

    def near(self, line: str, edits: int) -> NDArray[np.bool_]:
        """Tell which of the texts may be within so many edits of another, ended by a line end."""
        other = _Shapes.of(line)
        flags: NDArray[np.bool_] = np.abs(self.length - other.length) <= edits
        flags &= np.bitwise_count(self.present ^ other.present) <= 2 * edits
        flags &= np.bitwise_count(self.odd ^ other.odd) <= 2 * edits
        return flags


def _heard(lines: str) -> str:
    """Return how words sound, each ended by a line end."""
    heard = f"\n{lines}"
    for written, sound in _SOUNDS:
        heard = heard.replace(written, sound)
    return _undoubled(heard[1:].translate(_LETTER_SOUNDS))


def _coarse(heard: str) -> str:
    return _undoubled(heard.translate(_COARSE_SOUNDS))


def _undoubled(lines: str) -> str:
    letters = _letters(lines)
    new = np.ones(letters.size, dtype=np.bool_)
    new[1:] = (letters[1:] != letters[:-1]) | (letters[1:] == ord("\n"))
    return letters[new].tobytes().decode("utf-32-le")


def _letters(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)


def _is_slip(typed: str, word: str) -> bool:
    """Tell whether a word one edit away is typed with a letter left out, swapped or hit beside."""
    if len(word) != len(typed):
        return len(word) > len(typed)
    changed = [(one, other) for one, other in zip(typed, word, strict=True) if one != other]
    if len(changed) > 1:
        return True
    return len(typed) >= _SHORTEST_BESIDE and all(starmap(_are_neighbours, changed))


def _are_neighbours(one: str, other: str) -> bool:
    if one not in _KEYS or other not in _KEYS:
        return False
    (row, column), (other_row, other_column) = _KEYS[one], _KEYS[other]
    return abs(row - other_row) <= 1 and abs(column - other_column) <= 2
