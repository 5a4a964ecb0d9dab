"""Small stand-ins for what tests must not depend on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from referral_hub.gateways.search import SearchRequest, SearchResults
from referral_hub.rules.coordinates import Bounds
from referral_hub.rules.errors import SingleSignOnRefused
from referral_hub.rules.places import Place, PlaceKind, PlaceNotFound
from referral_hub.rules.single_sign_on import Answer, Proof, ProviderAccount, Refusal, Secrets

ILLINOIS = (Bounds(36.9, -91.6, 42.6, -87.0),)
CHICAGO = Place(
    label="Chicago, IL 60608",
    latitude=41.85,
    longitude=-87.67,
    kind=PlaceKind.ZIP,
    zip="60608",
    city="Chicago",
    county="IL:cook county",
    state="IL",
    time_zone="America/Chicago",
)


class FakeGazetteer:
    """Knows Illinois and one ZIP code of it."""

    def find(self, text: str) -> Place:
        if text != CHICAGO.zip:
            raise PlaceNotFound(text)
        return CHICAGO

    def approximate_point(
        self, postal_code: str | None, city: str | None, state: str | None
    ) -> Place | None:
        return CHICAGO if (postal_code or "").partition("-")[0] == CHICAGO.zip else None

    def state_bounds(self, state: str) -> Sequence[Bounds]:
        return ILLINOIS if state == "IL" else ()

    def time_zone_of(self, postal_code: str) -> str | None:
        return CHICAGO.time_zone if postal_code.partition("-")[0] == CHICAGO.zip else None

    def county_keys(self) -> frozenset[str]:
        return frozenset({"IL:cook county"})


class FakePlaces:
    """Finds one ZIP code and any point."""

    def find_place(self, text: str) -> Place:
        if text != CHICAGO.zip:
            raise PlaceNotFound(text)
        return CHICAGO

    def place_at(self, latitude: float, longitude: float) -> Place:
        return Place("here", latitude, longitude, PlaceKind.POINT, state="IL")


@dataclass
class FakeSearcher:
    """Answers every search with the same results and remembers what was asked."""

    results: SearchResults
    asked: list[SearchRequest] = field(default_factory=list)

    def search(self, request: SearchRequest) -> SearchResults:
        self.asked.append(request)
        return self.results


@dataclass
class FakeRelyingParty:
    """Believes that a code is the name of who has signed in; remembers what it was asked with.

    `session` is the database session, which must be at rest while a provider is asked.
    """

    session: Session | None = None
    broken: Refusal | None = None
    proved_at: datetime | None = None
    anew: list[bool] = field(default_factory=list)
    accounts: list[ProviderAccount] = field(default_factory=list)
    secrets: list[Secrets] = field(default_factory=list)

    def check(self, issuer: str) -> None:
        self._ask()

    def begin(self, account: ProviderAccount, *, anew: bool) -> tuple[str, Secrets]:
        self._ask()
        self.anew.append(anew)
        number = len(self.secrets)
        self.secrets.append(Secrets(f"state-{number}", f"nonce-{number}", f"verifier-{number}"))
        return f"{account.issuer}/authorize", self.secrets[-1]

    def finish(
        self, account: ProviderAccount, answer: Answer, secrets: Secrets, *, now: datetime
    ) -> Proof:
        self._ask()
        self.accounts.append(account)
        assert secrets in self.secrets
        return Proof(answer.code, self.proved_at)

    def _ask(self) -> None:
        assert self.session is None or not self.session.in_transaction()
        if self.broken is not None:
            raise SingleSignOnRefused("The provider does not answer.", self.broken)
