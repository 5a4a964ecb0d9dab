"""One segment of the index: built from records, and opened as arrays.

Rows are documents. They lie band after band from south to north and from west to east within a
band, those without a point last, so that what is near one another has near row numbers.
"""

import logging
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import SegmentReader

from search_index.arrays import ArraysTorn, read_arrays, write_arrays
from search_index.codec import BlockCodec, packed, write_segment
from search_index.columns import Flags, RowNumbers
from search_index.errors import damage_named
from search_index.facts import Facts, FactsBuilder, Record
from search_index.geography import Points, in_space
from search_index.name_list import NameList
from search_index.postings import Postings, TextBuilder
from search_index.schema import SCHEMA, stored_record

INDEX_NAME = "MAIN"
_NAME_LISTS = ("service_names", "organization_names")
BAND_DEGREES = 0.25
BANDS = int(180 / BAND_DEGREES) + 1
_NOWHERE = BANDS

_log = logging.getLogger(__name__)


def band_of(latitude: float) -> int:
    """Return the number of the band of a latitude in degrees, 0 at the south pole."""
    return int((latitude + 90) / BAND_DEGREES)


class SegmentBuilder:
    """Gathers records, then writes them as one segment."""

    def __init__(self) -> None:
        self._facts = FactsBuilder()
        self._text = TextBuilder()
        self._packed: list[bytes] = []
        self._names: tuple[Counter[str], Counter[str]] = (Counter(), Counter())

    def __len__(self) -> int:
        return len(self._packed)

    def add(self, record: Record) -> None:
        """Take one more document."""
        self._facts.add(record)
        self._text.add(record.texts)
        self._names[0][record.name] += 1
        self._names[1][record.organization] += 1
        self._packed.append(packed(record))

    def write(self, storage: Any, folder: Path) -> Any:
        """Write the segment with its arrays, and return it; nobody knows of it yet."""
        segment = BlockCodec().new_segment(storage, INDEX_NAME)
        order, arrays = self._places()
        postings, occurrences = self._text.finish(order)
        columns = {**arrays, **postings, **self._facts.arrays(order), **self._name_lists()}
        write_arrays(_columns_path(folder, segment), columns)
        write_segment(storage, segment, (self._packed[row] for row in order), occurrences)
        return segment

    def columns(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of the segment; the records must come in the order of its rows."""
        order, arrays = self._places()
        postings, _ = self._text.finish(order)
        return {**arrays, **postings, **self._facts.arrays(order), **self._name_lists()}

    def _name_lists(self) -> dict[str, NDArray[Any]]:
        """Return the names of services and organizations, to be completed."""
        return {
            f"{kind}.{part}": values
            for kind, names in zip(_NAME_LISTS, self._names, strict=True)
            for part, values in NameList.of_counts(names).arrays().items()
        }

    def _places(self) -> tuple[RowNumbers, dict[str, NDArray[Any]]]:
        """Return the order of the rows, and where on earth they lie."""
        latitudes, longitudes = self._facts.number("latitude"), self._facts.number("longitude")
        here = ~np.isnan(latitudes)
        bands = np.full(latitudes.size, _NOWHERE)
        bands[here] = ((latitudes[here] + 90) / BAND_DEGREES).astype(np.int64)
        order = np.lexsort((longitudes, bands))
        starts = np.searchsorted(bands[order], np.arange(BANDS + 1)).astype(np.int32)
        space = in_space(latitudes[order], longitudes[order])
        return order, {"bands": starts, "space": space}


class Segment:
    """A segment as arrays. They never change; which rows are live does, from commit to commit."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self.bands = arrays["bands"]
        self.facts = Facts.of(arrays)
        self.postings = Postings.of(arrays)
        self.points = Points(self.facts.latitude, self.facts.longitude, arrays["space"])
        self.service_names, self.organization_names = (
            NameList.from_arrays(_under(kind, arrays)) for kind in _NAME_LISTS
        )
        self.size = self.facts.size
        self.with_point = int(self.bands[BANDS])
        self.several = _several(self.facts.service.codes)
        self.several_at_all = bool(self.several.any())
        self.ever_verified = bool(self.facts.verified.any())
        self.ever_accepting = bool(self.facts.accepting.any())
        self.ever_partner = bool(self.facts.partner.any())

    @classmethod
    def open(cls, storage: Any, folder: Path, segment: Any) -> "Segment":
        """Open a segment. Arrays that are missing or torn are made anew from its records."""
        path = _columns_path(folder, segment)
        try:
            return cls(read_arrays(path))
        except ArraysTorn as problem:
            _log.warning("%s: made anew from its segment", problem)
        builder = SegmentBuilder()
        for record in records_of(storage, segment):
            builder.add(record)
        write_arrays(path, builder.columns())
        return cls(read_arrays(path))


def records_of(storage: Any, segment: Any, rows: Sequence[int] | None = None) -> Any:
    """Yield the records of a segment in the order of its rows, of all or of some."""
    with damage_named():
        reader = SegmentReader(storage, SCHEMA, segment)
        try:
            for row in range(segment.doc_count_all()) if rows is None else rows:
                yield stored_record(reader.stored_fields(row))
        finally:
            reader.close()


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
