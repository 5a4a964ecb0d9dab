"""Names to complete: found by the words they are typed with, in flat arrays."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from search_index.analysis import words as words_of

MOST_LETTERS = 200

# Sorts after all that may follow a beginning: no word has this character.
_LAST = "\U0010ffff"
# To look for the best names, first look at one in so many.
_FIRST_NAMES = 16

Ranks = NDArray[np.int32]
Counts = NDArray[np.int64]


class NameList:
    """Distinct names with counts, by rank: what counts most is first, then by the alphabet.

    It is flat arrays, which may lie in a mapped file: the names by rank; their ranks by the
    alphabet; all their words by the alphabet, and for each word the ranks of the names it is in.
    So the names in which a word begins as typed stand one after another.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        self._arrays = arrays
        self._names = _Texts(arrays["names"], arrays["name_starts"])
        self._words = _Texts(arrays["words"], arrays["word_starts"])
        self._counts = arrays["counts"]
        self._by_name = arrays["by_name"]
        self._ranks = arrays["ranks"]
        self._rank_starts = arrays["rank_starts"]

    @classmethod
    def build(cls, names: Iterable[str]) -> Self:
        """Make the list of names, counting each. Names that fold to the same words are one."""
        return cls.of_counts(Counter(names))

    @classmethod
    def of_counts(cls, counts: Mapping[str, int]) -> Self:
        """Make the list of names with their counts. Of spellings, the one that counts most shows.

        A name without a letter or digit is left out.
        """
        return cls._of(counts, {name: folded_name(name) for name in counts})

    @classmethod
    def of_rows(cls, names: Sequence[str]) -> tuple[Self, Ranks]:
        """Make the list of the names of rows, and return with it the rank of the name of each.

        The rank of a name that is left out is -1.
        """
        counts = Counter(names)
        folded = {name: folded_name(name) for name in counts}
        made = cls._of(counts, folded)
        by_alphabet = sorted(set(filter(None, folded.values())))
        ranks = dict(zip(by_alphabet, made._by_name.tolist(), strict=True))
        return made, np.array([ranks.get(folded[name], -1) for name in names], dtype=np.int32)

    @classmethod
    def _of(cls, counts: Mapping[str, int], folded_names: Mapping[str, str]) -> Self:
        shown, total = _merged(counts, folded_names)
        by_alphabet = sorted(total)
        alphabetical = np.array([total[name] for name in by_alphabet], dtype=np.int64)
        by_rank = np.argsort(-alphabetical, kind="stable")
        by_name = np.empty(by_rank.size, dtype=np.int32)
        by_name[by_rank] = np.arange(by_rank.size, dtype=np.int32)
        folded = [by_alphabet[place] for place in by_rank.tolist()]
        names, name_starts = _packed([" ".join(shown[name].split()) for name in folded])
        known, ranks, rank_starts = _words_of(folded)
        words, word_starts = _packed(known)
        return cls(
            {
                "names": names,
                "name_starts": name_starts,
                "counts": alphabetical[by_rank],
                "by_name": by_name,
                "words": words,
                "word_starts": word_starts,
                "ranks": ranks,
                "rank_starts": rank_starts,
            }
        )

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take up the list that gave these `arrays`."""
        return cls(arrays)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the list as flat arrays by name."""
        return dict(self._arrays)

    def __len__(self) -> int:
        return len(self._names)

    def __getitem__(self, rank: int) -> str:
        return self._names[rank]

    def __iter__(self) -> Iterator[str]:
        return map(self._names.__getitem__, range(len(self)))

    def starting(
        self, typed: str, limit: int, counts: Counts | None = None
    ) -> list[tuple[str, int]]:
        """Return up to so many names that go on as typed, best first, with their counts.

        Each word typed is the start of a word of the name, in any order. Names that start with
        all that is typed come first, then by rank. `counts` by rank stand in place of those that
        the list was made with: a name that counts nothing any more is left out.
        """
        shown = self._counts if counts is None else counts
        return [(self[rank], int(shown[rank])) for rank in self.ranks(typed, limit, counts)]

    def ranks(self, typed: str, limit: int, counts: Counts | None = None) -> list[int]:
        """Return the ranks of the names that `starting` returns."""
        folded = folded_name(typed) if len(typed) <= MOST_LETTERS else ""
        if not folded or limit < 1:
            return []
        starting = self._starting_so(folded)
        if counts is not None:
            starting = starting[counts[starting] > 0]
        best: list[int] = _lowest(starting, limit).tolist()
        if len(best) < limit:
            best += self._others(folded, starting, limit - len(best), counts)
        return best

    def _starting_so(self, folded: str) -> Ranks:
        """Return the ranks of the names that start with a folded text."""
        begin, end = _range(self._by_name, folded, lambda rank: folded_name(self[rank]))
        return self._by_name[begin:end]

    def _others(self, folded: str, starting: Ranks, limit: int, counts: Counts | None) -> list[int]:
        """Return the lowest ranks of other names with words that start with the typed ones."""
        having = sorted(map(self._having, set(folded.split())), key=len)
        best: list[int] = []
        if not having[0].size:
            return best
        # The first few names mostly have enough of them; to mark all takes longer.
        for end in (len(self) // _FIRST_NAMES, len(self)):
            found = np.ones(end, dtype=np.bool_) if counts is None else counts[:end] > 0
            for ranks in having:
                flags = np.zeros(end, dtype=np.bool_)
                flags[ranks[ranks < end]] = True
                found &= flags
            found[starting[starting < end]] = False
            best = np.flatnonzero(found)[:limit].tolist()
            if len(best) == limit:
                break
        return best

    def _having(self, beginning: str) -> Ranks:
        """Return the ranks of the names with a word that begins so; some more than once."""
        begin, end = _range(range(len(self._words)), beginning, self._words.__getitem__)
        return self._ranks[self._rank_starts[begin] : self._rank_starts[end]]


def folded_name(name: str) -> str:
    """Return the folded words of a name, a blank between them."""
    return " ".join(words_of(name))


class _Texts:
    """Texts in one array of bytes: text i reaches from start i to start i + 1."""

    def __init__(self, content: NDArray[np.uint8], starts: NDArray[np.int64]) -> None:
        self._content = content
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, place: int) -> str:
        start, end = self._starts[place], self._starts[place + 1]
        return self._content[start:end].tobytes().decode("utf-8", "surrogatepass")


def _packed(texts: Sequence[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    content = np.frombuffer(b"".join(encoded), dtype=np.uint8)
    return content, _starts(map(len, encoded))


def _starts(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *lengths], dtype=np.int64)


def _merged(
    counts: Mapping[str, int], folded_names: Mapping[str, str]
) -> tuple[dict[str, str], Counter[str]]:
    """Return for each folded name how it is shown, and its count over all spellings."""
    shown: dict[str, str] = {}
    total: Counter[str] = Counter()
    for name, count in counts.items():
        folded = folded_names[name]
        if not folded:
            continue
        total[folded] += count
        other = shown.get(folded)
        if other is None or (-count, name) < (-counts[other], other):
            shown[folded] = name
    return shown, total


def _words_of(folded: Sequence[str]) -> tuple[list[str], Ranks, NDArray[np.int64]]:
    """Return the words of names by the alphabet, and flat the ranks of the names with each."""
    ranks: dict[str, list[int]] = {}
    for rank, name in enumerate(folded):
        for word in set(name.split()):
            ranks.setdefault(word, []).append(rank)
    known = sorted(ranks)
    flat = np.fromiter(chain.from_iterable(ranks[word] for word in known), dtype=np.int32)
    return known, flat, _starts(len(ranks[word]) for word in known)


def _range(
    places: Sequence[int] | Ranks, beginning: str, text: Callable[[int], str]
) -> tuple[int, int]:
    """Return which of some places, ordered by their texts, have a text with this beginning."""
    begin = bisect_left(places, beginning, key=text)
    return begin, bisect_left(places, beginning + _LAST, lo=begin, key=text)


def _lowest(ranks: Ranks, limit: int) -> Ranks:
    """Return up to so many of the lowest ranks, in order."""
    if ranks.size > limit:
        ranks = np.partition(ranks, limit)[:limit]
    return np.sort(ranks)
