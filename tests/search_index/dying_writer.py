"""One commit, made again and again, and cut off before its first, second, third … step.

A step is an operation on a file. Run as a process:
`python -m tests.search_index.dying_writer <folder> <kind of commit> <how it ends> <stride>`.
It says in lines of JSON the number of the commit, then for each end what was found, and what
files were left after another commit.
"""

import errno
import os
import shutil
import signal
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

from search_index import IndexUnreadable, SearchIndex
from tests.search_index.known_commits import commit, commit_of, found, kind_of, leftovers, say

OPENING = "opening"
KILLED, INTERRUPTED, FAILED = "killed", "interrupted", "failed"
STEPS = {"open", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}
# By then there has been every kind of commit.
_GROWN = 11


def in_a_fork(work: Callable[..., None], *arguments: Any) -> int:
    """Do some work in a copy of this process, and return the status with which it ends."""
    child = os.fork()
    if child == 0:
        try:
            work(*arguments)
        except BaseException:
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def prepare(folder: Path, kind: str) -> int:
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


def look(folder: Path, step: int) -> None:
    """Say what is found in an index, and what files are left when one more commit is made."""
    index = SearchIndex.open(folder)
    services, fingerprints = found(index), dict(index.fingerprints())
    commit(index, commit_of(services) + 1)
    say(step, services, fingerprints, leftovers(folder))


def _end(how: str) -> None:
    if how == KILLED:
        os.kill(os.getpid(), signal.SIGKILL)
    if how == INTERRUPTED:
        raise KeyboardInterrupt
    raise OSError(errno.ENOSPC, "no space left on device")


def _cut_off(folder: Path, number: int, how: str, step: int) -> None:
    """Open an index and make a commit, with an end before some step; status 0: it came first."""
    left = step

    def watch(event: str, _: Any) -> None:
        nonlocal left
        if event in STEPS:
            left -= 1
            if left == 0:
                _end(how)

    sys.addaudithook(watch)
    try:
        index = SearchIndex.open(folder)
        if number:
            commit(index, number)
    except (KeyboardInterrupt, OSError, IndexUnreadable):
        pass
    os._exit(0 if left > 0 else 2)


def _work(folder: Path, kind: str, how: str, stride: int) -> None:
    base, copy = folder / "base", folder / "copy"
    number = prepare(base, kind)
    say(number)
    for step in count(1, stride):
        shutil.copytree(base, copy)
        if in_a_fork(_cut_off, copy, number, how, step) == 0:
            break
        assert in_a_fork(look, copy, step) == 0, f"{how} before step {step}"
        shutil.rmtree(copy)


if __name__ == "__main__":
    _work(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
