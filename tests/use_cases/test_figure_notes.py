"""A note stays with its chart and its choice of referrals, for those who oversee the same."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from referral_hub.models import FigureNote
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput, NotFound, NotPermitted
from referral_hub.use_cases.figure_notes import (
    list_notes,
    notes_of_page,
    pin_note,
    withdraw_note,
)
from tests.delivery_world import rows
from tests.referral_world import NOW, VAULT, World, a_world

CHART, PAGE = "overview.months", "/supervision"


@pytest.fixture
def world(session: Session) -> World:
    return a_world(session)


def pinned(session: Session, actor: Actor, text: str = "Closed in May.", **of: str) -> UUID:
    about = date(2026, 5, 1)
    return pin_note(session, actor, VAULT, PAGE, CHART, of, text, about_on=about, now=NOW)


def seen(session: Session, actor: Actor, **of: str) -> list[str]:
    found = notes_of_page(session, actor, VAULT, PAGE, of)
    return [note.text for note in found.get(CHART, ())]


def test_a_note_is_sealed_and_shown_under_its_chart_for_the_same_referrals(
    session: Session, world: World
) -> None:
    supervisor = world.sender.supervisor
    pinned(session, supervisor, need="food", side="sender", since="2026-01-01")
    (row,) = rows(session, FigureNote)
    assert b"Closed" not in row.text_sealed
    assert row.conditions == {"side": "sender", "need": "food"}
    assert seen(session, supervisor, side="sender", need="food", until="2026-11-01") == [
        "Closed in May."
    ]
    assert seen(session, supervisor) == seen(session, supervisor, need="food") == []
    assert notes_of_page(session, supervisor, VAULT, "/supervision/times", {}) == {}
    (note,) = list_notes(session, supervisor, VAULT)
    assert note.address == "/supervision?side=sender&need=food"
    assert (note.author, note.about_on) == ("Supervisor North Side Housing", date(2026, 5, 1))


def test_only_those_who_oversee_the_same_see_it(session: Session, world: World) -> None:
    pinned(session, world.sender.supervisor, "Ours")
    pinned(session, world.steward, "The network’s")
    assert seen(session, world.sender.supervisor) == ["Ours"]
    assert seen(session, world.steward) == ["The network’s"]
    assert seen(session, world.receiver.supervisor) == []
    for who in (world.sender.case_manager, world.sender.administrator):
        with pytest.raises(NotPermitted):
            seen(session, who)
        with pytest.raises(NotPermitted):
            pinned(session, who)


def test_its_author_alone_takes_it_back_and_the_row_stays(session: Session, world: World) -> None:
    note = pinned(session, world.sender.supervisor)
    for who in (world.receiver.supervisor, world.steward):
        with pytest.raises(NotFound):
            withdraw_note(session, who, note, now=NOW)
    withdraw_note(session, world.sender.supervisor, note, now=NOW + timedelta(hours=1))
    with pytest.raises(NotFound):
        withdraw_note(session, world.sender.supervisor, note, now=NOW)
    assert seen(session, world.sender.supervisor) == []
    assert rows(session, FigureNote)[0].withdrawn_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("page", "chart", "text", "field"),
    [
        (PAGE, CHART, " ", "text"),
        (PAGE, CHART, "x" * 2001, "text"),
        ("/clients", CHART, "x", "chart"),
        (PAGE, "<b>", "x", "chart"),
    ],
)
def test_a_note_needs_words_and_a_chart_of_supervision(
    session: Session, world: World, page: str, chart: str, text: str, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        pin_note(session, world.sender.supervisor, VAULT, page, chart, {}, text, now=NOW)
    assert set(refused.value.fields) == {field}


def test_a_steward_pins_nothing_to_what_only_agencies_see(session: Session, world: World) -> None:
    with pytest.raises(InvalidInput):
        pinned(session, world.steward, need="food")
