"""Arrays that take long to make, kept in a file for later processes."""

import logging
import os
import zipfile
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
_log = logging.getLogger(__name__)


def load_or_make(path: Path | None, names: Collection[str], make: Callable[[], Arrays]) -> Arrays:
    """The arrays of these names from the file; made, and written there, when it has them not."""
    if path is not None and path.exists():
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
                return {name: kept[name] for name in names}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            _log.warning("%s cannot be read and is made anew", path)
    arrays = make()
    if path is not None:
        try:
            _write(path, arrays)
        except OSError:
            _log.warning("%s cannot be written: every start will take seconds", path)
    return arrays


def _write(path: Path, arrays: Arrays) -> None:
    """All or nothing, so that another process never reads half a file."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
