"""Looking up who of some rows stands in runs of a column."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.candidates import Candidates

SIZE = 400
some_rows = st.lists(st.integers(0, SIZE - 1), max_size=SIZE)
# The first row of each range and the one after its last.
ranges = st.lists(st.integers(0, SIZE), max_size=24, unique=True).map(
    lambda bounds: sorted(bounds)[: len(bounds) // 2 * 2]
)


@given(ranges, st.lists(some_rows.map(sorted), max_size=4), some_rows.map(set))
@example([0, 400], [sorted([*range(400), 3])], set())
@example([10, 11], [[10] * 15], set())
@example([10, 11], [[10] * 16], set())
@example([10, 11], [[10] * 17], set())
@example([10, 11, 20, 30], [list(range(31)), []], {5, 30})
@example([10, 11, 20, 30], [list(range(32)), list(range(32)), []], {5, 30})
def test_whoever_is_looked_up_is_found_as_by_looking_at_each_row(bounds, lists, others):
    rows = np.array([row for one in lists for row in one], dtype=np.int32)
    values = np.arange(rows.size) * 3
    runs = list(pairwise(np.cumsum([0, *map(len, lists)]).tolist()))
    candidates = Candidates(SimpleNamespace(size=SIZE), np.array(bounds, dtype=np.int32))
    candidates = candidates.together_with(np.array(sorted(others), dtype=np.int32))
    here = sorted({row for first, end in zip(bounds[::2], bounds[1::2], strict=True)
                   for row in range(first, end)} | others)  # fmt: skip
    place_of = {row: place for place, row in enumerate(here)}

    places, found, ends = candidates.find(rows, values, runs)
    known = [number for number, row in enumerate(rows.tolist()) if row in place_of]
    assert places.tolist() == [place_of[row] for row in rows[known].tolist()]
    assert found.tolist() == values[known].tolist()
    assert ends == [sum(number < last for number in known) for _, last in runs]
    assert candidates.rows(places).tolist() == rows[known].tolist()
