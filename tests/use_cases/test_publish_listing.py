"""A draft is nobody's business until it is published; then all that it needs is seen with it."""

from datetime import date, datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.models import (
    AuditRow,
    ListingReview,
    Location,
    NetworkSetting,
    Organization,
    Service,
)
from referral_hub.rules.actor import Anonymous, Person, System
from referral_hub.rules.completeness import Part
from referral_hub.rules.errors import Conflict, InvalidInput, NotFound
from referral_hub.rules.listing_state import ListingMove, ListingState
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.add_listing import add_listing
from referral_hub.use_cases.directory.documents import documents_of
from referral_hub.use_cases.directory.facts import read_services
from referral_hub.use_cases.export_directory import export_objects, export_tables
from referral_hub.use_cases.listings import (
    list_listings,
    preview_listing,
    show_service_listing,
)
from referral_hub.use_cases.publish_listing import move_listing, waiting_listings
from referral_hub.use_cases.show_service import show_service
from tests.factories import an_organization
from tests.use_cases.conftest import Importer
from tests.use_cases.listing_world import GAZETTEER, ORGANIZATION, SERVICE, Desk, a_desk


@pytest.fixture
def desk(session: Session, load: Importer, now: datetime) -> Desk:
    return a_desk(session, load, now)


def move(
    desk: Desk, listing: ListingKey, what: ListingMove, note: str = "", actor: Person | None = None
) -> None:
    move_listing(
        desk.session, actor or desk.editor, listing.id, what, note, GAZETTEER, desk.network.vault,
        now=desk.now,
    )  # fmt: skip


def a_draft(desk: Desk, name: str = "Secret Plan") -> ListingKey:
    """A draft of a new organization, at a new place."""
    owner = add_listing(desk.session, desk.editor, "organization", "New Roots", None, now=desk.now)
    made = add_listing(desk.session, desk.editor, "service", name, owner.id, now=desk.now)
    place = add_listing(desk.session, desk.editor, "location", "Hut", owner.id, now=desk.now)
    desk.save("about", {"description": "Seeds and tools to borrow."}, made)
    desk.save("places", {"place": str(place.id)}, made)
    return made


def test_a_draft_is_in_no_page_search_feed_or_file(desk: Desk) -> None:
    draft = a_draft(desk)
    session, hub = desk.session, System()
    with pytest.raises(NotFound):
        show_service(session, Anonymous(), draft.id, gazetteer=GAZETTEER, now=desk.now)
    facts = read_services(session, [draft.id])[draft.id]
    assert list(documents_of(facts, GAZETTEER, desk.now.date())) == []
    roots = ("organization", "service", "location", "service_at_location")
    told = str([list(export_objects(session, hub, root)) for root in roots])
    told += str({name: list(rows) for name, rows in export_tables(session, hub).items()})
    for secret in ("Secret Plan", "New Roots", "Hut", "Seeds", str(draft.id)):
        assert secret not in told
    assert "Eviction Defense" in told
    seen = preview_listing(session, desk.worker, draft.id, GAZETTEER, now=desk.now)
    assert (seen.name, [place.name for place in seen.locations]) == ("Secret Plan", ["Hut"])
    with pytest.raises(NotFound):
        preview_listing(session, desk.stranger, draft.id, GAZETTEER, now=desk.now)


def test_what_is_published_brings_its_organization_and_places_with_it(desk: Desk) -> None:
    draft = a_draft(desk)
    move(desk, draft, ListingMove.PUBLISH)
    page = show_service(desk.session, Anonymous(), draft.id, gazetteer=GAZETTEER, now=desk.now)
    assert (page.organization, [place.name for place in page.locations]) == ("New Roots", ["Hut"])
    assert {row.visibility for row in desk.rows(Organization)} == {"public"}
    assert {row.visibility for row in desk.rows(Location)} == {"public"}


def test_a_listing_without_a_description_is_not_published(desk: Desk) -> None:
    (owner,) = list_listings(desk.session, desk.editor, desk.agency_id, now=desk.now).organizations
    made = add_listing(desk.session, desk.editor, "service", "Bare", owner.key.id, now=desk.now)
    with pytest.raises(Conflict, match="what the service does"):
        move(desk, made, ListingMove.PUBLISH)


def test_a_pause_is_said_on_the_page_and_ends(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        move(desk, SERVICE, ListingMove.PAUSE)
    move(desk, SERVICE, ListingMove.PAUSE, "Back in May.")
    page = show_service(desk.session, Anonymous(), SERVICE.id, gazetteer=GAZETTEER, now=desk.now)
    assert (page.status, page.alert, page.accepting) == (
        "temporarily closed",
        "Back in May.",
        False,
    )
    view = show_service_listing(desk.session, desk.editor, SERVICE.id, desk.network.vault,
                                now=desk.now)  # fmt: skip
    assert (view.state, view.note) == (ListingState.PAUSED, "Back in May.")
    move(desk, SERVICE, ListingMove.RESUME)
    assert desk.session.get_one(Service, SERVICE.id).status == "active"


def test_the_notice_of_before_comes_back_after_a_pause(desk: Desk) -> None:
    desk.save("about", {"alert": "Ring twice."})
    move(desk, SERVICE, ListingMove.PAUSE, "Back in May.")
    move(desk, SERVICE, ListingMove.RESUME)
    assert desk.session.get_one(Service, SERVICE.id).alert == "Ring twice."
    move(desk, SERVICE, ListingMove.PAUSE, "Back in May.")
    desk.save("about", {"alert": "New door."})
    move(desk, SERVICE, ListingMove.RESUME)
    assert desk.session.get_one(Service, SERVICE.id).alert == "New door."


def test_a_retired_listing_says_so_and_can_begin_again(desk: Desk) -> None:
    move(desk, SERVICE, ListingMove.RETIRE)
    page = show_service(desk.session, Anonymous(), SERVICE.id, gazetteer=GAZETTEER, now=desk.now)
    assert page.status == "defunct"
    move(desk, SERVICE, ListingMove.REOPEN)
    with pytest.raises(NotFound):
        show_service(desk.session, Anonymous(), SERVICE.id, gazetteer=GAZETTEER, now=desk.now)


def test_what_its_source_dropped_is_found_again_once_its_agency_publishes_it(
    desk: Desk, load: Importer
) -> None:
    without = an_organization(services=[])
    load([without])
    move(desk, SERVICE, ListingMove.REOPEN)
    move(desk, SERVICE, ListingMove.PUBLISH)
    for _ in range(2):
        facts = read_services(desk.session, [SERVICE.id])[SERVICE.id]
        assert list(documents_of(facts, GAZETTEER, desk.now.date())) != []
        load([without])


def test_a_merged_listing_says_so_and_moves_no_more(desk: Desk) -> None:
    other = a_draft(desk)
    desk.session.execute(
        update(Service)
        .where(Service.id == SERVICE.id)
        .values(merged_into=other.id, vanished_at=desk.now)
    )
    desk.session.commit()
    view = show_service_listing(desk.session, desk.editor, SERVICE.id, desk.network.vault,
                                now=desk.now)  # fmt: skip
    assert (view.head.merged_into, view.moves) == (other, ())
    listed = list_listings(desk.session, desk.editor, desk.agency_id, now=desk.now)
    assert [line.id for line in listed.services] == [other.id]
    with pytest.raises(Conflict, match="merged"):
        move(desk, SERVICE, ListingMove.PAUSE, "Back in May.")
    desk.session.execute(update(Organization).values(merged_into=ORGANIZATION.id))
    desk.session.commit()
    with pytest.raises(Conflict, match="merged"):
        add_listing(desk.session, desk.editor, "service", "Lost", ORGANIZATION.id, now=desk.now)


def test_the_program_of_a_page_is_one_that_everybody_sees(desk: Desk) -> None:
    program = add_listing(
        desk.session, desk.editor, "program", "Secret Homes", ORGANIZATION.id, now=desk.now
    )
    desk.session.execute(
        update(Service).where(Service.id == SERVICE.id).values(program_id=program.id)
    )
    desk.session.commit()
    page = show_service(desk.session, Anonymous(), SERVICE.id, gazetteer=GAZETTEER, now=desk.now)
    assert page.program == ""


def test_a_steward_looks_first_where_the_network_wants_it(desk: Desk) -> None:
    desk.session.add(
        NetworkSetting(name="listings_published_by", value="steward", changed_by="system:test",
                       changed_at=desk.now)
    )  # fmt: skip
    desk.session.commit()
    draft = a_draft(desk)
    with pytest.raises(Conflict):
        move(desk, draft, ListingMove.PUBLISH)
    move(desk, draft, ListingMove.SUBMIT)
    (waiting,) = waiting_listings(desk.session, desk.steward, desk.network.vault, now=desk.now)
    assert (waiting.name, waiting.submitted_by) == ("Secret Plan", "Ada Admin")
    with pytest.raises(Conflict):
        move(desk, draft, ListingMove.RETURN, "No hours.")  # its own editor
    move(desk, draft, ListingMove.RETURN, "No hours.", actor=desk.steward)
    view = show_service_listing(desk.session, desk.editor, draft.id, desk.network.vault,
                                now=desk.now)  # fmt: skip
    assert (view.state, view.note) == (ListingState.DRAFT, "No hours.")
    (mail,) = desk.network.mails()
    assert (mail["to"], mail["template"], mail["link"]) == (
        "ada@agency.example", "listing_returned", f"/listings/{draft.id}",
    )  # fmt: skip
    assert "No hours." not in str(mail)
    move(desk, draft, ListingMove.SUBMIT)
    move(desk, draft, ListingMove.PUBLISH, actor=desk.steward)
    assert desk.rows(Service)
    assert desk.session.scalars(select(ListingReview)).all() == []
    acts = {row.action for row in desk.rows(AuditRow)}
    assert {"listing:submit", "listing:return", "listing:edit"} <= acts


def test_the_list_has_all_of_the_agency_and_says_what_is_missing(desk: Desk) -> None:
    a_draft(desk)
    view = list_listings(desk.session, desk.worker, desk.agency_id, now=desk.now)
    states = {line.name: line.state for line in view.services}
    assert states == {
        "Eviction Defense": ListingState.PUBLISHED, "Secret Plan": ListingState.DRAFT,
    }  # fmt: skip
    assert [(line.name, line.is_shown) for line in view.locations] == [
        ("Hut", False), ("Pilsen Center", True),
    ]  # fmt: skip
    (imported,) = (line for line in view.services if line.name == "Eviction Defense")
    missing = {fact.part for fact in imported.completeness.missing}
    assert Part.HOURS in missing
    assert missing.isdisjoint({Part.DESCRIPTION, Part.PLACE})
    with pytest.raises(NotFound):
        list_listings(desk.session, desk.stranger, desk.agency_id, now=desk.now)


def test_each_fact_that_is_added_makes_a_listing_more_complete(desk: Desk) -> None:
    def score() -> int:
        view = show_service_listing(
            desk.session, desk.editor, SERVICE.id, desk.network.vault, now=desk.now
        )
        return view.completeness.score

    before = score()
    for key, texts in {
        "hours": {"schedule": "Mon 9am-5pm"},
        "who": {"who.age_from": "18"},
        "about": {"application_process": "Call.", "email": "help@agency.example"},
        "cost": {"fees_description": "Free"},
        "languages": {"language": "Spanish"},
        "papers": {"required_document": "Photo ID"},
        "area": {"service_area": "60608"},
    }.items():
        desk.save(key, texts)
        assert score() > before, key
        before = score()
    desk.session.get_one(Service, SERVICE.id).verified_on = date(2026, 11, 1)
    desk.session.commit()
    assert score() > before
