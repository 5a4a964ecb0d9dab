"""Real directories: what is good loads, what is bad is explained."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.models import (
    DIRECTORY,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from referral_hub.rules.actor import System
from referral_hub.use_cases.import_directory import ImportOptions, import_directory
from tests.network import VAULT
from tests.use_cases.conftest import Imported

Importer = Callable[[str], Imported]


@pytest.fixture(scope="session")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return Gazetteer(tmp_path_factory.mktemp("gazetteer"))


@pytest.fixture
def import_set(session: Session, test_data: Path, gazetteer: Gazetteer, now: datetime) -> Importer:
    """Imports one of the real data sets."""

    def importer(name: str) -> Imported:
        imported = Imported(dry_run=False)
        path = test_data / "data" / name
        import_directory(
            session,
            System(),
            path,
            ImportOptions(path.stem),
            gazetteer=gazetteer,
            vault=VAULT,
            report=imported.report,
            now=now,
        )
        return imported

    return importer


def counts(session: Session) -> dict[str, int]:
    found = {
        name: session.scalar(select(func.count()).select_from(model)) or 0
        for name, model in DIRECTORY.items()
    }
    return {name: number for name, number in found.items() if number}


def errors(imported: Imported) -> Counter[str]:
    return Counter(p.code for p in imported.problems if p.severity == "error")


class TestIllinoisLegalAid:
    """HSDS 1.1 with missing organizations, no addresses and no links to places."""

    @pytest.fixture
    def imported(self, import_set: Importer) -> Imported:
        return import_set("legal_illinois")

    def test_every_service_with_a_name_loads_and_the_blank_row_is_reported(
        self, imported: Imported, session: Session
    ) -> None:
        assert session.scalar(select(func.count()).select_from(Service)) == 429
        blank = [p for p in imported.problems if p.code == "blank_row" and p.table == "service"]
        assert [(p.origin.file, p.origin.line) for p in blank] == [("services.csv", 651)]

    def test_organizations_that_are_not_in_the_file_are_incomplete_and_listed(
        self, imported: Imported, session: Session
    ) -> None:
        stubs = session.scalars(select(Organization).where(Organization.incomplete)).all()
        listed = {p.record for p in imported.problems if p.code == "organization-missing"}
        assert {stub.source_record_id for stub in stubs} == listed
        assert len(stubs) == 280

    def test_no_service_gets_a_place_that_is_not_proven(
        self, imported: Imported, session: Session
    ) -> None:
        assert session.scalar(select(func.count()).select_from(ServiceAtLocation)) == 0
        placed = select(func.count()).where(Location.point_latitude.is_not(None))
        assert session.scalar(placed) == 0

    def test_hours_and_telephones_load(self, imported: Imported, session: Session) -> None:
        assert session.scalar(select(func.count()).select_from(Schedule)) == 2492
        assert session.scalar(select(func.count()).select_from(Phone)) == 963


class TestSanMateoSample:
    """Ohana CSV, every table."""

    @pytest.fixture
    def imported(self, import_set: Importer) -> Imported:
        return import_set("sample_san_mateo")

    def test_it_loads_whole(self, imported: Imported, session: Session) -> None:
        assert errors(imported) == {}
        expected = {
            "organization": 8, "program": 1, "service": 23, "location": 22,
            "service_at_location": 23, "address": 42, "phone": 54, "contact": 32,
            "taxonomy_term": 290,
        }  # fmt: skip
        assert expected.items() <= counts(session).items()

    def test_every_location_has_its_stated_point_but_one(
        self, imported: Imported, session: Session
    ) -> None:
        bases = Counter(session.scalars(select(Location.point_basis)))
        assert bases["stated"] == 21


def test_food_sites_load_and_each_bad_row_and_coordinate_is_listed(
    import_set: Importer, session: Session
) -> None:
    imported = import_set("food_sites/food_sites_flat.csv")
    assert session.scalar(select(func.count()).select_from(Service)) == 3162
    assert errors(imported) == {"no_name": 7}
    doubted = Counter(p.code for p in imported.problems if p.code.startswith("coordinates"))
    assert doubted == {"coordinates-zero": 278, "coordinates-outside-state": 7}
    bases = Counter(session.scalars(select(Location.point_basis)))
    assert bases == {"stated": 3162 - 285, "zip": 277, "city": 1, "none": 7}


class TestDirtyFeed:
    """Nested JSON of many shapes, with ids that mean many things."""

    @pytest.fixture
    def imported(self, import_set: Importer) -> Imported:
        return import_set("food_sites/dirty_hsds_feed.jsonl")

    def test_every_organization_loads_though_220_share_an_id(
        self, imported: Imported, session: Session
    ) -> None:
        assert counts(session)["organization"] == 400
        assert counts(session)["address"] == 400

    def test_each_bad_record_is_explained_with_its_place(
        self, imported: Imported, session: Session
    ) -> None:
        bad = [p for p in imported.problems if p.severity == "error"]
        assert Counter((p.table, p.origin.line) for p in bad) == {
            ("phone", 362): 1, ("phone", 363): 1, ("language", 362): 1, ("language", 363): 1,
        }  # fmt: skip
        assert all(p.reason and p.origin.path for p in bad)


@pytest.mark.parametrize(
    "name",
    [
        "legal_illinois",
        "sample_san_mateo",
        pytest.param("food_sites/food_sites_flat.csv", marks=pytest.mark.slow),
        "food_sites/dirty_hsds_feed.jsonl",
    ],
)
def test_importing_a_real_set_twice_changes_nothing(import_set: Importer, name: str) -> None:
    import_set(name)
    assert import_set(name).changes == []
