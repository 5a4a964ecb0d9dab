"""One segment of the index: built from records, and opened as arrays.

Rows are documents. They lie band after band from south to north and from west to east within a
band, those without a point last, so that what is near one another has near row numbers.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4
from weakref import finalize

import numpy as np
from numpy.typing import NDArray
from whoosh.codec.whoosh3 import STORED_COLUMN
from whoosh.reading import SegmentReader

from search_index.arrays import ArraysTorn, read_arrays, write_arrays
from search_index.codec import (
    POSTINGS,
    STORED_RECORDS,
    TERMS,
    BlockCodec,
    checksum,
    checksum_of,
    packed,
    write_segment,
)
from search_index.columns import Flags, RowNumbers
from search_index.contents import INDEX_NAME
from search_index.errors import IndexUnreadable, damage_named
from search_index.facts import TEXT_FIELDS, Facts, FactsBuilder, Record
from search_index.geography import Points, in_space
from search_index.name_list import Counts, NameList
from search_index.phrases import rows_in_order
from search_index.postings import Postings, TextBuilder
from search_index.schema import SCHEMA, stored_record

_NAME_LISTS = ("service_names", "organization_names")
BAND_DEGREES = 0.25
BANDS = int(180 / BAND_DEGREES) + 1

_log = logging.getLogger(__name__)


# More than there are degrees of longitude.
_BAND_LENGTH = 512.0


def band_of(latitude: float) -> int:
    """Return the number of the band of a latitude in degrees, 0 at the south pole."""
    return int((latitude + 90) / BAND_DEGREES)


def along(band: Any, longitude: Any) -> Any:
    """Return how far along all bands a longitude of a band lies: rows are ordered by it."""
    return band * _BAND_LENGTH + longitude


class SegmentBuilder:
    """Gathers records, then writes them as one segment."""

    def __init__(self) -> None:
        self._facts = FactsBuilder()
        self._text = TextBuilder()
        self._packed: list[bytes] = []
        self._names: tuple[list[str], list[str]] = ([], [])

    def __len__(self) -> int:
        return len(self._packed)

    def add(self, record: Record) -> None:
        """Take one more document."""
        self._facts.add(record)
        self._text.add(record.texts)
        self._names[0].append(record.name)
        self._names[1].append(record.organization)
        self._packed.append(packed(record))

    def write(self, storage: Any, folder: Path) -> Any:
        """Write the segment with its arrays, and return it; nobody knows of it yet."""
        segment = BlockCodec().new_segment(storage, INDEX_NAME)
        # Whoosh draws names from the random numbers that anyone may have set to begin anew.
        segment.segid = uuid4().hex
        order, arrays = self._places()
        postings, occurrences = self._text.finish(order)
        columns = {**arrays, **postings, **self._facts.arrays(order), **self._name_lists(order)}
        write_arrays(_columns_path(folder, segment), columns)
        write_segment(storage, segment, (self._packed[row] for row in order), occurrences)
        return segment

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of the segment; the records must come in the order of its rows."""
        order, arrays = self._places()
        postings, _ = self._text.finish(order)
        return {**arrays, **postings, **self._facts.arrays(order), **self._name_lists(order)}

    def _name_lists(self, order: RowNumbers) -> dict[str, NDArray[Any]]:
        """Return the names of services and organizations, to be completed, and whose they are."""
        arrays: dict[str, NDArray[Any]] = {}
        for kind, names in zip(_NAME_LISTS, self._names, strict=True):
            made, ranks = NameList.of_rows(names)
            arrays |= {f"{kind}.{part}": values for part, values in made.arrays().items()}
            arrays[f"{kind}.of_rows"] = ranks[order]
        return arrays

    def _places(self) -> tuple[RowNumbers, dict[str, NDArray[Any]]]:
        """Return the order of the rows, and where on earth they lie."""
        latitudes, longitudes = self._facts.number("latitude"), self._facts.number("longitude")
        here = ~np.isnan(latitudes)
        places = np.full(latitudes.size, np.inf)
        bands = ((latitudes[here] + 90) / BAND_DEGREES).astype(np.int64)
        places[here] = along(bands, longitudes[here])
        order = places.argsort(kind="stable")
        space = in_space(latitudes[order], longitudes[order])
        return order, {"along": places[order], "space": space}


@dataclass(frozen=True, slots=True)
class NamesOfRows:
    """The names of a segment to complete, and which each row has: its rank, or -1."""

    names: NameList
    ranks: RowNumbers

    @classmethod
    def of(cls, arrays: dict[str, NDArray[Any]]) -> "NamesOfRows":
        """Return what a builder gave as arrays."""
        ranks = arrays.pop("of_rows")
        return cls(NameList.from_arrays(arrays), ranks)

    def counts(self, live: Flags) -> Counts:
        """Count by rank the live rows that have each name."""
        ranks = self.ranks[live]
        return np.bincount(ranks[ranks >= 0], minlength=len(self.names))


class Segment:
    """A segment as arrays. They never change; which rows are live does, from commit to commit."""

    def __init__(self, arrays: dict[str, NDArray[Any]], reader: "Reader") -> None:
        self.reader = reader
        # Searches under way may outlive a snapshot: the last one that lets go closes the files.
        finalize(self, reader.close)
        self.along = arrays["along"]
        self.facts = Facts.of(arrays)
        self.postings = Postings.of(arrays)
        self.points = Points(self.facts.latitude, self.facts.longitude, arrays["space"])
        self.service_names, self.organization_names = (
            NamesOfRows.of(_under(kind, arrays)) for kind in _NAME_LISTS
        )
        self.size = self.facts.size
        self.with_point = int(self.along.searchsorted(np.inf))
        self.several = _several(self.facts.service.codes)
        self.several_at_all = bool(self.several.any())
        self.ever_verified = bool(self.facts.verified.any())
        self.ever_accepting = bool(self.facts.accepting.any())
        self.ever_partner = bool(self.facts.partner.any())

    @classmethod
    def open(cls, storage: Any, folder: Path, segment: Any) -> "Segment":
        """Open a segment. Arrays that are missing or torn are made anew from its records."""
        path = _columns_path(folder, segment)
        reader = Reader(storage, segment)
        try:
            return cls(read_arrays(path), reader)
        except ArraysTorn as problem:
            _log.warning("%s: made anew from its segment", problem)
        builder = SegmentBuilder()
        for row in range(segment.doc_count_all()):
            builder.add(reader.record(row))
        arrays = builder.columns()
        try:
            write_arrays(path, arrays)
        except OSError:
            _log.warning("%s cannot be written: it takes memory instead", path, exc_info=True)
            return cls(arrays, reader)
        return cls(read_arrays(path), reader)


class Reader:
    """Reads Whoosh's files of a segment. They are open from the start: a writer may remove them."""

    def __init__(self, storage: Any, told: Any) -> None:
        self._checksums, self._size = told.checksums, told.doc_count_all()
        # Whoosh's matchers and columns move one file position, whoever reads.
        self._reading = Lock()
        with damage_named():
            # Whoosh believes what it reads of terms as soon as it opens the file.
            if checksum_of(storage, told.make_filename(TERMS)) != told.checksums[TERMS]:
                raise IndexUnreadable(f"the terms of {told.segment_id()} are damaged")
            self.whoosh = SegmentReader(storage, SCHEMA, told)
            name = told.make_filename(STORED_RECORDS)
            self._length, self._stored = storage.file_length(name), storage.open_file(name)
            self._unchecked = {
                POSTINGS: self.whoosh._terms._postfile,
                STORED_RECORDS: self._stored,
            }

    def record(self, row: int) -> Record:
        """Return a stored record. Raises IndexUnreadable."""
        with self._reading, damage_named():
            self._check(STORED_RECORDS)
            return stored_record(self._records[row])

    def rows_in_order(self, stems: Sequence[str], rows: RowNumbers) -> RowNumbers:
        """Return those of some rows (ascending) that have stems one after another in a field.

        Raises IndexUnreadable.
        """
        with self._reading, damage_named():
            self._check(POSTINGS)
            return np.concatenate(
                [rows_in_order(self.whoosh, field, stems, rows) for field in TEXT_FIELDS]
            )

    @cached_property
    def _records(self) -> Any:
        return STORED_COLUMN.reader(self._stored, 0, self._length, self._size)

    def close(self) -> None:
        """Let go of the files."""
        self.whoosh.close()
        self._stored.close()

    def _check(self, ending: str) -> None:
        """Read a file once as a whole. Raises IndexUnreadable when it is not as written."""
        file = self._unchecked.get(ending)
        if file is not None and checksum(file) != self._checksums[ending]:
            raise IndexUnreadable(f"{file} is damaged")
        self._unchecked.pop(ending, None)


def _under(kind: str, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return the arrays whose names begin with a kind, without it."""
    return {
        name.removeprefix(f"{kind}."): values
        for name, values in arrays.items()
        if name.startswith(f"{kind}.")
    }


def _several(services: RowNumbers) -> Flags:
    """Tell which rows share their service with another row."""
    return np.asarray(np.bincount(services, minlength=1)[services] > 1)


def _columns_path(folder: Path, segment: Any) -> Path:
    return folder / str(segment.make_filename(".columns"))
