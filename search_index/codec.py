"""Writes segments of a Whoosh index from arrays, in Whoosh's own format.

Whoosh's writer handles one posting after another; here whole blocks are handed over, and what
is written is read by Whoosh like any other segment.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from operator import sub
from pickle import dumps
from struct import Struct
from typing import Any
from zlib import compress

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3PostingsWriter
from whoosh.columns import VarBytesColumn

from search_index.facts import FIELD_WEIGHTS, TEXT_FIELDS, Record
from search_index.postings import LENGTH_OF_BYTE, Occurrences
from search_index.schema import RECORD, SCHEMA

_BLOCK = 128
_FAST = 1
_WORTH_COMPRESSING = 16
_PICKLE = 2
_COUNT = Struct("!I")


class BlockCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec, with a writer of postings that takes blocks."""

    def __init__(self) -> None:
        super().__init__(blocklimit=_BLOCK, compression=_FAST)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> W3PostingsWriter:
        """Return a writer of postings, as Whoosh asks for it."""
        return _BlockWriter(dbfile, self._blocklimit, byteids, self._compression)


class _BlockWriter(W3PostingsWriter):  # type: ignore[misc]
    """Takes as many postings at once as a block holds."""

    def add_block(
        self, rows: list[int], weights: list[float], values: list[bytes], lengths: list[int]
    ) -> None:
        """Add a block of postings: as many of each, rows ascending."""
        if self._ids:
            self._write_block()
        # Most words are rare, and of a few postings compression saves nothing.
        self._compression = _FAST if len(rows) >= _WORTH_COMPRESSING else 0
        self._ids, self._weights, self._values = rows, weights, values
        self._maxweight, self._minlength, self._maxlength = (
            max(weights), min(lengths), max(lengths)
        )  # fmt: skip

    def _mini_ids(self) -> tuple[int, ...]:
        rows = self._ids
        return (rows[0], *map(sub, rows[1:], rows))

    def _mini_weights(self) -> float | tuple[float, ...]:
        weights = self._weights
        return float(weights[0]) if min(weights) == self._maxweight else tuple(weights)


def packed(record: Record) -> bytes:
    """Return a record in the bytes in which Whoosh keeps the stored fields of a document."""
    return compress(dumps({RECORD: tuple(record)}, _PICKLE), _FAST)


def write_segment(storage: Any, segment: Any, stored: Iterable[bytes], text: Occurrences) -> None:
    """Write the files of a segment: packed records in the order of their rows, and the words."""
    count = len(text.length_bytes)
    segment.compound = False
    segment.set_doc_count(count)
    with closing(_column_file(storage, segment, "_stored")) as file:
        # Whoosh's column of stored fields pickles and compresses; below that it is one of bytes.
        writer = VarBytesColumn().writer(file)
        for row, record in enumerate(stored):
            writer.add(row, record)
        writer.finish(count)
    for number, field in enumerate(TEXT_FIELDS):
        with closing(_column_file(storage, segment, f"_{field}_len")) as file:
            file.write(text.length_bytes[:, number].tobytes())
    segment._fieldlengths = dict(zip(TEXT_FIELDS, text.lengths.tolist(), strict=True))
    with closing(segment.codec().field_writer(storage, segment)) as writer:
        for number, field in enumerate(TEXT_FIELDS):
            _write_field(writer, number, field, text)


def _column_file(storage: Any, segment: Any, name: str) -> Any:
    return storage.create_file(W3Codec.column_filename(segment, name))


def _write_field(writer: Any, number: int, field: str, text: Occurrences) -> None:
    first, last = np.searchsorted(text.fields, [number, number + 1]).tolist()
    if first == last:
        return
    rows = text.rows[first:last].tolist()
    counts = text.counts[first:last]
    weights = (counts * FIELD_WEIGHTS[field]).tolist()
    lengths = LENGTH_OF_BYTE[text.length_bytes[text.rows[first:last], number]].tolist()
    values = _positions(counts.tolist(), text.firsts[first:last].tolist(), text.positions)
    terms = text.terms[first:last]
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    ends = np.append(starts[1:], terms.size)
    writer.start_field(field, SCHEMA[field])
    for start, end, term in zip(
        starts.tolist(), ends.tolist(), terms[starts].tolist(), strict=True
    ):
        writer.start_term(text.stems[term].encode("utf-8", "surrogatepass"))
        for block in range(start, end, _BLOCK):
            part = slice(block, min(block + _BLOCK, end))
            writer._postwriter.add_block(rows[part], weights[part], values[part], lengths[part])
        writer.finish_term()
    writer.finish_field()


def _positions(counts: Sequence[int], firsts: Sequence[int], positions: Any) -> list[bytes]:
    """Return the positions of each entry as Whoosh's format of positions encodes them."""
    single = [_encoded([place]) for place in range(int(positions.max(initial=0)) + 1)]
    where = positions.tolist()
    return [
        single[where[first]]
        if count == 1
        else _encoded(
            [
                where[first],
                *map(sub, where[first + 1 : first + count], where[first : first + count]),
            ]
        )
        for count, first in zip(counts, firsts, strict=True)
    ]


def _encoded(steps: list[int]) -> bytes:
    return _COUNT.pack(len(steps)) + dumps(steps, _PICKLE)
