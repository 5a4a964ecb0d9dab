"""A link to figures is mailed when it is due, once, without a figure, to who may still see them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AuditRow, FigureLink, Membership, Person
from referral_hub.rules.actor import Person as Acting
from referral_hub.rules.errors import InvalidInput, NotFound, NotPermitted
from referral_hub.rules.figure_links import MOST_LINKS
from referral_hub.rules.improvements import Every
from referral_hub.rules.mail_schedules import MailSchedule
from referral_hub.use_cases.deliver_figure_links import deliver_figure_links
from referral_hub.use_cases.figure_links import end_link, list_links, save_link, show_link
from tests.delivery_world import HUB, mails, rows
from tests.referral_world import NOW, VAULT, World, a_world

MONDAYS = MailSchedule(Every.WEEK, 0, 8)
NEXT = datetime(2026, 12, 7, 14, tzinfo=UTC)
"""A Monday at eight in Chicago; NOW is the Monday before, at ten."""
WEEK = timedelta(days=7)


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def saved(session: Session, actor: Acting, path: str = "/supervision?need=food") -> UUID:
    return save_link(session, actor, VAULT, "My team", path, MONDAYS, now=NOW)


def deliver(session: Session, now: datetime, vault: Vault = VAULT) -> int:
    return deliver_figure_links(session, HUB, vault, now=now)


def test_a_mail_holds_a_link_and_nothing_of_the_view(session: Session, world: World) -> None:
    link = saved(session, world.sender.supervisor)
    assert deliver(session, NEXT - timedelta(seconds=1)) == 0
    assert deliver(session, NEXT) == 1
    assert mails(session) == [
        {
            "to": "supervisor@north.example.org",
            "template": "figure_link",
            "link": f"/supervision/links/{link}/open",
            "end_link": f"/supervision/links/{link}/end",
        }
    ]


def test_it_is_mailed_once_a_week_and_once_after_a_time_in_which_nothing_ran(
    session: Session, world: World
) -> None:
    link = saved(session, world.sender.supervisor)
    deliver(session, NEXT)
    assert deliver(session, NEXT + timedelta(days=6, hours=23)) == 0
    late = NEXT + 4 * WEEK + timedelta(days=2)
    assert [deliver(session, late), deliver(session, late)] == [1, 0]
    assert len(mails(session)) == 2
    shown = show_link(session, world.sender.supervisor, VAULT, link)
    assert (shown.sent_at, shown.due_at) == (late, NEXT + 5 * WEEK)


def test_a_steward_gets_links_too(session: Session, world: World) -> None:
    saved(session, world.steward)
    deliver(session, NEXT)
    assert [each["to"] for each in mails(session)] == ["steward@network.example.org"]


def leaves(session: Session, world: World) -> None:
    mine = Membership.person_id == world.sender.supervisor.person_id
    session.execute(update(Membership).where(mine).values(until=NOW))


def is_disabled(session: Session, world: World) -> None:
    session.get_one(Person, world.sender.supervisor.person_id).disabled_at = NOW


def is_suspended(session: Session, world: World) -> None:
    session.get_one(Agency, world.sender.agency_id).status = "suspended"


def becomes_case_manager(session: Session, world: World) -> None:
    mine = Membership.person_id == world.sender.supervisor.person_id
    session.execute(update(Membership).where(mine).values(role="case_manager"))


def moves_to_another_agency(session: Session, world: World) -> None:
    mine = Membership.person_id == world.sender.supervisor.person_id
    session.execute(update(Membership).where(mine).values(agency_id=world.receiver.agency_id))


EVENTS = [leaves, is_disabled, is_suspended, becomes_case_manager, moves_to_another_agency]


@pytest.mark.parametrize("happens", EVENTS, ids=lambda f: f.__name__)
def test_who_may_not_see_the_figures_any_more_gets_none_and_the_link_ends(
    session: Session, world: World, happens: Callable[[Session, World], None]
) -> None:
    saved(session, world.sender.supervisor)
    happens(session, world)
    session.commit()
    assert deliver(session, NEXT) == 1
    assert mails(session) == []
    assert rows(session, FigureLink)[0].ended_at == NEXT
    assert deliver(session, NEXT + WEEK) == 0
    (row,) = [each for each in rows(session, AuditRow) if each.action == "figure-link:end"]
    assert row.detail == "they may not see the figures any more"


def test_an_address_that_cannot_be_read_ends_its_link_and_holds_up_nobody(
    session: Session, world: World
) -> None:
    saved(session, world.sender.supervisor)
    saved(session, world.receiver.supervisor)
    broken = session.get_one(Person, world.sender.supervisor.person_id)
    broken.email_sealed = Vault({"lost": bytes(32)}).seal("person.email", broken.id, "x@y.example")
    session.commit()
    assert deliver(session, NEXT) == 2
    assert [each["to"] for each in mails(session)] == ["supervisor@lawndale.example.org"]
    assert sorted(each.ended_at is None for each in rows(session, FigureLink)) == [False, True]


def test_it_is_ended_by_who_saved_it_alone(session: Session, world: World) -> None:
    link = saved(session, world.sender.supervisor)
    for who in (world.receiver.supervisor, world.steward):
        with pytest.raises(NotFound):
            show_link(session, who, VAULT, link)
        with pytest.raises(NotFound):
            end_link(session, who, link, now=NOW)
    assert [each.name for each in list_links(session, world.sender.supervisor, VAULT)] == [
        "My team"
    ]
    end_link(session, world.sender.supervisor, link, now=NOW)
    end_link(session, world.sender.supervisor, link, now=NOW + WEEK)
    assert show_link(session, world.sender.supervisor, VAULT, link).ended_at == NOW
    assert list_links(session, world.sender.supervisor, VAULT) == ()
    assert deliver(session, NEXT) == 0


def test_only_who_sees_figures_saves_links_and_not_too_many(session: Session, world: World) -> None:
    with pytest.raises(NotPermitted):
        saved(session, world.sender.case_manager)
    with pytest.raises(InvalidInput):
        saved(session, world.sender.supervisor, "https://evil.example/supervision")
    for _ in range(MOST_LINKS):
        saved(session, world.sender.supervisor)
    with pytest.raises(InvalidInput):
        saved(session, world.sender.supervisor)
    assert saved(session, world.receiver.supervisor)


def test_nobody_but_the_hub_delivers(session: Session, world: World) -> None:
    with pytest.raises(NotPermitted):
        deliver_figure_links(session, world.sender.supervisor, VAULT, now=NOW)
