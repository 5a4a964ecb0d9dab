"""Writes segments of a Whoosh index from arrays, in Whoosh's own format.

Whoosh's writer handles one posting after another; here whole blocks are handed over, and what
is written is read by Whoosh like any other segment.
"""

from collections.abc import Iterable, Sequence
from contextlib import closing
from operator import sub
from pickle import dumps
from struct import Struct
from typing import Any, NamedTuple
from zlib import compress, crc32

import numpy as np
from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3PostingsWriter, W3TermInfo
from whoosh.columns import VarBytesColumn
from whoosh.system import _INT_SIZE, pack_int, pack_long, pack_ushort

from search_index.facts import FIELD_WEIGHTS, TEXT_FIELDS, Record
from search_index.postings import LENGTH_OF_BYTE, Occurrences
from search_index.schema import RECORD, SCHEMA

_BLOCK = 128
_FAST = 1
_CHUNK = 1 << 20
TERMS, POSTINGS, STORED_RECORDS = CHECKED = (".trm", ".pst", "._stored.col")
_WORTH_COMPRESSING = 16
_PICKLE = 2
_COUNT = Struct("!I")
_LENGTHS = LENGTH_OF_BYTE.tolist()


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
        if len(self):
            self._write_block()
        # Most words are rare, and of a few postings compression saves nothing.
        self._compression = _FAST if len(rows) >= _WORTH_COMPRESSING else 0
        self._ids: list[int] = rows
        self._weights, self._values = weights, values
        self._maxweight, self._minlength, self._maxlength = (
            max(weights), min(lengths), max(lengths)
        )  # fmt: skip

    def _mini_ids(self) -> tuple[int, ...]:
        return tuple(_steps(self._ids))

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
    where = text.positions.tolist()
    single = [_encoded([place]) for place in range(max(where, default=0) + 1)]
    with closing(segment.codec().field_writer(storage, segment)) as writer:
        for number in range(len(TEXT_FIELDS)):
            _write_field(writer, number, text, where, single)
    segment.checksums = {
        ending: checksum_of(storage, segment.make_filename(ending)) for ending in CHECKED
    }


def checksum_of(storage: Any, name: str) -> int:
    """Return the checksum of a file of Whoosh."""
    with closing(storage.open_file(name)) as file:
        return checksum(file)


def checksum(file: Any) -> int:
    """Return the checksum of an open file of Whoosh."""
    file.seek(0)
    found = 0
    while block := file.read(_CHUNK):
        found = crc32(block, found)
    return found


def _column_file(storage: Any, segment: Any, name: str) -> Any:
    return storage.create_file(W3Codec.column_filename(segment, name))


class _Entries(NamedTuple):
    """The entries of one field as lists, one value an entry."""

    rows: list[int]
    weights: list[float]
    values: list[bytes]
    length_bytes: list[int]

    def part(self, start: int, end: int) -> "_Entries":
        """Return some of them."""
        return _Entries(
            self.rows[start:end],
            self.weights[start:end],
            self.values[start:end],
            self.length_bytes[start:end],
        )


def _write_field(
    writer: Any, number: int, text: Occurrences, where: list[int], single: list[bytes]
) -> None:
    """Write the terms of a field. `where` are all positions, `single` each position encoded."""
    first, last = np.searchsorted(text.fields, [number, number + 1]).tolist()
    if first == last:
        return
    field = TEXT_FIELDS[number]
    counts = text.counts[first:last]
    entries = _Entries(
        text.rows[first:last].tolist(),
        (counts * FIELD_WEIGHTS[field]).tolist(),
        _positions(counts.tolist(), text.firsts[first:last].tolist(), where, single),
        text.length_bytes[text.rows[first:last], number].tolist(),
    )
    terms = text.terms[first:last]
    starts = np.flatnonzero(np.diff(terms, prepend=-1))
    ends = np.append(starts[1:], terms.size)
    writer.start_field(field, SCHEMA[field])
    bounds = zip(starts.tolist(), ends.tolist(), terms[starts].tolist(), strict=True)
    for start, end, term in bounds:
        btext = text.stems[term].encode("utf-8", "surrogatepass")
        if end - start <= _BLOCK:
            _write_short(writer, btext, entries.part(start, end))
        else:
            _write_long(writer, btext, entries, start, end)
    writer.finish_field()


def _write_long(writer: Any, btext: bytes, entries: _Entries, start: int, end: int) -> None:
    """Write a term of several blocks."""
    writer.start_term(btext)
    for block in range(start, end, _BLOCK):
        part = entries.part(block, min(block + _BLOCK, end))
        lengths = [_LENGTHS[byte] for byte in part.length_bytes]
        writer._postwriter.add_block(part.rows, part.weights, part.values, lengths)
    writer.finish_term()


def _write_short(writer: Any, btext: bytes, part: _Entries) -> None:
    """Write a term of one block, as most are: Whoosh's own way takes five times as long."""
    rows, weights, values, length_bytes = part
    count, most = len(rows), max(weights)
    shortest, longest = min(length_bytes), max(length_bytes)
    same = count == 1 or min(weights) == most
    data = dumps((tuple(_steps(rows)), most if same else tuple(weights), tuple(values)), _PICKLE)
    compression = _FAST if count >= _WORTH_COMPRESSING else 0
    if compression:
        data = compress(data, compression)
    info = dumps((count, rows[-1], most, compression, shortest, longest), _PICKLE)
    size = len(info) + len(data)
    file = writer._postfile
    offset = file.tell()
    # A length below zero marks the last block.
    file.write(b"".join((WHOOSH3_HEADER_MAGIC, pack_int(-size), info, data)))
    term = W3TermInfo._struct.pack(
        0, sum(weights), count, shortest, longest, most, rows[0], rows[-1]
    )
    extent = pack_long(offset) + pack_int(len(WHOOSH3_HEADER_MAGIC) + _INT_SIZE + size)
    writer._tindex.add(pack_ushort(writer._fieldid) + btext, term + extent)


def _positions(
    counts: Sequence[int], firsts: Sequence[int], where: list[int], single: list[bytes]
) -> list[bytes]:
    """Return the positions of each entry as Whoosh's format of positions encodes them."""
    return [
        single[where[first]] if count == 1 else _encoded(_steps(where[first : first + count]))
        for count, first in zip(counts, firsts, strict=True)
    ]


def _steps(places: list[int]) -> list[int]:
    return [places[0], *map(sub, places[1:], places)]


def _encoded(steps: list[int]) -> bytes:
    return _COUNT.pack(len(steps)) + dumps(steps, _PICKLE)
