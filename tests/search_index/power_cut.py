"""One commit, and what a disk would hold if the power went off before its steps, and after.

At worst the names of files are on the disk, and of what is in them nothing that was not synced.
Run as a process: `python -m tests.search_index.power_cut <folder> <kind of commit>`; it
says the same as `dying_writer`.
"""

import os
import shutil
import sys
from itertools import count
from pathlib import Path
from typing import Any

from search_index import SearchIndex
from tests.search_index.dying_writer import STEPS, in_a_fork, look, prepare
from tests.search_index.known_commits import commit, say

Content = tuple[int, int, int]


class _Disk:
    """Keeps images of a folder, in which files that are not synced are empty."""

    def __init__(self, folder: Path, images: Path) -> None:
        self._folder = folder
        self._images = images
        self._synced = {_content(path.stat()) for path in folder.rglob("*")}
        self._steps = count()
        self._last: set[tuple[str, bool]] = set()
        self._busy = False
        self._sync = os.fsync

    def sync(self, handle: int) -> None:
        """Do what `os.fsync` does, and remember it."""
        self._sync(handle)
        self._synced.add(_content(os.fstat(handle)))

    def watch(self, event: str, _: Any) -> None:
        """Keep an image before each step."""
        if event in STEPS and not self._busy:
            self.keep()

    def keep(self) -> None:
        """Keep an image of what would be there after a power cut, if it is a new one."""
        self._busy = True
        number = next(self._steps)
        files = [path for path in self._folder.rglob("*") if path.is_file()]
        now = {(str(path), _content(path.stat()) in self._synced) for path in files}
        if now != self._last:
            image = self._images / f"{number:04}"
            shutil.copytree(self._folder, image, copy_function=self._copy)
        self._last = now
        self._busy = False

    def _copy(self, source: str, target: str) -> None:
        if _content(os.stat(source)) in self._synced:
            shutil.copyfile(source, target)
        else:
            Path(target).touch()


def _content(status: os.stat_result) -> Content:
    return status.st_ino, status.st_size, status.st_mtime_ns


def _commit(folder: Path, images: Path, number: int) -> None:
    disk = _Disk(folder, images)
    os.fsync = disk.sync
    sys.addaudithook(disk.watch)
    index = SearchIndex.open(folder)
    if number:
        commit(index, number)
    disk.keep()


def _work(folder: Path, kind: str) -> None:
    base, images = folder / "base", folder / "images"
    number = prepare(base, kind)
    say(number)
    assert in_a_fork(_commit, base, images, number) == 0
    for image in sorted(images.iterdir()):
        step = int(image.name)
        assert in_a_fork(look, image, step) == 0, f"a power cut before step {step}"


if __name__ == "__main__":
    _work(Path(sys.argv[1]), sys.argv[2])
