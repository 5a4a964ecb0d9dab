"""Readers beside a writer: in other processes, in other threads, in the middle of something."""

import json
import logging
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from search_index import SearchIndex, SearchRequest
from search_index.folder import IndexFolder, Stamp
from search_index.gazetteer import EMPTY
from search_index.index import NO_VOCABULARY
from search_index.understand import Understanding
from tests.search_index.known_commits import ROOT, commit
from tests.search_index.known_reader import LISTS, SEARCHES

_log = logging.getLogger(__name__)
READERS = 3
COMMITS = 25
# A change is to be seen within a second; this much leaves room for a machine that is busy.
LATEST_SECONDS = 10
# A change this old is no longer so fresh that another one may bear the same time.
SETTLED_SECONDS = 0.1


def services(index: SearchIndex) -> list[str]:
    return [hit.service_id for hit in index.search(SearchRequest(limit=999)).hits]


def program(name: str, *arguments: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-W", "ignore", "-m", f"tests.search_index.{name}"]
    return subprocess.Popen(
        [*command, *map(str, arguments)], cwd=ROOT, stdout=subprocess.PIPE, bufsize=0
    )


def lines(process: subprocess.Popen[bytes]) -> list[list[Any]]:
    """Return what a process says until it ends, and it must end well."""
    said, _ = process.communicate(timeout=150)
    assert process.returncode == 0
    return [json.loads(line) for line in said.splitlines()]


def lag(done: dict[int, float], found: list[tuple[int, float]]) -> float:
    """Return the longest time for which a commit was done and not found."""
    return max(
        min(at for seen, at in found if seen >= number) - since for number, since in done.items()
    )


@pytest.mark.parametrize("what", [SEARCHES, LISTS])
def test_readers_in_other_processes_find_each_commit_soon_and_never_an_older_one(tmp_path, what):
    commit(SearchIndex.open(tmp_path), 1)
    readers = [program("known_reader", tmp_path, COMMITS, what) for _ in range(READERS)]
    processes = list(readers)
    try:
        for reader in readers:
            assert json.loads(reader.stdout.readline()) == ["ready"]
        processes.append(writer := program("known_commits", tmp_path, COMMITS))
        done = {said[1]: said[2] for said in lines(writer) if said[0] == "done"}
        found = [said[0][1] for said in map(lines, readers)]
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert all(commits[-1][0] == COMMITS for commits in found)
    worst = max(lag(done, commits) for commits in found)
    _log.info("%s: %.3f s until all found a commit", what, worst)
    assert worst < LATEST_SECONDS


@pytest.mark.parametrize("change", ["merges", "rebuild"])
def test_a_list_of_documents_is_that_of_the_moment_when_it_began(document, index_of, change):
    index = index_of([document("a")])
    index.apply([document("b")], ())
    listed = index.fingerprints()
    began = next(listed)[0]
    other = SearchIndex.open(index.folder)
    if change == "rebuild":
        other.rebuild([document("c")])
    for number in range(20):
        other.apply([document(f"s{number}")], ["a", "b"])
    assert {began, *(document_id for document_id, _ in listed)} == {"a", "b"}


class Interrupting(IndexFolder):
    """Lets something happen in the middle of the next glance at the folder."""

    happening: Callable[[], object] | None = None

    def stamp(self, build: str) -> Stamp | None:
        happening, self.happening = self.happening, None
        if happening:
            happening()
        return super().stamp(build)


def test_a_search_finds_what_was_committed_before_while_another_thread_loads_it(document, index_of):
    writer = index_of([document("a")])
    understanding = Understanding(NO_VOCABULARY, EMPTY)
    files = Interrupting(writer.folder, understanding.digest)
    index = SearchIndex(files, understanding)
    time.sleep(SETTLED_SECONDS)
    assert services(index) == ["a"]
    writer.apply([document("b")], ())
    time.sleep(SETTLED_SECONDS)
    with ThreadPoolExecutor(1) as another:
        files.happening = lambda: another.submit(services, index).result(30)
        assert services(index) == ["a", "b"]


def whole_seconds(index: SearchIndex) -> None:
    """Give the files the times that they have where times are kept in whole seconds."""
    pointer = index.folder / "current"
    for path in (pointer, index.folder / pointer.read_text()):
        second = int(path.stat().st_mtime)
        os.utime(path, (second, second))


def test_a_commit_is_seen_where_files_bear_whole_seconds(document, index_of):
    index = index_of()
    other = SearchIndex.open(index.folder)
    time.sleep(1.05 - time.time() % 1)
    for number in range(3):
        index.apply([document(str(number))], ())
        whole_seconds(index)
        time.sleep(SETTLED_SECONDS)
        assert len(services(other)) == number + 1


def test_segments_never_get_the_same_name(document, index_of):
    index = index_of()
    for name in "abc":
        random.seed(1)
        index.apply([document(name)], ())
    assert services(index) == ["a", "b", "c"]
