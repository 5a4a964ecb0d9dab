"""Which searches are counted for the map of unmet need, and as what.

A count says a day, a need or kind of people that was understood, an area, and about how many
services were found. It never holds a word of what was typed, an id, or a time of day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from referral_hub.rules.places import Place

BANDS = ((0, "0"), (4, "1-4"), (19, "5-19"))
MOST_BAND = "20+"
RESULT_BANDS = (*(name for _, name in BANDS), MOST_BAND)
NOTHING_UNDERSTOOD = ""
NO_AREA = ""


@dataclass(frozen=True, slots=True, order=True)
class SearchCell:
    """What searches are counted under.

    `term` is a code of a need or of a kind of people, `area` the first three digits of a ZIP code
    or the key of a county ("IL:cook county"); both may be empty. `band` is one of RESULT_BANDS.
    """

    day: date
    term: str
    area: str
    band: str


def result_band(total: int) -> str:
    """About how many services a search found. ValueError below zero."""
    if total < 0:
        raise ValueError("A search cannot find fewer than no services.")
    return next((name for most, name in BANDS if total <= most), MOST_BAND)


def search_area(place: Place | None) -> str:
    """The area of the asked place as it is counted: of a ZIP code its first three digits."""
    if place is None:
        return NO_AREA
    return place.zip[:3] if place.zip else place.county or NO_AREA


def cells_of(
    day: date, terms: Iterable[str], place: Place | None, total: int
) -> Iterator[SearchCell]:
    """Where one search counts: once under each different term, or once under none."""
    area, band = search_area(place), result_band(total)
    for term in dict.fromkeys(terms) or (NOTHING_UNDERSTOOD,):
        yield SearchCell(day, term, area, band)
