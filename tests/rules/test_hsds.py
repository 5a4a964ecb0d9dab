"""Our tables of the standard against the standard's own files."""

import json
from pathlib import Path

import pytest

from referral_hub.rules.hsds import LISTED, PARTS, SHARED, TABLES

TABULAR_ONLY = {"attribute": {"taxonomy_term_id", "link_id", "link_entity"}} | {
    "metadata": {"resource_type", "resource_id"}
}
"""Fields that the standard requires in its tabular form only."""


@pytest.fixture(scope="module")
def official(test_data: Path) -> dict[str, dict]:
    package = json.loads((test_data / "hsds/3.2.3/datapackage.json").read_text())
    return {resource["name"]: resource for resource in package["resources"]}


def test_all_objects_of_the_standard_are_there(official: dict[str, dict]) -> None:
    assert set(TABLES) == set(official)
    assert len(TABLES) == 24


@pytest.mark.parametrize("name", sorted(TABLES))
def test_fields_keys_and_required_marks_are_the_standards(
    name: str, official: dict[str, dict]
) -> None:
    schema = official[name]["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    required = {n for n, f in fields.items() if f.get("constraints", {}).get("required")}
    keys = {key["fields"]: key["reference"]["resource"] for key in schema.get("foreignKeys", [])}
    ours = TABLES[name]
    assert ours.csv_name == official[name]["path"]
    assert set(ours.field_names) == set(fields)
    assert {f.name for f in ours.fields if f.required} == required - TABULAR_ONLY.get(name, set())
    assert {f.name: f.references for f in ours.references} == keys


@pytest.mark.parametrize("name", sorted(TABLES))
def test_closed_lists_are_the_standards(name: str, official: dict[str, dict]) -> None:
    for field in official[name]["schema"]["fields"]:
        closed = field.get("constraints", {}).get("enum")
        ours = next(f for f in TABLES[name].fields if f.name == field["name"])
        assert (set(closed) if closed else None) == (set(ours.choices) if ours.choices else None)


def test_parents_come_before_their_children() -> None:
    order = list(TABLES)
    for name, table in TABLES.items():
        for field in table.references:
            assert order.index(field.references) < order.index(name)


def test_every_table_is_listed_shared_or_a_part() -> None:
    assert sorted((*LISTED, *SHARED, *PARTS)) == sorted(TABLES)
