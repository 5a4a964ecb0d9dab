"""The files of the columns. They grow at their ends; what counts is what the contents say, and
those are put in place at one stroke: whoever is killed leaves everything as it was before.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from referral_hub.gateways.figures.layout import IDS, TABLES, TEXTS, layout_digest

Columns = Mapping[str, NDArray[Any]]
CONTENTS = "contents.json"


class FiguresBusy(Exception):
    """Another process writes the figures now."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What of the files counts. `position` is the last event that is in them, in the order of the
    hub; `until` is up to when everything that was recorded is in them, in millionths of a second.
    """

    edition: str
    layout: str
    position: int = 0
    until: int = 0
    rows: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys((*TABLES, *IDS), 0))
    texts: Mapping[str, list[str]] = field(default_factory=lambda: {name: [] for name in TEXTS})


def nothing_yet() -> Contents:
    """The contents of a folder in which everything is still to be counted."""
    return Contents(uuid4().hex, layout_digest())


class FigureFolder:
    """A folder with columns. `read` and `write` may run in different processes at once."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def contents(self) -> Contents | None:
        """What counts now; None where nothing does: the folder is new, or of another version."""
        try:
            found = Contents(**json.loads((self._path / CONTENTS).read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return found if found.layout == layout_digest() else None

    def columns(self, contents: Contents, table: str) -> Columns:
        """The columns of a table, as they are in the files."""
        rows = contents.rows[table]
        return {
            name: self._column(contents, f"{table}.{name}", kind, rows)
            for name, kind in TABLES[table].items()
        }

    def ids(self, contents: Contents, name: str) -> NDArray[Any]:
        """The ids that numbers stand for."""
        return self._column(contents, name, "V16", contents.rows[name])

    def _column(self, contents: Contents, name: str, kind: str, rows: int) -> NDArray[Any]:
        if not rows:
            return np.zeros(0, kind)
        return np.memmap(self._path / contents.edition / name, kind, "r", shape=(rows,))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Keep other writers out. Raises FiguresBusy where there is one."""
        self._path.mkdir(parents=True, exist_ok=True)
        with (self._path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise FiguresBusy("The figures are being counted. Try again soon.") from error
            yield

    def append(self, contents: Contents, name: str, kind: str, values: NDArray[Any]) -> None:
        """Write values behind those that count; whoever lives on puts the contents in place."""
        if not len(values):
            return
        folder = self._path / contents.edition
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / name
        path.touch()
        table = name.partition(".")[0]
        with path.open("r+b") as file:
            file.seek(contents.rows[table] * np.dtype(kind).itemsize)
            file.truncate()
            file.write(np.ascontiguousarray(values.astype(kind, copy=False)).tobytes())
            file.flush()
            os.fsync(file.fileno())

    def put(self, contents: Contents) -> None:
        """Let the contents count from now on. The edition that did so before stays, for those who
        read it; older ones go."""
        self._path.mkdir(parents=True, exist_ok=True)
        fresh = self._path / f"{CONTENTS}.{uuid4().hex}"
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(asdict(contents), file)
            file.flush()
            os.fsync(file.fileno())
        before = self.contents()
        kept = {contents.edition, contents.edition if before is None else before.edition}
        fresh.replace(self._path / CONTENTS)
        for old in self._path.iterdir():
            if old.is_dir() and old.name not in kept:
                shutil.rmtree(old, ignore_errors=True)
