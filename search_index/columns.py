"""Facts of the documents of one segment as arrays: row numbers are document numbers."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RowNumbers = NDArray[np.integer[Any]]
Flags = NDArray[np.bool_]
Arrays = Mapping[str, NDArray[Any]]


class Numbering(dict[str, int]):
    """Numbers names in the order in which they first come."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number

    def in_order(self) -> tuple[list[str], RowNumbers]:
        """Return the names sorted as bytes, and the new number of each old one."""
        names = sorted(self, key=lambda name: name.encode("utf-8", "surrogatepass"))
        renumbered = np.empty(len(names), dtype=np.int32)
        renumbered[[self[name] for name in names]] = np.arange(len(names), dtype=np.int32)
        return names, renumbered


class Names(Sequence[str]):
    """Sorted names, kept as one run of bytes: none becomes a Python string before it is asked."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        # Slices of memory views and plain integers are many times faster than those of arrays.
        self._text = memoryview(text)  # type: ignore[arg-type]
        self._ends = memoryview(ends)  # type: ignore[arg-type]

    @classmethod
    def of(cls, names: Iterable[str]) -> dict[str, NDArray[Any]]:
        """Return the arrays of sorted names."""
        encoded = [name.encode("utf-8", "surrogatepass") for name in names]
        ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return {"text": np.frombuffer(b"".join(encoded), dtype=np.uint8), "ends": ends}

    def raw(self, number: int) -> bytes:
        """Return a name as its bytes."""
        return self._text[self._ends[number] : self._ends[number + 1]].tobytes()

    def many(self, numbers: Iterable[int]) -> list[str]:
        """Return some names."""
        text, ends = self._text, self._ends
        return [
            str(text[ends[number] : ends[number + 1]], "utf-8", "surrogatepass")
            for number in numbers
        ]

    def find(self, name: str) -> int:
        """Return the number of a name, or -1."""
        wanted = name.encode("utf-8", "surrogatepass")
        place = bisect_left(range(len(self)), wanted, key=self.raw)
        return place if place < len(self) and self.raw(place) == wanted else -1

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, number: Any) -> Any:
        return self.raw(number).decode("utf-8", "surrogatepass")

    def __iter__(self) -> Iterator[str]:
        return (self[number] for number in range(len(self)))


@dataclass(frozen=True, slots=True)
class One:
    """One name for each row: row i is called `names[codes[i]]`."""

    names: Names
    codes: RowNumbers

    def of_rows(self, rows: RowNumbers) -> list[str]:
        """Return the name of each of some rows."""
        return self.names.many(self.codes[rows].tolist())

    def rows_called(self, names: Iterable[str]) -> RowNumbers:
        """Return the rows that have one of some names, ascending."""
        codes = [code for code in map(self.names.find, names) if code >= 0]
        if not codes:
            return np.zeros(0, dtype=np.intp)
        return np.flatnonzero(np.isin(self.codes, codes))


@dataclass(frozen=True, slots=True)
class Many:
    """Any number of names for each row, each once.

    The rows with the name of number c are, ascending, `rows[firsts[c]:firsts[c + 1]]`, and
    `weights` beside them how much they have it.
    """

    names: Names
    firsts: RowNumbers
    rows: RowNumbers
    weights: NDArray[np.uint8]

    def having(self, name: str) -> slice:
        """Return where the rows that have a name stand in `rows` and `weights`."""
        code = self.names.find(name)
        return slice(0, 0) if code < 0 else slice(self.firsts[code], self.firsts[code + 1])

    def rows_with(self, name: str) -> RowNumbers:
        """Return the rows that have a name, ascending."""
        return self.rows[self.having(name)]

    def flags(self, wanted: Iterable[str], size: int) -> Flags:
        """Tell of each of so many rows of the segment whether it has one of the wanted names."""
        flags = np.zeros(size, dtype=np.bool_)
        for name in wanted:
            flags[self.rows_with(name)] = True
        return flags


@dataclass(frozen=True, slots=True)
class Triples:
    """Any number of triples for each row: row i has `numbers[starts[i]:starts[i + 1]]`."""

    starts: RowNumbers
    numbers: NDArray[Any]

    def of_rows(self, rows: RowNumbers) -> tuple[RowNumbers, NDArray[Any]]:
        """Return (place in `rows`, triple) of each triple that some rows have."""
        places, found = ragged(self.starts, rows)
        return places, self.numbers[found]

    def owners_of(self, entries: RowNumbers) -> RowNumbers:
        """Return the row of each of some triples."""
        return self.starts.searchsorted(entries.astype(np.int32), "right") - 1


def among(rows: RowNumbers, others: RowNumbers) -> Flags | None:
    """Tell which rows are among others, which ascend; None when there are no others."""
    if not others.size:
        return None
    places = others.searchsorted(rows.astype(others.dtype))
    return np.asarray(others.take(places, mode="clip") == rows)


def ragged(starts: RowNumbers, rows: RowNumbers) -> tuple[RowNumbers, NDArray[np.int64]]:
    """Return for each entry of some rows its place in `rows` and its place in the whole column."""
    first = starts[rows]
    counts = starts[rows + 1] - first
    ends = counts.cumsum(dtype=np.int64)
    places = np.arange(len(rows)).repeat(counts)
    found = (first - ends + counts)[places]
    found += np.arange(len(places))
    return places, found


class OneBuilder:
    """Gathers one name a row."""

    def __init__(self) -> None:
        self._numbering = Numbering()
        self._codes = array("i")

    def add(self, name: str) -> None:
        """Note the name of the next row."""
        self._codes.append(self._numbering[name])

    def arrays(self, order: RowNumbers) -> dict[str, NDArray[Any]]:
        """Return the arrays, with the rows in another order."""
        names, renumbered = self._numbering.in_order()
        return {**Names.of(names), "codes": renumbered[_whole(self._codes)[order]]}


class ManyBuilder:
    """Gathers any number of names a row, each with a weight from 0 to 255."""

    def __init__(self) -> None:
        self._numbering = Numbering()
        self._codes = array("i")
        self._weights = array("B")
        self._counts = array("i")

    def add(self, names: Mapping[str, int]) -> None:
        """Note the names of the next row with their weights."""
        self._counts.append(len(names))
        self._codes.extend(map(self._numbering.__getitem__, names))
        self._weights.extend(names.values())

    def by_row(self, order: RowNumbers) -> tuple[RowNumbers, RowNumbers, int]:
        """Return where the codes of each row start, the codes, and how many names there are.

        The rows are in another order.
        """
        names, renumbered = self._numbering.in_order()
        starts, found = reordered(_whole(self._counts), order)
        return starts, renumbered[_whole(self._codes)][found], len(names)

    def arrays(self, order: RowNumbers) -> dict[str, NDArray[Any]]:
        """Return the arrays, with the rows in another order."""
        names, renumbered = self._numbering.in_order()
        starts, found = reordered(_whole(self._counts), order)
        codes = renumbered[_whole(self._codes)][found]
        weights = np.array(self._weights, dtype=np.uint8)[found]
        rows = np.repeat(np.arange(len(order), dtype=np.int32), np.diff(starts))
        by_code = np.argsort(codes, kind="stable")
        firsts = np.searchsorted(codes[by_code], np.arange(len(names) + 1)).astype(np.int32)
        return {
            **Names.of(names),
            "firsts": firsts,
            "rows": rows[by_code],
            "weights": weights[by_code],
        }


class TriplesBuilder:
    """Gathers any number of triples of numbers a row."""

    def __init__(self, typecode: str) -> None:
        self._numbers: array[Any] = array(typecode)
        self._counts = array("i")

    def add(self, triples: Sequence[tuple[float, float, float]]) -> None:
        """Note the triples of the next row."""
        self._counts.append(len(triples))
        for triple in triples:
            self._numbers.extend(triple)

    def arrays(self, order: RowNumbers) -> dict[str, NDArray[Any]]:
        """Return the arrays, with the rows in another order."""
        starts, found = reordered(_whole(self._counts), order)
        numbers = np.array(self._numbers).reshape(-1, 3)
        return {"starts": starts, "numbers": numbers[found]}


def reordered(counts: RowNumbers, order: RowNumbers) -> tuple[RowNumbers, NDArray[np.int64]]:
    """Return where rows of `counts` entries start in a new order, and the entries in that order."""
    old = np.concatenate([np.zeros(1, np.int32), np.cumsum(counts, dtype=np.int32)])
    _, found = ragged(old, order.astype(np.int32))
    starts = np.concatenate([np.zeros(1, np.int32), np.cumsum(counts[order], dtype=np.int32)])
    return starts, found


def _whole(numbers: "array[int]") -> RowNumbers:
    return np.frombuffer(numbers, dtype=np.int32) if numbers else np.zeros(0, np.int32)
