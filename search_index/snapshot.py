"""One generation of the index, loaded: it stays as it is while it is searched."""

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import open_dir

from search_index.errors import damage_named
from search_index.facts import Facts, Record
from search_index.geography import Points
from search_index.schema import SCHEMA, TEXT_FIELDS, stored_record
from search_index.scoring import TextScores

Version = tuple[str, int]

_BATCH = 10_000


class Snapshot:
    """The documents of one generation: facts and points by row, which rows are live, the words."""

    def __init__(self, folder: Path, version: Version, known: Mapping[str, Facts]) -> None:
        """Load what the folder holds now. `known` are facts of segments loaded before."""
        self.version = version
        self._reader = open_dir(str(folder), schema=SCHEMA).reader()
        # An index without documents has one leaf, and that has no segment.
        leaves = [pair for pair in self._reader.leaf_readers() if pair[0].doc_count_all()]
        self.segments: dict[str, Facts] = {}
        for leaf, _ in leaves:
            name = leaf.segment().segment_id()
            self.segments[name] = known.get(name) or _facts(leaf)
        parts = list(self.segments.values())
        self.facts = Facts.join(parts or [Facts.of([], len(TEXT_FIELDS))])
        self.points = Points.of(self.facts.latitude, self.facts.longitude)
        self.live = np.ones(self.facts.size, dtype=np.bool_)
        for leaf, offset in leaves:
            self.live[[offset + number for number in leaf.segment().deleted_docs()]] = False
        self.texts = TextScores(self._reader, self.facts.lengths, self.live)

    def records(self) -> Iterator[Record]:
        """Yield the stored facts of each live document."""
        for row in np.flatnonzero(self.live):
            with damage_named():
                record = stored_record(self._reader.stored_fields(int(row)))
            yield record


def _facts(leaf: Any) -> Facts:
    """Return the facts of a segment, read by and by: records take much more room than arrays."""
    numbers = range(leaf.doc_count_all())
    records = (stored_record(leaf.stored_fields(number)) for number in numbers)
    batches = iter(lambda: list(islice(records, _BATCH)), [])
    return Facts.join([Facts.of(batch, len(TEXT_FIELDS)) for batch in batches])
