"""Search for a client: what is known of them fills in what nobody typed, and each service says
whether it fits."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import Actor
from referral_hub.rules.eligibility import Outcome, Verdict
from referral_hub.rules.eligibility_answers import Known
from referral_hub.rules.permissions import Permission, is_allowed, require
from referral_hub.rules.places import Place
from referral_hub.use_cases.client_search_views import (
    ClientBanner,
    ClientFindView,
    ClientUse,
    ServiceForClient,
)
from referral_hub.use_cases.directory.asked_place import PlaceFinder, asked_place
from referral_hub.use_cases.directory.documents import Gazetteer
from referral_hub.use_cases.directory.for_client import Filled, left_out, verdicts
from referral_hub.use_cases.directory.pending import withheld_services
from referral_hub.use_cases.directory.searching import Searcher, request_of, searched
from referral_hub.use_cases.directory_views import FindQuery, FindView, PlaceProblem, ServiceCard
from referral_hub.use_cases.steps.chosen_client import ChosenClient, chosen_client, known_of
from referral_hub.use_cases.steps.partners import reachable
from referral_hub.use_cases.steps.shortlists import shortlisted
from referral_hub.use_cases.transaction import transaction

MOST_JUDGED = 400
"""How far down the list what does not fit is hidden before a page is cut out of it."""
_MOST_ROUNDS = 8


def find_for_client(
    session: Session,
    actor: Actor,
    query: FindQuery,
    use: ClientUse,
    *,
    searcher: Searcher,
    places: PlaceFinder,
    gazetteer: Gazetteer,
    vault: Vault,
    now: datetime,
) -> ClientFindView | None:
    """One page of services for the client in context; None where there is none."""
    require(actor, Permission.CLIENT_READ)
    with transaction(session):
        client = chosen_client(session, actor, vault, "search", now=now)
    if client is None:
        return None
    known = known_of(client.profile, gazetteer, now.date())
    filled = Filled(query, use, client, known)
    asked = asked_place(query.near, query.latitude, query.longitude, places) or filled.place
    judge = _Judge(session, searcher, gazetteer, known)
    if isinstance(asked, PlaceProblem):
        view = FindView(query, None, asked, 0, 0, ())
    else:
        hidden = judge.not_eligible(filled.query, asked, now) if use.hide_not else frozenset()
        found = searched(session, filled.query, asked, searcher, now, hidden)
        view = judge.without_hidden(filled.shown(found, query), use.hide_not)
    aside = shortlisted(session, actor, client.client_id)
    return ClientFindView(
        client=ClientBanner(client.client_id, client.initials, len(aside)),
        view=view,
        asked=filled.query,
        counted=not client.secret,
        used=tuple(filled.used),
        left_out=tuple(left_out(use)),
        hidden=judge.hidden,
        services=_services(session, actor, client, view.results, judge, frozenset(aside), now),
    )


def client_of_search(
    session: Session,
    actor: Actor,
    query: FindQuery,
    use: ClientUse,
    *,
    vault: Vault,
    now: datetime,
) -> ClientFindView | None:
    """The client in context beside a search that cannot be made; None where there is none."""
    require(actor, Permission.CLIENT_READ)
    with transaction(session):
        client = chosen_client(session, actor, vault, "search", now=now)
    if client is None:
        return None
    aside = shortlisted(session, actor, client.client_id)
    return ClientFindView(
        client=ClientBanner(client.client_id, client.initials, len(aside)),
        view=FindView(query, None, None, 0, 0, ()),
        asked=query,
        counted=False,
        used=(),
        left_out=tuple(left_out(use)),
        hidden=0,
    )


class _Judge:
    """Judges services once each, and remembers how many it hid."""

    def __init__(
        self, session: Session, searcher: Searcher, gazetteer: Gazetteer, known: Known
    ) -> None:
        self._session = session
        self._searcher = searcher
        self._gazetteer = gazetteer
        self._known = known
        self._verdicts: dict[str, Verdict] = {}
        self.hidden = 0

    def verdict(self, service_id: str) -> Verdict:
        """What the conditions of a service say, which has been judged already."""
        return self._verdicts[service_id]

    def judge(self, service_ids: set[str]) -> None:
        """Judge those that have not been judged."""
        new = sorted(service_ids - self._verdicts.keys())
        self._verdicts |= verdicts(self._session, new, self._known, self._gazetteer)

    def not_eligible(self, query: FindQuery, place: Place | None, now: datetime) -> frozenset[str]:
        """Those that do not fit, from the top of the list to the end of the page asked for.

        All pages before are looked through too, so that each page goes on where the last ended.
        """
        last = min(query.page * query.limit, MOST_JUDGED)
        withheld = withheld_services(self._session)
        request = replace(request_of(query, place, now), offset=0, limit=last)
        found: frozenset[str] = frozenset()
        for _ in range(_MOST_ROUNDS):
            hits = self._searcher.search(replace(request, without=withheld | found)).hits
            listed = {hit.service_id for hit in hits} - found
            self.judge(listed)
            new = {each for each in listed if self._does_not_fit(each)}
            if not new:
                break
            found |= new
        self.hidden = len(found)
        return found

    def without_hidden(self, view: FindView, hide: bool) -> FindView:
        """The page judged, without what came in although it does not fit."""
        self.judge({card.service_id for card in view.results})
        if not hide:
            return view
        kept = tuple(each for each in view.results if not self._does_not_fit(each.service_id))
        self.hidden += len(view.results) - len(kept)
        return replace(view, results=kept)

    def _does_not_fit(self, service_id: str) -> bool:
        found = self._verdicts.get(service_id)
        return found is not None and found.outcome is Outcome.NOT


def _services(
    session: Session,
    actor: Actor,
    client: ChosenClient,
    cards: tuple[ServiceCard, ...],
    judge: _Judge,
    aside: frozenset[UUID],
    now: datetime,
) -> dict[str, ServiceForClient]:
    may_refer = is_allowed(actor, Permission.REFERRAL_PREPARE, client.agency_id)
    partners = reachable(session, (UUID(card.organization_id) for card in cards), now.date())
    return {
        card.service_id: ServiceForClient(
            judge.verdict(card.service_id),
            UUID(card.service_id) in aside,
            UUID(card.organization_id) in partners if may_refer else None,
        )
        for card in cards
    }
