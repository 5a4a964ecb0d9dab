"""Where an index lives: a folder with one folder a build, and a pointer to the one in use.

Layout: `current` names the build in use, `writer.lock` keeps writers apart, the folders are builds,
named by format and content. The pointer is replaced at one stroke, so that a reader sees the old
build or the new one.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from search_index.contents import write_contents
from search_index.errors import IndexBusy, IndexUnreadable, damage_named
from search_index.whole_files import sync, write_whole

# Raise it when what is stored changes: an index of another format is built anew.
FORMAT = "v6-"

# File systems tell times apart by a few milliseconds.
_TOO_FRESH_NS = 50_000_000
# Some keep whole seconds, or every other.
_SECOND_NS, _COARSE_NS = 1_000_000_000, 2_500_000_000

Stamp = tuple[int, int, int]


class IndexFolder:
    """The files of an index."""

    def __init__(self, folder: Path, content: str = "") -> None:
        """`content` names what the files hold: an index of other content is unreadable."""
        self.folder = folder
        self._root = str(folder)
        self._prefix = f"{FORMAT}{content}-"
        self._pointer = folder / "current"

    def exists(self) -> bool:
        """Tell whether there is an index at all."""
        return self._pointer.exists()

    def current(self) -> str:
        """Return the name of the build in use. Raises IndexUnreadable."""
        with damage_named(f"no readable pointer in {self.folder}"):
            name = self._pointer.read_text(encoding="utf-8")
        if not name.startswith(self._prefix) or os.sep in name:
            raise IndexUnreadable(f"the index in {self.folder} has another format or vocabulary")
        return name

    def stamp(self, build: str) -> Stamp | None:
        """Return what tells at a glance that nothing has been committed: equal stamps.

        None, which is never to be trusted, while the last change is so fresh that another one
        may bear the same time, and when there is no such build.
        """
        try:
            pointer, folder = os.stat(f"{self._root}/current"), os.stat(f"{self._root}/{build}")
        except OSError:
            return None
        latest = max(pointer.st_mtime_ns, folder.st_mtime_ns)
        if time.time_ns() - latest < (_TOO_FRESH_NS if latest % _SECOND_NS else _COARSE_NS):
            return None
        return pointer.st_ino, pointer.st_mtime_ns, folder.st_mtime_ns

    def path(self, build: str) -> Path:
        """Return the folder of a build."""
        return self.folder / build

    def new_build(self) -> str:
        """Make an empty build that nobody uses yet, and return its name."""
        name = f"{self._prefix}{uuid4().hex}"
        self.path(name).mkdir()
        write_contents(self.path(name), [], 0)
        return name

    def use(self, build: str) -> None:
        """Make a build the one in use, safe on disk, and remove all others."""
        sync(self.path(build), self.path(build).iterdir())
        write_whole(self._pointer, [build.encode()])
        self.clean(build)

    def clean(self, build: str) -> None:
        """Remove all builds but one: those before it, and what a killed process left."""
        for other in self.folder.iterdir():
            if other.is_dir() and other.name != build:
                shutil.rmtree(other, ignore_errors=True)
            elif other.name.startswith("current."):
                other.unlink(missing_ok=True)

    def discard(self, build: str) -> None:
        """Remove a build that is not in use."""
        shutil.rmtree(self.path(build), ignore_errors=True)

    @contextmanager
    def writing(self, *, wait: bool = False) -> Iterator[None]:
        """Keep other writers out, of this process and of others. Raises IndexBusy unless `wait`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writer.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError as error:
                raise IndexBusy(f"another writer holds {self.folder}") from error
            yield
