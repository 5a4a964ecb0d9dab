"""Who belongs to a team, as what, on which day."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from referral_hub.rules.errors import InvalidInput

FIRST_TEAM = "First team"
"""The name of the team with which each agency starts."""
FARTHEST_DAYS = 366
"""How far from today a day of joining or leaving may lie."""


class TeamPart(StrEnum):
    """What somebody is in a team."""

    MEMBER = "member"
    SUPERVISOR = "supervisor"


class Belonging(Protocol):
    """From which day until before which day somebody belongs to a team."""

    @property
    def since(self) -> date:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The first day no longer; None while there is no end."""


def belongs(member: Belonging, day: date) -> bool:
    """Whether somebody belongs to the team on a day."""
    return member.since <= day and (member.until is None or day < member.until)


def overlaps(one: Belonging, since: date, until: date | None) -> bool:
    """Whether somebody's time in a team meets another time, in at least one day."""
    starts_before_end = until is None or one.since < until
    ends_after_start = one.until is None or since < one.until
    return starts_before_end and ends_after_start and one.since != one.until


def check_since(since: date, today: date) -> None:
    """Raise InvalidInput for a first day that cannot be meant."""
    if abs((since - today).days) > FARTHEST_DAYS:
        message = "Use a first day within a year of today."
        raise InvalidInput(message, {"since": message})


def check_until(since: date, until: date, today: date) -> None:
    """Raise InvalidInput for an end that cannot be meant."""
    if until < since or (until - today).days > FARTHEST_DAYS:
        message = "Use a day from the first day on, at most a year from today."
        raise InvalidInput(message, {"until": message})
