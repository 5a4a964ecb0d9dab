"""Importing a directory: what loads, what changes, what is refused, and that nothing is lost."""

import json
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from referral_hub.formats.records import Severity
from referral_hub.models import (
    Address,
    Attribute,
    AuditRow,
    Location,
    Metadata,
    NetworkSetting,
    Organization,
    PendingIndex,
    Phone,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    UnresolvedReference,
)
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import ImportFailed, SignInNeeded
from referral_hub.use_cases.import_directory import (
    ImportOptions,
    import_directory,
    import_documents,
)
from referral_hub.use_cases.importing.report import ImportReport, RecordChange
from referral_hub.use_cases.transaction import transaction
from tests.factories import a_directory, a_location, a_service, an_address, an_organization, uid
from tests.fakes import FakeGazetteer
from tests.network import VAULT
from tests.use_cases.conftest import Imported, Importer


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def the_service(session: Session) -> Service:
    session.expire_all()
    return session.scalars(select(Service)).one()


def the_location(session: Session) -> Location:
    session.expire_all()
    return session.scalars(select(Location)).one()


def test_a_nested_organization_loads_whole(load: Importer, session: Session) -> None:
    load(a_directory())
    for model in (Organization, Service, Location, ServiceAtLocation, Address):
        assert count(session, model) == 1


def test_importing_twice_changes_nothing(load: Importer, session: Session, now: datetime) -> None:
    load(a_directory())
    before = the_service(session).updated_at
    again = load(a_directory(), at=now + timedelta(days=1))
    assert again.changes == []
    assert the_service(session).updated_at == before


def test_importing_twice_leaves_no_index_work(load: Importer, session: Session) -> None:
    load(a_directory())
    waiting = count(session, PendingIndex)
    load(a_directory())
    assert count(session, PendingIndex) == waiting == 1


def test_a_changed_record_is_updated_and_said(load: Importer, session: Session) -> None:
    load(a_directory())
    again = load(a_directory(description="New words."))
    (change,) = again.changes
    assert change.fields == {
        "description": ("Lawyers for tenants who got an eviction notice.", "New words.")
    }
    assert the_service(session).description == "New words."


def test_a_vanished_service_becomes_inactive_and_is_not_deleted(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    gone = load([an_organization()])
    assert ("made inactive", "service") in gone.said
    assert the_service(session).status == "inactive"
    assert the_service(session).vanished_at == now


def test_a_vanished_service_that_comes_back_is_active_again(
    load: Importer, session: Session
) -> None:
    load(a_directory())
    load([an_organization()])
    load(a_directory())
    assert the_service(session).status == "active"
    assert the_service(session).vanished_at is None


def test_a_vanished_service_stays_gone_once_when_imported_again(load: Importer) -> None:
    load(a_directory())
    load([an_organization()])
    assert load([an_organization()]).changes == []


def test_parts_of_a_vanished_service_are_kept(load: Importer, session: Session) -> None:
    load(a_directory(phones=[{"id": uid("phone"), "number": "312-555-0101"}]))
    load([an_organization()])
    assert count(session, Phone) == 1


def test_a_part_that_is_gone_from_a_kept_service_is_removed(
    load: Importer, session: Session
) -> None:
    load(a_directory(phones=[{"id": uid("phone"), "number": "312-555-0101"}]))
    again = load(a_directory())
    assert again.said == [("removed", "phone")]
    assert count(session, Phone) == 0


def test_what_another_source_brought_is_not_touched(load: Importer, session: Session) -> None:
    load(a_directory())
    other = [an_organization("other organization", services=[a_service("other service")])]
    load(other, source="other")
    assert count(session, Service) == 2
    assert all(service.status == "active" for service in session.scalars(select(Service)))


def test_a_record_of_another_source_is_refused_and_said(load: Importer, session: Session) -> None:
    load(a_directory())
    mine = [an_organization("mine"), an_organization(name="Renamed")]
    other = load(mine, source="other")
    assert "belongs-to-another-source" in other.codes
    assert session.get(Organization, UUID(uid("organization"))).name == "Fair Homes Legal Aid"


def test_what_speaks_of_a_record_of_another_source_is_left_out_and_said(
    load: Importer, session: Session, now: datetime, tmp_path: Path
) -> None:
    load(a_directory())
    theirs = uid("service")
    (tmp_path / "organizations.csv").write_text("id,name,description\no1,Agency,d\n")
    (tmp_path / "attributes.csv").write_text(
        f"id,link_id,link_entity,value\na1,{theirs},service,Free beds\n"
    )
    (tmp_path / "metadata.csv").write_text(
        "id,resource_id,resource_type,last_action_date,last_action_type,field_name,"
        "previous_value,replacement_value,updated_by\n"
        f"m1,{theirs},service,2026-01-01,update,name,a,b,c\n"
    )
    (tmp_path / "phones.csv").write_text(
        f"id,organization_id,service_id,number\np1,o1,{theirs},555\np2,,{theirs},666\n"
    )
    session.execute(delete(PendingIndex))
    session.commit()
    imported = Imported(dry_run=False)
    import_directory(
        session, System(), tmp_path, ImportOptions("other"), gazetteer=FakeGazetteer(),
        vault=VAULT, report=imported.report, now=now,
    )  # fmt: skip
    assert count(session, Attribute) == count(session, Metadata) == 0
    numbers = session.execute(select(Phone.number, Phone.service_id)).all()
    assert [tuple(row) for row in numbers] == [("555", None)]
    assert count(session, UnresolvedReference) == count(session, PendingIndex) == 0
    assert sorted(imported.codes) == ["belongs-to-another-source"] * 4 + ["belongs-to-nothing"]


def test_others_write_while_a_dry_run_looks(
    load: Importer, session: Session, engine: Engine, now: datetime
) -> None:
    load(a_directory())
    written = []

    def write(_change: RecordChange) -> None:
        with Session(engine) as other, transaction(other):
            name = f"note {len(written)}"
            other.add(NetworkSetting(name=name, value=1, changed_by="test", changed_at=now))
        written.append(name)

    imported = Imported(dry_run=True)
    imported.report.on_change = write
    import_documents(
        session, System(), a_directory(description="New words."),
        ImportOptions("test", dry_run=True), gazetteer=FakeGazetteer(), vault=VAULT,
        report=imported.report, now=now,
    )  # fmt: skip
    assert written == ["note 0"]


def test_a_dry_run_says_exactly_what_would_change_and_changes_nothing(
    load: Importer, session: Session
) -> None:
    load(a_directory())
    changed = a_directory(description="New words.")
    rehearsed = load(changed, dry_run=True)
    assert the_service(session).description != "New words."
    assert rehearsed.changes == load(changed).changes


def test_a_dry_run_leaves_no_trace(load: Importer, session: Session) -> None:
    load(a_directory(), dry_run=True)
    for model in (Organization, Service, PendingIndex, AuditRow, ServiceNeed):
        assert count(session, model) == 0


def test_a_bad_service_is_reported_and_the_good_one_loads(load: Importer, session: Session) -> None:
    services = [a_service("good"), a_service("bad", name="")]
    imported = load([an_organization(services=services)])
    (problem,) = [p for p in imported.problems if p.severity == "error"]
    assert (problem.table, problem.field) == ("service", "name")
    assert count(session, Service) == 1


def test_what_hangs_on_a_bad_service_does_not_load_half(load: Importer, session: Session) -> None:
    phones = [{"id": uid("phone"), "number": "312-555-0101"}]
    bad = a_service("bad", location=a_location(), name="", phones=phones)
    imported = load([an_organization(services=[bad])])
    assert count(session, ServiceAtLocation) == count(session, Phone) == 0
    assert "needs-a-missing-record" in imported.codes


def test_a_record_that_has_become_bad_keeps_what_was_good(load: Importer, session: Session) -> None:
    load(a_directory())
    load(a_directory(name=""))
    assert the_service(session).status == "active"
    assert the_service(session).name == "Eviction Defense"


def test_a_file_with_nothing_usable_changes_nothing(load: Importer, session: Session) -> None:
    load(a_directory())
    with pytest.raises(ImportFailed):
        load([{"id": uid("organization"), "description": "no name"}])
    assert the_service(session).status == "active"


def test_a_missing_organization_becomes_an_incomplete_stub(
    load: Importer, session: Session
) -> None:
    imported = load([a_service(organization_id="4711")])
    (stub,) = session.scalars(select(Organization))
    assert (stub.incomplete, stub.source_record_id) == (True, "4711")
    assert "organization-missing" in imported.codes


def test_a_stub_stays_when_the_same_file_comes_again(load: Importer, session: Session) -> None:
    load([a_service(organization_id="4711")])
    assert load([a_service(organization_id="4711")]).changes == []
    (stub,) = session.scalars(select(Organization))
    assert stub.vanished_at is None


def test_a_stub_becomes_whole_when_its_organization_comes(load: Importer, session: Session) -> None:
    load([a_service(organization_id="4711")])
    load([{"id": "4711", "name": "Tenant Union", "description": "d", "services": [a_service()]}])
    session.expire_all()
    (organization,) = session.scalars(select(Organization))
    assert (organization.name, organization.incomplete) == ("Tenant Union", False)


def test_a_reference_to_nothing_is_kept_until_its_target_comes(
    load: Importer, session: Session
) -> None:
    contact = {"id": uid("contact"), "name": "Ann", "service_at_location_id": uid("elsewhere")}
    load([an_organization(contacts=[contact])])
    (reference,) = session.scalars(select(UnresolvedReference))
    assert str(reference.target_id) == uid("elsewhere")


def test_a_shared_telephone_is_one_record_with_all_its_owners(
    load: Importer, session: Session
) -> None:
    phone = {"id": uid("phone"), "number": "312-555-0101"}
    service = a_service(location=a_location(phones=[phone]), phones=[phone])
    load([an_organization(services=[service], phones=[phone])])
    (row,) = session.scalars(select(Phone))
    assert None not in (row.service_id, row.location_id, row.organization_id)


def test_ids_that_are_no_uuids_are_derived_from_source_and_id(
    load: Importer, session: Session
) -> None:
    load([an_organization(id="17", services=[a_service(id="17")])])
    organization_id, service_id = (
        session.scalar(select(Organization.id)),
        session.scalar(select(Service.id)),
    )
    assert organization_id.version == service_id.version == 5
    assert organization_id != service_id


def test_a_place_without_coordinates_gets_its_zip_codes_point_marked_approximate(
    load: Importer, session: Session
) -> None:
    location = a_location(latitude=None, longitude=None)
    load([an_organization(services=[a_service(location=location)])])
    found = the_location(session)
    assert (found.point_latitude, found.point_basis) == (41.85, "zip")
    assert found.latitude is None


def test_a_mailing_address_never_becomes_a_place(load: Importer, session: Session) -> None:
    address = an_address(address_type="postal")
    location = a_location(latitude=None, longitude=None, addresses=[address])
    load([an_organization(services=[a_service(location=location)])])
    assert the_location(session).point_latitude is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "basis"),
    [
        (41.857, -87.657, "stated"),
        (-87.657, 41.857, "swapped"),
        (0, 0, "zip"),
        (-33.4, -70.6, "zip"),
    ],
)
def test_coordinates_are_judged_and_what_was_stated_is_kept(
    load: Importer, session: Session, latitude: float, longitude: float, basis: str
) -> None:
    location = a_location(latitude=latitude, longitude=longitude)
    load([an_organization(services=[a_service(location=location)])])
    found = the_location(session)
    assert found.point_basis == basis
    assert (found.latitude, found.longitude) == (latitude, longitude)


def test_a_service_without_terms_gets_suggested_needs(load: Importer, session: Session) -> None:
    load(a_directory())
    suggested = session.scalars(select(ServiceNeed)).all()
    assert suggested
    assert {need.basis for need in suggested} == {"suggested"}


def test_a_change_of_a_location_concerns_the_services_there(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    session.query(PendingIndex).delete()
    session.commit()
    changed = deepcopy(a_directory())
    changed[0]["services"][0]["service_at_locations"][0]["location"]["name"] = "New name"
    load(changed)
    assert session.scalars(select(PendingIndex.service_id)).all() == [UUID(uid("service"))]


def test_the_import_is_audited_in_the_same_transaction(load: Importer, session: Session) -> None:
    load(a_directory())
    (row,) = session.scalars(select(AuditRow))
    assert (row.actor, row.action) == ("system:system", "directory:import")


def test_a_stranger_may_not_import(session: Session, tmp_path: Path, now: datetime) -> None:
    with pytest.raises(SignInNeeded):
        import_directory(
            session,
            Anonymous(),
            tmp_path,
            ImportOptions("x"),
            gazetteer=FakeGazetteer(),
            vault=VAULT,
            report=ImportReport("x", "", dry_run=False),
            now=now,
        )


def test_an_error_in_the_middle_leaves_the_directory_as_it_was(
    session: Session, load: Importer, now: datetime, tmp_path: Path
) -> None:
    class Failing(FakeGazetteer):
        def state_bounds(self, state: str) -> tuple[()]:
            raise RuntimeError("the disk is full")

    path = tmp_path / "feed.jsonl"
    path.write_text(str(a_directory()[0]).replace("'", '"'))
    with pytest.raises(RuntimeError):
        import_directory(
            session,
            System(),
            path,
            ImportOptions("test"),
            gazetteer=Failing(),
            vault=VAULT,
            report=ImportReport("test", "", dry_run=False),
            now=now,
        )
    assert count(session, Organization) == count(session, AuditRow) == 0


def test_a_record_named_only_by_its_id_does_not_hide_the_full_one(
    load: Importer, session: Session
) -> None:
    organization = an_organization(services=[{"id": uid("service")}])
    imported = load([organization, a_service(organization=organization)])
    assert the_service(session).name == "Eviction Defense"
    assert imported.codes == []


def test_a_short_copy_of_a_record_is_completed_by_a_longer_one(
    load: Importer, session: Session
) -> None:
    short = {"id": uid("organization"), "name": "Fair Homes Legal Aid", "description": ""}
    load([a_service(organization=short), an_organization(email="law@fairhomes.example.org")])
    assert session.scalars(select(Organization.email)).one() == "law@fairhomes.example.org"


def test_two_parts_under_one_id_are_both_kept(load: Importer, session: Session) -> None:
    first, second = ({"id": uid("phone"), "number": number} for number in ("1", "2"))
    services = [a_service("one", phones=[first]), a_service("two", phones=[second])]
    imported = load([an_organization(services=services)])
    assert set(session.scalars(select(Phone.number))) == {"1", "2"}
    assert imported.codes == ["id-used-twice"]
    assert load([an_organization(services=services)]).changes == []


def test_another_source_that_only_names_an_organization_does_not_empty_it(
    load: Importer, session: Session
) -> None:
    load(a_directory())
    load([a_service("other", organization_id=uid("organization"))], source="other")
    (organization,) = session.scalars(select(Organization))
    assert (organization.name, organization.incomplete) == ("Fair Homes Legal Aid", False)
    assert count(session, Service) == 2


def test_a_file_that_breaks_off_retires_nothing(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "feed.json"
    whole = json.dumps([an_organization(f"o{n}", name=f"Agency {n}") for n in range(10)])
    for text in (whole, whole[: len(whole) // 2]):
        path.write_text(text)
        report = ImportReport("feed", "", dry_run=False)
        import_directory(
            session, System(), path, ImportOptions("feed"),
            gazetteer=FakeGazetteer(), vault=VAULT, report=report, now=now,
        )  # fmt: skip
    assert report.problems[Severity.WARNING, "vanished-not-judged"] == 1
    gone = select(func.count()).where(Organization.vanished_at.is_not(None))
    assert session.scalar(gone) == 0


def test_a_part_that_goes_takes_no_other_with_it(
    session: Session, now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "organizations.csv").write_text("id,name,description\no1,Agency,d\n")
    (tmp_path / "phones.csv").write_text("id,organization_id,contact_id,number\np1,o1,c1,555\n")
    for contacts in ("id,organization_id,name\nc1,o1,Ann\n", "id,organization_id,name\n"):
        (tmp_path / "contacts.csv").write_text(contacts)
        import_directory(
            session, System(), tmp_path, ImportOptions("feed"), gazetteer=FakeGazetteer(),
            vault=VAULT,
            report=ImportReport("feed", "", dry_run=False), now=now,
        )  # fmt: skip
    (phone,) = session.scalars(select(Phone))
    assert phone.contact_id is None
    assert count(session, UnresolvedReference) == 1


def test_stubs_are_listed_at_every_import(load: Importer) -> None:
    for _ in range(2):
        imported = load([a_service(organization_id="4711")])
        assert imported.codes == ["organization-missing"]


def test_a_vanished_organization_that_is_named_again_is_back(
    load: Importer, session: Session
) -> None:
    load(a_directory())
    load([an_organization("another")])
    load([an_organization("another"), a_service(organization_id=uid("organization"))])
    session.expire_all()
    assert session.get(Organization, UUID(uid("organization"))).vanished_at is None


def test_a_record_of_which_nothing_is_said_is_reported(load: Importer) -> None:
    imported = load([an_organization(services=[{"id": uid("service"), "name": ""}])])
    assert imported.codes == ["only-an-id"]


def test_a_record_that_is_only_mentioned_again_has_not_vanished(
    load: Importer, session: Session
) -> None:
    load(a_directory())
    again = load([an_organization(services=[{"id": uid("service")}])])
    assert "only-an-id" not in again.codes
    assert the_service(session).status == "active"
