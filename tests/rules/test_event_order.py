"""The order of events: by time, but a referral's own order always holds."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.event_order import in_order

START = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Event:
    referral_id: UUID
    seq: int
    recorded_at: datetime


def event(referral: int, seq: int, second: int) -> Event:
    return Event(UUID(int=referral), seq, START + timedelta(seconds=second))


STORIES = st.lists(st.lists(st.integers(0, 20), max_size=6), max_size=6)


@given(STORIES, st.randoms())
def test_each_event_comes_once_and_after_its_forerunners(stories: list[list[int]], luck) -> None:  # type: ignore[no-untyped-def]
    events = [
        event(referral, seq, second)
        for referral, seconds in enumerate(stories)
        for seq, second in enumerate(seconds, 1)
    ]
    shuffled = list(events)
    luck.shuffle(shuffled)
    ordered = in_order(shuffled)
    assert sorted(map(hash, ordered)) == sorted(map(hash, events))
    for referral in range(len(stories)):
        mine = [each.seq for each in ordered if each.referral_id == UUID(int=referral)]
        assert mine == sorted(mine)
    assert ordered == in_order(events)


def test_where_clocks_agree_time_decides() -> None:
    first, second, third = event(9, 1, 0), event(1, 1, 1), event(9, 2, 2)
    assert in_order([third, second, first]) == [first, second, third]


def test_a_clock_that_is_behind_moves_no_event_before_its_forerunner() -> None:
    first, second, other = event(1, 1, 10), event(1, 2, 5), event(2, 1, 7)
    assert in_order([second, first, other]) == [other, first, second]
