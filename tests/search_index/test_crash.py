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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pytest

from tests.search_index.dying_writer import OPENING
from tests.search_index.known_commits import KINDS, commit_of, expected, fingerprints_after

_log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]


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


def deaths(folder: Path, kind: str, stride: int) -> tuple[int, list[list[Any]]]:
    """Return the number of a commit, and what was found after each death of its writer."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.search_index.dying_writer"]
    said = subprocess.run(
        [*command, str(folder), kind, str(stride)], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    (number,), *found = map(json.loads, said.stdout.splitlines())
    return number, found


@pytest.mark.parametrize("stride", [9, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", [OPENING, *KINDS])
def test_a_writer_may_die_between_any_two_file_operations(tmp_path, kind, stride):
    number, found = deaths(tmp_path, kind, stride)
    commits = [commit_of(services) for _, services, _, _ in found]
    assert set(commits) <= {max(0, number - 1), number}
    assert commits == sorted(commits)
    for commit, (_, services, fingerprints, left) in zip(commits, found, strict=True):
        assert services == expected(commit)
        assert fingerprints == fingerprints_after(commit)
        assert left == []
