"""The client in context: looked for only where the session has one, so that all other searches
cost what they always did."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from referral_hub.rules.actor import Person
from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.use_cases.client_search_views import ClientFindView, ClientUse, ServicePageView
from referral_hub.use_cases.directory_views import FindQuery
from referral_hub.use_cases.find_for_client import client_of_search, find_for_client
from referral_hub.use_cases.service_for_client import judge_service
from referral_hub.web.hub import actor, hub, now, session, vault


def has_client() -> bool:
    """Whether the caller searches for a client, and may."""
    acting = actor()
    return (
        isinstance(acting, Person)
        and acting.client_id is not None
        and is_allowed(acting, Permission.CLIENT_READ, acting.agency_id)
    )


def search_for_client(query: FindQuery, values: Mapping[str, Any]) -> ClientFindView | None:
    """The answer to a search with a client in context; None without one."""
    if not has_client():
        return None
    return find_for_client(
        session(), actor(), query, _use(values), searcher=hub().searcher, places=hub().places,
        gazetteer=hub().gazetteer, vault=vault(), now=now(),
    )  # fmt: skip


def faulty_search_for_client(query: FindQuery, values: Mapping[str, Any]) -> ClientFindView | None:
    """The client in context beside a search with faults; None without one."""
    if not has_client():
        return None
    return client_of_search(session(), actor(), query, _use(values), vault=vault(), now=now())


def _use(values: Mapping[str, Any]) -> ClientUse:
    """Which facts are to be used; all of them where the address does not say."""
    return ClientUse(
        age=not values.get("no_age"),
        language=not values.get("no_language"),
        place=not values.get("no_place"),
        needs=not values.get("no_needs"),
        hide_not=bool(values.get("hide_not")),
    )


def service_for_client(service_id: UUID) -> ServicePageView | None:
    """What a service is to the client in context; None without one."""
    if not has_client():
        return None
    return judge_service(
        session(), actor(), service_id, vault=vault(), gazetteer=hub().gazetteer, now=now()
    )
