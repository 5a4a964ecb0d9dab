"""Which referrals a figure is of: what was asked, and what whoever asks may look into."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from referral_hub.rules.actor import Actor, Application, Person, acting_agency
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_parts import RECEIVERS
from referral_hub.rules.referrals import Priority
from referral_hub.rules.roles import Role

EARLIEST = date(2000, 1, 1)
LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Oversight:
    """Whose referrals somebody may open one by one: those figures they see exactly.

    `agency_id` is None for the whole network; `teams` is None for all of the agency's.
    """

    agency_id: UUID | None
    teams: frozenset[UUID] | None = None

    @property
    def is_network(self) -> bool:
        """A steward opens any referral, and sees between whom it is and where it stands; nothing of
        the need, the service or who works on it."""
        return self.agency_id is None


NETWORK = Oversight(None)


def hears_clients(oversight: Oversight, side: Side | None) -> bool:
    """Whether figures tell what clients said: to the agency that sent, of what it sent, alone."""
    return not oversight.is_network and side is not Side.RECEIVER


def oversight_of(actor: Actor) -> Oversight:
    """What an actor oversees who may read figures: as the lists of referrals show it to them."""
    person = actor.person if isinstance(actor, Application) else actor
    if isinstance(actor, Person) and Role.NETWORK_STEWARD in actor.roles:
        return Oversight(None)
    if isinstance(person, Person) and not RECEIVERS & person.roles:
        return Oversight(acting_agency(actor) or _NOBODY, person.teams)
    return Oversight(acting_agency(actor) or _NOBODY)


_NOBODY = UUID(int=0)


class Dimension(StrEnum):
    """By what referrals are told apart."""

    TO_AGENCY = "to_agency"
    FROM_AGENCY = "from_agency"
    PRIORITY = "priority"
    DOMAIN = "domain"
    NEED = "need"
    SERVICE = "service"
    AREA = "area"
    WORKER = "worker"
    TEAM = "team"


OF_NETWORK = frozenset({Dimension.TO_AGENCY, Dimension.FROM_AGENCY, Dimension.PRIORITY})
"""What whoever oversees the network may tell referrals apart by."""


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """What was asked: referrals that were first sent on the days from `since` until before
    `until`, as they were known `as_of` a time; None is now.

    `need` is a term of the taxonomy with all below it; `side` is the part of the agency that
    oversees. The worker is who sent it, or who works on it, by the side.
    """

    since: date
    until: date
    as_of: datetime | None = None
    side: Side | None = None
    from_agency_id: UUID | None = None
    to_agency_id: UUID | None = None
    need: str = ""
    area: str = ""
    service_id: UUID | None = None
    team_id: UUID | None = None
    worker_id: UUID | None = None
    priority: Priority | None = None

    def as_it_was(self, as_of: datetime) -> "FigureQuery":
        """The same as it was known then."""
        return replace(self, as_of=as_of)


FILTERS = tuple(
    field.name for field in fields(FigureQuery) if field.name not in ("since", "until", "as_of")
)
SETTLED = timedelta(minutes=1)
"""After so long everything that was recorded by a time can be read: what was known then is told
when nobody can add to it any more."""
_INSIDE = ("need", "area", "service_id", "team_id", "worker_id", "side")


def check_query(query: FigureQuery, oversight: Oversight, now: datetime) -> None:
    """Raise InvalidInput for what cannot be asked, or not by them."""
    faults = {}
    if not EARLIEST <= query.since < query.until:
        faults["since"] = "The first day comes before the last one, and not before the year 2000."
    elif query.until - query.since > LONGEST:
        faults["since"] = "Ask for three years at most."
    if query.as_of is not None and query.as_of > now - SETTLED:
        faults["as_of"] = "Use a time that passed a minute ago or longer."
    if oversight.is_network:
        message = "Only the agencies of a referral see this of it. Leave it empty."
        faults |= {name: message for name in _INSIDE if getattr(query, name)}
    if faults:
        raise InvalidInput("These figures cannot be shown as asked.", faults)


FIELD_OF = {
    Dimension.TO_AGENCY: "to_agency_id",
    Dimension.FROM_AGENCY: "from_agency_id",
    Dimension.PRIORITY: "priority",
    Dimension.DOMAIN: "need",
    Dimension.NEED: "need",
    Dimension.SERVICE: "service_id",
    Dimension.AREA: "area",
    Dimension.WORKER: "worker_id",
    Dimension.TEAM: "team_id",
}
"""The filter that a group is."""
