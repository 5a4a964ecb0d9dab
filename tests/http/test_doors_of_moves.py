"""Page, API and command are doors to the same moves: what one refuses, all refuse alike."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.cli import main
from referral_hub.models import AuditRow, Membership
from referral_hub.rules.errors import IllegalMove
from referral_hub.rules.referral_lifecycle import Move, Part, Side, Status, find_rule
from referral_hub.web.hub import EXTENSION
from tests.http.api_caller import Caller, a_caller
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser, form_token, text_of
from tests.referral_acts import PATHS, Played, a_sent_one, in_status
from tests.use_cases.test_move_referral import NOT_NOW

HUMAN = [move for move in Move if move not in (Move.SEND_NEXT, Move.FORWARD, Move.EXPIRE)]
INTAKE = "intake_worker@lawndale.example.org"
Outcome = tuple[str, str]
"""The code and the sentence of a refusal; an empty code for what was done."""


class Doors:
    """The three doors for one side of a referral."""

    def __init__(self, app: Flask, played: Played, side: Side, browser: Browser) -> None:
        staff = played.world.sender if side is Side.SENDER else played.world.receiver
        self.app, self.played, self.side, self.browser = app, played, side, browser
        self.email = "case_manager@north.example.org" if side is Side.SENDER else INTAKE
        self.caller: Caller = a_caller(app, staff.agency_id)
        self.token = form_token(browser.get("/account").text)

    def page(self, move: Move, **more: Any) -> Outcome:
        """The form of the move. Where a page shows the sentence beside the form, its code is that
        of the status."""
        fields = {"version": self.played.row.version, **self.values(move), **more}
        path = f"/referrals/{self.played.referral_id}/moves/{move}"
        answer = self.browser.forge(path, form_token=self.token, **wall(fields))
        if answer.status_code == 303:
            return "", ""
        codes = {404: "not-found", 409: "illegal-move", 422: "invalid-input"}
        return codes[answer.status_code], unescape(text_of(answer))

    def api(self, move: Move) -> Outcome:
        """The event that a system posts."""
        body = {"move": str(move), **self.values(move)}
        path = f"/referrals/{self.played.referral_id}/events"
        answer = self.caller.post(path, body, self.played.row.version)
        if answer.status_code == 201:
            return "", ""
        return answer.get_json()["code"], answer.get_json()["detail"]

    def command(self, move: Move) -> Outcome:
        """What an operator types for somebody."""
        values = self.values(move).items()
        options = [f"--{name.replace('_', '-')}={value}" for name, value in values]
        done = typed(self.app, self.played, move, *options, by=self.email)
        if done.exit_code == 0:
            return "", ""
        assert done.exit_code == 2, (done.output, done.exception)
        sentence, code = done.output.removeprefix("Error: ").rstrip(")\n").rsplit(" (", 1)
        return code, sentence

    def values(self, move: Move) -> dict[str, str]:
        """What comes along with a move, as JSON has it."""
        return {
            name: value.isoformat() if isinstance(value, date) else str(value)
            for name, value in self.played.defaults(move).items()
        }


def wall(fields: dict[str, Any]) -> dict[str, Any]:
    """Times as a form has them."""
    times = {"first_contact_by", "began_at"} & fields.keys()
    zone = ZoneInfo("America/Chicago")
    return fields | {
        name: datetime.fromisoformat(fields[name]).astimezone(zone).isoformat()[:16]
        for name in times
    }


@pytest.fixture
def around(app: Flask) -> dict[str, Any]:
    """The vault of the hub, and a moment ago."""
    vault = app.extensions[EXTENSION].vault
    return {"vault": vault, "now": datetime.now(UTC) - timedelta(minutes=5)}


Opened = Callable[[Played, Side], Doors]


@pytest.fixture
def doors(app: Flask, browse: Opener) -> Iterator[Opened]:
    """The doors of a side of a referral."""

    def opened(played: Played, side: Side) -> Doors:
        world = played.world
        sender = side is Side.SENDER
        person = world.sender.case_manager if sender else world.receiver.intake_worker
        return Doors(app, played, side, browse(person))

    return opened


def refusal_of(status: Status, move: Move, side: Side, *, system: bool) -> str | None:
    """The code with which a side's move is refused, with its sentence; None where it is allowed."""
    if status is Status.DRAFT and side is Side.RECEIVER:
        return "not-found"
    own = {
        (Side.SENDER, False): Part.SENDER, (Side.SENDER, True): Part.SENDER_APPLICATION,
        (Side.RECEIVER, False): Part.RECEIVER, (Side.RECEIVER, True): Part.RECEIVER_APPLICATION,
    }[side, system]  # fmt: skip
    try:
        find_rule(status, move, own)
    except IllegalMove as error:
        return error.message
    return "illegal-move" if (status, move) in NOT_NOW else None


@pytest.mark.parametrize("status", [*map(Status, PATHS), Status.EXPIRED])
def test_every_door_refuses_what_the_table_refuses_with_the_same_words(
    sqlite_session: Session, around: dict[str, Any], doors: Opened, status: Status
) -> None:
    if status is Status.EXPIRED:
        around["now"] -= timedelta(days=14)
    played = in_status(sqlite_session, status, **around)
    played.now = around["now"]
    before = state(played)
    for side in Side:
        opened = doors(played, side)
        for move in HUMAN:
            for door, system in (
                (opened.page, False), (opened.command, False), (opened.api, True),
            ):  # fmt: skip
                expected = refusal_of(status, move, side, system=system)
                if expected is None:
                    continue
                code, sentence = door(move)
                told = (status, move, side, door.__name__, sentence)
                if expected in ("not-found", "illegal-move"):
                    assert code == expected, told
                else:
                    assert code == "illegal-move", told
                    assert expected in sentence, told
    assert state(played) == before


def state(played: Played) -> tuple[str, int, int]:
    """How a referral stands, and how many events it has."""
    row = played.row
    found = (row.status, row.version, len(played.events))
    played.session.rollback()
    return found


WAY = (
    (Move.ASK, Side.RECEIVER), (Move.ANSWER, Side.SENDER), (Move.ACCEPT, Side.RECEIVER),
    (Move.HOLD, Side.RECEIVER), (Move.RESUME, Side.RECEIVER), (Move.COMPLETE, Side.RECEIVER),
)  # fmt: skip


@pytest.mark.parametrize("door", ["page", "api", "command"])
def test_every_door_lets_a_referral_go_its_way(
    sqlite_session: Session, around: dict[str, Any], doors: Opened, door: str
) -> None:
    played = a_sent_one(sqlite_session, **around)
    opened = {side: doors(played, side) for side in Side}
    before = len(played.events)
    for move, side in WAY:
        played.now = datetime.now(UTC)
        assert getattr(opened[side], door)(move) == ("", ""), move
    assert played.row.status == "completed"
    assert [event.channel for event in played.events[before:]] == [door] * (len(WAY) + 1)


def test_who_saw_an_older_version_changes_nothing_by_the_command(
    app: Flask, sqlite_session: Session, around: dict[str, Any]
) -> None:
    played = a_sent_one(sqlite_session, **around)
    done = typed(app, played, "acknowledge", "--version=1")
    assert (done.exit_code, played.row.status) == (2, "sent")
    assert "(version-conflict)" in done.output


def typed(app: Flask, played: Played, move: str, *options: str, by: str = INTAKE) -> Result:
    """What an operator typed about a referral."""
    words = ["referral", "move", str(played.referral_id), str(move), "--by", by, *options]
    return CliRunner().invoke(main, words, obj=app)


def test_a_command_is_audited_as_the_operators_and_as_the_persons(
    app: Flask, sqlite_session: Session, around: dict[str, Any]
) -> None:
    played = a_sent_one(sqlite_session, **around)
    done = typed(app, played, "acknowledge")
    assert (done.exit_code, done.output) == (
        0,
        f"It is now: seen (version {played.row.version}).\n",
    )
    rows = sqlite_session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(2)).all()
    person = f"person:{played.world.receiver.intake_worker.person_id}"
    assert [(row.actor, row.action, row.detail) for row in rows] == [
        (person, "referral:acknowledge", "command"), ("system:operator", "person:act-for", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("by", "options", "code"),
    [
        ("nobody@north.example.org", (), "not-found"),
        ("agency_administrator@lawndale.example.org", (), "not-permitted"),
        ("intake_worker@pilsen.example.org", (), "not-found"),
        (INTAKE, ("--agency=Pilsen Clinic",), "not-found"),
        (INTAKE, ("--agency=Nowhere",), "error"),
        (INTAKE, ("--occurred-at=yesterday",), "invalid-input"),
    ],
)
def test_the_operator_can_do_no_more_than_the_person(
    app: Flask, sqlite_session: Session, around: dict[str, Any], by: str, options: tuple[str, ...],
    code: str,
) -> None:  # fmt: skip
    played = a_sent_one(sqlite_session, **around)
    done = typed(app, played, "acknowledge", *options, by=by)
    assert (done.exit_code, played.row.status) == (2, "sent")
    assert done.output.endswith(f"({code})\n")
    assert done.output.count("\n") == 1


def test_who_works_in_several_places_is_asked_for_which(
    app: Flask, sqlite_session: Session, around: dict[str, Any]
) -> None:
    played = a_sent_one(sqlite_session, **around)
    receiver, stranger = played.world.receiver, played.world.stranger
    sqlite_session.add(
        Membership(
            person_id=receiver.intake_worker.person_id, agency_id=stranger.agency_id,
            role="intake_worker", since=played.now,
        )
    )  # fmt: skip
    sqlite_session.commit()
    assert "--agency" not in typed(app, played, "acknowledge", "--agency=Lawndale Legal Aid").output
    assert "Name the agency" in typed(app, played, "ask", "--question=Lease?").output
