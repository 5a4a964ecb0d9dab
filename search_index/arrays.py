"""Named arrays in one file, mapped into memory: processes share its pages.

Layout: magic, length of the head, checksum of all that follows it; then the head, which says in
JSON where each array lies; then the arrays, each at a multiple of 64 bytes.
"""

import json
import mmap
import struct
import zlib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_index.whole_files import write_whole

Arrays = Mapping[str, NDArray[Any]]

_START = struct.Struct("<8sII")
_MAGIC = b"columns1"
_ALIGNMENT = 64
_CHUNK = 1 << 22


class ArraysTorn(Exception):
    """A file of arrays is incomplete or damaged."""


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write arrays to a file at one stroke: whoever reads finds all of it, or the file before."""
    flat = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    head = _head(flat)
    checksum = zlib.crc32(len(head).to_bytes(4, "little") + head)
    for block in _blocks(flat, len(head)):
        checksum = zlib.crc32(block, checksum)
    start = _START.pack(_MAGIC, len(head), checksum)
    write_whole(path, chain((start, head), _blocks(flat, len(head))))


def read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays of a file, read-only. Raises ArraysTorn."""
    try:
        with path.open("rb") as file:
            magic, length, checksum = _START.unpack(file.read(_START.size))
            if magic != _MAGIC or _checksum(file, length) != checksum:
                raise ArraysTorn(f"{path} is damaged")
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError, struct.error) as error:
        raise ArraysTorn(f"{path} cannot be read") from error
    head = json.loads(mapped[_START.size : _START.size + length])
    return {
        name: np.frombuffer(mapped, dtype, _size(shape), offset).reshape(shape)
        for name, (dtype, shape, offset) in head.items()
    }


def _checksum(file: Any, length: int) -> int:
    """Read with the file's own reads: pages only mapped would count as this process's memory."""
    checksum = zlib.crc32(length.to_bytes(4, "little"))
    while block := file.read(_CHUNK):
        checksum = zlib.crc32(block, checksum)
    return checksum


def _head(arrays: Arrays) -> bytes:
    """Return where each array will lie; the head is filled with blanks up to the first one."""
    blank = {name: [array.dtype.str, list(array.shape), 1 << 60] for name, array in arrays.items()}
    room = _aligned(_START.size + len(json.dumps(blank)))
    offset, entries = room, {}
    for name, array in arrays.items():
        entries[name] = [array.dtype.str, list(array.shape), offset]
        offset = _aligned(offset + array.nbytes)
    return json.dumps(entries).encode().ljust(room - _START.size)


def _blocks(arrays: Arrays, head_length: int) -> Iterator[memoryview | bytes]:
    """Yield the bytes after the head, in turn."""
    end = _START.size + head_length
    for array in arrays.values():
        start = _aligned(end)
        yield bytes(start - end)
        yield memoryview(array.reshape(-1).view(np.uint8))  # type: ignore[arg-type]
        end = start + array.nbytes


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGNMENT) * _ALIGNMENT


def _size(shape: list[int]) -> int:
    return int(np.prod(shape, dtype=np.int64))
