"""People of the agency edit a confidential place as any other: what they write is sealed."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Address,
    AgencyOrganization,
    AuditRow,
    ConcealedRecord,
    EditedField,
    Location,
    Phone,
    ServiceArea,
    ServiceAtLocation,
)
from referral_hub.rules.errors import Conflict
from referral_hub.rules.visibility import WhyRead, WhyShown
from referral_hub.use_cases.add_listing import add_listing
from referral_hub.use_cases.edit_listing import save_section, show_section
from referral_hub.use_cases.listing_history import WITHHELD, show_history, undo_change
from referral_hub.use_cases.protect_location import protect_location, unprotect_location
from referral_hub.use_cases.read_true_address import TrueAddress, read_true_address
from tests.factories import a_directory, uid
from tests.secret_place import NUMBER, STREET, told, told_by_tables
from tests.use_cases.conftest import Importer
from tests.use_cases.listing_world import GAZETTEER, LOCATION, ORGANIZATION, Desk, a_desk

WAS = "1200 W 18th St"


@pytest.fixture
def desk(session: Session, load: Importer, now: datetime) -> Desk:
    """An agency whose place is confidential."""
    desk = a_desk(session, load, now)
    protect(desk)
    return desk


def protect(desk: Desk, place: UUID = LOCATION.id) -> None:
    protect_location(desk.session, desk.editor, place, GAZETTEER, desk.network.vault, now=desk.now)


def truth(desk: Desk, place: UUID = LOCATION.id) -> TrueAddress:
    desk.session.rollback()
    return read_true_address(
        desk.session, desk.worker, place, WhyRead.GOING_THERE, desk.network.vault, now=desk.now
    )


def test_its_form_shows_what_is_true_and_that_is_noted(desk: Desk) -> None:
    assert desk.form("about", LOCATION).texts["address.address_1"] == WAS
    noted = desk.session.scalars(
        select(AuditRow).where(AuditRow.action == "location:read-address")
    ).one()
    assert (noted.record_id, noted.detail) == (LOCATION.id, "checking_listing")
    assert desk.save("about", {}, LOCATION).is_changed is False


def test_a_new_address_is_sealed_and_its_area_is_known(desk: Desk) -> None:
    desk.save(
        "about",
        {"address.address_1": STREET, "description": f"At {STREET}", "name": "Zanzibar House"},
        LOCATION,
    )
    assert told_by_tables(desk.session) == {}
    (address,) = desk.rows(Address)
    assert (address.address_1, address.city) == ("", "Chicago")
    found = truth(desk)
    assert (found.addresses[0][0], found.name) == (STREET, "Zanzibar House")
    (line,) = show_history(desk.session, desk.editor, LOCATION, desk.network.vault).lines
    shown = {(each.label, each.before, each.after) for each in line.fields}
    assert ("Address: street and number", WITHHELD, WITHHELD) in shown
    assert told(repr(line)) == set()
    desk.session.rollback()
    with pytest.raises(Conflict, match="by hand"):
        undo_change(desk.session, desk.editor, LOCATION, line.id, desk.network.vault, now=desk.now)


def test_numbers_come_change_and_go_without_a_row(desk: Desk) -> None:
    desk.save("contacts", {"phone.new1.number": NUMBER, "phone.new1.type": "voice"}, LOCATION)
    (name,) = (key for key in desk.form("contacts", LOCATION).texts if key.endswith(".number"))
    assert truth(desk).phones == (NUMBER,)
    desk.save("contacts", {name: "312 555 0177"}, LOCATION)
    assert truth(desk).phones == ("312 555 0177",)
    assert desk.rows(Phone) == []
    assert told_by_tables(desk.session) == {}
    gone = dict.fromkeys(desk.form("contacts", LOCATION).texts, "")
    desk.save("contacts", gone, LOCATION)
    assert truth(desk).phones == ()
    sealed = desk.session.scalars(
        select(ConcealedRecord).where(ConcealedRecord.table_name == "phone")
    )
    assert sealed.all() == []


def test_two_who_change_it_at_once_are_told(desk: Desk) -> None:
    opened = desk.form("about", LOCATION)
    desk.save("about", {"address.address_1": "2 First St"}, LOCATION, actor=desk.colleague)
    done = desk.save("about", {"address.address_1": "3 Second St"}, LOCATION, opened=opened)
    assert [clash.name for clash in done.clashes] == ["address.address_1"]
    assert truth(desk).addresses[0][0] == "2 First St"


def test_a_place_kept_from_its_first_day_is_in_no_history(
    session: Session, load: Importer, now: datetime
) -> None:
    desk = a_desk(session, load, now)
    made = add_listing(session, desk.editor, "location", "Annex", ORGANIZATION.id, now=now)
    protect(desk, made.id)
    typed = {"address.address_1": STREET, "address.city": "Chicago", "address.state_province": "IL",
             "address.postal_code": "60608-2043"}  # fmt: skip
    desk.save("about", typed, made)
    assert told_by_tables(session) == {}
    place = desk.session.get_one(Location, made.id)
    assert place.point_basis == "zip"
    assert truth(desk, made.id).addresses[0][0] == STREET


def test_its_source_does_not_write_over_it(desk: Desk, load: Importer) -> None:
    desk.save("about", {"address.address_1": STREET}, LOCATION)
    assert set(desk.session.scalars(select(EditedField.field))) >= {"address_1"}
    desk.session.rollback()
    later = a_directory()
    later[0]["services"][0]["service_at_locations"][0]["location"]["addresses"][0]["address_1"] = (
        "9 Elsewhere St"
    )
    imported = load(later)
    assert truth(desk).addresses[0][0] == STREET
    assert imported.said == []
    assert told_by_tables(desk.session) == {}


def test_a_number_that_was_removed_or_changed_here_stays_so(
    session: Session, load: Importer, now: datetime
) -> None:
    documents = a_directory()
    place = documents[0]["services"][0]["service_at_locations"][0]["location"]
    for each in (*documents[0].get("locations", ()), place):
        if "addresses" in each:
            each["phones"] = [
                {"id": uid("gone"), "number": "312 555 0111", "type": "voice"},
                {"id": uid("kept"), "number": "312 555 0122", "type": "voice"},
            ]
    desk = a_desk(session, load, now)
    load(documents)
    protect(desk)
    form = desk.form("contacts", LOCATION).texts
    gone = {name: "" for name in form if uid("gone") in name}
    desk.save("contacts", gone | {f"phone.{uid('kept')}.number": NUMBER}, LOCATION)
    session.rollback()
    load(documents)
    assert truth(desk).phones == (NUMBER,)
    assert told_by_tables(session) == {}


def test_who_may_not_know_it_writes_nothing(desk: Desk) -> None:
    desk.session.query(AgencyOrganization).delete()
    desk.session.commit()
    view = show_section(
        desk.session, desk.steward, LOCATION, "about", GAZETTEER, desk.network.vault, now=desk.now
    )
    assert view.texts["address.address_1"] == ""

    def save(**texts: str) -> None:
        typed = view.texts | {name.replace("__", "."): text for name, text in texts.items()}
        save_section(
            desk.session, desk.steward, LOCATION, "about", view.texts, typed, view.seen, GAZETTEER,
            desk.network.vault, now=desk.now,
        )  # fmt: skip

    with pytest.raises(Conflict, match="confidential"):
        save(address__address_1=STREET)
    save(address__city="Cicero")
    assert desk.rows(Address)[0].city == "Cicero"


def test_what_was_edited_meanwhile_is_public_with_it(desk: Desk) -> None:
    desk.save("about", {"address.address_1": STREET}, LOCATION)
    unprotect_location(
        desk.session, desk.steward, LOCATION.id, WhyShown.MOVED_AWAY, GAZETTEER,
        desk.network.vault, now=desk.now,
    )  # fmt: skip
    assert [row.address_1 for row in desk.rows(Address)] == [STREET]


def test_a_circle_of_a_service_there_is_refused_and_said_why(desk: Desk) -> None:
    with pytest.raises(Conflict, match="circle"):
        desk.save("area", {"service_area": "Within 5 miles of 60608"})
    desk.save("area", {"service_area": "60608"})
    assert [row.extent for row in desk.rows(ServiceArea)] == ["60608"]


def test_a_service_that_comes_to_the_place_brings_no_circle_with_it(
    session: Session, load: Importer, now: datetime
) -> None:
    desk = a_desk(session, load, now)
    desk.save("area", {"service_area": "Within 5 miles of the office"})
    desk.save("places", {"place": ""})
    session.query(ServiceAtLocation).delete()
    session.get_one(Location, LOCATION.id).organization_id = ORGANIZATION.id
    session.commit()
    protect(desk)
    assert len(desk.rows(ServiceArea)) == 1
    desk.save("places", {"place": str(LOCATION.id)})
    assert desk.rows(ServiceArea) == []
