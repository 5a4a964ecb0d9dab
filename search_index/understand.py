"""What a person means by the words typed: needs understood, other words, quotes, exclusions.

Words are plain text, never a query language, with two habits people have from elsewhere:
"words in quotes" must stand together, and -word leaves out what has that word.

A run of words that is a known way to name a need (the longest run wins) is understood as that
need and counts as one: a document answers it by having the need among its categories, or by
having all of its words. So "help with rent" does not bring all that merely says "help".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from search_index.analysis import FILLERS, STOP_WORDS, stem, words
from search_index.documents import Vocabulary

# Only so many different words count, the first ones; beyond so many characters nothing is read.
MOST_WORDS = 64
MOST_CHARACTERS = 10_000

_PART = re.compile(r"""((?<!\S)-)?(?:"([^"]*)"|([^\s"]+))""")
_QUOTES = str.maketrans("“”„«»", '"""""')

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Understood:
    """A run of words understood as needs: their codes, and the stems of the words themselves."""

    codes: tuple[str, ...]
    stems: Stems


@dataclass(frozen=True, slots=True)
class Meaning:
    """What was understood: needs, other words (any will do), phrases to have and to leave out."""

    understood: tuple[Understood, ...] = ()
    words: Stems = ()
    required: tuple[Stems, ...] = ()
    excluded: tuple[Stems, ...] = ()

    @property
    def concepts(self) -> tuple[str, ...]:
        """The codes of all needs understood, in the order of the words, each once."""
        return tuple(dict.fromkeys(code for unit in self.understood for code in unit.codes))


class Understanding:
    """Finds the needs of a vocabulary in words."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        codes: dict[Stems, dict[str, None]] = {}
        for concept in vocabulary.concepts:
            for phrase in (concept.label, *concept.phrases):
                key = tuple(stem(word) for word in words(phrase) if word not in FILLERS)
                codes.setdefault(key, {})[concept.code] = None
        codes.pop((), None)
        self._codes = {key: tuple(found) for key, found in codes.items()}
        self._longest = max(map(len, self._codes), default=0)

    def meaning(self, text: str) -> Meaning:
        """Return what the words mean; any text will do."""
        runs, required, excluded = _parts(text)
        understood: list[Understood] = []
        others: list[str] = []
        for run in runs:
            spans = self._spans([stem(word) for word in run])
            for start, end in spans:
                key = tuple(stem(word) for word in run[start:end])
                understood.append(Understood(self._codes[key], _content(run[start:end])))
            taken = {place for start, end in spans for place in range(start, end)}
            others += _content([word for place, word in enumerate(run) if place not in taken])
        return Meaning(
            tuple(dict.fromkeys(understood)),
            tuple(dict.fromkeys(others)),
            tuple(dict.fromkeys(required)),
            tuple(dict.fromkeys(excluded)),
        )

    def _spans(self, run: Sequence[str]) -> list[tuple[int, int]]:
        """Return where known phrases stand: longer ones first, then earlier ones, none across."""
        found = [
            (start, end)
            for start in range(len(run))
            for end in range(start + 1, min(start + self._longest, len(run)) + 1)
            if tuple(run[start:end]) in self._codes
        ]
        taken = [False] * len(run)
        chosen = []
        for start, end in sorted(found, key=lambda span: (span[0] - span[1], span[0])):
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                chosen.append((start, end))
        return sorted(chosen)


def _parts(text: str) -> tuple[list[list[str]], list[Stems], list[Stems]]:
    """Split text into runs of plain words, phrases to have, phrases to leave out."""
    runs: list[list[str]] = [[]]
    required: list[Stems] = []
    excluded: list[Stems] = []
    seen: set[str] = set()
    for part in _PART.finditer(text[:MOST_CHARACTERS].translate(_QUOTES)):
        minus, quoted, plain = part.groups()
        found = list(_first_words(plain if quoted is None else quoted, seen))
        if minus or quoted is not None:
            (excluded if minus else required).append(_content(found))
            runs.append([])
        else:
            runs[-1] += [word for word in found if word not in FILLERS]
        if len(seen) > MOST_WORDS:
            break
    return runs, [phrase for phrase in required if phrase], [no for no in excluded if no]


def _first_words(text: str, seen: set[str]) -> Iterator[str]:
    """Yield the words of a text, and note them as seen, until too many have been seen."""
    for word in words(text):
        seen.add(word)
        if len(seen) > MOST_WORDS:
            return
        yield word


def _content(run: Iterable[str]) -> Stems:
    """Return the stems of words that are not stop words."""
    return tuple(stem(word) for word in run if word not in STOP_WORDS)
