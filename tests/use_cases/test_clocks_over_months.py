"""Every clock over three months, with summer time and holidays, by moves that people make.

An independent count, minute by minute on the wall clock, says when each thing is due; two workers
come by at once, just before and at the moment in which the hub has to act.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, ReferralClock
from referral_hub.rules.actor import System
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.referrals import Channel, ContactMethod, Priority
from referral_hub.use_cases.expire_referrals import keep_time
from referral_hub.use_cases.referral_talk import Attempt, check_in, record_contact
from tests.referral_acts import CHICAGO, Played, a_draft
from tests.referral_world import VAULT, a_world
from tests.rules.minute_walk import Office, minutes_between, walk
from tests.threads import at_once

MINUTE = timedelta(minutes=1)
DAY = 24 * 60
"""In minutes."""
LIMITS = {
    "acknowledge": ("2h", "1bd", "2bd"),
    "decide": ("24h", "72h", "2bd"),
    "expire": ("48h", "5bd", "10bd"),
    "question": ("4h", "1bd", "3bd"),
    "first_contact": ("24h", "2bd", "5bd"),
    "stale": ("24h", "72h", "168h"),
    "outcome": ("", "720h", "720h"),
    "withdrawal": ("2bd", "2bd", "2bd"),
}
"""By priority: emergency, urgent, routine."""
HOLIDAYS = {
    "US": {
        date(2026, 9, 7), date(2026, 10, 12), date(2026, 11, 11), date(2026, 11, 26),
        date(2026, 12, 25), date(2026, 2, 16), date(2026, 1, 19), date(2026, 1, 1),
    },
    "DE-BE": {
        date(2026, 1, 1), date(2026, 3, 8), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 1),
        date(2026, 5, 14), date(2026, 5, 25), date(2026, 10, 3), date(2026, 12, 25),
        date(2026, 12, 26),
    },
}  # fmt: skip
"""Written down by hand from the calendars of the two regions."""
DECIDING = frozenset(
    {
        Move.SEND, Move.RESEND, Move.ACKNOWLEDGE, Move.ASK, Move.ANSWER, Move.ACCEPT, Move.WAITLIST,
        Move.DECLINE, Move.UNDECLINE, Move.UNACCEPT,
    }
)  # fmt: skip
OFFICES = {
    zone: Office(zone, HOLIDAYS[region])
    for zone, region in (
        ("America/Chicago", "US"), ("America/Los_Angeles", "US"), ("America/Phoenix", "US"),
        ("Europe/Berlin", "DE-BE"),
    )
}  # fmt: skip


@cache
def at_work(start: datetime, minutes: int, zone: str) -> datetime:
    """The instant at which so many minutes of work are done."""
    return walk(start, minutes, OFFICES[zone])


@dataclass
class Counted:
    """When what is due, as it is counted here. Of what stands still, what was left, and since
    when; `paused` is how many minutes of work questions held up expiry so far."""

    zone: str
    priority: Priority
    due: dict[str, datetime] = field(default_factory=dict)
    still: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    paused: int = 0

    def limit(self, clock: str) -> str:
        return LIMITS[clock][list(Priority).index(self.priority)]

    def forward(self, clock: str, start: datetime, minutes: int) -> datetime:
        if self.limit(clock).endswith("bd"):
            return at_work(start, minutes, self.zone)
        return start + minutes * MINUTE

    def fresh(self, clock: str, start: datetime) -> datetime | None:
        limit = self.limit(clock)
        if not limit:
            return None
        each = 8 * 60 if limit.endswith("bd") else 60
        return self.forward(clock, start, int(limit.rstrip("hbd")) * each)

    def start(self, at: datetime, *clocks: str) -> None:
        for clock in clocks:
            self.end(clock)
            due = self.fresh(clock, at)
            if due is not None:
                self.due[clock] = due

    def end(self, *clocks: str) -> None:
        for clock in clocks:
            self.due.pop(clock, None)
            self.still.pop(clock, None)

    def end_all(self) -> None:
        self.due.clear()
        self.still.clear()

    def pause(self, at: datetime, *clocks: str) -> None:
        for clock in set(clocks) & self.due.keys():
            due = self.due[clock]
            left = (
                minutes_between(at, due, OFFICES[self.zone])
                if self.limit(clock).endswith("bd")
                else max(int((due - at) / MINUTE), 0)
            )
            self.still[clock] = left, at

    def resume(self, at: datetime, *clocks: str) -> None:
        for clock in set(clocks) & self.still.keys():
            due = self.due_if_resumed(clock, at)
            assert due >= self.due[clock], "a pause never makes a time earlier"
            self.due[clock] = due
            _, since = self.still.pop(clock)
            if clock == "expire":
                held = minutes_between(since, at, OFFICES[self.zone])
                self.paused = min(self.paused + held, 5 * 8 * 60)

    def due_if_resumed(self, clock: str, at: datetime) -> datetime:
        left, since = self.still[clock]
        if not left:
            return self.due[clock]
        if clock == "expire":
            at = min(at, at_work(since, 5 * 8 * 60 - self.paused, self.zone))
        return max(self.due[clock], self.forward(clock, at, left))

    def acts(self) -> tuple[datetime, str] | None:
        """What the hub does next by itself, and when."""
        found = [
            (
                self.due_if_resumed(clock, datetime.max.replace(tzinfo=UTC))
                if clock in self.still
                else self.due[clock],
                clock,
            )
            for clock in ("expire", "withdrawal")
            if clock in self.due
        ]
        return min(found, default=None)


def keep_all(engine: Engine, now: datetime) -> None:
    """Let a worker do all that there is to do."""
    with Session(engine) as session:
        while keep_time(session, System("worker"), now=now):
            pass


class Story:
    """A referral to which something happens at any minute."""

    def __init__(self, played: Played, engine: Engine, zone: str, luck: random.Random) -> None:
        self.played, self.engine, self.luck = played, engine, luck
        self.counted = Counted(zone, Priority(played.row.priority))
        self.done: Counter[str] = Counter()
        self.decided = self.expired_at = self.expiry = played.now

    def tell(self, until: datetime) -> None:
        """Let things happen until the referral has ended, or the time is over."""
        self.act(Move.SEND)
        while self.played.now < until:
            at = self.played.now + self.luck.randrange(1, 4 * DAY) * MINUTE
            if (own := self.counted.acts()) is not None and own[0] <= at:
                self.hub_acts(*own)
            else:
                keep_all(self.engine, at)
                self.played.now = at
                move = self.next_move()
                if move is None:
                    return
                self.act(move)
            self.check()

    def hub_acts(self, at: datetime, clock: str) -> None:
        before = self.played.row.status
        keep_all(self.engine, at - MINUTE)
        assert self.played.row.status == before, "nothing happens before its time"
        self.work(at)
        move = {"expire": Move.EXPIRE, "withdrawal": Move.CONFIRM_WITHDRAWAL}[clock]
        assert self.played.row.status == {"expire": "expired", "withdrawal": "withdrawn"}[clock]
        self.done[move] += 1
        assert sum(event.kind == move for event in self.played.events) == self.done[move]
        self.counted.end_all()
        self.played.now = self.expired_at = at

    def work(self, now: datetime) -> None:
        """Let two workers do at the same moment what there is to do."""
        self.played.session.rollback()
        done = at_once(2, lambda _: keep_all(self.engine, now))
        assert not [each for each in done if isinstance(each, Exception)], done
        keep_all(self.engine, now)

    def next_move(self) -> Move | str | None:
        status, now, counted = self.played.row.status, self.played.now, self.counted
        lately = at_work(self.decided, 2 * 8 * 60, counted.zone) >= now
        choices: dict[str, list[Move | str]] = {
            "sent": [Move.ACKNOWLEDGE, Move.ASK, Move.ACCEPT, Move.WAITLIST, Move.DECLINE, "wait"],
            "acknowledged": [Move.ASK, Move.ACCEPT, Move.DECLINE, "wait"],
            "info_requested": [Move.ANSWER, "wait"],
            "waitlisted": [Move.ACCEPT, "wait"],
            "accepted": ["reach", Move.HOLD, "check in", "wait"],
            "in_progress": [Move.HOLD, "check in", Move.REQUEST_WITHDRAWAL, Move.COMPLETE],
            "on_hold": [Move.RESUME, "wait"],
            "declined": [Move.UNDECLINE] if lately else [],
            "completed": [Move.REOPEN],
        }
        if status == "accepted" and lately and not self.done[Move.UNACCEPT]:
            choices[status].append(Move.UNACCEPT)
        soon = at_work(self.expired_at, 5 * 8 * 60, counted.zone) >= now
        if status == "expired" and soon and self.done[Move.SEND] + self.done[Move.RESEND] < 2:
            return Move.RESEND
        possible = [
            move
            for move in choices.get(status, [])
            if not (move is Move.REQUEST_WITHDRAWAL and "withdrawal" in counted.due)
            and not (move is Move.REOPEN and self.done[move])
        ]
        return self.luck.choice(possible) if possible else None

    def act(self, move: Move | str) -> None:
        played, now = self.played, self.played.now
        intake = played.world.receiver.intake_worker
        self.done[move] += 1
        today = now.astimezone(ZoneInfo(self.counted.zone)).date()
        if move is Move.COMPLETE:
            played.move(move, service_date=today)
        elif isinstance(move, Move):
            played.move(move)
        elif move == "check in":
            check_in(
                played.session, intake, VAULT, played.referral_id, "Goes on.",
                channel=Channel.PAGE, now=now,
            )  # fmt: skip
        elif move == "reach":
            attempt = Attempt(ContactMethod.CALL, reached=True, occurred_at=now)
            record_contact(
                played.session, intake, VAULT, played.referral_id, attempt,
                channel=Channel.PAGE, now=now,
            )  # fmt: skip
        if move in DECIDING:
            self.count_deciding(move)
        else:
            self.count_work(move)

    def count_deciding(self, move: Move | str) -> None:
        """Count the times of who has to decide."""
        now, counted, undecided = self.played.now, self.counted, ("decide", "expire")
        match move:
            case Move.SEND | Move.RESEND:
                counted.paused = 0
                counted.start(now, "acknowledge", *undecided)
            case Move.ACKNOWLEDGE:
                counted.end("acknowledge")
            case Move.ASK:
                counted.end("acknowledge")
                counted.start(now, "question")
                counted.pause(now, *undecided)
            case Move.ANSWER:
                counted.end("question")
                counted.resume(now, *undecided)
            case Move.ACCEPT | Move.WAITLIST | Move.DECLINE:
                self.decided = now
                counted.resume(now, "expire")
                self.expiry = counted.due.get("expire", now)
                counted.end_all()
                if move is Move.ACCEPT:
                    counted.start(now, "first_contact", "stale")
                elif move is Move.WAITLIST:
                    self.review(now + timedelta(days=7))
            case Move.UNDECLINE | Move.UNACCEPT:
                counted.end_all()
                counted.start(now, *undecided)
                counted.due["expire"] = max(counted.due["expire"], self.expiry)

    def count_work(self, move: Move | str) -> None:
        """Count the times of who works."""
        now, counted = self.played.now, self.counted
        match move:
            case "reach":
                counted.end("first_contact")
                counted.start(now, "outcome", "stale")
            case "check in":
                counted.start(now, "stale")
            case Move.REQUEST_WITHDRAWAL:
                counted.start(now, "withdrawal", "stale")
            case Move.HOLD:
                counted.end("stale")
                counted.pause(now, "first_contact")
                self.review(now + timedelta(days=5))
            case Move.RESUME:
                counted.end("review")
                counted.resume(now, "first_contact")
                counted.start(now, "stale")
            case Move.COMPLETE:
                counted.end_all()
            case Move.REOPEN:
                counted.start(now, "outcome", "stale")

    def review(self, day: datetime) -> None:
        """What is set for a day is due when that day closes."""
        zone = ZoneInfo(self.counted.zone)
        closes = datetime.combine(day.astimezone(CHICAGO).date(), time(17), zone)
        self.counted.due["review"] = closes.astimezone(UTC)

    def check(self) -> None:
        """The hub counted as this test does."""
        rows = self.clocks()
        assert {row.clock: row.due_at.astimezone(UTC) for row in rows} == self.counted.due
        assert {row.clock for row in rows if row.paused_at is not None} == self.counted.still.keys()
        for row in rows:
            if row.clock in ("expire", "withdrawal"):
                own = self.counted.acts()
                assert row.act_at is not None
                assert own is not None
                assert row.act_at.astimezone(UTC) >= own[0]

    def clocks(self) -> list[ReferralClock]:
        self.played.session.rollback()
        return list(
            self.played.session.scalars(
                select(ReferralClock).where(
                    ReferralClock.referral_id == self.played.referral_id,
                    ReferralClock.ended_at.is_(None),
                )
            )
        )


@pytest.mark.parametrize(
    ("zone", "region", "first"),
    [
        ("America/Chicago", "US", datetime(2026, 9, 21, tzinfo=UTC)),
        ("America/Los_Angeles", "US", datetime(2026, 2, 2, tzinfo=UTC)),
        ("Europe/Berlin", "DE-BE", datetime(2026, 2, 16, tzinfo=UTC)),
        ("America/Phoenix", "US", datetime(2026, 9, 28, tzinfo=UTC)),
    ],
)
def test_every_clock_is_right_over_three_months_and_nothing_ends_twice(
    engine: Engine, session: Session, zone: str, region: str, first: datetime
) -> None:
    world = a_world(session, now=first)
    agency = session.get_one(Agency, world.receiver.agency_id)
    agency.time_zone, agency.holiday_region = zone, region
    session.commit()
    luck = random.Random(zone)
    done: Counter[str] = Counter()
    for number in range(9):
        priority = list(Priority)[number % 3]
        begun = first + luck.randrange(1, 50 * DAY) * MINUTE
        played = a_draft(session, world=world, priority=priority, now=begun)
        story = Story(played, engine, zone, luck)
        story.tell(first + timedelta(days=92))
        done += story.done
    assert {Move.EXPIRE, Move.ASK, Move.ANSWER, Move.ACCEPT, Move.HOLD} <= done.keys(), done
