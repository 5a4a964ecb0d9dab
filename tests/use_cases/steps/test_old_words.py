"""What the hub noted of a place while it was public is withheld once that is confidential."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    AgencyOrganization,
    Correction,
    DuplicateCandidate,
    ListingChange,
    ListingImport,
    Location,
    PartnerFeed,
    ServiceAtLocation,
    SourceWord,
)
from referral_hub.rules.actor import Anonymous, Person, System
from referral_hub.rules.corrections import ListingField, Origin
from referral_hub.rules.errors import Conflict, InvalidInput
from referral_hub.rules.feeds import FeedKind
from referral_hub.rules.listing_imports import ImportState, PageKind
from referral_hub.rules.listings import ListingAct, ListingKey, RowEdit
from referral_hub.rules.visibility import WhyRead
from referral_hub.use_cases.corrections import accept_correction, propose_correction
from referral_hub.use_cases.find_duplicates import find_duplicates
from referral_hub.use_cases.listing_history import WITHHELD, show_history, undo_change
from referral_hub.use_cases.protect_location import protect_location, seal_protected
from referral_hub.use_cases.read_true_address import read_true_address
from referral_hub.use_cases.steps.corrections import propose
from referral_hub.use_cases.steps.import_pages import Pages, read_pages
from referral_hub.use_cases.steps.listing_change import change_listing
from referral_hub.use_cases.transaction import transaction
from tests.factories import a_location, a_service, an_address, an_organization, uid
from tests.fakes import FakeGazetteer
from tests.network import ADMINISTRATOR, VAULT, Network
from tests.secret_place import LATER, NUMBER, POINT, STREET, a_shelter, told, told_by_tables
from tests.use_cases.conftest import Importer

HUB = System("test")
HOUSE, LINK, SHELTER, ROSE = (
    UUID(uid(name)) for name in ("house", "shelter at house", "shelter", "rose")
)
ADDRESS = UUID(uid("house address"))
PLACE, SERVICE = ListingKey("location", HOUSE), ListingKey("service", SHELTER)


@pytest.fixture
def editor(session: Session, load: Importer, now: datetime) -> Person:
    """An administrator of the agency whose shelter everybody can see still."""
    load(a_shelter())
    network = Network(session, VAULT, now)
    agency = network.agency("Rose Aid")
    session.add(AgencyOrganization(organization_id=ROSE, agency_id=agency))
    session.commit()
    return network.person("Ana Ito", agency, ADMINISTRATOR)


@pytest.fixture
def edit(session: Session, editor: Person, now: datetime) -> Callable[..., int]:
    """Changes a listing as its agency does; returns the number of the change."""

    def make(listing: ListingKey, *edits: RowEdit, note: str = "") -> int:
        with transaction(session):
            made = change_listing(
                session, editor, listing, edits, act=ListingAct.EDIT, note=note, now=now
            )
            assert made is not None
            return made.id

    return make


def protect(session: Session, now: datetime, place: UUID = HOUSE) -> None:
    protect_location(session, HUB, place, FakeGazetteer(), VAULT, now=now)


def test_what_changed_of_it_is_told_no_more_and_cannot_be_taken_back(
    session: Session, editor: Person, edit: Callable[..., int], now: datetime
) -> None:
    moved = edit(
        PLACE, RowEdit("address", ADDRESS, {"address_1": STREET}, {"address_1": LATER}),
        RowEdit("location", HOUSE, {"latitude": POINT[0], "point_latitude": POINT[0]},
                {"latitude": 41.85739, "point_latitude": 41.85739}),
        note=f"They left {STREET}",
    )  # fmt: skip
    phone = RowEdit("phone", uuid4(), None, {"location_id": HOUSE, "number": NUMBER})
    edit(PLACE, phone)
    edit(PLACE, RowEdit("phone", phone.id, {"number": NUMBER}, {"number": "312 555 0142"}))
    gone = {"location_id": HOUSE, "number": "312 555 0142", "position": 0}
    edit(PLACE, RowEdit("phone", phone.id, gone, None))
    circle = {"service_id": SHELTER, "extent_type": "circle", "extent": "41.85739,-87.65719,8.0"}
    edit(SERVICE, RowEdit("service_area", uuid4(), None, circle))
    kept = edit(SERVICE, RowEdit("service", SHELTER, {"name": "Safe Rooms"}, {"name": "Safe Beds"}))
    assert told_by_tables(session)["listing_change"]
    protect(session, now)
    assert told_by_tables(session) == {}
    said = repr([change.edits for change in session.scalars(select(ListingChange))])
    assert "41.857" not in said
    assert "555 0142" not in said
    lines = show_history(session, editor, PLACE, VAULT).lines
    assert all(not line.can_undo for line in lines)
    assert ("Address: street and number", WITHHELD, WITHHELD) in [
        (each.label, each.before, each.after) for each in lines[-1].fields
    ]
    session.rollback()
    with pytest.raises(Conflict, match="confidential"):
        undo_change(session, editor, PLACE, moved, VAULT, now=now)
    undo_change(session, editor, SERVICE, kept, VAULT, now=now)


def test_proposals_that_quote_it_are_only_known_to_be_wrong(
    session: Session, editor: Person, now: datetime
) -> None:
    said: dict[str, Any] = {"origin": Origin.FORM, "proposed_by": "anonymous", "now": now}
    of_service: dict[str, Any] = {"table": "service", "record_id": SHELTER, **said}
    with transaction(session):
        propose(session, table="address", record_id=ADDRESS, field="address_1",
                current=STREET, proposed=LATER, note=None, **said)  # fmt: skip
        propose(session, field="address", current=None, proposed="near the mill", note=None,
                **of_service)  # fmt: skip
        propose(session, field="hours", current=None, proposed="Closed",
                note=f"I was at {STREET.upper()}.", **of_service)  # fmt: skip
        propose(session, field="description", current=None, proposed="Call (312) 5550142.",
                note=None, **of_service)  # fmt: skip
        propose(session, field="name", current="Safe Rooms", proposed="Rooms", note="Really.",
                **of_service)  # fmt: skip
    protect(session, now)
    rows = session.scalars(select(Correction)).all()
    kept = {row.field: (row.current_value, row.proposed_value, row.note) for row in rows}
    nothing = (None, None, None)
    assert kept == {
        "address_1": nothing, "address": nothing, "hours": nothing, "description": nothing,
        "name": ("Safe Rooms", "Rooms", "Really."),
    }  # fmt: skip
    assert {row.state for row in rows} == {"proposed"}


def test_an_accepted_proposal_for_it_is_sealed_and_kept_nowhere_else(
    session: Session, editor: Person, now: datetime
) -> None:
    protect(session, now)
    with transaction(session):
        wrong = propose(
            session, table="address", record_id=ADDRESS, field="address_1", current=None,
            proposed=LATER, origin=Origin.FORM, proposed_by="x", note=STREET, now=now,
        ).id  # fmt: skip
    accept_correction(session, editor, wrong, VAULT, seen="", now=now)
    assert told_by_tables(session) == {}
    true = read_true_address(session, editor, HOUSE, WhyRead.GOING_THERE, VAULT, now=now)
    assert LATER in true.addresses[0]


def test_addresses_are_not_proposed_for_what_is_given_there(
    session: Session, editor: Person, now: datetime
) -> None:
    protect(session, now)

    def offer(field: ListingField, text: str) -> None:
        propose_correction(session, Anonymous(), SHELTER, field, text, "", caller="1", now=now)

    with pytest.raises(InvalidInput, match="kept secret"):
        offer(ListingField.ADDRESS, LATER)
    offer(ListingField.NAME, "Safe Beds")


def test_what_an_older_version_noted_of_it_is_withheld_by_init(
    session: Session, edit: Callable[..., int], now: datetime
) -> None:
    edit(PLACE, RowEdit("address", ADDRESS, {"address_1": STREET}, {"address_1": LATER}))
    session.execute(update(Location).where(Location.id == HOUSE).values(confidential=True))
    session.commit()
    seal_protected(session, HUB, VAULT)
    assert set(told_by_tables(session)) <= {"location"}  # its point is given by who protects it


def test_what_its_source_said_last_is_forgotten(
    session: Session, edit: Callable[..., int], now: datetime
) -> None:
    edit(PLACE, RowEdit("address", ADDRESS, {"address_1": STREET}, {"address_1": LATER}))
    assert session.scalars(select(SourceWord.value)).all() == [STREET]
    protect(session, now)
    assert session.scalars(select(SourceWord)).all() == []


def test_how_far_it_is_from_others_is_forgotten_and_decisions_stay(
    session: Session, load: Importer, now: datetime
) -> None:
    near = a_location(
        "near", name="Zanzibar Hollow House", latitude=41.8577, longitude=-87.6571,
        addresses=[an_address("near address", address_1=STREET, postal_code="60608")],
    )  # fmt: skip
    twin = a_service("twin", name="Safe Rooms", location=near)
    load(a_shelter(), source="first")
    load([an_organization("twins", name="Rose Aid", services=[twin])], source="second")
    session.execute(
        update(Location).where(Location.id == HOUSE).values(name="Zanzibar Hollow House")
    )
    session.commit()
    while find_duplicates(session, HUB, now=now):
        pass
    pairs = session.scalars(select(DuplicateCandidate)).all()
    assert any("m apart" in repr(pair.parts) for pair in pairs)
    decided = next(pair for pair in pairs if pair.table_name == "location")
    decided.state = "not_duplicates"
    session.commit()
    protect(session, now)
    (left,) = session.scalars(select(DuplicateCandidate)).all()
    assert (left.table_name, left.parts) == ("location", [])
    while find_duplicates(session, HUB, now=now):
        pass
    found = repr([pair.parts for pair in session.scalars(select(DuplicateCandidate))])
    assert "apart" not in found
    assert "same address" not in found


def test_reports_of_imports_and_feeds_quote_it_no_more(
    session: Session, editor: Person, now: datetime
) -> None:
    agency = editor.agency_id
    assert agency is not None
    file = ListingImport(
        agency_id=agency, organization_id=ROSE, file_name="a.csv", format="flat_csv",
        complete=False, columns=[], mapping={}, state=ImportState.CHECKED, created_by="x",
        created_at=now, changed_at=now,
    )  # fmt: skip
    feed = PartnerFeed(
        name="Partner", url="https://partner.example", kind=FeedKind.FILE, every_hours=24,
        due_at=now, created_by="x", created_at=now, report={"told": [{"reason": STREET}]},
    )  # fmt: skip
    session.add_all([file, feed])
    session.flush()
    place = session.get_one(Location, HOUSE)
    assert place.source_id is not None
    session.execute(update(Location.metadata.tables["source"]).values(name="feed:Partner"))
    pages = Pages()
    line = {"change": "changed", "table": "address", "id": str(ADDRESS), "name": STREET}
    pages.add(PageKind.CHANGE, line | {"fields": {"address_1": [STREET, LATER]}})
    other = {"change": "changed", "table": "service", "id": str(SHELTER), "name": "Safe Rooms"}
    pages.add(PageKind.CHANGE, other | {"fields": {"name": ["A", "B"]}})
    pages.add(PageKind.PROBLEM, {"table": "address", "record": str(ADDRESS), "value": STREET,
                                 "reason": f"“{STREET}” is too long"})  # fmt: skip
    pages.write(session, VAULT, file.id)
    session.commit()
    protect(session, now)
    lines = {
        kind: list(read_pages(session, VAULT, file.id, kind))
        for kind in (PageKind.CHANGE, PageKind.PROBLEM)
    }
    assert told(repr(lines)) == set()
    assert lines[PageKind.CHANGE][1]["fields"] == {"name": ["A", "B"]}
    assert told_by_tables(session) == {}


def test_what_was_merged_into_it_is_confidential_with_it(
    session: Session, load: Importer, now: datetime
) -> None:
    load(a_shelter())
    other = a_location(
        "other", addresses=[an_address("other address", address_1=STREET)], description=STREET
    )
    load([an_organization("others", services=[a_service("same", location=other)])], source="other")
    gone = UUID(uid("other"))
    session.execute(update(Location).where(Location.id == gone).values(
        merged_into=HOUSE, vanished_at=now))  # fmt: skip
    session.execute(update(ServiceAtLocation).where(ServiceAtLocation.location_id == gone).values(
        location_id=HOUSE))  # fmt: skip
    session.commit()
    protect(session, now)
    assert told_by_tables(session) == {}
    assert session.get_one(Location, gone).confidential
