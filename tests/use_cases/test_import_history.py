"""What an import changes in a listing stands in its history, and can be taken back there."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.models import Address, Correction, ListingChange, Location, Phone, Service
from referral_hub.rules.actor import System
from referral_hub.rules.listings import ListingAct, ListingKey
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.importing.taking_back import CONFIDENTIAL, take_back
from referral_hub.use_cases.listing_history import show_history, undo_change
from referral_hub.use_cases.steps.listing_change import read_edit
from referral_hub.use_cases.transaction import transaction
from tests.factories import (
    Json,
    a_directory,
    a_location,
    a_service,
    an_address,
    an_organization,
    uid,
)
from tests.network import STEWARD, VAULT, Network
from tests.use_cases.conftest import Importer

SERVICE = ListingKey("service", UUID(uid("service")))
PHONES = [{"id": uid("phone"), "number": "312-555-0101"}]
HOURS = [{"id": uid("hours"), "byday": "MO", "freq": "WEEKLY"}]


def changes(session: Session) -> list[ListingChange]:
    session.expire_all()
    return list(session.scalars(select(ListingChange).order_by(ListingChange.id)))


def told(session: Session) -> list[tuple[str, str, list[str]]]:
    """(table, act, tables of the edits) of each change."""
    return [
        (row.table_name, row.act, [edit["table"] for edit in row.edits]) for row in changes(session)
    ]


def open_there(hours: list[Json], **address: str) -> list[Json]:
    """A directory whose service has hours at its location."""
    place = a_location(addresses=[an_address(**address)])
    service = a_service(location=place)
    service["service_at_locations"][0]["schedules"] = hours
    return [an_organization(services=[service])]


def test_what_comes_new_has_no_history_yet(load: Importer, session: Session) -> None:
    load(a_directory(phones=PHONES))
    assert changes(session) == []


def test_a_changed_field_is_told_with_its_source(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    load(a_directory(description="New words."), at=now + timedelta(days=1))
    (change,) = changes(session)
    assert (change.act, change.made_by, change.made_at) == (
        "import", "source:test", now + timedelta(days=1),
    )  # fmt: skip
    (edit,) = change.edits
    assert edit["after"] == {"description": "New words."}
    steward = Network(session, now=now).person("Sue", None, STEWARD)
    (line,) = show_history(session, steward, SERVICE, VAULT).lines
    assert (line.who, line.act, line.can_undo) == ("test", ListingAct.IMPORT, True)


def test_what_belongs_to_a_listing_is_told_with_it(load: Importer, session: Session) -> None:
    load(open_there([]))
    load(open_there(HOURS, address_1="9 Elm St"))
    load(open_there([], address_1="9 Elm St"))
    assert told(session) == [
        ("service", "import", ["schedule"]),
        ("location", "import", ["address"]),
        ("service", "import", ["schedule"]),
    ]


def test_what_an_import_retires_is_told_and_what_only_moves_in_the_file_is_not(
    load: Importer, session: Session
) -> None:
    both = [a_service("service"), a_service("other")]
    load([an_organization(services=both)])
    load([an_organization(services=both[::-1])])
    assert changes(session) == []
    load([an_organization(services=both[1:])])
    (change,) = changes(session)
    assert change.record_id == SERVICE.id
    assert change.edits[0]["after"]["status"] == "inactive"


def test_a_dry_run_tells_nothing(load: Importer, session: Session) -> None:
    load(a_directory())
    load(a_directory(description="New words."), dry_run=True)
    assert changes(session) == []


def test_a_change_of_a_source_that_somebody_takes_back_does_not_come_again(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory(description="Ours", phones=PHONES))
    load(a_directory(description="Theirs"))
    (change,) = changes(session)
    undo_change(session, System(), SERVICE, change.id, VAULT, now=now)
    load(a_directory(description="Theirs"))
    session.expire_all()
    assert session.get_one(Service, SERVICE.id).description == "Ours"
    assert session.get(Phone, UUID(uid("phone"))) is not None
    assert session.scalars(select(Correction)).all() == []


def test_a_listing_that_somebody_brought_back_is_not_retired_again(
    load: Importer, session: Session, now: datetime
) -> None:
    load(a_directory())
    load([an_organization()])
    retired = next(row for row in changes(session) if row.record_id == SERVICE.id)
    undo_change(session, System(), SERVICE, retired.id, VAULT, now=now)
    load([an_organization()])
    session.expire_all()
    service = session.get_one(Service, SERVICE.id)
    assert (service.status, service.vanished_at) == ("active", None)


def test_an_import_that_is_taken_back_says_so_in_each_history(
    load: Importer, session: Session, now: datetime
) -> None:
    load(open_there(HOURS))
    load(open_there([]))
    edits = [read_edit(each) for row in changes(session) for each in row.edits]
    with transaction(session):
        report = ImportReport("test", "", dry_run=False)
        assert take_back(session, reversed(edits), report, VAULT, "list.csv", now=now) == []
    assert told(session)[1:] == [("service", "undo", ["schedule"])]
    assert changes(session)[1].note == "list.csv"


def test_what_tells_of_a_place_that_is_confidential_by_now_is_not_put_back(
    load: Importer, session: Session, now: datetime
) -> None:
    load(open_there([]))
    load([an_organization(services=[a_service(location=a_location(addresses=[]))])])
    edits = [read_edit(each) for row in changes(session) for each in row.edits]
    session.execute(update(Location).values(confidential=True))
    session.commit()
    with transaction(session):
        report = ImportReport("test", "", dry_run=False)
        kept = take_back(session, reversed(edits), report, VAULT, "list.csv", now=now)
    assert [each.reason for each in kept if each.table == "address"] == [CONFIDENTIAL]
    assert session.scalars(select(Address)).all() == []
