"""Searches that found nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from referral_hub.models import SearchCount
from referral_hub.rules.quality import area_label
from referral_hub.vocabulary import needs, populations

NONE_SUCH = "-"
"""Asks for what has none of a kind."""


@dataclass(frozen=True, slots=True)
class Unfound:
    """Searches that found nothing: for what, where, how many, and of how many in all."""

    term: str
    label: str
    area: str
    area_label: str
    unfound: int
    searches: int


def unfound_searches(session: Session, need: str, area: str, since: date) -> Iterator[Unfound]:
    """Searches after a day by need and area, where some found nothing; the most first. What is
    empty is no condition."""
    nothing = func.sum(case((SearchCount.band == "0", SearchCount.searches), else_=0))
    rows = (
        select(SearchCount.term, SearchCount.area, nothing.label("unfound"),
               func.sum(SearchCount.searches).label("searches"))
        .where(SearchCount.day > since)
        .group_by(SearchCount.term, SearchCount.area)
        .having(nothing > 0)
        .order_by(nothing.desc(), SearchCount.term, SearchCount.area)
    )  # fmt: skip
    if need == NONE_SUCH:
        rows = rows.where(SearchCount.term == "")
    elif need:
        term = SearchCount.term
        rows = rows.where((term == need) | term.startswith(f"{need}."))
    if area:
        rows = rows.where(SearchCount.area == area.removeprefix(NONE_SUCH))
    for term, place, unfound, searches in session.execute(rows):
        yield Unfound(term, _term_label(term), place, area_label(place), unfound, searches)


def _term_label(term: str) -> str:
    if not term:
        return "Nothing understood"
    if term in needs():
        return needs()[term].label
    people = {kind.code: kind.label for kind in populations()}
    return people.get(term, term)
