"""A search that has its place: to the index and back to a page of services that may be shown."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from referral_hub.gateways.search import NamedPlace, SearchRequest, SearchResults, SortOrder
from referral_hub.rules.places import Place
from referral_hub.use_cases.directory.cards import read_cards
from referral_hub.use_cases.directory.filters import facets
from referral_hub.use_cases.directory.pending import withheld_services
from referral_hub.use_cases.directory.understood import (
    did_you_mean,
    place_of,
    relaxed,
    score_parts,
)
from referral_hub.use_cases.directory_views import FindQuery, FindView, NeedLabel, ServiceCard
from referral_hub.vocabulary import needs

_MOST_SEARCHES = 3


class Searcher(Protocol):
    """What a search asks of the index."""

    def search(self, request: SearchRequest) -> SearchResults:
        """Ids of services, best first, with facets."""


def searched(
    session: Session,
    query: FindQuery,
    asked: Place | None,
    searcher: Searcher,
    now: datetime,
    without: frozenset[str] = frozenset(),
) -> FindView:
    """One page of services, without those named and without what is withheld.

    What is withheld is not even counted: how far it is could tell where.
    """
    request = request_of(query, asked, now)
    results, cards = _found(session, searcher, request, now, without)
    named = results.place if asked is None else None
    return FindView(
        query=query,
        place=place_of(named) if named else asked,
        place_problem=None,
        total=results.total,
        pages=-(-results.total // query.limit),
        results=cards,
        facets=tuple(facets(query, results)),
        understood=tuple(_need(code) for code in results.concepts),
        populations=results.populations,
        place_from_words=named is not None,
        around_km=_around_km(query, asked, named),
        did_you_mean=did_you_mean(results),
        relax=tuple(relaxed(query, results)),
        score_parts=score_parts(results),
    )


def _found(
    session: Session,
    searcher: Searcher,
    request: SearchRequest,
    now: datetime,
    without: frozenset[str],
) -> tuple[SearchResults, tuple[ServiceCard, ...]]:
    """What the index finds, with a card for each hit.

    Where one may not be shown though nothing withholds it, all is found again without it, so that
    the counts are of what is there.
    """
    withheld = withheld_services(session)
    without = withheld | without if without else withheld
    for _ in range(_MOST_SEARCHES):
        results = searcher.search(replace(request, without=without))
        cards = read_cards(session, results.hits, now)
        if len(cards) == len(results.hits):
            break
        shown = {card.service_id for card in cards}
        without |= {hit.service_id for hit in results.hits} - shown
    return results, cards


def _around_km(query: FindQuery, asked: Place | None, named: NamedPlace | None) -> float | None:
    """How far from the middle of its place was searched: a named one reaches some way itself."""
    if query.radius_km is None or (asked is None and named is None):
        return None
    return query.radius_km + (named.radius_km if named else 0.0)


def request_of(query: FindQuery, place: Place | None, now: datetime) -> SearchRequest:
    """What to ask of the index."""
    return SearchRequest(
        words=query.words,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        radius_km=query.radius_km,
        zip=place.zip if place else None,
        county=place.county if place else None,
        state=place.state if place else None,
        categories=query.category,
        languages=query.language,
        accessibility=query.accessibility,
        cost=query.cost,
        delivery=query.delivery,
        accepting=query.accepting,
        age=query.age,
        open_at=now if query.open_now else None,
        now=now,
        sort=SortOrder(query.sort),
        offset=(query.page - 1) * query.limit,
        limit=query.limit,
        place_in_words=not query.words_only,
        correct=not query.as_typed,
        explain=query.explain,
    )


def _need(code: str) -> NeedLabel:
    return NeedLabel(code, needs()[code].label)
