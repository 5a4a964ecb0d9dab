"""Who belongs to a team, as what, on which day."""

from datetime import date
from enum import StrEnum
from typing import Protocol

FIRST_TEAM = "First team"
"""The name of the team with which each agency starts."""


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
