"""Reads a package of CSV files, one table each, whatever version of HSDS they follow."""

import json
from collections.abc import Iterator, Mapping

from referral_hub.formats.csv_facts import Facts, TableFile
from referral_hub.formats.csv_repairs import REPAIRS, Extra, Flaw
from referral_hub.formats.csv_rows import CsvFile
from referral_hub.formats.csv_shapes import FOLDED, Shape, Spread
from referral_hub.formats.keys import child_key, content_key, digest, is_uuid, own_id
from referral_hub.formats.mapping import FIELDS, REFERENCES, owner_of, parted
from referral_hub.formats.packages import Package
from referral_hub.formats.records import Item, Origin, Problem, RawRecord, Severity
from referral_hub.formats.table_names import TABLE_OF_NAME
from referral_hub.formats.tally import Tally
from referral_hub.formats.text import quoted, split_list
from referral_hub.rules.hsds import PARTS, TABLES

_OLDER_TAXONOMY = frozenset({"parent_id", "parent_name", "vocabulary", "taxonomy_id"})
_LARGEST_DESCRIPTION = 8 * 1024**2


def read_tables(
    package: Package, shapes: Mapping[str, Shape], file_names: Mapping[str, str]
) -> Iterator[Item]:
    """Records and problems of a package, parents before children, rows in the order of the file.

    `file_names` gives the source table of files that are named otherwise than in HSDS.
    """
    files, problems = find_tables(package, file_names)
    yield from problems
    facts, tally = Facts(), Tally()
    yield from facts.gather(files, tally)
    reader = _TableReader(shapes, facts, tally)
    order = list(TABLES)
    read = [file for file in files if file.source not in FOLDED]
    for file in sorted(read, key=lambda file: order.index(shapes[file.source].table)):
        yield from file.csv.problems
        yield from reader.read(file)
    yield from _orphans(files, facts)
    yield from tally.problems()


def find_tables(
    package: Package, file_names: Mapping[str, str]
) -> tuple[list[TableFile], list[Problem]]:
    """The CSV files of a package whose names are known, and a notice for each of the others."""
    named, problems = _described(package)
    files: list[TableFile] = []
    for member in package.tables:
        source = named.get(member.name) or file_names.get(member.stem)
        source = source or TABLE_OF_NAME.get(member.stem)
        if source is None:
            reason = "no table of the standard has this name; the file was not read"
            problems.append(_file_problem(member.name, "unknown_file", reason))
            continue
        csv = CsvFile(member)
        if source == "taxonomy" and _OLDER_TAXONOMY & set(csv.columns):
            source = "older_taxonomy"
        files.append(TableFile(source, csv))
    if len(package.data) > 1:
        reason = "this JSON file stands beside CSV files; it was not read"
        problems += [_file_problem(m.name, "unknown_file", reason) for m in package.documents]
    return files, problems


def _described(package: Package) -> tuple[dict[str, str], list[Problem]]:
    """Source table by file name, as far as a datapackage.json says it."""
    description = package.description
    if description is None:
        return {}, []
    folder = description.name.rpartition("/")[0]
    try:
        with description.open() as stream:
            resources = json.loads(stream.read(_LARGEST_DESCRIPTION))["resources"]
        pairs = [(str(resource["path"]), str(resource["name"])) for resource in resources]
    except (ValueError, KeyError, TypeError, RecursionError):
        reason = "the data package's description cannot be read; files are known by their names"
        return {}, [_file_problem(description.name, "bad_description", reason)]
    prefix = f"{folder}/" if folder else ""
    return {
        prefix + path: TABLE_OF_NAME[name.lower()]
        for path, name in pairs
        if name.lower() in TABLE_OF_NAME
    }, []


def _file_problem(file: str, code: str, reason: str) -> Problem:
    return Problem(Origin(file), Severity.NOTICE, code, reason)


def _orphans(files: list[TableFile], facts: Facts) -> Iterator[Problem]:
    """Say once a table that texts were left over whose service is not in the package."""
    for file in files:
        lost = sum(1 for texts in facts.folded.values() if file.source in texts)
        if lost:
            reason = f"{lost} services that are named here are not in the package"
            origin = Origin(file.csv.name)
            yield Problem(origin, Severity.WARNING, "unknown_service", reason, file.source)


class _TableReader:
    """Turns the rows of one file after the other into records."""

    def __init__(self, shapes: Mapping[str, Shape], facts: Facts, tally: Tally) -> None:
        self._shapes = shapes
        self._facts = facts
        self._tally = tally
        self._position = 0
        self._without_id: dict[tuple[str, str], int] = {}

    def read(self, file: TableFile) -> Iterator[Item]:
        """The records of one file."""
        shape = self._shapes[file.source]
        columns = set(file.names.values())
        rename = {old: new for old, new in shape.rename.items() if new not in columns}
        for found in file.rows():
            if isinstance(found, Problem):
                yield found
                continue
            row, cells = found
            origin = Origin(file.csv.name, row.line)
            fields = {rename.get(name, name): text for name, text in cells.items()}
            yield from self._row(file.source, shape, fields, origin)

    def _row(
        self, source: str, shape: Shape, fields: dict[str, str], origin: Origin
    ) -> Iterator[Item]:
        for name, join in shape.join.items():
            text = fields.pop(name, "")
            if text:
                known = (fields.get(join.into), join.prefix + text)
                fields[join.into] = join.separator.join(filter(None, known))
        if self._is_blank(shape, fields):
            reason = "blank row: it has no id and says nothing"
            yield Problem(origin, Severity.ERROR, "blank_row", reason, shape.table)
            return
        fields.update(shape.constants)
        repair = REPAIRS.get(source)
        for told in repair(fields, self._facts) if repair else ():
            if isinstance(told, Extra):
                yield self._extra(told, origin)
            elif told.reason:
                yield self._flaw(told, shape, fields, origin)
            else:
                self._tally.note(told.code, origin, shape.table)
        yield from self._record(source, shape, fields, origin)

    def _record(
        self, source: str, shape: Shape, fields: dict[str, str], origin: Origin
    ) -> Iterator[Item]:
        spread = {name: fields.pop(name) for name in shape.spread if name in fields}
        described = fields.pop(shape.owner[1], "") if shape.owner else ""
        self._drop_unknown(shape, fields, origin)
        values, references = parted(shape.table, fields)
        owner = owner_of(shape.table, values, references)
        if shape.owner and described:
            owner = shape.owner[0], own_id(described)
        key = self._key(source, shape.table, own_id(fields.get("id")))
        if not key:
            self._tally.note("no_id", origin, shape.table)
            key = self._made_key(shape.table, values, references, owner)
        yield self._made(shape.table, key, values, references, origin, owner)
        for column, text in spread.items():
            yield from self._spread(shape, column, text, key, origin)

    def _is_blank(self, shape: Shape, fields: Mapping[str, str]) -> bool:
        """Whether a row has no id and at most names one record that it should belong to."""
        said = [name for name in fields if name not in REFERENCES[shape.table]]
        if shape.owner and shape.owner[1] in said:
            said.remove(shape.owner[1])
        return not said and len(fields) <= 1

    def _drop_unknown(self, shape: Shape, fields: dict[str, str], origin: Origin) -> None:
        for name in fields.keys() - FIELDS[shape.table]:
            del fields[name]
            if name not in shape.redundant:
                code = "left_out" if name in shape.left_out else "unknown_field"
                self._tally.note(code, origin, shape.table, name)

    def _key(self, source: str, table: str, raw_id: str) -> str:
        """The row's own id. Of several source tables that became one, each counts for itself."""
        if table in PARTS and source != table and raw_id and not is_uuid(raw_id):
            return f"{source}:{raw_id}"
        return raw_id

    def _made_key(
        self,
        table: str,
        values: Mapping[str, object],
        references: Mapping[str, str],
        owner: tuple[str, str] | None,
    ) -> str:
        """An id from what the row says, numbered where rows say the same."""
        named = [(name.removesuffix("_id"), references[name]) for name in sorted(references)]
        named += [owner] if owner else []
        said = digest(sorted(values.items()), sorted(references.items()), owner)
        if table in PARTS:
            key = child_key(*(named[0] if named else ("", "")), said)
        else:
            key = content_key(str(values.get("name", "")), *(raw for _, raw in named)) or said
        count = self._without_id[table, key] = self._without_id.get((table, key), 0) + 1
        return key if count == 1 else f"{key}#{count}"

    def _spread(
        self, shape: Shape, column: str, text: str, key: str, origin: Origin
    ) -> Iterator[RawRecord]:
        spread = shape.spread[column]
        for part in dict.fromkeys(split_list(text) if spread.is_list else [text]):
            if spread.table == "service_at_location" and (key, part) in self._facts.linked:
                continue
            yield self._spread_record(shape.table, spread, column, part, key, origin)

    def _spread_record(
        self, table: str, spread: Spread, column: str, part: str, key: str, origin: Origin
    ) -> RawRecord:
        words = part.replace("_", " ") if spread.table == "accessibility" else part
        values, references = parted(spread.table, {spread.into: words, **spread.constants})
        owner = None if spread.key else (table, key)
        if spread.key:
            references[spread.key] = key
        is_named = spread.is_list or spread.into in REFERENCES[spread.table]
        part_key = child_key(table, key, f"{column} {part}" if is_named else column)
        return self._made(spread.table, part_key, values, references, origin, owner)

    def _extra(self, extra: Extra, origin: Origin) -> RawRecord:
        return self._made(
            extra.table, extra.key, dict(extra.values), dict(extra.references), origin, None
        )

    def _made(
        self,
        table: str,
        key: str,
        values: Mapping[str, object],
        references: Mapping[str, str],
        origin: Origin,
        owner: tuple[str, str] | None,
    ) -> RawRecord:
        self._position += 1
        return RawRecord(table, key, values, origin, references, owner, self._position - 1)

    def _flaw(self, flaw: Flaw, shape: Shape, fields: Mapping[str, str], origin: Origin) -> Problem:
        return Problem(
            origin,
            Severity.WARNING,
            flaw.code,
            flaw.reason,
            shape.table,
            fields.get("id", ""),
            flaw.field,
            quoted(flaw.value),
        )
