"""Writes a directory as HSDS 3.x CSV files with their datapackage.json."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from referral_hub.rules.hsds import TABLES, Field, Kind, Table

_TYPES = {
    Kind.TEXT: {"type": "string"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.NUMBER: {"type": "number"},
    Kind.DATE: {"type": "date"},
    Kind.DATETIME: {"type": "datetime", "format": "any"},
    Kind.TIME: {"type": "string"},  # a time with an offset is none of the data package's times
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.URI: {"type": "string", "format": "uri"},
}


def write_package(folder: Path, rows: Mapping[str, Iterable[Mapping[str, object]]]) -> None:
    """Write one CSV file a table into the folder, row by row, and a datapackage.json.

    `rows` maps table names to rows by field name; None becomes an empty cell. A table or a field
    that HSDS does not have raises ValueError.
    """
    unknown = rows.keys() - TABLES.keys()
    if unknown:
        raise ValueError(f"HSDS has no table {', '.join(sorted(unknown))}")
    written = [table for name, table in TABLES.items() if name in rows]
    for table in written:
        _write_table(folder / table.csv_name, table, rows[table.name])
    description = {
        "name": "human-services-data",
        "profile": "tabular-data-package",
        "resources": [_resource(table, {other.name for other in written}) for table in written],
    }
    text = json.dumps(description, indent=2, ensure_ascii=False)
    (folder / "datapackage.json").write_text(text + "\n", encoding="utf-8")


def _write_table(path: Path, table: Table, rows: Iterable[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, table.field_names, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _resource(table: Table, written: set[str]) -> dict[str, object]:
    foreign_keys = [
        {
            "fields": field.name,
            "reference": {"resource": field.references, "fields": "id"},
        }
        for field in table.references
        if field.references in written
    ]
    return {
        "name": table.name,
        "path": table.csv_name,
        "profile": "tabular-data-resource",
        "schema": {
            "fields": [_described(field) for field in table.fields],
            "primaryKey": "id",
            "foreignKeys": foreign_keys,
        },
    }


def _described(field: Field) -> dict[str, object]:
    constraints: dict[str, object] = {}
    if field.required:
        constraints["required"] = True
    if field.choices:
        constraints["enum"] = sorted(field.choices)
    described: dict[str, object] = {"name": field.name, **_TYPES[field.kind]}
    return described | ({"constraints": constraints} if constraints else {})
