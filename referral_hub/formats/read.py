"""The door to all readers: a path in, raw HSDS records and problems out."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from referral_hub.formats.detect import DAMAGE, Format, detect_format
from referral_hub.formats.errors import BadFile, BadMapping
from referral_hub.formats.flat_csv import read_flat_csv
from referral_hub.formats.hsds_csv import read_hsds_csv
from referral_hub.formats.hsds_json import read_hsds_json
from referral_hub.formats.ohana_csv import read_ohana_csv
from referral_hub.formats.packages import open_package
from referral_hub.formats.records import Item


def read_directory(
    path: Path,
    format: Format | None = None,  # noqa: A002
    mapping: Mapping[str, str] | None = None,
    organization: str = "",
) -> Iterator[Item]:
    """Every record of a file, folder or zip archive under HSDS 3.x names, and every problem.

    A stream in bounded memory, in the order of the source. `mapping` names the column of a flat
    CSV for a target; its rows that name no organization belong to `organization`. Raises
    UnknownFormat, BadMapping or BadFile, at the latest at the first item; BadFile also later,
    where a damaged archive breaks off.
    """
    chosen = format or (Format.FLAT_CSV if mapping else detect_format(path))
    if mapping and chosen is not Format.FLAT_CSV:
        raise BadMapping(f"Columns can be mapped for a flat CSV only, not for {chosen}.")
    return _read(path, chosen, mapping, organization)


def _read(
    path: Path, chosen: Format, mapping: Mapping[str, str] | None, organization: str
) -> Iterator[Item]:
    try:
        with open_package(path) as package:
            if chosen is Format.FLAT_CSV:
                yield from read_flat_csv(package, mapping, organization)
            else:
                yield from _READERS[chosen](package)
    except DAMAGE as error:
        raise BadFile(f"“{path.name}” is damaged and cannot be read: {error}.") from error


_READERS = {
    Format.HSDS_JSON: read_hsds_json,
    Format.HSDS_CSV: read_hsds_csv,
    Format.OHANA_CSV: read_ohana_csv,
}
