"""A flat CSV with one site a row, as spreadsheets hold it."""

from collections.abc import Iterator, Mapping

from referral_hub.formats.csv_rows import CsvFile, Row
from referral_hub.formats.flat_columns import NAME_TARGETS, WEEKDAY_TARGETS, settled_mapping
from referral_hub.formats.hours import Opening, openings_by_day, parse_hours
from referral_hub.formats.keys import Claims, child_key, content_key, digest, own_id
from referral_hub.formats.packages import Package
from referral_hub.formats.records import Item, Origin, Problem, RawRecord, Severity
from referral_hub.formats.tally import Tally
from referral_hub.formats.text import fold, split_list

_ADDRESS = ("address_1", "address_2", "city", "state_province", "postal_code", "country")
_PLACE = ("address_1", "city", "state_province", "postal_code")
_SERVICE = {
    "alternate_name": "alternate_name",
    "description": "description",
    "website": "url",
    "email": "email",
    "eligibility": "eligibility_description",
    "application_process": "application_process",
    "fees": "fees_description",
}
"""Service field by target."""


def read_flat_csv(
    package: Package, wanted: Mapping[str, str] | None = None, organization: str = ""
) -> Iterator[Item]:
    """Records and problems of flat CSV files. Raises BadMapping at once, before the first record.

    Rows that name no organization are those of `organization`, where one is given.

    Each row becomes a service at a location, with its address, phone and hours. Rows of one
    organization share it: rows that name the same organization in a column of its own or, where a
    row names only its site, sites of one name in one city. (Many churches bear the same name;
    in two towns they are two.)
    """
    files = [CsvFile(member) for member in package.tables]
    mappings = [settled_mapping(file.columns, wanted) for file in files]
    return _read(list(zip(files, mappings, strict=True)), organization)


def _read(files: list[tuple[CsvFile, dict[str, str]]], organization: str) -> Iterator[Item]:
    claims, tally = Claims(), Tally()
    for file, mapping in files:
        for row in file.rows():
            if isinstance(row, Row):
                cells = _by_target(row, mapping)
                claims.offer(_wishes(cells), _content(cells))
    reader = _SiteReader(claims, tally, organization)
    for file, mapping in files:
        yield from file.problems
        yield from _unused(file, mapping)
        for row in file.rows():
            if isinstance(row, Problem):
                yield row
            else:
                yield from reader.read(_by_target(row, mapping), Origin(file.name, row.line))
    yield from tally.problems()


def _by_target(row: Row, mapping: Mapping[str, str]) -> dict[str, str]:
    return {
        target: row.cells[name].strip() for target, name in mapping.items() if name in row.cells
    }


def _wishes(cells: Mapping[str, str]) -> list[str]:
    """Keys a row would like to have: its id, then what it is called and where it stands."""
    said = [cells.get(target, "") for target in (*NAME_TARGETS, *_PLACE)]
    full = content_key(cells.get("id", ""), *said)
    return [own_id(cells["id"]), full] if "id" in cells else [full]


def _content(cells: Mapping[str, str]) -> str:
    return digest(sorted(cells.items()))


def _unused(file: CsvFile, mapping: Mapping[str, str]) -> Iterator[Problem]:
    for column in file.columns:
        if column not in mapping.values():
            reason = f"the column “{column}” was not read; map it if it matters"
            yield Problem(
                Origin(file.name, 1), Severity.NOTICE, "unused_column", reason, field=column
            )


class _SiteReader:
    """Turns rows into records, each organization and each repeated row once."""

    def __init__(self, claims: Claims, tally: Tally, organization: str) -> None:
        self._claims = claims
        self._tally = tally
        self._organization = organization
        self._told: set[str] = set()
        self._position = 0

    def read(self, cells: Mapping[str, str], origin: Origin) -> Iterator[Item]:
        """The records of one row, or why it gives none."""
        names = [cells[target] for target in NAME_TARGETS if target in cells]
        if not names:
            reason = "no name: the row names neither an organization nor a service nor a site"
            yield Problem(origin, Severity.ERROR, "no_name", reason)
            return
        key = self._row_key(cells, origin)
        if f"row {key}" in self._told:
            self._tally.note("repeated_row", origin)
            return
        self._told.add(f"row {key}")
        yield from self._records(cells, key, names[0], origin)

    def _row_key(self, cells: Mapping[str, str], origin: Origin) -> str:
        wishes = _wishes(cells)
        if "id" not in cells:
            self._tally.note("no_id", origin, "service")
        elif self._claims.is_shared(wishes[0]):
            self._tally.note("ambiguous_id", origin, "service", record=cells["id"])
        return self._claims.key(wishes, _content(cells))

    def _records(
        self, cells: Mapping[str, str], key: str, any_name: str, origin: Origin
    ) -> Iterator[RawRecord]:
        site = cells.get("name", any_name)
        organization = self._organization_key(cells)
        link, place = child_key("service", key, "site"), child_key("service", key, "location")
        if organization not in self._told:
            self._told.add(organization)
            name = cells.get("organization_name") or self._organization or any_name
            yield self._made("organization", organization, {"name": name}, {}, origin)
        service = {field: cells[target] for target, field in _SERVICE.items() if target in cells}
        service["name"] = cells.get("service_name", site)
        references = {"organization_id": organization}
        yield self._made("service", key, service, references, origin)
        yield self._made("location", place, self._location(cells, site), references, origin)
        link_ends = {"service_id": key, "location_id": place}
        yield self._made("service_at_location", link, {}, link_ends, origin)
        yield from self._parts(cells, key, place, link, origin)

    def _organization_key(self, cells: Mapping[str, str]) -> str:
        named = cells.get("organization_name") or self._organization
        if named:
            return content_key(fold(named)) or content_key(named)
        name = cells.get("name") or cells.get("service_name", "")
        town = cells.get("city") or cells.get("postal_code") or cells.get("address_1", "")
        return content_key(fold(name) or name, fold(town), fold(cells.get("state_province", "")))

    def _location(self, cells: Mapping[str, str], name: str) -> dict[str, str]:
        fields = {field: cells[field] for field in ("latitude", "longitude") if field in cells}
        if len(fields) == 2 or any(field in cells for field in _PLACE):
            fields["location_type"] = "physical"
        return {"name": name, **fields}

    def _parts(
        self, cells: Mapping[str, str], key: str, place: str, link: str, origin: Origin
    ) -> Iterator[RawRecord]:
        address = {field: cells[field] for field in _ADDRESS if field in cells}
        if address.keys() - {"country"}:
            address["address_type"] = "physical"
            at = {"location_id": place}
            yield self._made("address", child_key("service", key, "address"), address, at, origin)
        if "phone" in cells:
            of = {"service_id": key, "location_id": place}
            number = {"number": cells["phone"]}
            yield self._made("phone", child_key("service", key, "phone"), number, of, origin)
        for name in dict.fromkeys(split_list(cells.get("languages", ""))):
            part, of = child_key("service", key, f"language {name}"), {"service_id": key}
            yield self._made("language", part, {"name": name}, of, origin)
        yield from self._schedules(cells, link, origin)
        yield from self._attributes(cells, key, origin)

    def _schedules(
        self, cells: Mapping[str, str], link: str, origin: Origin
    ) -> Iterator[RawRecord]:
        """Weekly hours; a text that is not wholly understood stays a text."""
        openings, texts = _hours(cells)
        of = {"service_at_location_id": link}
        for number, opening in enumerate(openings, start=1):
            fields = {
                "freq": "WEEKLY",
                "byday": opening.byday,
                "opens_at": opening.opens_at,
                "closes_at": opening.closes_at,
            }
            part = child_key("service_at_location", link, f"hours {number}")
            yield self._made("schedule", part, fields, of, origin)
        if texts:
            self._tally.note("hours_as_text", origin, "schedule")
            part = child_key("service_at_location", link, "hours")
            yield self._made("schedule", part, {"description": "; ".join(texts)}, of, origin)

    def _attributes(
        self, cells: Mapping[str, str], key: str, origin: Origin
    ) -> Iterator[RawRecord]:
        said = [("category", part) for part in split_list(cells.get("category", ""))]
        if "source_record" in cells:
            said.append(("source_record", cells["source_record"]))
        for kind, value in dict.fromkeys(said):
            part = child_key("service", key, f"{kind} {value}")
            fields = {"link_type": kind, "value": value}
            yield self._made("attribute", part, fields, {}, origin, ("service", key))

    def _made(
        self,
        table: str,
        key: str,
        values: Mapping[str, str],
        references: Mapping[str, str],
        origin: Origin,
        owner: tuple[str, str] | None = None,
    ) -> RawRecord:
        self._position += 1
        return RawRecord(table, key, values, origin, references, owner, self._position - 1)


def _hours(cells: Mapping[str, str]) -> tuple[list[Opening], list[str]]:
    """The openings that the hours columns name, and the texts that name none."""
    days = {code: cells[day] for day, code in WEEKDAY_TARGETS.items() if day in cells}
    read = []
    if days:
        labelled = [f"{day.title()}: {cells[day]}" for day in WEEKDAY_TARGETS if day in cells]
        read.append((openings_by_day(days), "; ".join(labelled)))
    if "hours" in cells:
        read.append((parse_hours(cells["hours"]), cells["hours"]))
    openings = dict.fromkeys(opening for found, _ in read for opening in found or ())
    return list(openings), [text for found, text in read if not found]
