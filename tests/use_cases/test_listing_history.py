"""The history of a listing: what it tells, what it keeps to itself, and taking a change back."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import (
    Location,
    NetworkSetting,
    Organization,
    Phone,
    RequiredDocument,
    Service,
    SourceWord,
)
from referral_hub.rules.actor import Person, System
from referral_hub.rules.errors import Conflict, NotFound, NotPermitted
from referral_hub.rules.listing_state import ListingMove
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.visibility import WhyShown
from referral_hub.use_cases.add_listing import add_listing
from referral_hub.use_cases.listing_history import WITHHELD, show_history, undo_change
from referral_hub.use_cases.listing_views import HistoryView
from referral_hub.use_cases.merge_duplicates import merge_duplicates, unmerge_duplicates
from referral_hub.use_cases.protect_location import protect_location, unprotect_location
from referral_hub.use_cases.publish_listing import move_listing
from tests.duplicate_world import first_source, look, second_source, the_pair
from tests.factories import uid
from tests.network import STEWARD, Network
from tests.use_cases.conftest import Importer
from tests.use_cases.listing_world import (
    GAZETTEER,
    LOCATION,
    ORGANIZATION,
    SERVICE,
    Desk,
    a_desk,
)

PHONES = [{"id": uid("phone"), "number": "312 555 0100", "type": "voice"}]


@pytest.fixture
def desk(session: Session, load: Importer, now: datetime) -> Desk:
    return a_desk(session, load, now, phones=PHONES)


def history(desk: Desk, listing: ListingKey = SERVICE, before: int | None = None) -> HistoryView:
    return show_history(desk.session, desk.editor, listing, desk.network.vault, before=before)


def undo(desk: Desk, change_id: int, listing: ListingKey = SERVICE) -> None:
    undo_change(desk.session, desk.editor, listing, change_id, desk.network.vault, now=desk.now)


def test_it_tells_who_changed_what_from_what_to_what(desk: Desk) -> None:
    desk.save("about", {"name": "Eviction Help"}, actor=desk.colleague)
    desk.save("hours", {"schedule": "Mon 9am-5pm"})
    desk.save("who", {"who.age_from": "60"})
    age, hours, name = history(desk).lines
    assert name.who == "Bea Admin"
    assert [(each.label, each.before, each.after) for each in name.fields] == [
        ("Name", "Eviction Defense", "Eviction Help")
    ]
    assert [(each.label, each.before, each.after) for each in hours.fields] == [
        ("Hours", "", "Mon 9am-5pm")
    ]
    assert ("Condition", "", "Ages 60 and older") in [
        (each.label, each.before, each.after) for each in age.fields
    ]


def test_a_change_is_taken_back_and_that_too(desk: Desk) -> None:
    desk.save("about", {"name": "Eviction Help"})
    (change,) = desk.changes()
    undo(desk, change.id)
    assert desk.session.get_one(Service, SERVICE.id).name == "Eviction Defense"
    undone, first = history(desk).lines
    assert (first.is_undone, first.can_undo) == (True, False)
    undo(desk, undone.id)
    desk.session.expire_all()
    assert desk.session.get_one(Service, SERVICE.id).name == "Eviction Help"


def test_a_record_that_was_removed_comes_back_as_it_was(desk: Desk) -> None:
    names = [name for name in desk.form("contacts").texts if name.startswith("phone.")]
    desk.save("contacts", dict.fromkeys(names, ""))
    assert desk.rows(Phone) == []
    undo(desk, desk.changes()[-1].id)
    (phone,) = desk.rows(Phone)
    assert (phone.id, phone.number, phone.source_record_id) == (
        UUID(uid("phone")), "312 555 0100", uid("phone"),
    )  # fmt: skip


def test_what_a_later_change_stands_on_is_not_taken_back(desk: Desk) -> None:
    desk.save("papers", {"required_document": "Photo ID"})
    desk.save("about", {"name": "One"})
    desk.save("about", {"name": "Two"})
    papers, one, two = (change.id for change in desk.changes())
    with pytest.raises(Conflict, match="“Name” was changed again later"):
        undo(desk, one)
    desk.save("papers", {"required_document": ""})
    with pytest.raises(Conflict, match="“Paper to bring” was removed later"):
        undo(desk, papers)
    undo(desk, two)
    undo(desk, one)
    with pytest.raises(Conflict, match="already"):
        undo(desk, one)
    assert desk.session.get_one(Service, SERVICE.id).name == "Eviction Defense"
    assert desk.rows(RequiredDocument) == []


def test_who_may_not_edit_takes_nothing_back(desk: Desk) -> None:
    desk.save("about", {"name": "One"})
    (change,) = desk.changes()
    for actor, error in ((desk.worker, NotPermitted), (desk.stranger, NotFound)):
        with pytest.raises(error):
            undo_change(desk.session, actor, SERVICE, change.id, desk.network.vault, now=desk.now)
    with pytest.raises(NotFound):
        undo(desk, change.id, ORGANIZATION)
    assert len(show_history(desk.session, desk.worker, SERVICE, desk.network.vault).lines) == 1


def test_where_a_confidential_place_is_no_history_tells(desk: Desk) -> None:
    desk.save("about", {"address.address_1": "7 Secret St", "name": "Rose House",
                        "latitude": "41.86", "longitude": "-87.66"}, LOCATION)  # fmt: skip
    desk.session.execute(update(Location).values(confidential=True))
    desk.session.commit()
    (line,) = history(desk, LOCATION).lines
    told = " ".join(f"{each.before} {each.after}" for each in line.fields)
    assert WITHHELD in told
    for secret in ("7 Secret St", "1200 W", "Rose House", "41.86", "Pilsen"):
        assert secret not in told
    desk.save("places", {"place": ""})
    told = str(history(desk).lines)
    assert "Rose House" not in told
    with pytest.raises(NotFound):
        show_history(desk.session, desk.steward, LOCATION, desk.network.vault)


def test_what_a_confidential_place_once_said_is_not_told(
    session: Session, load: Importer, now: datetime
) -> None:
    desk = a_desk(session, load, now)
    desk.save("contacts", {"phone.new0.number": "312 555 0177"}, LOCATION)
    desk.save("access", {"accessibility": "Door behind the church"}, LOCATION)
    desk.session.execute(update(Location).values(confidential=True))
    desk.session.commit()
    told = str(history(desk, LOCATION).lines)
    assert WITHHELD in told
    assert "0177" not in told
    assert "church" not in told


def test_the_history_of_a_place_forgets_where_it_is_when_it_becomes_confidential(
    session: Session, load: Importer, now: datetime
) -> None:
    desk = a_desk(session, load, now)
    desk.save("about", {"address.address_1": "7 Secret St", "latitude": "41.861",
                        "longitude": "-87.661"}, LOCATION)  # fmt: skip
    desk.save("contacts", {"phone.new0.number": "312 555 0177"}, LOCATION)
    desk.save("access", {"accessibility": "Door behind the church"}, LOCATION)
    protect_location(session, System(), LOCATION.id, GAZETTEER, desk.network.vault, now=now)
    held = str([change.edits for change in desk.changes()])
    held += str([word.value for word in desk.rows(SourceWord)])
    for secret in ("Secret St", "1200 W", "41.861", "87.661", "0177", "church"):
        assert secret not in held
    assert len(history(desk, LOCATION).lines) == 3
    for change in desk.changes():
        with pytest.raises(Conflict, match="nothing of it was kept"):
            undo(desk, change.id, LOCATION)
    unprotect_location(session, desk.steward, LOCATION.id, WhyShown.MARKED_BY_MISTAKE, GAZETTEER,
                       desk.network.vault, now=now)  # fmt: skip
    assert "7 Secret St" not in str(history(desk, LOCATION).lines)


def test_names_and_conditions_stand_in_words(desk: Desk) -> None:
    made = add_listing(desk.session, desk.editor, "program", "Homes", ORGANIZATION.id, now=desk.now)
    desk.save("about", {"program_id": str(made.id)})
    desk.save("who", {"who.residence": "60608"})
    desk.save("who", {"who.residence": "Cook County, IL"})
    residence, _, program = history(desk).lines
    assert [(each.label, each.after) for each in program.fields] == [
        ("Program", "Homes"), ("Seen by", "everybody"),
    ]  # fmt: skip
    assert [(each.before, each.after) for each in residence.fields] == [
        ("Lives here: ZIP code 60608", "Lives here: Cook County, IL")
    ]


def move(desk: Desk, listing: ListingKey, what: ListingMove, actor: Person | None = None) -> None:
    move_listing(
        desk.session, actor or desk.editor, listing.id, what, "", GAZETTEER, desk.network.vault,
        now=desk.now,
    )  # fmt: skip


def a_draft(desk: Desk, name: str, owner: UUID) -> ListingKey:
    made = add_listing(desk.session, desk.editor, "service", name, owner, now=desk.now)
    desk.save("about", {"description": "Seeds and tools to borrow."}, made)
    return made


def test_what_was_published_since_stays_seen_when_a_publication_is_taken_back(desk: Desk) -> None:
    owner = add_listing(desk.session, desk.editor, "organization", "New Roots", None, now=desk.now)
    first, second = (a_draft(desk, name, owner.id) for name in ("First", "Second"))
    move(desk, first, ListingMove.PUBLISH)
    undo(desk, desk.changes()[-1].id, first)
    assert desk.session.get_one(Organization, owner.id).visibility == "hidden"
    move(desk, first, ListingMove.PUBLISH)
    publication = desk.changes()[-1].id
    move(desk, second, ListingMove.PUBLISH)
    undo(desk, publication, first)
    desk.session.expire_all()
    assert desk.session.get_one(Service, first.id).visibility == "hidden"
    assert desk.session.get_one(Organization, owner.id).visibility == "public"


def test_undo_publishes_nothing_that_a_steward_has_to_see(desk: Desk) -> None:
    desk.session.add(
        NetworkSetting(name="listings_published_by", value="steward", changed_by="system:test",
                       changed_at=desk.now)
    )  # fmt: skip
    desk.session.commit()
    move(desk, SERVICE, ListingMove.RETIRE)
    move(desk, SERVICE, ListingMove.REOPEN)
    reopened = desk.changes()[-1].id
    desk.save("about", {"description": "Something else altogether, for sale."})
    with pytest.raises(Conflict, match="steward"):
        undo(desk, reopened)
    undo_change(desk.session, desk.steward, SERVICE, reopened, desk.network.vault, now=desk.now)
    assert desk.session.get_one(Service, SERVICE.id).visibility == "public"


def test_a_merge_is_taken_back_as_a_pair_and_not_here(
    session: Session, load: Importer, now: datetime
) -> None:
    load(first_source(), source="first")
    load(second_source(), source="second")
    look(session, now)
    pair = the_pair(session, "service")
    network = Network(session, now=now)
    steward = network.person("Stella Steward", None, STEWARD)
    merge_duplicates(session, steward, pair.id, pair.one_id, network.vault, now=now)
    kept, gone = (ListingKey("service", each) for each in (pair.one_id, pair.other_id))
    (line,) = show_history(session, steward, kept, network.vault).lines
    assert (line.can_undo, line.pair_id) == (False, pair.id)
    with pytest.raises(Conflict, match="Duplicates"):
        undo_change(session, steward, kept, line.id, network.vault, now=now)
    view = show_history(session, steward, gone, network.vault)
    assert (view.head.merged_into, view.head.may_change) == (kept, False)
    assert view.pair_id == pair.id
    unmerge_duplicates(session, steward, pair.id, network.vault, now=now)
    back, merged = show_history(session, steward, kept, network.vault).lines
    assert (back.can_undo, merged.pair_id, merged.is_undone) == (False, None, True)


def test_a_long_history_comes_in_pages(desk: Desk) -> None:
    for number in range(51):
        desk.save("about", {"name": f"Name {number}"})
    first = history(desk)
    assert (len(first.lines), first.has_more) == (50, True)
    rest = history(desk, before=first.lines[-1].id)
    assert (len(rest.lines), rest.has_more) == (1, False)
