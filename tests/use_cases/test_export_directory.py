"""What was imported comes out again: the official examples, in the same shape, equal."""

import csv
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import rfc8785
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import Location, Organization, Service
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import NotFound, SignInNeeded
from referral_hub.rules.hsds import TABLES
from referral_hub.use_cases.export_directory import (
    export_csv,
    export_json,
    export_objects,
    export_tables,
)
from referral_hub.use_cases.import_directory import ImportOptions, import_directory
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.protect_location import protect_location
from tests.factories import a_directory, a_location, a_service, an_organization, uid
from tests.fakes import FakeGazetteer
from tests.network import VAULT
from tests.use_cases.conftest import Importer

EXAMPLES = "hsds/3.2.3/examples"
NUMBERS_AS_TEXT = {
    ("locations.csv", "external_identifier"),
    ("organization_identifiers.csv", "identifier"),
}
"""The tabular example writes these text fields as numbers, against the standard's own schema."""


@pytest.fixture
def imported(session: Session, test_data: Path, now: datetime) -> Callable[[str], Path]:
    """Imports one official example into an empty database."""

    def importer(name: str) -> Path:
        path = test_data / EXAMPLES / name
        import_directory(
            session,
            System(),
            path,
            ImportOptions("official"),
            gazetteer=FakeGazetteer(),
            vault=VAULT,
            report=ImportReport("official", "", dry_run=False),
            now=now,
        )
        return path

    return importer


def objects(session: Session, root: str, *, direct: bool = False) -> list[dict[str, Any]]:
    return list(export_objects(session, System(), root, direct=direct))


def canonical(value: Any) -> bytes:
    return rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("example", "root"),
    [
        ("service_full.json", "service"),
        ("organization_full.json", "organization"),
        ("service_at_location_full.json", "service_at_location"),
        ("location.json", "location"),
        ("taxonomy.json", "taxonomy"),
        ("taxonomy_term.json", "taxonomy_term"),
    ],
)
def test_a_full_example_is_exported_equal(
    imported: Callable[[str], Path], session: Session, example: str, root: str
) -> None:
    original = json.loads(imported(example).read_text())
    (exported,) = objects(session, root)
    assert canonical(exported) == canonical(original)


@pytest.mark.parametrize(
    ("example", "root"),
    [
        ("service_list.json", "service"),
        ("organization_list.json", "organization"),
        ("service_at_location_list.json", "service_at_location"),
        ("taxonomy_list.json", "taxonomy"),
        ("taxonomy_term_list.json", "taxonomy_term"),
    ],
)
def test_the_contents_of_a_list_example_are_exported_equal(
    imported: Callable[[str], Path], session: Session, example: str, root: str
) -> None:
    original = json.loads(imported(example).read_text())["contents"]
    assert canonical(objects(session, root, direct=True)) == canonical(original)


def test_the_tabular_example_is_exported_equal(
    imported: Callable[[str], Path], session: Session
) -> None:
    original = json.loads(imported("tabular.json").read_text())
    tables = export_tables(session, System())
    exported = {
        TABLES[name].csv_name: [_stated(row) for row in rows] for name, rows in tables.items()
    }
    for file, field in NUMBERS_AS_TEXT:
        for row in original[file]:
            row[field] = str(row[field])
    assert canonical({f: rows for f, rows in exported.items() if rows}) == canonical(original)


def test_the_csv_example_is_exported_equal(
    imported: Callable[[str], Path], session: Session, tmp_path: Path
) -> None:
    folder = imported("csv")
    export_csv(session, System(), tmp_path)
    for table in TABLES.values():
        assert _rows(tmp_path / table.csv_name) == _rows(folder / table.csv_name), table.csv_name


def test_a_directory_survives_export_and_import(
    load: Importer, session: Session, tmp_path: Path
) -> None:
    load(a_directory())
    path = tmp_path / "out.json"
    assert export_json(session, System(), path) == 1
    assert load(json.loads(path.read_text())).changes == []


def test_a_stub_is_no_row_of_the_csv_but_carries_its_services_in_json(
    load: Importer, session: Session
) -> None:
    load([a_service(organization_id="4711")])
    assert list(export_tables(session, System())["organization"]) == []
    (organization,) = objects(session, "organization")
    assert [service["name"] for service in organization["services"]] == ["Eviction Defense"]


def everything_exported(session: Session) -> str:
    tables = export_tables(session, System())
    rows = {name: list(found) for name, found in tables.items()}
    roots = ("organization", "service", "service_at_location", "location")
    return json.dumps([*(objects(session, root) for root in roots), rows])


def test_nothing_of_a_confidential_location_tells_where_it_is(
    load: Importer, session: Session, now: datetime
) -> None:
    location = a_location(
        name="Rose House", description="Behind the red door.", transportation="Bus 9",
        metadata=[{"id": uid("m"), "last_action_date": "2026-01-01", "last_action_type": "update",
                   "field_name": "name", "previous_value": "77 Old Street",
                   "replacement_value": "y", "updated_by": "z"}],
    )  # fmt: skip
    load([an_organization(services=[a_service(location=location)])])
    protect_location(session, System(), UUID(uid("location")), FakeGazetteer(), VAULT, now=now)
    exported = everything_exported(session)
    for secret in ("W 18th", "41.857", "-87.657", "red door", "Bus 9", "Rose House", "Old Street"):
        assert secret not in exported
    assert "60608" in exported


@pytest.mark.parametrize("model", [Organization, Service, Location])
def test_a_hidden_record_is_in_no_export(
    load: Importer, session: Session, model: type[Any]
) -> None:
    load(a_directory(phones=[{"id": uid("phone"), "number": "312-555-0101"}]))
    session.execute(update(model).values(visibility="hidden", name="Hidden Name"))
    session.commit()
    exported = everything_exported(session)
    assert "Hidden Name" not in exported
    assert "312-555-0101" not in exported or model is Location


def test_one_source_can_be_exported_alone(load: Importer, session: Session) -> None:
    load(a_directory())
    assert len(list(export_objects(session, System(), "service", source="test"))) == 1
    with pytest.raises(NotFound):
        export_objects(session, System(), "service", source="nobody")


def test_a_stranger_may_not_export(session: Session) -> None:
    with pytest.raises(SignInNeeded):
        export_objects(session, Anonymous(), "service")


def _stated(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [{k: v for k, v in row.items() if v} for row in csv.DictReader(stream)]
    return sorted(rows, key=lambda row: row["id"])
