"""Where a confidential location is lies sealed, whatever a feed sends, and comes back unharmed."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    DIRECTORY,
    AgencyOrganization,
    AuditRow,
    ConcealedRecord,
    ListingChange,
    Location,
    ServiceAtLocation,
    StoredCard,
    columns,
)
from referral_hub.rules.actor import Application, Person, System
from referral_hub.rules.errors import NotFound, NotPermitted
from referral_hub.rules.listings import RowEdit
from referral_hub.rules.permissions import Permission
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope
from referral_hub.rules.visibility import WhyRead, WhyShown
from referral_hub.use_cases.directory.concealing import PLACES_LOCK
from referral_hub.use_cases.export_directory import export_objects
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport, RecordChange
from referral_hub.use_cases.importing.taking_back import CONFIDENTIAL, take_back
from referral_hub.use_cases.protect_location import (
    protect_location,
    seal_protected,
    unprotect_location,
)
from referral_hub.use_cases.read_true_address import read_true_address
from referral_hub.use_cases.rotate_keys import rotate_keys
from referral_hub.use_cases.transaction import transaction
from tests.factories import a_location, an_address, an_organization, uid
from tests.fakes import CHICAGO, FakeGazetteer
from tests.network import VAULT, Network
from tests.secret_place import (
    LATER,
    NUMBER,
    POINT,
    STREET,
    a_bare_shelter,
    a_secret_location,
    a_shelter,
    told,
    told_by_tables,
)
from tests.use_cases.conftest import Importer, importing

HUB = System("test")
HOUSE = UUID(uid("house"))
STEWARD = Person(UUID(int=1), None, frozenset({Role.NETWORK_STEWARD}))


@dataclass(frozen=True)
class Shelter:
    """A hub that knows a shelter, and what can be done there."""

    session: Session
    load: Importer
    now: datetime

    def protect(self, actor: Any = HUB) -> None:
        protect_location(self.session, actor, HOUSE, FakeGazetteer(), VAULT, now=self.now)

    def unprotect(self, actor: Any = STEWARD) -> None:
        unprotect_location(
            self.session, actor, HOUSE, WhyShown.MOVED_AWAY, FakeGazetteer(), VAULT, now=self.now
        )

    def read(self, actor: Any, vault: Vault = VAULT) -> Any:
        return read_true_address(
            self.session, actor, HOUSE, WhyRead.GOING_THERE, vault, now=self.now
        )

    def everything(self) -> dict[str, list[dict[str, Any]]]:
        """All rows of the directory but for the times of their changes."""
        found = {}
        for name, model in DIRECTORY.items():
            rows = self.session.execute(select(*columns(model)).order_by(model.id))
            found[name] = [
                {key: value for key, value in row._asdict().items() if key != "updated_at"}
                for row in rows
            ]
        self.session.rollback()
        return found

    def told(self) -> dict[str, set[str]]:
        """What any table of the database tells, by table."""
        return told_by_tables(self.session)


@pytest.fixture
def shelter(session: Session, load: Importer, now: datetime) -> Shelter:
    return Shelter(session, load, now)


def test_no_row_tells_where_a_protected_location_is(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    assert set(shelter.told()) >= {
        "location", "address", "service_at_location", "schedule", "phone", "contact", "language",
        "accessibility", "metadata", "attribute", "service_area",
    }  # fmt: skip
    shelter.protect()
    assert shelter.told() == {}
    place = shelter.session.get_one(Location, HOUSE)
    assert (place.latitude, place.longitude) == (CHICAGO.latitude, CHICAGO.longitude)


def test_what_is_no_secret_stays(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    rows = shelter.everything()
    assert [row["number"] for row in rows["phone"]] == ["312-555-0199"]
    assert {row["description"] for row in rows["accessibility"]} == {None, "ramp"}
    assert {row["byday"] for row in rows["schedule"]} == {"MO", "TU"}
    assert {row["postal_code"] for row in rows["address"]} == {"60608"}


def test_a_number_that_is_a_services_own_stays_its_own(shelter: Shelter) -> None:
    documents = a_shelter()
    (place,) = documents[0]["locations"]
    place["phones"].append({"id": uid("hotline"), "number": "312-555-0199"})
    shelter.load(documents)
    shelter.protect()
    (hotline,) = shelter.everything()["phone"]
    assert (hotline["service_id"], hotline["location_id"]) == (UUID(uid("shelter")), None)


def test_a_feed_that_tells_more_of_a_protected_location_tells_nobody(shelter: Shelter) -> None:
    shelter.load(a_bare_shelter())
    shelter.protect()
    imported = shelter.load(a_shelter())
    assert shelter.told() == {}
    assert ("changed", "address") in imported.said
    assert ("added", "phone") in imported.said
    assert told(repr(imported.changes) + repr(imported.problems)) == set()
    assert shelter.load(a_shelter()).changes == []


def test_the_same_feed_again_changes_nothing(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    before = shelter.everything()
    assert shelter.load(a_shelter()).changes == []
    assert shelter.everything() == before


def test_a_new_address_is_sealed_and_told_as_changed_once(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    moved = a_secret_location(street=LATER)
    imported = shelter.load(a_shelter(moved))
    assert imported.said == [("changed", "address")]
    assert dict(imported.changes[0].fields) == {"address_1": ("confidential", "confidential")}
    assert shelter.load(a_shelter(moved)).changes == []
    assert shelter.told() == {}
    shelter.unprotect()
    assert [row["address_1"] for row in shelter.everything()["address"]] == [LATER]


def test_a_part_that_the_feed_takes_back_is_sealed_no_more(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    place = a_secret_location()
    del place["phones"], place["schedules"]
    imported = shelter.load(a_shelter(place))
    assert {("removed", "phone"), ("removed", "schedule")} <= set(imported.said)
    kept = select(ConcealedRecord.table_name, ConcealedRecord.record_id)
    kept_ids = {record_id for _, record_id in shelter.session.execute(kept)}
    assert not {UUID(uid("house phone")), UUID(uid("house hours"))} & kept_ids
    assert UUID(uid("link phone")) in kept_ids


def test_a_service_that_moves_to_a_public_place_has_its_own_numbers_there_again(
    shelter: Shelter,
) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    documents = a_shelter()
    documents[0]["locations"].append(a_location("public"))
    (link,) = documents[0]["services"][0]["service_at_locations"]
    link["location"] = {"id": uid("public")}
    shelter.load(documents)
    phones = {row["id"] for row in shelter.everything()["phone"]}
    assert phones == {UUID(uid("hotline")), UUID(uid("link phone"))}
    assert shelter.load(documents).changes == []


def test_faults_of_a_protected_location_are_reported_without_their_values(
    shelter: Shelter,
) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    wrong = a_secret_location()
    wrong["url"] = "zanzibar hollow way"
    wrong["addresses"][0]["address_type"] = "1742 Zanzibar"
    wrong["phones"][0]["extension"] = "zanzibar"
    imported = shelter.load(a_shelter(wrong))
    assert {problem.table for problem in imported.problems} >= {"location", "address", "phone"}
    assert told(repr(imported.problems)) == set()


def test_making_it_public_gives_everything_back(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    before = shelter.everything()
    shelter.protect()
    shelter.unprotect()
    assert shelter.everything() == before
    assert list(shelter.session.scalars(select(ConcealedRecord))) == []


def test_an_area_of_a_service_at_two_secret_places_stays_sealed_with_the_other(
    shelter: Shelter,
) -> None:
    documents = a_shelter()
    other = {"id": uid("other"), "location_type": "physical", "addresses": []}
    documents[0]["locations"].append(other)
    links = documents[0]["services"][0]["service_at_locations"]
    links.append({"id": uid("shelter at other"), "location": {"id": uid("other")}})
    shelter.load(documents)
    for place in (HOUSE, UUID(uid("other"))):
        protect_location(shelter.session, HUB, place, FakeGazetteer(), VAULT, now=shelter.now)
    shelter.unprotect()
    assert {row["id"] for row in shelter.everything()["service_area"]} == {UUID(uid("link area"))}


def test_stored_cards_of_the_place_are_gone_at_once(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    card = StoredCard(key="k", service_id=UUID(uid("shelter")), location_id=HOUSE, content=STREET)
    shelter.session.add(card)
    shelter.session.commit()
    shelter.protect()
    assert list(shelter.session.scalars(select(StoredCard))) == []


def test_an_import_from_before_is_not_taken_back_into_clear(shelter: Shelter) -> None:
    shelter.load(a_bare_shelter())
    edits: list[RowEdit] = []

    def loaded(documents: Any) -> None:
        import_documents(
            shelter.session, HUB, documents, ImportOptions(source="test", on_edit=edits.append),
            gazetteer=FakeGazetteer(), vault=VAULT, report=a_report(), now=shelter.now,
        )  # fmt: skip

    loaded(a_shelter())
    loaded(a_bare_shelter())
    shelter.protect()
    with transaction(shelter.session):
        kept = take_back(
            shelter.session, list(reversed(edits)), a_report(), VAULT, "", now=shelter.now
        )
    assert CONFIDENTIAL in {each.reason for each in kept}
    assert told(repr(kept)) == set()
    assert shelter.told() == {}


def test_what_moves_to_a_public_place_does_not_tell_what_it_said_before(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    documents = a_shelter()
    other = {"id": uid("other"), "location_type": "physical", "addresses": []}
    documents[0]["locations"].append(other)
    (link,) = documents[0]["services"][0]["service_at_locations"]
    documents[0]["services"][0]["service_at_locations"] = [
        {"id": link["id"], "description": "Ring twice", "location": {"id": uid("other")}}
    ]
    edits: list[RowEdit] = []
    report = a_report()
    changes: list[RecordChange] = []
    report.on_change = changes.append
    import_documents(
        shelter.session, HUB, documents, ImportOptions(source="test", on_edit=edits.append),
        gazetteer=FakeGazetteer(), vault=VAULT, report=report, now=shelter.now,
    )  # fmt: skip
    assert told(repr(edits)) == told(repr(changes)) == set()
    assert "Ring twice" in repr(
        list(shelter.session.scalars(select(ServiceAtLocation.description)))
    )
    held = [change.edits for change in shelter.session.scalars(select(ListingChange))]
    assert told(repr(held)) == set()


def a_report() -> ImportReport:
    return ImportReport("test", "hsds_json", dry_run=False)


def test_what_an_older_version_left_in_clear_is_sealed(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.session.execute(
        update(Location).values(
            confidential=True, point_latitude=CHICAGO.latitude, point_longitude=CHICAGO.longitude
        )
    )
    shelter.session.commit()
    seal_protected(shelter.session, HUB, VAULT)
    assert shelter.told() == {}


def test_new_keys_open_what_old_ones_sealed(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    ring = Vault({"new": b"n" * 32, "test": bytes(range(32))})
    assert rotate_keys(shelter.session, HUB, ring, now=shelter.now).unreadable == {}
    worker = a_worker(shelter)
    assert shelter.read(worker, Vault({"new": b"n" * 32})).addresses[0][1] == STREET


def a_worker(shelter: Shelter, *roles: Role) -> Person:
    """Somebody of the agency whose the shelter is."""
    network = Network(shelter.session, VAULT, shelter.now)
    agency = network.agency("Rose Aid")
    shelter.session.add(AgencyOrganization(organization_id=UUID(uid("rose")), agency_id=agency))
    shelter.session.commit()
    return network.person("Ana Ito", agency, *(roles or (Role.CASE_MANAGER,)))


def test_people_of_the_agency_read_the_address_and_each_time_is_noted(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    worker = a_worker(shelter)
    for _ in range(2):
        true = shelter.read(worker)
    assert STREET in true.addresses[0]
    assert (true.latitude, true.longitude) == POINT
    assert NUMBER in true.phones
    noted = select(AuditRow).where(AuditRow.action == "location:read-address")
    rows = shelter.session.scalars(noted).all()
    assert [(row.record_id, row.agency_id) for row in rows] == [(HOUSE, worker.agency_id)] * 2
    assert told(repr([row.detail for row in rows])) == set()


def test_nobody_else_reads_the_address(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    worker = a_worker(shelter)
    network = Network(shelter.session, VAULT, shelter.now)
    stranger = network.person("Bo Ode", network.agency("Elsewhere"), Role.CASE_MANAGER)
    of_agency = Application("app", worker.agency_id or UUID(int=0), frozenset(Scope), worker)
    with pytest.raises(NotFound):
        shelter.read(stranger)
    for actor in (of_agency, STEWARD, HUB):
        with pytest.raises(NotPermitted):
            shelter.read(actor)


def test_administrators_protect_what_is_their_agencys_and_stewards_all(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    network = Network(shelter.session, VAULT, shelter.now)
    stranger = network.person("Bo Ode", network.agency("Elsewhere"), Role.AGENCY_ADMINISTRATOR)
    with pytest.raises(NotFound):
        shelter.protect(stranger)  # it is no agency's own yet
    administrator = a_worker(shelter, Role.AGENCY_ADMINISTRATOR)
    with pytest.raises(NotFound):
        shelter.protect(stranger)
    assert shelter.told() != {}
    shelter.protect(administrator)
    with pytest.raises(NotPermitted):
        shelter.unprotect(administrator)
    assert shelter.told() == {}
    shelter.unprotect(STEWARD)
    shelter.protect(STEWARD)
    assert shelter.told() == {}


def test_why_a_location_became_public_is_in_the_audit(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    shelter.unprotect()
    row = shelter.session.scalars(
        select(AuditRow).where(AuditRow.action == str(Permission.LOCATION_UNPROTECT))
    ).one()
    assert (row.detail, row.record_id) == ("moved_away", HOUSE)
    with pytest.raises(NotFound):
        shelter.unprotect()


def a_twin(**fields: Any) -> Any:
    """The same place under other ids, as a file without ids of its own sends it."""
    address = an_address("twin address", address_1="1742 zanzibar hollow WAY, Apt 2")
    return a_location("twin", description=STREET, addresses=[address], **fields)


def test_the_same_door_under_another_id_is_confidential_as_well(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    documents = a_shelter()
    documents[0]["locations"].append(a_twin(name="Zanzibar House"))
    imported = shelter.load(documents)
    assert "kept-confidential" in [problem.code for problem in imported.problems]
    assert shelter.told() == {}
    twin = shelter.session.get_one(Location, UUID(uid("twin")))
    assert (twin.confidential, twin.latitude) == (True, CHICAGO.latitude)
    shelter.session.rollback()
    assert shelter.load(documents).changes == []
    assert shelter.told() == {}


def test_so_it_is_in_a_file_of_its_own_organization(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    own = an_organization("rose", name="Rose Aid", services=[], locations=[a_twin()])
    options = ImportOptions(
        source="rose", organization_id=UUID(uid("rose")), complete=False
    )  # fmt: skip
    import_documents(
        shelter.session, HUB, [own], options,
        gazetteer=FakeGazetteer(), vault=VAULT, report=a_report(), now=shelter.now,
    )  # fmt: skip
    assert shelter.session.get_one(Location, UUID(uid("twin"))).confidential
    assert shelter.told() == {}


def test_nobody_else_learns_by_an_import_what_is_at_a_door(shelter: Shelter) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    guess = an_organization("stranger", name="Stranger", services=[], locations=[a_twin()])
    imported = shelter.load([guess], source="stranger")
    assert "kept-confidential" not in [problem.code for problem in imported.problems]
    assert not shelter.session.get_one(Location, UUID(uid("twin"))).confidential


def test_what_came_into_clear_in_spite_of_all_is_sealed_and_is_what_is_true(
    shelter: Shelter,
) -> None:
    shelter.load(a_shelter())
    shelter.protect()
    address = DIRECTORY["address"]
    shelter.session.execute(update(address).values(address_1=LATER))
    shelter.session.commit()
    seal_protected(shelter.session, HUB, VAULT)
    assert shelter.told() == {}
    shelter.unprotect()
    (row,) = shelter.everything()["address"]
    assert (row["address_1"], row["attention"]) == (LATER, f"{STREET} attention")


def test_no_place_becomes_confidential_while_an_import_goes_on(
    shelter: Shelter, engine: Engine
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    free: list[bool] = []

    def ask(_edit: RowEdit) -> None:
        with engine.connect() as other:
            free.append(bool(other.scalar(select(func.pg_try_advisory_lock(PLACES_LOCK)))))

    import_documents(
        shelter.session, HUB, a_shelter(), ImportOptions(source="test", on_edit=ask),
        gazetteer=FakeGazetteer(), vault=VAULT, report=a_report(), now=shelter.now,
    )  # fmt: skip
    assert set(free) == {False}


def test_the_file_of_the_database_never_held_what_was_protected_before(
    sqlite_session: Session, sqlite_url: str, now: datetime
) -> None:
    shelter = Shelter(sqlite_session, importing(sqlite_session, now), now)
    shelter.load(a_bare_shelter())
    shelter.protect()
    shelter.load(a_shelter())
    assert in_the_files(sqlite_url) == set()
    exported = list(export_objects(sqlite_session, HUB, "organization"))
    assert told(json.dumps(exported)) == set()


def test_nothing_is_left_of_it_in_the_file_of_the_database(
    sqlite_session: Session, sqlite_url: str, now: datetime
) -> None:
    shelter = Shelter(sqlite_session, importing(sqlite_session, now), now)
    shelter.load(a_shelter())
    assert in_the_files(sqlite_url) != set()
    shelter.protect()
    sqlite_session.connection().exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert in_the_files(sqlite_url) == set()


def in_the_files(url: str) -> set[str]:
    path = Path(url.removeprefix("sqlite:///"))
    return {
        what
        for each in path.parent.glob(path.name + "*")
        for what in told(each.read_bytes().decode("latin-1"))
    }
