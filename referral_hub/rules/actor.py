"""Who is acting. Every use case takes one of these; none can be left out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Somebody who did not say who they are: sees what is public."""


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person, acting for one of their agencies with the roles held there.

    `teams` are those they supervise today. `proved_at` is when they last proved who they are.
    `session_id` is the session in which they act, `client_id` the client for whom they search in
    it. With `second_factor_missing` the roles are empty until a second factor has been set up or
    used: one of the roles needs it.
    """

    person_id: UUID
    agency_id: UUID | None
    roles: frozenset[str]
    teams: frozenset[UUID] = frozenset()
    proved_at: datetime | None = None
    session_id: UUID | None = None
    second_factor_missing: bool = False
    client_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """A partner system with a token: acts for the agency that owns it, within its scopes.

    `person` is who let it act in their name; None when it acts by itself.
    """

    client_id: str
    agency_id: UUID
    scopes: frozenset[str]
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The holder of a single-purpose link: may do the one thing that the link is for."""

    link_id: UUID
    purpose: str


@dataclass(frozen=True, slots=True)
class System:
    """The hub itself: the command line of its operator, and the worker."""

    name: str = "system"


Actor = Anonymous | Person | Application | Link | System
ACTS_FOR = " for "
"""What stands in a label between an application and the person in whose name it acts."""


def acting_agency(actor: Actor) -> UUID | None:
    """The agency that somebody acts for; None where that is none."""
    return actor.agency_id if isinstance(actor, Person | Application) else None


def actor_label(actor: Actor) -> str:
    """A short text for the audit: what kind of actor, and its id where it has one."""
    match actor:
        case Anonymous():
            return "anonymous"
        case Person(person_id=person_id):
            return person_label(person_id)
        case Application(client_id=client_id, person=Person(person_id=person_id)):
            return f"application:{client_id}{ACTS_FOR}{person_label(person_id)}"
        case Application(client_id=client_id):
            return f"application:{client_id}"
        case Link(link_id=link_id):
            return f"link:{link_id}"
        case System(name=name):
            return f"system:{name}"


def person_label(person_id: UUID) -> str:
    """How a person is called in the audit, and as who invited somebody."""
    return f"person:{person_id}"
