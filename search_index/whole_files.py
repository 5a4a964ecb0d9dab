"""Files that are there as a whole or not at all, whenever the process or the power ends."""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4


def write_whole(path: Path, blocks: Iterable[bytes | memoryview]) -> None:
    """Put a file in place at one stroke, safe on disk: readers find all of it or the one before.

    What a killed process leaves bears the name of the file and then some.
    """
    fresh = path.with_name(f"{path.name}.{uuid4().hex}")
    try:
        with fresh.open("wb") as file:
            file.writelines(blocks)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    sync(path.parent, [])


def sync(folder: Path, files: Iterable[Path]) -> None:
    """Put files, and the folder that names them, safely on disk."""
    for path in (*files, folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
