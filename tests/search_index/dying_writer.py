"""One commit, made again and again, by a writer that dies before its first, second, third … step.

A step is an operation on a file. Run as a process: `python -m tests.search_index.dying_writer
<folder> <kind of commit> <stride>`. It says in lines of JSON the numbers of the commits before
and after, then for each death what was found, and what files were left after another commit.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from search_index import SearchIndex
from tests.search_index.known_commits import commit, commit_of, found, kind_of, leftovers, say

OPENING = "opening"
# By then there has been every kind of commit.
_GROWN = 11
_STEPS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir"}


def _in_a_fork(work: Callable[[], None]) -> int:
    """Do some work in a copy of this process, and return the status with which it ends."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _prepare(folder: Path, kind: str) -> int:
    """Make an index whose next commit is of a kind, and return the number of that; 0 is none."""
    folder.mkdir()
    if kind == OPENING:
        return 0
    index = SearchIndex.open(folder)
    for number in count(1):
        if number > _GROWN and kind_of(folder, number) == kind:
            break
        commit(index, number)
    return number


def _die(step: int, folder: Path, number: int) -> None:
    """Open an index and make a commit, and die before some step."""
    left = step

    def watch(event: str, _: Any) -> None:
        nonlocal left
        if event in _STEPS:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    index = SearchIndex.open(folder)
    if number:
        commit(index, number)


def _look(folder: Path, step: int) -> None:
    index = SearchIndex.open(folder)
    services, fingerprints = found(index), dict(index.fingerprints())
    commit(index, commit_of(services) + 1)
    say(step, services, fingerprints, leftovers(folder))


def _work(folder: Path, kind: str, stride: int) -> None:
    base, copy = folder / "base", folder / "copy"
    number = _prepare(base, kind)
    say(number)
    for step in count(1, stride):
        shutil.copytree(base, copy)
        status = _in_a_fork(lambda step=step: _die(step, copy, number))
        if status == 0:
            break
        _in_a_fork(lambda step=step: _look(copy, step))
        shutil.rmtree(copy)


if __name__ == "__main__":
    _work(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
