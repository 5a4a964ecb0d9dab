"""How cases come to a team and leave it, week by week."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    another neither comes nor goes; one that is opened again comes anew. What is open at the end of
    a week is what was open at its start, with what came and without what went."""
    whole = _joined(stays)
    return tuple(
        _week(whole, day_begins(monday, zone), day_begins(monday + timedelta(weeks=1), zone))
        for monday in mondays
    )


def _joined(stays: Sequence[Stay]) -> list[Stay]:
    """Stays of a client that follow each other without a gap, as one."""
    joined: list[Stay] = []
    for stay in sorted(stays, key=_place):
        last = joined[-1] if joined else None
        if last and (last.client_id, last.until) == (stay.client_id, stay.since):
            joined[-1] = replace(last, until=stay.until)
        else:
            joined.append(stay)
    return joined


def _place(stay: Stay) -> tuple[UUID, datetime, bool, datetime]:
    """By client and time; of two that begin together the one without length comes first."""
    return stay.client_id, stay.since, stay.until is None, stay.until or stay.since


def _week(stays: Sequence[Stay], start: datetime, end: datetime) -> Week:
    came = [stay for stay in stays if start <= stay.since < end]
    went = [stay for stay in stays if stay.until and start <= stay.until < end]
    return Week(
        sum(stay.since < start and (not stay.until or stay.until >= start) for stay in stays),
        len(came),
        len(went),
        sum(stay.since >= start for stay in went),
    )
