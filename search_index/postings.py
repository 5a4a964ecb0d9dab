"""Which documents of a segment have a word, in which field and how often, as arrays."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from search_index.analysis import SPANISH, stem
from search_index.columns import Arrays, Names, Numbering, RowNumbers
from search_index.facts import TEXT_FIELDS

FIELDS = len(TEXT_FIELDS)
_FIELD_BITS = FIELDS.bit_length()
# The bits of a content that tell how often; what stands there still more often counts as this.
COUNT_BITS = 0xFFFF


@dataclass(frozen=True, slots=True)
class Postings:
    """The posting lists of a segment, all fields of a term together, deleted documents included.

    The entries of term t are `starts[t]:starts[t + 1]`, by row and then by field. An entry has
    its row and its content: the number of the field (8 bits), the length byte of that field in
    that row (8 bits), and how often the term stands there (16 bits). `frequencies[t, f]` counts
    the rows.
    `lengths[f]` is the sum of the lengths of a field. `words` are the tokens behind the stems.
    """

    terms: Names
    starts: NDArray[np.int64]
    rows: RowNumbers
    contents: NDArray[np.uint32]
    frequencies: NDArray[np.int32]
    lengths: NDArray[np.int64]
    words: Names
    word_counts: NDArray[np.int64]

    @classmethod
    def of(cls, arrays: Arrays) -> Self:
        """Return the postings that a builder gave as arrays."""
        columns: dict[str, Any] = {
            column: arrays[f"postings.{column}"]
            for column in ("starts", "rows", "contents", "frequencies", "lengths")
        }
        return cls(
            terms=Names(arrays["terms.text"], arrays["terms.ends"]),
            words=Names(arrays["words.text"], arrays["words.ends"]),
            word_counts=arrays["words.counts"],
            **columns,
        )

    def find(self, term: str) -> tuple[int, int, int]:
        """Return the number of a term (-1: there is none) and its first and last entry."""
        number = self.terms.find(term)
        if number < 0:
            return number, 0, 0
        return number, int(self.starts[number]), int(self.starts[number + 1])


@dataclass(frozen=True, slots=True)
class Occurrences:
    """The same entries, field by field, with the places where the terms stand: for Whoosh.

    `terms[i]` to `entries` are columns of one row an entry; the positions of entry i are
    `positions[firsts[i]:firsts[i] + counts[i]]`. `length_bytes` has shape (rows, fields).
    """

    stems: Sequence[str]
    fields: NDArray[np.int8]
    terms: NDArray[np.int32]
    rows: NDArray[np.int32]
    counts: NDArray[np.int32]
    firsts: NDArray[np.int64]
    positions: NDArray[np.int32]
    length_bytes: NDArray[np.uint8]
    lengths: NDArray[np.int64]


class TextBuilder:
    """Gathers the texts of records, and inverts them."""

    def __init__(self) -> None:
        self._numbering = Numbering()
        self._tokens = array("i")
        self._counts = array("i")

    def add(self, texts: Sequence[str]) -> None:
        """Note the tokens of the next row, a text for each field."""
        number = self._numbering.__getitem__
        for text in texts:
            found = text.split()
            self._counts.append(len(found))
            self._tokens.extend(map(number, found))

    def finish(self, order: RowNumbers) -> tuple[dict[str, NDArray[Any]], Occurrences]:
        """Return the postings as arrays and as Whoosh needs them, with rows in another order."""
        lengths = np.array(self._counts, dtype=np.int64).reshape(-1, FIELDS)
        stems, stem_of_token = self._stems()
        keys, bits = self._sorted_keys(order, lengths, stem_of_token)
        entries = np.flatnonzero(np.diff(keys >> bits, prepend=-1))
        packed = keys[entries] >> bits
        fields = packed & ((1 << _FIELD_BITS) - 1)
        row_bits = max(1, len(order).bit_length())
        rows = (packed >> _FIELD_BITS) & ((1 << row_bits) - 1)
        terms = packed >> (_FIELD_BITS + row_bits)
        counts = np.diff(entries, append=len(keys))
        length_bytes = _bytes_of(lengths[order])
        arrays = {
            **{f"terms.{part}": values for part, values in Names.of(stems).items()},
            "postings.starts": np.searchsorted(terms, np.arange(len(stems) + 1)),
            "postings.rows": rows.astype(np.int32),
            "postings.contents": _contents(fields, length_bytes[rows, fields], counts),
            "postings.frequencies": np.bincount(
                terms * FIELDS + fields, minlength=len(stems) * FIELDS
            ).astype(np.int32).reshape(-1, FIELDS),
            "postings.lengths": lengths.sum(axis=0),
            **self._words(),
        }  # fmt: skip
        by_field = np.argsort(fields, kind="stable")
        occurrences = Occurrences(
            stems,
            fields=fields[by_field].astype(np.int8),
            terms=terms[by_field].astype(np.int32),
            rows=rows[by_field].astype(np.int32),
            counts=counts[by_field].astype(np.int32),
            firsts=entries[by_field],
            positions=(keys & ((1 << bits) - 1)).astype(np.int32),
            length_bytes=length_bytes,
            lengths=arrays["postings.lengths"],
        )  # fmt: skip
        return arrays, occurrences

    def _stems(self) -> tuple[list[str], NDArray[np.int64]]:
        """Return the sorted stems, and for each token the number of its stem."""
        numbering = Numbering()
        numbers = np.array([numbering[stem(token)] for token in self._numbering], dtype=np.int64)
        stems, renumbered = numbering.in_order()
        return stems, renumbered[numbers].astype(np.int64) if numbers.size else numbers

    def _sorted_keys(
        self,
        order: RowNumbers,
        lengths: NDArray[np.int64],
        stem_of_token: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], int]:
        """Return (term, row, field, position) of each token packed into one number, sorted.

        The position has the lowest bits; how many is returned too.
        """
        new_row = np.empty(len(order), dtype=np.int64)
        new_row[order] = np.arange(len(order))
        flat = lengths.reshape(-1)
        owners = np.repeat(np.arange(flat.size), flat)
        positions = np.arange(owners.size) - np.repeat(np.cumsum(flat) - flat, flat)
        bits = max(1, int(flat.max(initial=0)).bit_length())
        row_bits = max(1, len(order).bit_length())
        keys = stem_of_token[np.frombuffer(self._tokens, dtype=np.int32)] if flat.any() else owners
        keys = (keys << row_bits) | new_row[owners // FIELDS]
        keys = (keys << _FIELD_BITS) | (owners % FIELDS)
        keys = (keys << bits) | positions
        keys.sort()
        return keys, bits

    def _words(self) -> dict[str, NDArray[Any]]:
        """Return the words as they were written, without the mark of their language."""
        counts = np.bincount(
            np.frombuffer(self._tokens, dtype=np.int32) if self._tokens else np.zeros(0, np.int32),
            minlength=len(self._numbering),
        )
        totals: dict[str, int] = {}
        for token, count in zip(self._numbering, counts.tolist(), strict=True):
            word = token.removeprefix(SPANISH)
            totals[word] = totals.get(word, 0) + count
        words = sorted(totals, key=lambda word: word.encode("utf-8", "surrogatepass"))
        return {
            **{f"words.{part}": values for part, values in Names.of(words).items()},
            "words.counts": np.array([totals[word] for word in words], dtype=np.int64),
        }


# Whoosh keeps the length of a text in one byte: short lengths are exact, long ones rough.
LENGTH_OF_BYTE = np.array([byte_to_length(byte) for byte in range(256)], dtype=np.int64)


def _contents(
    fields: NDArray[np.int64], length_bytes: NDArray[np.uint8], counts: NDArray[np.int64]
) -> NDArray[np.uint32]:
    codes = (fields << 8) | length_bytes
    return ((codes << 16) | np.minimum(counts, COUNT_BITS)).astype(np.uint32)


def _bytes_of(lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
    return np.minimum(np.searchsorted(LENGTH_OF_BYTE, lengths), 255).astype(np.uint8)
