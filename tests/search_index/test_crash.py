"""A writer that is killed, whenever that is, leaves a complete generation."""

import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from search_index import Document, IndexBusy, SearchIndex
from tests.search_index.dying_writer import FAILED, INTERRUPTED, KILLED, OPENING
from tests.search_index.known_commits import (
    COMMIT,
    KINDS,
    MERGE,
    ROOT,
    SWAP,
    commit_of,
    expected,
    fingerprints_after,
)

_log = logging.getLogger(__name__)

# More documents than one process builds alone, and no end of them.
ENDLESS_REBUILD = """
import sys
from itertools import count
from pathlib import Path
from search_index import Document, SearchIndex
def documents():
    for number in map(str, count()):
        if number == "6000":
            print("begun", flush=True)
        yield Document(
            id=number, service_id=number, organization_id="o", name="n", organization="o"
        )
SearchIndex.open(Path(sys.argv[1])).rebuild(documents())
"""
PATIENCE_SECONDS = 30


class Writer:
    """A process that commits on and on, and says what it does."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.search_index.known_commits"]
        self._process = subprocess.Popen(
            [*command, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True
        )
        self.begun = self.done = 0

    def heard(self, word: str) -> list[Any]:
        """Return the rest of its next line that begins with a word."""
        while True:
            said, *rest = self._line()
            if said == word:
                return rest

    def kill(self) -> None:
        """End it without any warning, and hear what it still had to say."""
        os.killpg(self._process.pid, signal.SIGKILL)
        for line in self._process.stdout:
            self._note(line)
        self._process.wait()
        self._process.stdout.close()

    def _line(self) -> list[Any]:
        line = self._process.stdout.readline()
        assert line, "the writer ended by itself"
        return self._note(line)

    def _note(self, line: bytes) -> list[Any]:
        said = json.loads(line)
        if said[0] in ("begun", "done"):
            setattr(self, said[0], said[1])
        return said


@contextmanager
def writing(folder: Path) -> Iterator[Writer]:
    writer = Writer(folder)
    try:
        yield writer
    finally:
        writer.kill()


class Killer:
    """Kills writers of one index again and again, and looks at what each leaves."""

    def __init__(self, folder: Path, luck: random.Random) -> None:
        self._folder = folder
        self._luck = luck
        self._allowed = {0}
        self._seconds = dict.fromkeys(KINDS, 0.1)
        self.hits: Counter[str] = Counter()
        self.left: list[str] = []

    def round(self, kind: str) -> None:
        """Let a writer go on where the last one ended, and kill it at some moment of a commit."""
        with writing(self._folder) as writer:
            self._check(writer)
            while writer.heard("begun")[1] != kind:
                pass
            time.sleep(self._luck.uniform(0, self._seconds[kind]))
        self.hits[kind if writer.begun > writer.done else "between"] += 1
        self._allowed = {writer.done, writer.begun}

    def look(self) -> None:
        """Let a writer say what it finds, and commit once."""
        with writing(self._folder) as writer:
            self._check(writer)

    def _check(self, writer: Writer) -> None:
        services, fingerprints = writer.heard("found")
        number = commit_of(services)
        assert number in self._allowed
        assert (services, fingerprints) == (expected(number), fingerprints_after(number))
        kind, begun = writer.heard("begun")[1], time.monotonic()
        writer.heard("done")
        self._seconds[kind] = time.monotonic() - begun
        self.left += writer.heard("left")[0]


def survive(folder: Path, kills: int) -> Killer:
    killer = Killer(folder, random.Random(kills))
    for kind in islice(cycle(KINDS), kills):
        killer.round(kind)
    killer.look()
    _log.info("%s kills hit %s", kills, dict(killer.hits))
    return killer


def test_a_killed_writer_leaves_a_complete_generation_and_another_goes_on(tmp_path):
    assert survive(tmp_path, kills=12).left == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_killed_writers_leave_complete_generations(tmp_path):
    killer = survive(tmp_path, kills=200)
    assert killer.left == []
    assert min(killer.hits[kind] for kind in KINDS) > 10


def outcomes(program: str, *arguments: object) -> tuple[int, list[list[Any]]]:
    """Return the number of a commit, and what was found each time that it was cut off."""
    command = [sys.executable, "-W", "ignore", "-m", f"tests.search_index.{program}"]
    said = subprocess.run(
        [*command, *map(str, arguments)], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    (number,), *found = map(json.loads, said.stdout.splitlines())
    return number, found


def check(number: int, found: list[list[Any]]) -> list[int]:
    """Check that each time all of the commit was found or nothing of it, and return which."""
    commits = [commit_of(services) for _, services, _, _ in found]
    assert set(commits) <= {max(0, number - 1), number}
    for commit, (_, services, fingerprints, left) in zip(commits, found, strict=True):
        assert (services, fingerprints) == (expected(commit), fingerprints_after(commit))
        assert left == []
    return commits


def slow(*values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.mark.parametrize("stride", [15, slow(1)])
@pytest.mark.parametrize("kind", [OPENING, *KINDS])
def test_a_writer_may_be_killed_between_any_two_file_operations(tmp_path, kind, stride):
    commits = check(*outcomes("dying_writer", tmp_path, kind, KILLED, stride))
    assert commits == sorted(commits)


@pytest.mark.parametrize(
    ("how", "kind", "stride"),
    [
        (INTERRUPTED, SWAP, 15),
        (FAILED, COMMIT, 15),
        slow(INTERRUPTED, SWAP, 1),
        slow(INTERRUPTED, MERGE, 1),
        slow(FAILED, SWAP, 1),
        slow(FAILED, MERGE, 1),
    ],
)
def test_a_commit_may_be_interrupted_or_fail_at_any_file_operation(tmp_path, how, kind, stride):
    check(*outcomes("dying_writer", tmp_path, kind, how, stride))


@pytest.mark.parametrize("kind", [OPENING, COMMIT, slow(MERGE), slow(SWAP)])
def test_the_power_may_fail_between_any_two_file_operations(tmp_path, kind):
    number, found = outcomes("power_cut", tmp_path, kind)
    commits = check(number, found)
    assert commits == sorted(commits)
    assert commits[-1] == number


def apply_when_free(index: SearchIndex, document: Document) -> bool:
    """Tell whether other writers let go of an index before patience ends."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with suppress(IndexBusy):
            index.apply([document], ())
            return True
        time.sleep(0.1)
    return False


def test_another_goes_on_when_the_first_of_several_processes_that_build_is_killed(
    tmp_path, document
):
    command = [sys.executable, "-W", "ignore", "-c", ENDLESS_REBUILD, str(tmp_path)]
    builder = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert builder.stdout.readline() == b"begun\n"
        builder.kill()
        builder.wait()
        index = SearchIndex.open(tmp_path)
        free = apply_when_free(index, document("a"))
    finally:
        with suppress(ProcessLookupError):
            os.killpg(builder.pid, signal.SIGKILL)
        builder.stdout.close()
    assert free
    assert index.document_count() == 1
