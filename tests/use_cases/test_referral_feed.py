"""The feed: what an agency may know of, in order, whole, and nothing about others."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyEvent
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referrals import Fact
from referral_hub.use_cases.referral_feed import Feed, referral_feed
from tests.delivery_world import Story, a_story, hand_on
from tests.referral_world import NOW, Staff, World, a_world


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def story(session: Session, world: World) -> Story:
    return a_story(session, world)


def feed(session: Session, staff: Staff, since: int = 0, limit: int = 100) -> Feed:
    return referral_feed(session, staff.application, since, limit, now=NOW)


def kinds(found: Feed) -> list[str]:
    return [event.kind for event in found.events]


def test_each_side_hears_of_what_it_may_know(session: Session, world: World, story: Story) -> None:
    story.sent()
    story.happens(Fact.CONFLICT_CHECKED, None, Part.RECEIVER)
    story.accepted()
    story.happens(Fact.ASSIGNED, None, Part.RECEIVER)
    hand_on(session)
    assert kinds(feed(session, world.sender)) == ["drafted", "send", "accept"]
    assert kinds(feed(session, world.receiver)) == [
        "send", "conflict_checked", "accept", "assigned",
    ]  # fmt: skip
    assert feed(session, world.stranger) == Feed((), 0)


def test_numbers_are_an_agencys_own_and_have_no_gaps(session: Session, world: World) -> None:
    for _ in range(3):
        a_story(session, world).sent()
        hand_on(session)
    for staff, total in ((world.sender, 6), (world.receiver, 3)):
        numbers = session.scalars(
            select(AgencyEvent.number)
            .where(AgencyEvent.agency_id == staff.agency_id)
            .order_by(AgencyEvent.number)
        ).all()
        assert numbers == list(range(1, total + 1))
        assert feed(session, staff).since == total


def test_page_after_page_gives_everything_once(session: Session, world: World) -> None:
    for _ in range(3):
        a_story(session, world).sent()
    hand_on(session)
    whole, since, seen = feed(session, world.sender), 0, []
    while (page := feed(session, world.sender, since, limit=2)).events:
        seen += page.events
        since = page.since
    assert tuple(seen) == whole.events
    assert since == whole.since


def test_what_comes_later_comes_after_where_one_was(
    session: Session, world: World, story: Story
) -> None:
    story.sent()
    hand_on(session)
    before = feed(session, world.sender)
    story.happens(Move.DECLINE, Status.DECLINED, Part.RECEIVER)
    assert feed(session, world.sender, before.since).events == ()
    hand_on(session)
    assert kinds(feed(session, world.sender, before.since)) == ["decline"]


def test_who_sees_a_part_is_led_past_the_rest(session: Session, world: World, story: Story) -> None:
    story.sent()
    hand_on(session)
    teamless = replace(world.sender.supervisor, teams=frozenset())
    of_person = replace(world.sender.application, person=teamless)
    found = referral_feed(session, of_person, 0, 1, now=NOW)
    assert found == Feed((), feed(session, world.sender).since)


def test_a_number_that_was_never_given_is_refused(
    session: Session, world: World, story: Story
) -> None:
    hand_on(session)
    with pytest.raises(InvalidInput) as refused:
        feed(session, world.receiver, since=1)
    assert "since" in refused.value.fields
