"""Which of the understood formats a file, folder or archive is in."""

import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from referral_hub.formats import ohana_csv
from referral_hub.formats.csv_facts import TableFile
from referral_hub.formats.csv_rows import CsvFile
from referral_hub.formats.csv_shapes import FOLDED, SHAPES
from referral_hub.formats.csv_tables import find_tables
from referral_hub.formats.errors import BadFile, UnknownFormat
from referral_hub.formats.flat_columns import is_site_list
from referral_hub.formats.mapping import FIELDS
from referral_hub.formats.packages import CSV_ENDINGS, Member, Package, open_package
from referral_hub.formats.text import quoted

_LOOK = 4096
_UNDERSTOOD = (
    "Understood are HSDS as JSON, JSON Lines or CSV files (1.0 to 3.2), the CSV files of Ohana, "
    "and a flat CSV with one site a row that has columns for a name and for a place or a contact."
)
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError)
"""What reading a damaged file or archive raises."""


class Format(StrEnum):
    """The formats that can be read."""

    HSDS_JSON = "hsds-json"
    HSDS_CSV = "hsds-csv"
    OHANA_CSV = "ohana-csv"
    FLAT_CSV = "flat-csv"


def detect_format(path: Path) -> Format:
    """The format of what is at the path. Raises UnknownFormat, BadFile."""
    try:
        with open_package(path) as package:
            return _format_of(package)
    except DAMAGE as error:
        raise BadFile(f"“{path.name}” is damaged and cannot be read: {error}.") from error


def _format_of(package: Package) -> Format:
    if len(package.data) == 1:
        _refuse_unreadable(package.data[0])
        if _is_json(package.data[0]):
            return Format.HSDS_JSON
    if any(_is_ohana(member) for member in package.tables):
        return Format.OHANA_CSV
    files, _ = find_tables(package, {})
    if any(_fits(file) for file in files):
        return Format.HSDS_CSV
    if package.documents and len(package.data) > 1:
        return Format.HSDS_JSON
    headers = [CsvFile(member).columns for member in package.tables]
    if len(headers) == 1 and is_site_list(headers[0]):
        return Format.FLAT_CSV
    raise UnknownFormat(f"“{package.name}” {_seen(package, headers)}. {_UNDERSTOOD}")


def _seen(package: Package, headers: list[tuple[str, ...]]) -> str:
    if headers:
        columns = "; ".join(", ".join(map(quoted, columns[:15])) for columns in headers[:5])
        return f"has the columns {columns}"
    names = ", ".join(quoted(member.name) for member in package.members[:10])
    return f"holds {names or 'nothing'}, which is no directory data"


def _refuse_unreadable(member: Member) -> None:
    start = _start(member)
    if not start:
        raise UnknownFormat(f"“{member.name}” is empty. {_UNDERSTOOD}")
    if start[0] == "<":
        raise UnknownFormat(f"“{member.name}” is XML or a web page. {_UNDERSTOOD}")


def _is_json(member: Member) -> bool:
    return member.ending not in CSV_ENDINGS and _start(member)[0] in "[{"


def _start(member: Member) -> str:
    """The first characters after byte order mark and white space."""
    with member.open() as stream:
        block = stream.read(_LOOK)
    encoding = "utf-16" if block[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    return block.decode(encoding, "replace").lstrip("\ufeff \t\r\n\x00")


def _is_ohana(member: Member) -> bool:
    marks = ohana_csv.MARKS.get(member.stem)
    return marks is not None and not marks.isdisjoint(CsvFile(member).columns)


def _fits(file: TableFile) -> bool:
    """Whether a file has the columns that its name promises: an id or a link, and few others."""
    names = set(file.names.values())
    links = {name for name in names if name == "id" or name.endswith("_id")}
    if file.source in FOLDED:
        return "service_id" in names
    shape = SHAPES[file.source]
    known = FIELDS[shape.table] | shape.rename.keys() | shape.join.keys() | shape.spread.keys()
    known |= shape.redundant | ({shape.owner[1]} if shape.owner else set())
    return bool(links) and 2 * len(names & known) >= len(names)
