"""What every reader yields: raw HSDS records, and the problems met on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record or a problem stands: file name, line from 1, and path inside a JSON value."""

    file: str
    line: int | None = None
    path: str = ""


class Severity(StrEnum):
    """What a problem did to its record."""

    ERROR = "error"  # the record is not loaded
    WARNING = "warning"  # the record is loaded, the value was repaired or left out
    NOTICE = "notice"  # the record is loaded as it is; a person should know


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in the input, said so that a person can find and mend it."""

    origin: Origin
    severity: Severity
    code: str
    reason: str
    table: str = ""
    record: str = ""
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One HSDS 3.x record as its source wrote it, already under the standard's names.

    `id` is the source's own id, unique within (source, table). `values` are the fields other
    than id and references, unconverted. `references` maps a foreign key field to the raw id of
    the record it names. `owner` is (table, raw id) of what an attribute or metadata row describes.
    `position` is the place in the file, so that siblings keep their order.
    """

    table: str
    id: str
    values: Mapping[str, object]
    origin: Origin
    references: Mapping[str, str] = field(default_factory=dict)
    owner: tuple[str, str] | None = None
    position: int = 0


Item: TypeAlias = RawRecord | Problem
"""What a reader's stream is made of."""
