"""Completing what is typed into the search box."""

from typing import Protocol

from sqlalchemy.orm import Session

from referral_hub.gateways.search import Completion, CompletionKind
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.places import STATES
from referral_hub.use_cases.directory.asked_place import PlaceFinder, asked_place
from referral_hub.use_cases.directory.pending import withheld_services
from referral_hub.use_cases.directory_views import CompletionView, FindQuery, PlaceProblem

_STATE_NAMES = frozenset(STATES.values())


class Completer(Protocol):
    """What completing asks of the index."""

    def complete(
        self,
        typed: str,
        limit: int,
        near: tuple[float, float] | None = None,
        without: frozenset[str] = frozenset(),
    ) -> tuple[Completion, ...]:
        """Ways to go on typing, best first; nothing of the services `without`."""


def complete_search(
    session: Session,
    actor: Actor,
    query: FindQuery,
    *,
    completer: Completer,
    places: PlaceFinder,
) -> tuple[CompletionView, ...]:
    """Needs, services, organizations and places that go on as the words of the query begin.

    Those near its place come first. States are left out: a search is near something smaller.
    Raises InvalidInput for a place that cannot be resolved.
    """
    require(actor, Permission.DIRECTORY_SEARCH)
    place = asked_place(query.near, query.latitude, query.longitude, places)
    if isinstance(place, PlaceProblem):
        raise InvalidInput(place.message, {"near": place.message})
    near = (place.latitude, place.longitude) if place else None
    found = completer.complete(query.words, query.limit, near, withheld_services(session))
    return tuple(
        CompletionView(str(way.kind), way.text, way.code or None)
        for way in found
        if way.kind is not CompletionKind.PLACE or way.text not in _STATE_NAMES
    )
