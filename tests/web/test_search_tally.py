"""Searches are counted in memory and written together."""

import threading
from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy.exc import OperationalError

from referral_hub.rules.search_counts import SearchCell
from referral_hub.web.search_tally import MOST_CELLS, Counts, SearchTally

FOOD = SearchCell(date(2026, 11, 18), "food.pantry", "606", "0")
RENT = SearchCell(date(2026, 11, 18), "housing.keep.rent-assistance", "606", "1-4")
NEVER = 3600.0


@dataclass
class Table:
    """Where counts are written; it may be out of reach."""

    written: list[Counts] = field(default_factory=list)
    reachable: bool = True
    came: threading.Event = field(default_factory=threading.Event)

    def write(self, counts: Counts) -> None:
        if not self.reachable:
            raise OperationalError("INSERT", {}, Exception("out of reach"))
        self.written.append(dict(counts))
        self.came.set()


def test_many_searches_are_one_write() -> None:
    table = Table()
    tally = SearchTally(table.write, NEVER)
    for cells in ([FOOD], [FOOD, RENT], [FOOD]):
        tally.add(cells)
    assert table.written == []
    tally.close()
    assert table.written == [{FOOD: 3, RENT: 1}]


def test_what_was_written_is_not_written_again() -> None:
    table = Table()
    tally = SearchTally(table.write, NEVER)
    tally.add([FOOD])
    tally.flush()
    tally.close()
    assert table.written == [{FOOD: 1}]


def test_counts_are_written_now_and_then_without_a_search() -> None:
    table = Table()
    tally = SearchTally(table.write, 0.01)
    tally.add([FOOD])
    assert table.came.wait(30)
    tally.close()


def test_what_cannot_be_written_waits(caplog: pytest.LogCaptureFixture) -> None:
    table = Table(reachable=False)
    tally = SearchTally(table.write, NEVER)
    tally.add([FOOD])
    tally.flush()
    assert "could not be written" in caplog.text
    table.reachable = True
    tally.add([FOOD])
    tally.close()
    assert table.written == [{FOOD: 2}]


def test_a_database_that_stays_away_does_not_fill_the_memory() -> None:
    table = Table()
    tally = SearchTally(table.write, NEVER)
    tally.add(SearchCell(FOOD.day, f"need {number}", "", "0") for number in range(MOST_CELLS + 5))
    tally.add([SearchCell(FOOD.day, "need 0", "", "0")])
    tally.close()
    assert len(table.written[0]) == MOST_CELLS
    assert sum(table.written[0].values()) == MOST_CELLS + 1
