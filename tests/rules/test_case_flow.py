"""How cases come to a team and leave it, week by week."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

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


def test_a_week_ends_when_monday_begins_where_the_agency_is() -> None:
    last, first = at(9, 0) - timedelta(seconds=1), at(9, 0)
    assert flow([Stay(ONE, last, None)], MONDAYS, ZONE) == (Week(0, 1, 0), Week(1, 0, 0))
    assert flow([Stay(ONE, first, None)], MONDAYS, ZONE) == (Week(0, 0, 0), Week(0, 1, 0))
