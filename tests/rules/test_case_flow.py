"""How cases come to a team and leave it, week by week."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.case_flow import Stay, flow, full_weeks
from referral_hub.rules.projection import Week

ZONE = ZoneInfo("America/Chicago")
MONDAYS = full_weeks(date(2026, 11, 18), 2)
"""Those of 2 and 9 November; the week of the 18th is not over. On 1 November the clocks changed."""
ONE, TWO = UUID(int=1), UUID(int=2)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZONE)


def test_weeks_are_full_ones_and_begin_on_mondays() -> None:
    assert (date(2026, 11, 2), date(2026, 11, 9)) == MONDAYS
    assert full_weeks(date(2026, 11, 16), 1) == (date(2026, 11, 9),)
    assert full_weeks(date(2026, 11, 15), 1) == (date(2026, 11, 2),)


def test_a_case_comes_once_and_goes_once() -> None:
    stays = [Stay(ONE, at(3), at(12)), Stay(TWO, at(1), None)]
    assert flow(stays, MONDAYS, ZONE) == (Week(1, 1, 0), Week(2, 0, 1))


def test_a_case_that_goes_to_another_worker_of_the_team_neither_comes_nor_goes() -> None:
    stays = [Stay(ONE, at(1), at(4)), Stay(ONE, at(4), at(10)), Stay(ONE, at(10), None)]
    assert flow(stays, MONDAYS, ZONE) == (Week(1, 0, 0), Week(1, 0, 0))


def test_a_case_that_is_opened_again_comes_anew() -> None:
    stays = [Stay(ONE, at(1), at(4)), Stay(ONE, at(10), None)]
    assert flow(stays, MONDAYS, ZONE) == (Week(1, 0, 1), Week(0, 1, 0))


def test_what_comes_and_goes_within_a_week_is_among_both() -> None:
    stays = [Stay(ONE, at(3), at(5)), Stay(ONE, at(6), at(10)), Stay(TWO, at(10), at(11))]
    assert flow(stays, MONDAYS, ZONE) == (Week(0, 2, 1, 1), Week(1, 1, 2, 1))


def test_a_case_that_is_moved_in_the_moment_in_which_it_came_came_once() -> None:
    stays = [Stay(ONE, at(3), None), Stay(ONE, at(3), at(3))]
    assert flow(stays, MONDAYS, ZONE) == (Week(0, 1, 0), Week(1, 0, 0))


def test_a_week_ends_when_monday_begins_where_the_agency_is() -> None:
    last, first = at(9, 0) - timedelta(seconds=1), at(9, 0)
    assert flow([Stay(ONE, last, None)], MONDAYS, ZONE) == (Week(0, 1, 0), Week(1, 0, 0))
    assert flow([Stay(ONE, first, None)], MONDAYS, ZONE) == (Week(0, 0, 0), Week(0, 1, 0))


def _stays_of(client: UUID, halves: list[int], held: list[bool]) -> list[Stay]:
    """From half day to half day the team had the case or not; each time is of another worker."""
    times: list[datetime | None] = [
        at(1, 0) + timedelta(hours=12 * half) for half in sorted(halves)
    ]
    spans = zip(times, [*times[1:], None], held, strict=False)
    return [Stay(client, since, until) for since, until, has in spans if since and has]


HISTORIES = st.lists(
    st.tuples(
        st.lists(st.integers(-10, 45), unique=True, max_size=8),
        st.lists(st.booleans(), min_size=8, max_size=8),
    ),
    max_size=5,
).map(
    lambda cases: [
        stay
        for number, (halves, held) in enumerate(cases)
        for stay in _stays_of(UUID(int=number), halves, held)
    ]
)


@given(HISTORIES)
def test_what_was_open_with_what_came_without_what_went_is_what_is_open(
    stays: list[Stay],
) -> None:
    weeks = flow(stays, MONDAYS, ZONE)
    edges = [datetime.combine(monday, datetime.min.time(), ZONE) for monday in MONDAYS]
    edges.append(edges[-1] + timedelta(weeks=1))
    opened = [len({stay.client_id for stay in stays if _is_there(stay, edge)}) for edge in edges]
    for week, (before, after) in zip(weeks, pairwise(opened), strict=True):
        assert week.open_at_start == before
        assert before + week.arrivals - week.closures == after
        assert before - week.ended + week.stayed == after
        assert 0 <= week.ended <= before
        assert 0 <= week.passing <= min(week.arrivals, week.closures)


@given(HISTORIES)
def test_a_case_comes_where_the_team_did_not_have_it_a_moment_before(stays: list[Stay]) -> None:
    weeks = flow(stays, MONDAYS, ZONE)
    start, end = at(2, 0), at(16, 0)
    ends = {(stay.client_id, stay.until) for stay in stays}
    begins = {(stay.client_id, stay.since) for stay in stays}
    came = {each for each in begins - ends if start <= each[1] < end}
    went = {each for each in ends - begins if each[1] and start <= each[1] < end}
    assert sum(week.arrivals for week in weeks) == len(came)
    assert sum(week.closures for week in weeks) == len(went)


def _is_there(stay: Stay, edge: datetime) -> bool:
    return stay.since < edge and (stay.until is None or stay.until >= edge)
