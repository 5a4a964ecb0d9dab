"""Facts of many documents as arrays: row numbers are document numbers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

RowNumbers = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Values:
    """Coded values: document `rows[i]` has the value `names[codes[i]]`. Names are sorted."""

    names: tuple[str, ...]
    rows: RowNumbers
    codes: RowNumbers

    @classmethod
    def of(cls, lists: Sequence[Iterable[str]]) -> Self:
        """Return the values of each document in turn; a value counts once for a document."""
        distinct = [tuple(dict.fromkeys(values)) for values in lists]
        names = tuple(sorted(set(chain.from_iterable(distinct))))
        code = {name: number for number, name in enumerate(names)}
        codes = [code[name] for name in chain.from_iterable(distinct)]
        rows = np.repeat(np.arange(len(distinct)), [len(values) for values in distinct])
        return cls(names, rows.astype(np.intp), np.array(codes, dtype=np.intp))

    @classmethod
    def join(cls, parts: Sequence[Self], offsets: Sequence[int]) -> Self:
        """Put parts one after another; part i starts at row `offsets[i]`."""
        names = tuple(sorted(dict.fromkeys(chain.from_iterable(part.names for part in parts))))
        code = {name: number for number, name in enumerate(names)}
        recoded = [
            np.array([code[name] for name in part.names], dtype=np.intp)[part.codes]
            for part in parts
        ]
        rows = [part.rows + offset for part, offset in zip(parts, offsets, strict=True)]
        return cls(names, np.concatenate(rows), np.concatenate(recoded))

    def any_of(self, wanted: Collection[str], size: int) -> Flags:
        """Tell which of `size` documents have one of the wanted values."""
        asked = set(wanted)
        chosen = np.array([name in asked for name in self.names], dtype=np.bool_)
        flags = np.zeros(size, dtype=np.bool_)
        flags[self.rows[chosen[self.codes]]] = True
        return flags


@dataclass(frozen=True, slots=True)
class Rows:
    """Triples of numbers, any many for a document: `numbers[i]` belongs to document `rows[i]`."""

    rows: RowNumbers
    numbers: NDArray[Any]

    @classmethod
    def of(cls, lists: Sequence[Sequence[tuple[float, ...]]], dtype: type) -> Self:
        """Return the triples of each document in turn, as shape (n, 3)."""
        rows = np.repeat(np.arange(len(lists)), [len(triples) for triples in lists])
        numbers: NDArray[Any] = np.array(list(chain.from_iterable(lists)), dtype=dtype)
        return cls(rows.astype(np.intp), numbers.reshape(-1, 3))

    @classmethod
    def join(cls, parts: Sequence[Self], offsets: Sequence[int]) -> Self:
        """Put parts one after another; part i starts at row `offsets[i]`."""
        rows = [part.rows + offset for part, offset in zip(parts, offsets, strict=True)]
        return cls(np.concatenate(rows), np.concatenate([part.numbers for part in parts]))
