"""A file, a folder or a zip archive as a set of named files; nothing is unpacked to disk."""

import struct
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from referral_hub.formats.errors import BadFile, UnknownFormat

MOST_FILES = 1000
MOST_BYTES = 4 * 1024**3
MOST_RATIO = 200
_BAD_ARCHIVE = (
    zipfile.BadZipFile,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
_SMALL = 10 * 1024**2
_READABLE_COMPRESSION = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
CSV_ENDINGS = (".csv", ".tsv")
_JSON_ENDINGS = (".json", ".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a package. `name` is its path inside the package; each `open` starts anew."""

    name: str
    open: Callable[[], IO[bytes]]

    @property
    def stem(self) -> str:
        """The file name in lower case without folders and ending."""
        return PurePosixPath(self.name.lower()).stem

    @property
    def ending(self) -> str:
        """The ending of the file name in lower case, with its dot."""
        return PurePosixPath(self.name.lower()).suffix

    @property
    def is_description(self) -> bool:
        """Whether this is the datapackage.json, which describes the other files."""
        return self.stem == "datapackage" and self.ending == ".json"


@dataclass(frozen=True, slots=True)
class Package:
    """The files of a directory data set, ordered by name."""

    name: str
    members: tuple[Member, ...]

    @property
    def data(self) -> tuple[Member, ...]:
        """The files other than a data package's description."""
        return tuple(member for member in self.members if not member.is_description)

    @property
    def tables(self) -> tuple[Member, ...]:
        """The CSV files; a file that is alone may have any name."""
        if len(self.data) == 1:
            return self.data
        return tuple(member for member in self.data if member.ending in CSV_ENDINGS)

    @property
    def documents(self) -> tuple[Member, ...]:
        """The JSON files; a file that is alone may have any name."""
        if len(self.data) == 1:
            return self.data
        return tuple(member for member in self.data if member.ending in _JSON_ENDINGS)

    @property
    def description(self) -> Member | None:
        """The datapackage.json, where there is one."""
        return next((member for member in self.members if member.is_description), None)


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """The package at a path. Raises BadFile, or UnknownFormat for an office workbook."""
    if path.is_dir():
        yield Package(path.name, _folder_members(path))
    elif not path.is_file():
        raise BadFile(f"There is no file or folder “{path.name}”.")
    elif zipfile.is_zipfile(path):
        with _open_archive(path) as archive:
            yield Package(path.name, _archive_members(archive))
    else:
        yield Package(path.name, (Member(path.name, lambda: path.open("rb")),))


def refuse_larger(path: Path, most: int) -> None:
    """Raise BadFile for an archive that unpacks to more bytes than this."""
    if not zipfile.is_zipfile(path):
        return
    with _open_archive(path) as archive:
        size = sum(info.file_size for info in archive.infolist())
    if size > most:
        raise BadFile(f"“{path.name}” unpacks to more than {most // 1024**2:,} MB. Split it.")


def _folder_members(folder: Path) -> tuple[Member, ...]:
    def opener(path: Path) -> Callable[[], IO[bytes]]:
        return lambda: path.open("rb")

    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [(path.relative_to(folder).as_posix(), path) for path in paths]
    return tuple(Member(name, opener(path)) for name, path in names if not _is_hidden(name))


def _open_archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BAD_ARCHIVE as error:
        raise BadFile(f"The archive “{path.name}” is damaged: {error}.") from error


def _archive_members(archive: zipfile.ZipFile) -> tuple[Member, ...]:
    def opener(info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        return lambda: _open_entry(archive, info)

    entries = [info for info in archive.infolist() if not info.filename.endswith("/")]
    _refuse_unsafe(entries)
    if any(info.filename == "[Content_Types].xml" for info in entries):
        raise UnknownFormat(
            "This is an office workbook. Save its sheets as CSV files and send those."
        )
    entries.sort(key=lambda info: info.filename)
    return tuple(
        Member(info.filename, opener(info)) for info in entries if not _is_hidden(info.filename)
    )


def _open_entry(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
    try:
        return archive.open(info)
    except _BAD_ARCHIVE as error:
        reason = f"“{info.filename}” in the archive cannot be unpacked: {error}."
        raise BadFile(reason) from error


def _refuse_unsafe(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise BadFile(f"The archive holds {len(entries)} files; at most {MOST_FILES} are read.")
    if sum(info.file_size for info in entries) > MOST_BYTES:
        raise BadFile(f"The archive unpacks to more than {MOST_BYTES // 1024**3} GB.")
    for info in entries:
        if info.flag_bits & 0x1:
            raise BadFile(f"“{info.filename}” in the archive is locked with a password.")
        if info.compress_type not in _READABLE_COMPRESSION:
            raise BadFile(f"“{info.filename}” in the archive is packed in an unknown way.")
        if info.file_size > _SMALL and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise BadFile(
                f"“{info.filename}” in the archive unpacks to more than {MOST_RATIO} times its "
                "size; that is no ordinary data file."
            )


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
