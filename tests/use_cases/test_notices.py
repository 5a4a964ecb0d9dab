"""One's own news: the unread first, of the agency for which one acts, and nobody else's."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import Notice, NoticePreference
from referral_hub.rules.actor import Actor, Anonymous
from referral_hub.rules.errors import NotFound, SignInNeeded
from referral_hub.rules.notices import Frequency, NoticeKind
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.use_cases.notices import (
    SHOWN,
    NoticePage,
    choose_notices,
    count_unread,
    list_notices,
    notice_preferences,
    read_all_notices,
    read_notice,
    read_notices_of,
)
from tests.delivery_world import Story, a_story, hand_on, rows
from tests.referral_world import NOW, VAULT, World, a_world

LATER = NOW + timedelta(hours=2)


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


@pytest.fixture
def story(session: Session, world: World) -> Story:
    made = a_story(session, world)
    made.sent()
    made.happens(Move.ACKNOWLEDGE, Status.ACKNOWLEDGED, Part.RECEIVER)
    made.happens(Move.DECLINE, Status.DECLINED, Part.RECEIVER)
    hand_on(session)
    return made


def listed(session: Session, actor: Actor, page: int = 1) -> NoticePage:
    return list_notices(session, actor, VAULT, page, now=LATER)


def test_news_tell_of_whom_they_are_to_who_may_see_the_referral(
    session: Session, world: World, story: Story
) -> None:
    session.add(
        Notice(
            person_id=world.sender.administrator.person_id, agency_id=world.sender.agency_id,
            kind="message", referral_id=story.referral.id, created_at=NOW, mail="never",
        )
    )  # fmt: skip
    session.commit()
    for notice in listed(session, world.sender.case_manager).notices:
        assert notice.referral is not None
        assert notice.referral.client_name
        assert notice.referral.to_agency == "Lawndale Legal Aid"
    (blind,) = listed(session, world.sender.administrator).notices
    assert blind.referral is None


def test_a_person_sees_their_news_and_reads_it_one_by_one(
    session: Session, world: World, story: Story
) -> None:
    sender = world.sender.case_manager
    page = listed(session, sender)
    assert (page.unread, page.page, page.pages) == (2, 1, 1)
    labels = {"Work on a referral went on", "A decision on a referral"}
    assert {each.label for each in page.notices} == labels
    assert {each.referral_id for each in page.notices} == {story.referral.id}
    read_notice(session, sender, page.notices[0].id, now=LATER)
    after = listed(session, sender)
    assert [each.is_read for each in after.notices] == [False, True]
    assert after.notices[1].id == page.notices[0].id
    assert count_unread(session, sender) == after.unread == 1


def test_all_are_read_at_once_but_only_ones_own(
    session: Session, world: World, story: Story
) -> None:
    assert read_all_notices(session, world.sender.case_manager, now=LATER) == 2
    assert count_unread(session, world.sender.case_manager) == 0
    assert count_unread(session, world.receiver.intake_worker) == 1


def test_reading_a_referral_reads_what_there_is_to_hear_of_it(
    session: Session, world: World, story: Story
) -> None:
    other = a_story(session, world)
    other.sent()
    other.happens(Move.DECLINE, Status.DECLINED, Part.RECEIVER)
    hand_on(session)
    read_notices_of(session, world.sender.case_manager, story.referral.id, now=LATER)
    (left,) = [each for each in listed(session, world.sender.case_manager).notices
               if not each.is_read]  # fmt: skip
    assert left.referral_id == other.referral.id
    assert count_unread(session, world.receiver.intake_worker) == 2


def test_somebody_elses_notice_is_not_there(session: Session, world: World, story: Story) -> None:
    notice = listed(session, world.sender.case_manager).notices[0]
    for other in (world.receiver.intake_worker, world.stranger.case_manager):
        with pytest.raises(NotFound):
            read_notice(session, other, notice.id, now=LATER)
    with pytest.raises(NotFound):
        read_notice(session, world.sender.case_manager, uuid4(), now=LATER)
    assert all(each.read_at is None for each in rows(session, Notice))


def test_a_page_that_there_is_not_is_not_there(session: Session, world: World) -> None:
    person = world.sender.case_manager
    for number in range(SHOWN + 1):
        session.add(
            Notice(
                person_id=person.person_id, agency_id=person.agency_id, kind="message",
                referral_id=_referral(session, world) if number == 0 else _known(session),
                created_at=NOW + timedelta(minutes=number), mail="never",
            )
        )  # fmt: skip
        session.flush()
    session.commit()
    assert listed(session, person).pages == 2
    assert len(listed(session, person, 2).notices) == 1
    for page in (0, 3):
        with pytest.raises(NotFound):
            listed(session, person, page)


def test_a_preference_is_kept_only_where_it_is_not_the_default(
    session: Session, world: World
) -> None:
    person = world.sender.case_manager
    choose_notices(
        session,
        person,
        {NoticeKind.DECISION: Frequency.AT_ONCE, NoticeKind.MESSAGE: Frequency.DAILY},
    )
    assert [(each.kind, each.frequency) for each in rows(session, NoticePreference)] == [
        ("decision", "at_once")
    ]
    chosen = notice_preferences(session, person)
    assert chosen[NoticeKind.DECISION] is Frequency.AT_ONCE
    assert chosen[NoticeKind.EMERGENCY] is Frequency.AT_ONCE
    assert chosen[NoticeKind.MESSAGE] is Frequency.DAILY
    choose_notices(session, person, {NoticeKind.DECISION: Frequency.NEVER})
    choose_notices(session, person, {NoticeKind.EMERGENCY: Frequency.NEVER})
    assert notice_preferences(session, person)[NoticeKind.DECISION] is Frequency.NEVER
    choose_notices(session, person, {NoticeKind.DECISION: Frequency.DAILY})
    assert [each.kind for each in rows(session, NoticePreference)] == ["emergency"]


def test_who_is_not_signed_in_has_no_news(session: Session) -> None:
    for ask in (listed, count_unread, notice_preferences):
        with pytest.raises(SignInNeeded):
            ask(session, Anonymous())


def test_a_steward_of_no_agency_has_none(session: Session, world: World, story: Story) -> None:
    assert count_unread(session, world.steward) == 0
    assert listed(session, world.steward).notices == ()


def _referral(session: Session, world: World):  # type: ignore[no-untyped-def]
    return a_story(session, world).referral.id


def _known(session: Session):  # type: ignore[no-untyped-def]
    return session.query(Notice).first().referral_id  # type: ignore[union-attr]


def test_news_of_another_agency_waits_until_one_acts_for_it(
    session: Session, world: World, story: Story
) -> None:
    elsewhere = replace(world.sender.case_manager, agency_id=world.stranger.agency_id)
    assert count_unread(session, elsewhere) == 0
    assert listed(session, elsewhere).notices == ()
    assert read_all_notices(session, elsewhere, now=LATER) == 0
    assert count_unread(session, world.sender.case_manager) == 2
