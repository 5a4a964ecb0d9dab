"""Organizations, programs and places that are to be seen no more, or again."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from referral_hub.models import Location, NetworkSetting, Organization, Service
from referral_hub.rules.errors import Conflict, NotFound, NotPermitted
from referral_hub.rules.listing_state import ListingMove
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.add_listing import add_listing
from referral_hub.use_cases.hide_listing import show_record, show_to_everybody
from referral_hub.use_cases.listings import list_listings
from referral_hub.use_cases.publish_listing import move_listing
from tests.threads import at_once
from tests.use_cases.conftest import Importer
from tests.use_cases.listing_world import GAZETTEER, LOCATION, ORGANIZATION, SERVICE, Desk, a_desk


@pytest.fixture
def desk(session: Session, load: Importer, now: datetime) -> Desk:
    return a_desk(session, load, now)


def set_seen(desk: Desk, listing: ListingKey, *, seen: bool, actor: Any = None) -> None:
    show_to_everybody(desk.session, actor or desk.editor, listing, seen=seen, now=desk.now)


def test_other_records_have_pages_of_their_own(desk: Desk) -> None:
    view = list_listings(desk.session, desk.worker, desk.agency_id, now=desk.now)
    record = show_record(desk.session, desk.worker, view.organizations[0].key)
    assert (record.head.name, record.head.may_change) == ("Fair Homes Legal Aid", False)
    assert (record.is_shown, record.shown_by) == (True, ("Eviction Defense",))
    assert show_record(desk.session, desk.editor, view.locations[0].key).head.may_change


def test_what_published_services_need_stays_and_says_which(desk: Desk) -> None:
    for listing in (LOCATION, ORGANIZATION):
        with pytest.raises(Conflict, match="Eviction Defense"):
            set_seen(desk, listing, seen=False)
    with pytest.raises(NotFound):
        set_seen(desk, SERVICE, seen=False)


def test_a_place_that_is_no_more_is_hidden_and_comes_back(desk: Desk) -> None:
    annex = add_listing(desk.session, desk.editor, "location", "Annex", ORGANIZATION.id,
                        now=desk.now)  # fmt: skip
    for seen, visibility in ((True, "public"), (False, "hidden")):
        set_seen(desk, annex, seen=seen)
        desk.session.expire_all()
        assert desk.session.get_one(Location, annex.id).visibility == visibility
    assert len([each for each in desk.changes() if each.record_id == annex.id]) == 3


def test_where_a_steward_looks_first_nothing_is_shown_without(desk: Desk) -> None:
    annex = add_listing(desk.session, desk.editor, "location", "Annex", ORGANIZATION.id,
                        now=desk.now)  # fmt: skip
    desk.session.add(
        NetworkSetting(name="listings_published_by", value="steward", changed_by="system:test",
                       changed_at=desk.now)
    )  # fmt: skip
    desk.session.commit()
    with pytest.raises(Conflict, match="steward"):
        set_seen(desk, annex, seen=True)
    set_seen(desk, annex, seen=True, actor=desk.steward)
    set_seen(desk, annex, seen=False)


def test_only_editors_of_the_agency_and_stewards_hide(desk: Desk) -> None:
    for actor, error in ((desk.worker, NotPermitted), (desk.stranger, NotFound)):
        with pytest.raises(error):
            set_seen(desk, LOCATION, seen=False, actor=actor)


def test_who_hides_and_who_publishes_at_the_same_moment_agree(desk: Desk, engine: Engine) -> None:
    owner = add_listing(desk.session, desk.editor, "organization", "New Roots", None, now=desk.now)
    for number in range(4):
        draft = add_listing(desk.session, desk.editor, "service", f"Seeds {number}", owner.id,
                            now=desk.now)  # fmt: skip
        desk.save("about", {"description": "Seeds and tools to borrow."}, draft)
        set_seen(desk, owner, seen=True)
        desk.session.rollback()

        def act(who: int, draft: ListingKey = draft) -> object:
            with Session(engine) as session:
                if who:
                    return show_to_everybody(session, desk.editor, owner, seen=False, now=desk.now)
                return move_listing(session, desk.colleague, draft.id, ListingMove.PUBLISH, "",
                                    GAZETTEER, desk.network.vault, now=desk.now)  # fmt: skip

        assert not [each for each in at_once(2, act) if isinstance(each, OperationalError)]
        desk.session.expire_all()
        seen = [desk.session.get_one(model, each.id).visibility
                for model, each in ((Service, draft), (Organization, owner))]  # fmt: skip
        assert seen == ["public", "public"]
        move_listing(desk.session, desk.editor, draft.id, ListingMove.RETIRE, "", GAZETTEER,
                     desk.network.vault, now=desk.now)  # fmt: skip
