"""Public holidays, from the package that knows those of many countries and their parts.

A region is a country, or a country and a part of it, in the codes of ISO 3166: US, US-IL.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays


def is_region(region: str) -> bool:
    """Whether the holidays of a region are known."""
    country, _, part = region.partition("-")
    parts = _regions().get(country)
    return parts is not None and (part in parts if part else "-" not in region)


def known_regions() -> tuple[str, ...]:
    """Every region whose holidays are known, in order."""
    found = [
        region
        for country, parts in _regions().items()
        for region in (country, *(f"{country}-{part}" for part in parts))
    ]
    return tuple(sorted(found))


def holidays_of(region: str, years: Iterable[int]) -> frozenset[date]:
    """The days off in a region, those included on which a holiday of a weekend is made up for.

    Raises ValueError for a region that is not known.
    """
    if not is_region(region):
        raise ValueError(f"the holidays of {region} are not known")
    return frozenset(day for year in years for day in _of_year(region, year))


@cache
def _of_year(region: str, year: int) -> frozenset[date]:
    """A day may be kept in the year before its own: the years around are asked as well."""
    country, _, part = region.partition("-")
    around = (year - 1, year, year + 1)
    found = holidays.country_holidays(country, part or None, years=around, expand=False)
    return frozenset(day for day in found if day.year == year)


@cache
def _regions() -> dict[str, frozenset[str]]:
    """The parts of each country. Aliases that are written like a code count as codes."""
    return {
        country: frozenset(parts)
        for country, parts in holidays.list_supported_countries(include_aliases=False).items()
    }
