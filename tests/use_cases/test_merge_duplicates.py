"""Merging records that are listed twice, and taking that back."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    AgencyOrganization,
    Base,
    DuplicateCandidate,
    EditedField,
    ListingChange,
    Location,
    Organization,
    PendingIndex,
    Phone,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceNeed,
)
from referral_hub.rules.actor import System
from referral_hub.rules.errors import (
    CannotMerge,
    ChangedSinceMerge,
    Conflict,
    InvalidInput,
    NotFound,
    NotPermitted,
)
from referral_hub.rules.hsds import LISTED
from referral_hub.rules.listings import ListingAct, ListingKey, RowEdit
from referral_hub.use_cases.export_directory import export_objects, export_tables
from referral_hub.use_cases.listing_history import show_history, undo_change
from referral_hub.use_cases.merge_duplicates import (
    merge_duplicates,
    say_not_duplicates,
    unmerge_duplicates,
)
from referral_hub.use_cases.protect_location import protect_location
from referral_hub.use_cases.read_directory import Shape, find_survivor, list_gone, show_record
from referral_hub.use_cases.steps.listing_change import change_listing
from referral_hub.use_cases.transaction import transaction
from tests.duplicate_world import (
    OPERATOR,
    PHONE,
    first_source,
    key,
    look,
    second_source,
    the_pair,
)
from tests.factories import an_organization
from tests.fakes import FakeGazetteer
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, VAULT, Network
from tests.use_cases.conftest import Importer

LATER = timedelta(minutes=5)
ORDER = ("organization", "location", "service")


@pytest.fixture(autouse=True)
def both(session: Session, now: datetime, load: Importer) -> None:
    load(first_source(), source="first")
    load(second_source(), source="second")
    look(session, now)


def everything(session: Session) -> Any:
    """The directory as it is exported, in both forms, and what the hub derived from it. When it
    was changed last is not among it: that a merge was taken back is a change."""
    tables = {name: list(rows) for name, rows in export_tables(session, System()).items()}
    objects = [list(export_objects(session, System(), root)) for root in ("organization",)]
    needs = session.execute(select(ServiceNeed.service_id, ServiceNeed.need_code)).all()
    told = repr((tables, objects, sorted(map(repr, needs))))
    return re.sub(r"(, )?'last_modified': ('[^']*'|None)", "", told)


def merge(session: Session, now: datetime, table: str, *chosen: str) -> UUID:
    """Merge what the second source lists into what the first lists; returns the pair's id."""
    pair = the_pair(session, table).id
    first = {"organization": "first", "location": "first place", "service": "first service"}
    merge_duplicates(session, OPERATOR, pair, key(first[table]), VAULT, chosen, now=now)
    return pair


def test_a_merged_organization_keeps_its_id_and_its_services_move(
    session: Session, now: datetime
) -> None:
    merge(session, now, "organization")
    gone = session.get_one(Organization, key("second"))
    assert (gone.merged_into, gone.vanished_at, gone.name) == (
        key("first"), now, "Fair Homes Legal Aid Inc.",
    )  # fmt: skip
    moved = session.get_one(Service, key("second service"))
    assert moved.organization_id == key("first")
    shown = show_record(session, System(), "organization", key("first"), Shape.WHOLE)
    assert {service["id"] for service in shown["services"]} == {
        str(key("first service")), str(key("second service")),
    }  # fmt: skip


def test_of_parts_only_those_move_that_say_something_new(session: Session, now: datetime) -> None:
    merge(session, now, "service")
    phones = session.execute(select(Phone.id, Phone.service_id)).all()
    assert {tuple(row) for row in phones} == {
        (key("first phone"), key("first service")),
        (key("second phone"), key("second service")),
        (key("second line"), key("first service")),
    }
    assert session.get_one(Schedule, key("second hours")).service_id == key("first service")


def test_a_link_to_a_merged_place_is_merged_with_the_link_that_is_there(
    session: Session, now: datetime
) -> None:
    merge(session, now, "location")
    merge(session, now, "service")
    links = {row.id: row.merged_into for row in session.scalars(select(ServiceAtLocation))}
    assert links == {
        key("first service at location"): None,
        key("second service at location"): key("first service at location"),
    }


def test_the_other_s_value_stays_where_somebody_says_so(session: Session, now: datetime) -> None:
    merge(session, now, "service", "description", "email")
    service = session.get_one(Service, key("first service"))
    assert service.description == "We help tenants in court."
    assert service.email == "help@fairhomes.example.org"
    assert service.name == "Eviction Defense"


def test_the_id_of_a_merged_record_leads_to_the_one_in_its_place(
    session: Session, now: datetime
) -> None:
    for table in ORDER:
        merge(session, now, table)
    assert find_survivor(session, System(), "service", key("second service")) == key(
        "first service"
    )
    assert find_survivor(session, System(), "service", key("first service")) is None
    told = list_gone(session, System(), None, offset=0, limit=10).contents
    assert {(each["type"], each["merged_into"]) for each in told} == {
        ("organization", str(key("first"))),
        ("location", str(key("first place"))),
        ("service", str(key("first service"))),
        ("service_at_location", str(key("first service at location"))),
    }
    exported = everything(session)
    assert f"'id': '{key('second service')}'" not in exported
    assert str(key("second phone")) not in exported


@pytest.mark.parametrize("chosen", [(), ("name", "description")])
def test_a_merge_that_is_taken_back_leaves_nothing(
    session: Session, now: datetime, chosen: tuple[str, ...]
) -> None:
    before = everything(session)
    merged = [merge(session, now, table, *chosen) for table in ORDER]
    assert everything(session) != before
    for pair in reversed(merged):
        unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + LATER)
    assert everything(session) == before
    assert session.scalars(select(EditedField)).all() == []
    assert {the_pair(session, table).state for table in ORDER} == {"open"}


def test_the_history_of_a_listing_neither_takes_a_merge_back_nor_makes_it_again(
    session: Session, now: datetime
) -> None:
    pair = merge(session, now, "service")
    listing = ListingKey("service", key("first service"))
    for _ in range(2):
        change = session.scalars(select(ListingChange).order_by(ListingChange.id.desc())).first()
        assert change is not None
        with pytest.raises(Conflict, match="Duplicates"):
            undo_change(session, OPERATOR, listing, change.id, VAULT, now=now)
        shown = show_history(session, OPERATOR, listing, VAULT)
        assert not any(line.can_undo for line in shown.lines)
        if the_pair(session, "service").state == "merged":
            unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + LATER)


def test_what_changed_meanwhile_stays_when_a_merge_is_taken_back(
    session: Session, now: datetime, load: Importer
) -> None:
    edited = RowEdit("service", key("first service"), {"wait_time": None}, {"wait_time": "1 week"})
    edit(session, now, edited)
    never_merged = everything(session)
    edit(session, now, edited.inverse)
    pair = merge(session, now, "service", "email")
    edit(session, now, edited)
    load(second_source(), source="second", at=now + LATER)
    unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + LATER)
    assert everything(session) == never_merged
    assert session.get_one(Service, key("first service")).wait_time == "1 week"
    assert session.get_one(Service, key("first service")).email is None


def edit(session: Session, now: datetime, *edits: RowEdit) -> None:
    listing = ListingKey("service", key("first service"))
    with transaction(session):
        change_listing(session, OPERATOR, listing, edits, act=ListingAct.EDIT, now=now)


def test_a_merge_whose_outcome_was_changed_again_is_not_taken_back(
    session: Session, now: datetime
) -> None:
    pair = merge(session, now, "service", "email")
    mail = {"email": "help@fairhomes.example.org"}
    edit(session, now, RowEdit("service", key("first service"), mail, {"email": "a@b.example"}))
    before = everything(session)
    with pytest.raises(ChangedSinceMerge, match="“Eviction Defense”: email"):
        unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + LATER)
    assert everything(session) == before


def test_a_part_that_is_gone_since_stays_gone(session: Session, now: datetime) -> None:
    pair = merge(session, now, "service")
    row = session.get_one(Phone, key("second line"))
    gone = {"service_id": row.service_id, "number": row.number}
    edit(session, now, RowEdit("phone", row.id, gone, None))
    unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + LATER)
    assert session.get(Phone, key("second line")) is None
    assert session.get_one(Service, key("second service")).merged_into is None


def test_marks_that_stood_before_a_merge_stand_after_it(session: Session, now: datetime) -> None:
    name = RowEdit("service", key("first service"), {"email": None}, {"email": "a@b.example"})
    edit(session, now, name)
    marked = session.scalars(select(EditedField.change_id)).one()
    pair = merge(session, now, "service", "email", "name")
    unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + LATER)
    held = session.execute(select(EditedField.field, EditedField.change_id)).all()
    assert [tuple(row) for row in held] == [("email", marked)]


def test_importing_again_neither_takes_a_merge_back_nor_brings_the_merged_to_life(
    session: Session, now: datetime, load: Importer
) -> None:
    for table in ORDER:
        merge(session, now, table)
    merged = everything(session)
    for source, documents in (("first", first_source()), ("second", second_source())):
        again = load(documents, source=source, at=now + LATER)
        assert again.codes == []
        assert again.said == []
    assert everything(session) == merged


def test_what_a_source_adds_to_a_merged_organization_goes_to_the_one_in_its_place(
    session: Session, now: datetime, load: Importer
) -> None:
    merge(session, now, "organization")
    (organization,) = second_source()
    organization["services"].append(
        {"id": str(key("new")), "name": "Rent help", "status": "active"}
    )
    load([organization], source="second", at=now + LATER)
    assert session.get_one(Service, key("new")).organization_id == key("first")


def test_what_a_source_stops_sending_of_a_merged_record_stays_merged(
    session: Session, now: datetime, load: Importer
) -> None:
    pair = merge(session, now, "service")
    (organization,) = second_source()
    load([organization | {"services": []}], source="second", at=now + LATER)
    assert session.get_one(Service, key("second service")).merged_into == key("first service")
    unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + LATER)
    assert session.get_one(Service, key("second service")).status == "active"


def test_a_merge_into_one_that_is_merged_further_leads_to_the_last(
    session: Session, now: datetime, load: Importer
) -> None:
    pair = merge(session, now, "organization")
    phones = [{"id": str(key("third phone")), "number": PHONE}]
    third = an_organization("third", name="Fair Homes Legal Aid", phones=phones)
    load([third], source="third", at=now + LATER)
    look(session, now + 2 * LATER)
    query = select(DuplicateCandidate.id).where(DuplicateCandidate.state == "open")
    further = session.scalars(query.where(DuplicateCandidate.table_name == "organization")).one()
    merge_duplicates(session, OPERATOR, further, key("third"), VAULT, now=now + 3 * LATER)
    assert find_survivor(session, System(), "organization", key("second")) == key("third")
    with pytest.raises(ChangedSinceMerge, match="organization id"):
        unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + 4 * LATER)
    unmerge_duplicates(session, OPERATOR, further, VAULT, now=now + 4 * LATER)
    unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now + 4 * LATER)
    assert session.get_one(Service, key("second service")).organization_id == key("second")


def test_a_confidential_place_is_not_merged_into_a_public_one(
    session: Session, now: datetime
) -> None:
    session.execute(update(Location).where(Location.id == key("second place")).values(
        confidential=True))  # fmt: skip
    session.commit()
    pair = the_pair(session, "location").id
    with pytest.raises(CannotMerge, match="confidential"):
        merge_duplicates(session, OPERATOR, pair, key("first place"), VAULT, now=now)
    merge_duplicates(session, OPERATOR, pair, key("second place"), VAULT, now=now)
    assert session.get_one(Location, key("first place")).merged_into == key("second place")


def test_what_is_merged_into_a_confidential_place_tells_no_more_than_that(
    session: Session, now: datetime
) -> None:
    place, gone = key("second place"), key("first place")
    protect_location(session, OPERATOR, place, FakeGazetteer(), VAULT, now=now)
    session.execute(
        update(ServiceAtLocation)
        .where(ServiceAtLocation.location_id == gone)
        .values(description="Ring at 1200 W 18th St")
    )
    pair = DuplicateCandidate(
        table_name="location", one_id=min(place, gone), other_id=max(place, gone), score=60,
        parts=[[40, "10 m apart"]], found_at=now,
    )  # fmt: skip
    session.query(DuplicateCandidate).delete()
    session.add(pair)
    session.commit()
    merge_duplicates(
        session, OPERATOR, pair.id, place, VAULT, ["name", "latitude"],
        note="both at 1200 W 18th St", now=now,
    )  # fmt: skip
    session.expire_all()
    merged = session.get_one(Location, gone)
    assert (merged.merged_into, merged.confidential) == (place, True)
    assert session.get_one(Location, place).name is None
    assert pair.parts == []
    assert "18th" not in rows_of_everything(session)
    unmerge_duplicates(session, OPERATOR, pair.id, VAULT, now=now + LATER)
    assert session.get_one(Location, gone).confidential
    assert "18th" not in rows_of_everything(session)


def test_a_service_that_comes_to_a_confidential_place_by_a_merge_keeps_no_circle(
    session: Session, now: datetime
) -> None:
    protect_location(session, OPERATOR, key("second place"), FakeGazetteer(), VAULT, now=now)
    session.add(
        ServiceArea(
            service_id=key("first service"), extent="41.85700,-87.65700,2", extent_type="circle",
            created_at=now, updated_at=now,
        )
    )  # fmt: skip
    session.commit()
    look(session, now + timedelta(days=2))
    pair = the_pair(session, "service").id
    merge_duplicates(session, OPERATOR, pair, key("first service"), VAULT, now=now)
    assert session.scalars(select(ServiceArea)).all() == []


def rows_of_everything(session: Session) -> str:
    """All that the database holds."""
    tables = Base.metadata.sorted_tables
    return repr([[tuple(row) for row in session.execute(select(table))] for table in tables])


def test_what_is_hidden_by_now_is_not_merged(session: Session, now: datetime) -> None:
    session.execute(update(Organization).where(Organization.id == key("second")).values(
        visibility="hidden"))  # fmt: skip
    session.commit()
    with pytest.raises(CannotMerge):
        merge(session, now, "organization")


def test_nobody_merges_twice_or_takes_back_what_is_not_merged(
    session: Session, now: datetime
) -> None:
    pair = the_pair(session, "service").id
    with pytest.raises(Conflict):
        unmerge_duplicates(session, OPERATOR, pair, VAULT, now=now)
    with pytest.raises(InvalidInput):
        merge_duplicates(session, OPERATOR, pair, key("first place"), VAULT, now=now)
    with pytest.raises(InvalidInput):
        merge(session, now, "service", "organization_id")
    merge(session, now, "service")
    with pytest.raises(Conflict):
        merge(session, now, "service")
    with pytest.raises(Conflict):
        say_not_duplicates(session, OPERATOR, pair, now=now)


def test_searches_learn_of_both_services_at_once(session: Session, now: datetime) -> None:
    with transaction(session):
        session.query(PendingIndex).delete()
    merge(session, now, "service")
    waiting = {(row.service_id, row.withheld) for row in session.scalars(select(PendingIndex))}
    assert waiting == {(key("first service"), True), (key("second service"), True)}
    change = session.scalars(select(ListingChange)).one()
    assert (change.act, change.record_id) == ("merge", key("first service"))


def test_a_listed_table_alone_carries_what_stands_in_its_place() -> None:
    assert set(LISTED) == {*ORDER, "program", "service_at_location"}


@pytest.fixture
def network(session: Session, now: datetime) -> Network:
    return Network(session, now=now)


def own(session: Session, agency: UUID, *names: str) -> None:
    session.add_all(
        AgencyOrganization(agency_id=agency, organization_id=key(name)) for name in names
    )
    session.commit()


def test_an_administrator_decides_between_the_agency_s_own_records(
    session: Session, now: datetime, network: Network
) -> None:
    agency = network.agency()
    boss = network.person("Bo", agency, ADMINISTRATOR)
    pair = the_pair(session, "organization").id
    own(session, agency, "first")
    with pytest.raises(NotFound):
        merge_duplicates(session, boss, pair, key("first"), VAULT, now=now)
    own(session, agency, "second")
    merge_duplicates(session, boss, pair, key("first"), VAULT, now=now)
    with pytest.raises(NotPermitted):
        unmerge_duplicates(
            session, network.person("Cy", agency, CASE_MANAGER), pair, VAULT, now=now
        )
    unmerge_duplicates(session, network.person("Sue", None, STEWARD), pair, VAULT, now=now)


def test_what_an_agency_owns_is_not_merged_into_what_it_does_not(
    session: Session, now: datetime, network: Network
) -> None:
    own(session, network.agency(), "second")
    with pytest.raises(CannotMerge, match="belongs to an agency"):
        merge(session, now, "organization")
    pair = the_pair(session, "organization").id
    merge_duplicates(session, OPERATOR, pair, key("second"), VAULT, now=now)


def test_statements_do_not_grow_with_the_pairs_of_others(
    session: Session, now: datetime, count_statements: Callable[[], int]
) -> None:
    pair = the_pair(session, "service").id
    count_statements()
    say_not_duplicates(session, OPERATOR, pair, now=now)
    assert count_statements() <= 8
