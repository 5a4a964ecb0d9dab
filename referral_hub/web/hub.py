"""What the routes reach for: the session, the search, the places, the time, who is calling."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol, cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from referral_hub.auth.bearer import actor_of_token
from referral_hub.auth.provider import USERINFO
from referral_hub.auth.remote_keys import RemoteKeys
from referral_hub.config import Settings
from referral_hub.extensions import db
from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.passwords import Passwords
from referral_hub.gateways.webhooks import WebhookSender
from referral_hub.rules.actor import Actor, Anonymous, Application, Person
from referral_hub.rules.errors import SignInNeeded
from referral_hub.rules.single_sign_on import RelyingParty
from referral_hub.use_cases.complete_search import Completer
from referral_hub.use_cases.count_searches import cells_of_search
from referral_hub.use_cases.deliver_webhooks import Sender
from referral_hub.use_cases.directory.asked_place import PlaceFinder
from referral_hub.use_cases.directory.searching import Searcher
from referral_hub.use_cases.directory_views import FindView
from referral_hub.use_cases.listing_forms.editing import Gazetteer
from referral_hub.use_cases.sessions import who_is
from referral_hub.use_cases.steps.figures import Figures
from referral_hub.web.cookies import SESSION_COOKIE, cookie
from referral_hub.web.search_tally import SearchTally

EXTENSION = "referral_hub"
PROGRAM_PATHS = ("/api/", "/hsds")
"""Where paths begin so, and at userinfo, only tokens count, never cookies."""


class CallLimit(Protocol):
    """Counts the calls of each caller."""

    def spend(self, who: str, now: datetime) -> None:
        """Count a call of somebody. Raises TooManyTries."""


class SearchIndex(Searcher, Completer, Protocol):
    """What routes ask of the index."""

    def document_count(self) -> int:
        """How many documents can be found."""


@dataclass(frozen=True, slots=True)
class Hub:
    """Everything outside of the request that an application was built with."""

    settings: Settings
    searcher: SearchIndex
    places: PlaceFinder
    gazetteer: Gazetteer
    tally: SearchTally
    vault: Vault
    relying_party: RelyingParty
    call_limit: CallLimit
    figures: Figures
    passwords: Passwords = field(default_factory=Passwords)
    remote_keys: RemoteKeys = field(default_factory=RemoteKeys)
    webhook_sender: Sender = field(default_factory=WebhookSender)


def hub() -> Hub:
    """What the running application was built with."""
    return cast(Hub, current_app.extensions[EXTENSION])


def session() -> Session:
    """The database session of this request."""
    return cast(Session, db.session())


def actor() -> Actor:
    """Who is calling: found once a request, by token where programs call, by cookie elsewhere."""
    if "actor" not in g:
        g.actor = _find_actor()
    found: Actor = g.actor
    return found


def person() -> Person:
    """The person who is calling. Raises SignInNeeded."""
    found = actor()
    if not isinstance(found, Person):
        raise SignInNeeded("Sign in to go on.")
    return found


def partner() -> Application:
    """The application that is calling. Raises SignInNeeded."""
    found = actor()
    if not isinstance(found, Application):
        raise SignInNeeded("A valid access token is needed.")
    return found


def session_token() -> str:
    """The token of the session in which somebody is signed in; empty when nobody is."""
    return str(g.get("session_token", "")) if isinstance(actor(), Person) else ""


def _find_actor() -> Actor:
    if request.path == USERINFO or request.path.startswith(PROGRAM_PATHS):
        header = request.headers.get("Authorization")
        return actor_of_token(session(), header, now()) if header else Anonymous()
    token = cookie(SESSION_COOKIE)
    found = who_is(session(), token, now=now()) if token else None
    if found is None:
        return Anonymous()
    g.session_token = token
    return found


def vault() -> Vault:
    """What seals personal data."""
    return hub().vault


def now() -> datetime:
    """The present, in UTC: the only clock of the web layer."""
    return datetime.now(UTC)


def count_search(view: FindView) -> None:
    """Count a search that was answered, for the map of unmet need."""
    hub().tally.add(cells_of_search(view, now().date()))
