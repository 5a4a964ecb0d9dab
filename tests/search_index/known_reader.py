"""Searches an index over and over, until it finds a last commit of `known_commits`.

Run as a process: `python -m tests.search_index.known_reader <folder> <last> <what>`. It says in
lines of JSON when it is ready, and then at what time it first found each commit. It fails when
a search raises, when something between two commits is found, or an earlier commit after a later.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

from search_index import SearchIndex
from tests.search_index.known_commits import (
    CLOCK,
    PHRASE,
    commit_of,
    expected,
    fingerprints_after,
    found,
    say,
)

SEARCHES, LISTS = "searches", "lists"
_PATIENCE_SECONDS = 120


def _searched(index: SearchIndex) -> Iterator[int]:
    """Yield after which commits the index was, as searches find it."""
    while True:
        for services in (found(index), found(index, PHRASE)):
            number = commit_of(services)
            assert services == expected(number)
            yield number


def _listed(index: SearchIndex, last: int) -> Iterator[int]:
    """Yield after which commits the index was, as the list of all documents tells it."""
    commits = {fingerprints_after(n)[f"{CLOCK}:0"]: n for n in range(1, last + 1)}
    while True:
        documents = dict(index.fingerprints())
        number = commits[documents[f"{CLOCK}:0"]]
        assert documents == fingerprints_after(number)
        yield number


def _work(folder: Path, last: int, what: str) -> None:
    index = SearchIndex.open(folder)
    say("ready")
    latest, first_found = 0, {}
    end = time.monotonic() + _PATIENCE_SECONDS
    for number in _searched(index) if what == SEARCHES else _listed(index, last):
        assert number >= latest, "an older commit was found again"
        latest = number
        first_found.setdefault(number, time.monotonic())
        if number == last or time.monotonic() > end:
            break
    say("found", list(first_found.items()))


if __name__ == "__main__":
    _work(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
