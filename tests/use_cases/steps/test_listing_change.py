"""One way to change a listing: rows, history, index and audit go together."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    DIRECTORY,
    EditedField,
    ListingChange,
    Location,
    PendingIndex,
    Phone,
    Service,
)
from referral_hub.rules.actor import System
from referral_hub.rules.errors import Conflict
from referral_hub.rules.listings import ListingAct, ListingKey, RowEdit, difference
from referral_hub.use_cases.steps.listing_change import change_listing, read_edit, write_edit
from referral_hub.use_cases.transaction import transaction
from tests.factories import a_directory, uid
from tests.use_cases.conftest import Importer

SERVICE = UUID(uid("service"))
LISTING = ListingKey("service", SERVICE)
OPERATOR = System()


@pytest.fixture(autouse=True)
def directory(session: Session, load: Importer) -> None:
    load(a_directory())
    with transaction(session):
        session.query(PendingIndex).delete()


def renamed(before: str, after: str) -> RowEdit:
    return RowEdit("service", SERVICE, {"name": before}, {"name": after})


def change(session: Session, now: datetime, *edits: RowEdit, **more: Any) -> ListingChange | None:
    with transaction(session):
        return change_listing(
            session, OPERATOR, LISTING, edits, **{"act": ListingAct.EDIT, "now": now} | more
        )


def test_a_change_is_made_remembered_and_put_on_the_list_of_the_index(
    session: Session, now: datetime
) -> None:
    made = change(session, now, renamed("Eviction Defense", "Eviction Help"), note="New name")
    assert session.get_one(Service, SERVICE).name == "Eviction Help"
    assert made is not None
    assert (made.act, made.note, made.made_by) == ("edit", "New name", "system:system")
    assert read_edit(made.edits[0]) == renamed("Eviction Defense", "Eviction Help")
    pending = session.scalars(select(PendingIndex)).one()
    assert (pending.service_id, pending.withheld) == (SERVICE, False)


def test_a_row_that_says_otherwise_by_now_is_left_alone(session: Session, now: datetime) -> None:
    with pytest.raises(Conflict):
        change(session, now, renamed("Some other name", "Eviction Help"))
    assert session.get_one(Service, SERVICE).name == "Eviction Defense"
    assert session.scalars(select(ListingChange)).all() == []


def test_a_change_and_its_inverse_leave_the_row_as_it_was(session: Session, now: datetime) -> None:
    phone = RowEdit("phone", uuid4(), None, {"service_id": SERVICE, "number": "312 555 0100"})
    change(session, now, phone)
    assert session.get_one(Phone, phone.id).number == "312 555 0100"
    change(session, now, phone.inverse, act=ListingAct.UNDO)
    assert session.get(Phone, phone.id) is None


def test_what_is_hidden_is_withheld_from_searches_at_once(session: Session, now: datetime) -> None:
    hidden = RowEdit("service", SERVICE, {"visibility": "public"}, {"visibility": "hidden"})
    change(session, now, hidden)
    assert session.scalars(select(PendingIndex.withheld)).all() == [True]


def test_a_source_decides_no_longer_what_was_said_here(session: Session, now: datetime) -> None:
    change(session, now, renamed("Eviction Defense", "Eviction Help"))
    marked = session.scalars(select(EditedField)).one()
    assert (marked.table_name, marked.record_id, marked.field) == ("service", SERVICE, "name")


def test_no_edits_are_no_change(session: Session, now: datetime) -> None:
    assert change(session, now) is None
    assert difference("service", SERVICE, {"name": "A"}, {"name": "A"}) is None


def test_values_are_read_back_as_their_columns_have_them(now: datetime) -> None:
    edit = RowEdit(
        "service",
        SERVICE,
        {"verified_on": None, "minimum_age": 18.0},
        {"verified_on": now.date(), "organization_id": SERVICE, "minimum_age": None},
    )
    assert read_edit(write_edit(edit)) == edit


@pytest.mark.parametrize(
    ("table", "after"),
    [
        ("location", {"description": "Behind the red door"}),
        ("location", {"latitude": 41.85712}),
        ("address", {"address_1": "1742 Zanzibar Hollow Way"}),
        ("phone", {"number": "312 555 0199"}),
        ("service_at_location", {"description": "Ring twice"}),
        ("service_area", {"extent_type": "geojson", "extent": "{}"}),
    ],
)
def test_what_tells_of_a_confidential_place_never_stands_in_plain(
    session: Session, now: datetime, table: str, after: dict[str, Any]
) -> None:
    place, link = UUID(uid("location")), UUID(uid("service at location"))
    with transaction(session):
        session.get_one(Location, place).confidential = True
    ids = {"location": place, "service_at_location": link, "address": UUID(uid("location address"))}
    owner = {"phone": {"location_id": place}, "service_area": {"service_id": SERVICE}}
    fresh = table in owner
    edit = RowEdit(
        table,
        uuid4() if fresh else ids[table],
        None if fresh else dict.fromkeys(after),
        after | owner.get(table, {}),
    )
    with pytest.raises(Conflict, match="confidential"):
        change(session, now, edit)
    with transaction(session):
        session.get_one(Location, place).confidential = False
    allowed = edit if fresh else difference(table, edit.id, held(session, edit), after)
    assert allowed is not None
    assert change(session, now, allowed) is not None


def held(session: Session, edit: RowEdit) -> dict[str, Any]:
    row = session.get_one(DIRECTORY[edit.table], edit.id)
    return {name: getattr(row, name) for name in edit.after or {}}
