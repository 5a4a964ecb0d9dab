"""What must be known of some files of a package before the others can be read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from referral_hub.formats.csv_rows import CsvFile, Row
from referral_hub.formats.csv_shapes import FOLDED
from referral_hub.formats.records import Origin, Problem
from referral_hub.formats.tally import Tally
from referral_hub.formats.text import fold
from referral_hub.rules.hsds import TABLES, Kind

FREE_TEXTS: dict[str, frozenset[str]] = {
    table.name: frozenset(
        field.name for field in table.fields if field.kind is Kind.TEXT and not field.choices
    )
    for table in TABLES.values()
}
"""Per table: the fields that hold any text."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A CSV file and the source table that it holds."""

    source: str
    csv: CsvFile

    @property
    def names(self) -> dict[str, str]:
        """Field name by column: the column in lower case with underscores."""
        return {column: "_".join(column.lower().split()) for column in self.csv.columns}

    def has(self, name: str) -> bool:
        """Whether the file has a column of this name."""
        return name in self.names.values()

    def rows(self) -> Iterator[tuple[Row, dict[str, str]] | Problem]:
        """Each row with its filled cells by field name, or what is wrong with it.

        Only the free texts of today's tables keep their outer spaces.
        """
        names, texts = self.names, FREE_TEXTS.get(self.source, frozenset())
        for row in self.csv.rows():
            if isinstance(row, Problem):
                yield row
                continue
            named = ((names[column], text) for column, text in row.cells.items())
            yield row, {name: text if name in texts else text.strip() for name, text in named}


@dataclass(slots=True)
class Facts:
    """Ids that link files, and the texts of small tables that belong to a service."""

    folded: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Texts by service id and source table."""
    organization_of: dict[str, str] = field(default_factory=dict)
    """Organization id by location id, where services name only their location."""
    linked: set[tuple[str, str]] = field(default_factory=set)
    """Pairs of service and location that a table of links names."""
    placed: set[str] = field(default_factory=set)
    """Ids of locations that have a physical address."""
    types_are_unknown: bool = False
    """Whether no file says what type its locations are of."""
    told: set[str] = field(default_factory=set)
    """Keys of records that rows of other tables brought about."""

    def gather(self, files: Iterable[TableFile], tally: Tally) -> Iterator[Problem]:
        """Read the files that others depend on. Keeps ids, and the texts of the small tables."""
        by_source: dict[str, list[TableFile]] = {}
        for file in files:
            by_source.setdefault(file.source, []).append(file)
        locations = by_source.get("location", [])
        services = by_source.get("service", [])
        self.types_are_unknown = not any(file.has("location_type") for file in locations)
        if self.types_are_unknown and locations:
            for file in by_source.get("physical_address", []):
                self.placed.update(cells.get("location_id", "") for cells in _cells(file))
        if any(file.has("location_id") for file in services):
            for file in locations:
                self._note_organizations(file)
            for file in by_source.get("service_at_location", []):
                self.linked.update(_pair(cells) for cells in _cells(file))
        for source in FOLDED:
            for file in by_source.get(source, []):
                yield from file.csv.problems
                yield from self._fold(file, tally)

    def _note_organizations(self, file: TableFile) -> None:
        for cells in _cells(file):
            if "id" in cells and "organization_id" in cells:
                self.organization_of[cells["id"]] = cells["organization_id"]

    def _fold(self, file: TableFile, tally: Tally) -> Iterator[Problem]:
        column = FOLDED[file.source].column
        for found in file.rows():
            if isinstance(found, Problem):
                yield found
                continue
            row, cells = found
            service, text = cells.get("service_id", ""), cells.get(column, "")
            if not service or not text:
                tally.note("empty_record", Origin(file.csv.name, row.line), file.source)
                continue
            texts = self.folded.setdefault(service, {}).setdefault(file.source, [])
            if fold(text) not in map(fold, texts):
                texts.append(text)


def _cells(file: TableFile) -> Iterator[dict[str, str]]:
    return (found[1] for found in file.rows() if not isinstance(found, Problem))


def _pair(cells: dict[str, str]) -> tuple[str, str]:
    return cells.get("service_id", ""), cells.get("location_id", "")
