"""How the quality of the directory is told: ages, kinds of gaps, and areas as people read them."""

from datetime import date, timedelta
from enum import StrEnum

SEARCH_DAYS = 90
"""Of so many days searches are told: needs change with the season."""
COMPLETE = 80
"""From which score on a listing counts as complete."""


class Age(StrEnum):
    """How long ago somebody confirmed a listing."""

    FRESH = "fresh"
    AGING = "aging"
    OLD = "old"
    STALE = "stale"
    NEVER = "never"


AGE_LABEL: dict[Age, str] = {
    Age.FRESH: "Up to 3 months",
    Age.AGING: "3 to 6 months",
    Age.OLD: "6 to 12 months",
    Age.STALE: "Over 12 months",
    Age.NEVER: "Never verified",
}
_DAYS = {Age.FRESH: (0, 90), Age.AGING: (91, 180), Age.OLD: (181, 365), Age.STALE: (366, None)}


def verified_between(age: Age, today: date) -> tuple[date | None, date | None]:
    """The first and last day of verification that make an age; None is open."""
    least, most = _DAYS[age]
    first = None if most is None else today - timedelta(days=most)
    return first, None if age is Age.FRESH else today - timedelta(days=least)


def area_label(area: str) -> str:
    """An area as searches are counted in it: the first digits of a ZIP code, or a county."""
    if not area:
        return "No area"
    if ":" in area:
        state, _, county = area.partition(":")
        return f"{county.title()}, {state}"
    return f"ZIP {area}xx"


class Measure(StrEnum):
    """What the map shows of each area."""

    UNFOUND = "unfound"
    STALE = "stale"
    INCOMPLETE = "incomplete"
    DUPLICATES = "duplicates"


MEASURE_LABEL: dict[Measure, str] = {
    Measure.UNFOUND: "Searches without results",
    Measure.STALE: "Not verified for a year, or never",
    Measure.INCOMPLETE: "Incomplete listings",
    Measure.DUPLICATES: "Possible duplicates",
}
