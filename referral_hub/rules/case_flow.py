"""How cases come to a team and leave it, week by week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from referral_hub.rules.projection import Week


@dataclass(frozen=True, slots=True)
class Stay:
    """A time in which a team had a client's open case, from `since` to before `until`."""

    client_id: UUID
    since: datetime
    until: datetime | None


def full_weeks(today: date, count: int) -> tuple[date, ...]:
    """The Mondays of the last full weeks before a day, the earliest first."""
    this = today - timedelta(days=today.weekday())
    return tuple(this - timedelta(weeks=number) for number in range(count, 0, -1))


def day_begins(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins where an agency works."""
    return datetime.combine(day, time(), zone)


def flow(stays: Sequence[Stay], mondays: Sequence[date], zone: ZoneInfo) -> tuple[Week, ...]:
    """What came and went in each of these weeks. A case that goes from one worker of the team to
    another neither comes nor goes; one that is opened again comes anew."""
    begins = {(stay.client_id, stay.since) for stay in stays}
    ends = {(stay.client_id, stay.until) for stay in stays}
    came = [stay.since for stay in stays if (stay.client_id, stay.since) not in ends]
    went = [
        stay.until for stay in stays if stay.until and (stay.client_id, stay.until) not in begins
    ]
    weeks = []
    for monday in mondays:
        start = day_begins(monday, zone)
        end = day_begins(monday + timedelta(weeks=1), zone)
        weeks.append(
            Week(
                sum(_is_open(stay, start) for stay in stays),
                sum(start <= at < end for at in came),
                sum(start <= at < end for at in went),
            )
        )
    return tuple(weeks)


def _is_open(stay: Stay, at: datetime) -> bool:
    """Whether the team had the case just before a moment, and kept it."""
    return stay.since < at and (stay.until is None or stay.until >= at)
