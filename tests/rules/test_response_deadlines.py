"""How long each side has: the table, what starts and stops a clock, and what a pause does."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.business_time import WorkCalendar
from referral_hub.rules.deadline_reminders import Reminded, acts_at, reminders_of
from referral_hub.rules.referral_lifecycle import (
    OPEN,
    RULES,
    TERMINAL,
    UNDECIDED,
    WAITS_ON,
    Came,
    Move,
    Side,
    Status,
)
from referral_hub.rules.referrals import Clock, Fact, Priority
from referral_hub.rules.response_deadlines import (
    DEFAULTS,
    EFFECTS,
    LONGEST_EXPIRY_PAUSE,
    NO_EFFECTS,
    OWED,
    Limit,
    Pause,
    date_is_due,
    effects_of,
    read_limit,
)
from tests.rules.test_business_time import calendars, instants

TABLE = """
    acknowledge    2h   1bd   2bd
    decide         24h  72h   2bd
    expire         48h  5bd   10bd
    question       4h   1bd   3bd
    first_contact  24h  2bd   5bd
    outcome        -    720h  720h
    stale          24h  72h   168h
"""
CHICAGO = ZoneInfo("America/Chicago")
CALENDAR = WorkCalendar(CHICAGO)
limits = st.builds(Limit, st.integers(1, 200), st.just(False)) | st.builds(
    Limit, st.integers(1, 20), st.just(True)
)
spans = st.timedeltas(timedelta(0), timedelta(days=40))


def test_the_defaults_are_those_of_the_network() -> None:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    expected = {
        (clock, priority): limit
        for clock, *amounts in rows
        for priority, limit in zip(Priority, amounts, strict=True)
        if limit != "-"
    }
    assert {key: str(limit) for key, limit in DEFAULTS.items()} == expected


@given(limits)
def test_a_limit_is_read_as_it_was_written(limit: Limit) -> None:
    assert read_limit(str(limit)) == limit


@pytest.mark.parametrize("text", ["", "h", "3", "3d", "3 h", "-3h", "bd", "date"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 two kinds of words for one thing
        read_limit(text)


def test_every_move_and_fact_says_what_it_does_to_the_clocks() -> None:
    assert set(EFFECTS) == set(Move) - {Move.REOPEN}
    for fact in Fact:
        assert effects_of(fact, Status.SENT) == effects_of(Fact.MESSAGE, Status.SENT)
    for fact in (Fact.CONTACTED, Fact.APPOINTMENT):
        reached = effects_of(fact, Status.ACCEPTED, reached=True)
        assert reached.meet == {Clock.FIRST_CONTACT, Clock.STALE}
    for fact in (Fact.REMINDED, Fact.CONSENT_REVOKED, Fact.CLIENT_CONFIRMED):
        assert effects_of(fact, Status.IN_PROGRESS) == NO_EFFECTS
    assert set(OWED) == set(Status)


def kept(running: dict[Clock, bool], move: Move, to_status: Status, **known: bool) -> None:
    """Let clocks follow a move; they are told with whether they stand still."""
    effects = effects_of(move, to_status, **known)
    for clock in effects.meet | effects.cancel:
        running.pop(clock, None)
    for clock in effects.resume & running.keys():
        running[clock] = False
    for clock in effects.start:
        assert clock not in running, (move, clock)
        running[clock] = False
    for clock in effects.pause & running.keys():
        running[clock] = True


@pytest.mark.parametrize("seed", range(300))
def test_on_every_way_through_the_table_each_wait_has_its_clock(seed: int) -> None:
    luck = random.Random(seed)
    status, held_from, closed_from, started = Status.DRAFT, Status.ACCEPTED, Status.ACCEPTED, False
    running: dict[Clock, bool] = {}
    for _ in range(25):
        rules = [rule for rule in RULES if status in rule.sources]
        if not rules:
            break
        rule = luck.choice(rules)
        if rule.move is Move.COMPLETE and status is Status.ACCEPTED:
            continue  # a start is written first
        if rule.move is Move.REQUEST_WITHDRAWAL and Clock.WITHDRAWAL in running:
            continue
        if rule.move is Move.CONFIRM_WITHDRAWAL and Clock.WITHDRAWAL not in running:
            continue
        before = status
        if rule.target is Came.HELD_FROM:
            status = held_from
        elif rule.target is Came.CLOSED_FROM:
            status = closed_from
        elif rule.target is not Came.SAME:
            status = rule.target
        started = (started or rule.move is Move.START) and rule.move is not Move.UNACCEPT
        if status is Status.ON_HOLD and before is not status and rule.move is Move.HOLD:
            held_from = before
        if status in TERMINAL:
            closed_from = before
        kept(running, rule.move, status, started=started)
        check_clocks(status, running, held_from, started=started)


def check_clocks(
    status: Status, running: dict[Clock, bool], held_from: Status, *, started: bool
) -> None:
    """What must run, and stand still, in each status."""
    waits = set(running) - {Clock.WITHDRAWAL}
    if status not in OPEN:
        assert not running
        return
    if status in UNDECIDED:
        asked = status is Status.INFO_REQUESTED
        assert {Clock.DECIDE, Clock.EXPIRE} <= waits
        assert running[Clock.DECIDE] is running[Clock.EXPIRE] is asked
        assert (Clock.QUESTION in waits) is asked
        assert (Clock.ACKNOWLEDGE in waits) is (status is Status.SENT)
    elif status is Status.WAITLISTED:
        assert waits == {Clock.REVIEW}
    elif status is Status.ACCEPTED:
        assert waits == {Clock.FIRST_CONTACT, Clock.STALE}
        assert not running[Clock.FIRST_CONTACT]
    elif status is Status.IN_PROGRESS:
        assert waits == {Clock.OUTCOME, Clock.STALE}
    elif held_from is Status.ACCEPTED and not started:
        assert waits == {Clock.REVIEW, Clock.FIRST_CONTACT}
        assert running[Clock.FIRST_CONTACT]
    else:
        assert waits == {Clock.REVIEW, Clock.OUTCOME}
    assert waits & OWED[status]


def test_what_is_owed_is_owed_by_the_side_with_the_next_word() -> None:
    for status, clocks in OWED.items():
        assert bool(clocks) is (status in OPEN)
        assert (Clock.QUESTION in clocks) is (
            WAITS_ON[status] is Side.SENDER and status is not Status.DRAFT
        )


def test_who_was_reached_before_it_was_closed_is_not_waited_for_again() -> None:
    again = effects_of(Move.REOPEN, Status.ON_HOLD, reached=True)
    assert again.start == {Clock.REVIEW}
    assert not again.pause
    assert effects_of(Move.REOPEN, Status.ACCEPTED, reached=True).start == {Clock.STALE}


@given(calendars, limits, instants, spans, spans, st.booleans())
def test_a_pause_never_makes_a_time_earlier(
    calendar: WorkCalendar,
    limit: Limit,
    start: datetime,
    until_pause: timedelta,
    paused: timedelta,
    limited: bool,
) -> None:
    if calendar.day_length < timedelta(hours=1):
        calendar = CALENDAR
    due, at = limit.after(start, calendar), start + until_pause
    left = limit.seconds_between(at, due, calendar)
    pause = Pause(at, left, due, LONGEST_EXPIRY_PAUSE if limited else None)
    resumed = pause.due_if_resumed(at + paused, limit, calendar)
    assert resumed >= due
    assert pause.due_if_resumed(at, limit, calendar) == due
    assert pause.due_if_resumed(at - paused, limit, calendar) == due
    latest = pause.due_at_the_latest(limit, calendar)
    assert (latest is None) is not limited
    if latest is not None:
        assert due <= resumed <= latest
    if left > 0 and not limited:
        assert limit.seconds_between(at + paused, resumed, calendar) == left
    if left <= 0:
        assert resumed == due


def test_expiry_runs_on_after_a_question_of_five_business_days() -> None:
    sent = datetime(2026, 11, 2, 10, tzinfo=CHICAGO)
    asked = datetime(2026, 11, 4, 10, tzinfo=CHICAGO)
    limit = DEFAULTS[Clock.EXPIRE, Priority.ROUTINE]
    due = limit.after(sent, CALENDAR)
    assert due == datetime(2026, 11, 16, 10, tzinfo=CHICAGO)
    left = limit.seconds_between(asked, due, CALENDAR)
    pause = Pause(asked, left, due, LONGEST_EXPIRY_PAUSE)
    latest = datetime(2026, 11, 23, 10, tzinfo=CHICAGO)
    assert pause.due_at_the_latest(limit, CALENDAR) == latest
    answered = datetime(2026, 11, 6, 10, tzinfo=CHICAGO)
    expected = datetime(2026, 11, 18, 10, tzinfo=CHICAGO)
    assert pause.due_if_resumed(answered, limit, CALENDAR) == expected
    assert pause.due_if_resumed(datetime(2026, 12, 6, tzinfo=UTC), limit, CALENDAR) == latest


@given(calendars, limits, instants, st.lists(st.tuples(spans, spans), max_size=4))
def test_however_many_pauses_there_are_their_length_is_that_of_one(
    calendar: WorkCalendar,
    limit: Limit,
    start: datetime,
    questions: list[tuple[timedelta, timedelta]],
) -> None:
    if calendar.day_length < timedelta(hours=1):
        calendar = CALENDAR
    due, at, used = limit.after(start, calendar), start, 0.0
    for until_asked, until_answered in questions:
        at += until_asked
        left = limit.seconds_between(at, due, calendar)
        pause = Pause(at, left, due, LONGEST_EXPIRY_PAUSE, used)
        at += until_answered
        latest = pause.due_at_the_latest(limit, calendar)
        due = pause.due_if_resumed(at, limit, calendar)
        assert latest is not None
        assert due <= latest
        used, before = pause.used_if_resumed(at, calendar), used
        assert before <= used <= LONGEST_EXPIRY_PAUSE.seconds(calendar)
    if limit.in_business_days:
        longest = limit.seconds(calendar) + LONGEST_EXPIRY_PAUSE.seconds(calendar)
        assert limit.seconds_between(start, due, calendar) <= longest + 1


def test_a_review_is_due_when_its_day_closes_and_not_before_it_was_set() -> None:
    begun = datetime(2026, 11, 2, 10, tzinfo=CHICAGO)
    closing = datetime(2026, 11, 8, 17, tzinfo=CHICAGO)  # a Sunday
    assert date_is_due(date(2026, 11, 8), begun, CALENDAR) == closing
    assert date_is_due(date(2026, 11, 1), begun, CALENDAR) == begun


def test_reminders_come_one_after_the_other_and_end() -> None:
    due = datetime(2026, 11, 6, 16, tzinfo=CHICAGO)
    next_monday, tuesday = due + timedelta(days=3), due + timedelta(days=4)
    decide, question = Clock.DECIDE, Clock.QUESTION
    routine, emergency = Priority.ROUTINE, Priority.EMERGENCY
    assert acts_at(decide, routine, due, 0, CALENDAR) == tuesday
    assert acts_at(decide, emergency, due, 0, CALENDAR) == due
    assert acts_at(question, routine, due, 0, CALENDAR) == due
    assert acts_at(question, routine, due, 1, CALENDAR) == next_monday
    assert acts_at(question, routine, due, 2, CALENDAR) is None
    assert acts_at(Clock.OUTCOME, routine, due, 0, CALENDAR) is None
    for clock in (Clock.EXPIRE, Clock.WITHDRAWAL):
        assert acts_at(clock, routine, due, 0, CALENDAR) == due
        assert reminders_of(clock, routine) == ()
    assert Reminded.SENDER_SUPERVISOR in reminders_of(decide, emergency)[0].whom
