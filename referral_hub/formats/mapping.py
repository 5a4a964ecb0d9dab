"""How a record's fields part into values and references."""

from collections.abc import Mapping

from referral_hub.formats.keys import own_id
from referral_hub.rules.hsds import TABLES, Kind

REFERENCES: dict[str, dict[str, str]] = {
    table.name: {
        field.name: field.references or ""
        for field in table.fields
        if field.kind is Kind.UUID and field.name != "id"
    }
    for table in TABLES.values()
}
"""Per table: each field that names another record, and the table it names where that is fixed."""

REFERENCES["organization"]["parent_organization_id"] = "organization"
REFERENCES["taxonomy_term"]["parent_id"] = "taxonomy_term"

FIELDS: dict[str, frozenset[str]] = {
    table.name: frozenset(table.field_names) for table in TABLES.values()
}
"""Per table: the names of its fields, references included."""

OWNER_FIELDS = {
    "attribute": ("link_entity", "link_id"),
    "metadata": ("resource_type", "resource_id"),
}
"""Per table that describes any other: the field that names the table, and the one with the id."""


def parted(table: str, fields: Mapping[str, object]) -> tuple[dict[str, object], dict[str, str]]:
    """The fields other than `id`, as (values, references)."""
    references = REFERENCES[table]
    values = {
        name: value for name, value in fields.items() if name not in references and name != "id"
    }
    named = {name: own_id(fields[name]) for name in references if name in fields}
    return values, {name: raw for name, raw in named.items() if raw}


def owner_of(
    table: str, values: Mapping[str, object], references: Mapping[str, str]
) -> tuple[str, str] | None:
    """What a tabular attribute or metadata row describes, where it names a table of HSDS."""
    if table not in OWNER_FIELDS:
        return None
    kind_field, id_field = OWNER_FIELDS[table]
    kind, raw = str(values.get(kind_field, "")).strip(), references.get(id_field)
    return (kind, raw) if kind in TABLES and raw else None
