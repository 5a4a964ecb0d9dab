"""What people see of a search for a client: views that use cases return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from referral_hub.rules.eligibility import Verdict
from referral_hub.use_cases.directory_views import FindQuery, FindView, ServiceCard


@dataclass(frozen=True, slots=True)
class ClientUse:
    """Which facts of the client a search takes for its own, where nothing else is asked.

    With `hide_not` it leaves out what the client is not eligible for.
    """

    age: bool = True
    language: bool = True
    place: bool = True
    needs: bool = True
    hide_not: bool = False


@dataclass(frozen=True, slots=True)
class ClientBanner:
    """For whom a page is: by initials only. `listed` is how many services are put aside."""

    client_id: UUID
    initials: str
    listed: int = 0


@dataclass(frozen=True, slots=True)
class UsedFact:
    """A fact of the client that the search uses: `without` is the parameter that leaves it out."""

    label: str
    without: str


@dataclass(frozen=True, slots=True)
class ServiceForClient:
    """What a service is to the client. `can_refer` tells whether a referral can be sent to it,
    and is None for somebody who sends none."""

    verdict: Verdict
    listed: bool
    can_refer: bool | None


@dataclass(frozen=True, slots=True)
class ClientFindView:
    """A search for a client. `view` says what was typed, `asked` what was searched for with it.

    `counted` tells whether the search may be counted. `left_out` are facts that the person chose
    not to use; `hidden` is how many services were hidden since the client is not eligible.
    """

    client: ClientBanner
    view: FindView
    asked: FindQuery
    counted: bool
    used: tuple[UsedFact, ...]
    left_out: tuple[str, ...]
    hidden: int
    services: Mapping[str, ServiceForClient] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ServicePageView:
    """What the page of one service shows with a client in context."""

    client: ClientBanner
    service: ServiceForClient


@dataclass(frozen=True, slots=True)
class Compared:
    """One service of a shortlist, beside others. `documents` are what to bring."""

    card: ServiceCard
    service: ServiceForClient
    conditions: tuple[str, ...]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortlistView:
    """The services put aside for a client. `gone` is how many are in the directory no more."""

    client: ClientBanner
    services: tuple[Compared, ...]
    gone: int


@dataclass(frozen=True, slots=True)
class ClientChoice:
    """A client for whom one can search."""

    client_id: UUID
    name: str
    is_own: bool
