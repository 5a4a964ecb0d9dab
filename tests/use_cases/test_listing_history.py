"""The history of a listing: what it tells, what it keeps to itself, and taking a change back."""

from datetime import datetime
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.models import Location, Phone, RequiredDocument, Service
from referral_hub.rules.errors import Conflict, NotFound, NotPermitted
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.listing_history import WITHHELD, show_history, undo_change
from referral_hub.use_cases.listing_views import HistoryView
from tests.factories import uid
from tests.use_cases.conftest import Importer
from tests.use_cases.listing_world import LOCATION, ORGANIZATION, SERVICE, Desk, a_desk

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


def test_a_long_history_comes_in_pages(desk: Desk) -> None:
    for number in range(51):
        desk.save("about", {"name": f"Name {number}"})
    first = history(desk)
    assert (len(first.lines), first.has_more) == (50, True)
    rest = history(desk, before=first.lines[-1].id)
    assert (len(rest.lines), rest.has_more) == (1, False)
