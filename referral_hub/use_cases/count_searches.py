"""Counting searches for the map of unmet need."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from referral_hub.models import SearchCount
from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.search_counts import SearchCell, cells_of
from referral_hub.use_cases.directory_views import FindView
from referral_hub.use_cases.transaction import transaction


def count_searches(session: Session, actor: Actor, counts: Mapping[SearchCell, int]) -> None:
    """Add to the counts of searches: how many more fell into each cell.

    Any number of processes may do so at once; cells are written in one order, so that none waits
    for another in a circle.
    """
    require(actor, Permission.SEARCHES_COUNT)
    if not counts:
        return
    with transaction(session):
        statement = _adding(session)
        for cell in sorted(counts):
            row = {"day": cell.day, "term": cell.term, "area": cell.area, "band": cell.band}
            session.execute(statement, row | {"searches": counts[cell]})


def cells_of_search(view: FindView, day: date) -> tuple[SearchCell, ...]:
    """Where an answered search counts; nowhere when it asked for nothing, or for a later page.

    A need that was chosen as a filter counts like one that was understood in the words.
    """
    query = view.query
    filters = (
        query.category, query.language, query.accessibility, query.cost, query.delivery,
        query.accepting, query.open_now, query.age is not None,
    )  # fmt: skip
    if view.place_problem or query.page > 1 or not (query.words.strip() or any(filters)):
        return ()
    terms = [*(need.code for need in view.understood), *view.populations, *query.category]
    return tuple(cells_of(day, terms, view.place, view.total))


def _adding(session: Session) -> Insert:
    """A new row, or more searches in the one there is: both databases say it in one statement."""
    dialect: Any = {"postgresql": postgresql, "sqlite": sqlite}[session.get_bind().dialect.name]
    new = dialect.insert(SearchCount)
    added: Insert = new.on_conflict_do_update(
        index_elements=["day", "term", "area", "band"],
        set_={"searches": SearchCount.searches + new.excluded.searches},
    )
    return added
