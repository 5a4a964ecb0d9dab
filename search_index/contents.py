"""The table of contents of a build: Whoosh's own, with a checksum after it."""

import zlib
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import RamStorage
from whoosh.index import TOC

from search_index.errors import IndexUnreadable, damage_named
from search_index.schema import SCHEMA
from search_index.whole_files import write_whole

INDEX_NAME = "MAIN"
_CHECKSUM_BYTES = 4


def write_contents(folder: Path, segments: list[Any], generation: int) -> None:
    """Make segments the content of a build, at one stroke."""
    storage = RamStorage()
    TOC(SCHEMA, segments, generation).write(storage, INDEX_NAME)
    path = contents_path(folder, generation)
    data = storage.files[path.name]
    write_whole(path, [data, zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "big")])


def read_contents(folder: Path, generation: int) -> list[Any]:
    """Return the segments of a generation. Raises IndexUnreadable."""
    path = contents_path(folder, generation)
    with damage_named():
        written = path.read_bytes()
        data, checksum = written[:-_CHECKSUM_BYTES], written[-_CHECKSUM_BYTES:]
        if zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "big") != checksum:
            raise IndexUnreadable(f"{path} is damaged")
        storage = RamStorage()
        storage.files[path.name] = data
        return list(TOC.read(storage, INDEX_NAME, gen=generation, schema=SCHEMA).segments)


def generation_of(folder: Path) -> int:
    """Return the number of the last commit to a build; -1 when its folder holds none."""
    try:
        names = [path.name for path in folder.iterdir()]
    except FileNotFoundError:
        return -1
    pattern = TOC._pattern(INDEX_NAME)
    return max((int(match[1]) for match in map(pattern.match, names) if match), default=-1)


def contents_path(folder: Path, generation: int) -> Path:
    """Return where the table of contents of a generation is."""
    return folder / str(TOC._filename(INDEX_NAME, generation))


def tidy(folder: Path) -> None:
    """Remove the files that the newest table of contents does not know of."""
    generation = generation_of(folder)
    contents = contents_path(folder, generation)
    names = tuple(f"{told.segment_id()}." for told in read_contents(folder, generation))
    for path in folder.iterdir():
        if path != contents and not path.name.startswith(names):
            path.unlink(missing_ok=True)
