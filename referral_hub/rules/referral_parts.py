"""What an actor is to a referral: from this follow all rights on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from referral_hub.rules.actor import Actor, Application, Person, System
from referral_hub.rules.errors import IllegalMove
from referral_hub.rules.referral_lifecycle import Move, Part, Side, Status, find_rule
from referral_hub.rules.roles import Role
from referral_hub.rules.scopes import Scope

SENDERS = frozenset({Role.CASE_MANAGER})
"""Roles that send referrals."""
RECEIVERS = frozenset({Role.CASE_MANAGER, Role.INTAKE_WORKER})
"""Roles that answer them."""
SIDES = {
    Side.SENDER: frozenset({Part.SENDER, Part.SENDER_SUPERVISOR, Part.SENDER_APPLICATION}),
    Side.RECEIVER: frozenset({Part.RECEIVER, Part.RECEIVER_SUPERVISOR, Part.RECEIVER_APPLICATION}),
}


@dataclass(frozen=True, slots=True)
class Parties:
    """Between whom a referral goes."""

    from_agency_id: UUID
    from_team_id: UUID
    to_agency_id: UUID
    to_team_id: UUID


def parts_of(actor: Actor, parties: Parties) -> frozenset[Part]:
    """All that the actor is to a referral; empty for whom it does not exist.

    An application is never a supervisor, steward or witness; one that acts for a person is no more
    than that person.
    """
    match actor:
        case Person():
            return frozenset(_of_person(actor, parties))
        case Application():
            return frozenset(_of_application(actor, parties))
        case System():
            return frozenset({Part.SYSTEM})
    return frozenset()


def part_for(status: Status, move: Move, parts: Iterable[Part]) -> Part:
    """The part in which to make a move. Raises IllegalMove, as for the first part, if in none.

    Whoever has no part at all must not come so far: to them the referral does not exist.
    """
    ordered = sorted(parts, key=list(Part).index)
    refusal: IllegalMove | None = None
    for part in ordered:
        try:
            find_rule(status, move, part)
        except IllegalMove as error:
            refusal = refusal or error
        else:
            return part
    if refusal is None:
        raise ValueError("a move without a part")
    raise refusal


def side_of(part: Part) -> Side | None:
    """On which side a part stands; None for neither."""
    return next((side for side, parts in SIDES.items() if part in parts), None)


def _of_person(person: Person, parties: Parties) -> Iterable[Part]:
    if Role.NETWORK_STEWARD in person.roles:
        yield Part.STEWARD
    if person.agency_id == parties.from_agency_id:
        if SENDERS & person.roles:
            yield Part.SENDER
        if Role.SUPERVISOR in person.roles and parties.from_team_id in person.teams:
            yield Part.SENDER_SUPERVISOR
    if person.agency_id == parties.to_agency_id:
        if RECEIVERS & person.roles:
            yield Part.RECEIVER
        if Role.SUPERVISOR in person.roles and parties.to_team_id in person.teams:
            yield Part.RECEIVER_SUPERVISOR


def _of_application(application: Application, parties: Parties) -> Iterable[Part]:
    of_person = None if application.person is None else set(_of_person(application.person, parties))
    if (
        application.agency_id == parties.from_agency_id
        and Scope.REFERRALS_SEND in application.scopes
        and (of_person is None or Part.SENDER in of_person)
    ):
        yield Part.SENDER_APPLICATION
    if (
        application.agency_id == parties.to_agency_id
        and Scope.REFERRALS_ANSWER in application.scopes
        and (of_person is None or Part.RECEIVER in of_person)
    ):
        yield Part.RECEIVER_APPLICATION


def sides_seen(actor: Actor, parties: Parties, *, was_sent: bool) -> frozenset[Side]:
    """On which sides an actor sees the referral; empty for whom it does not exist.

    Workers see those of their agency, supervisors those of the teams that they supervise, and an
    application with the scope to read those of its agency. What was never sent is the sender's
    alone, whatever became of it.
    """
    if isinstance(actor, Application) and Scope.REFERRALS_READ not in actor.scopes:
        return frozenset()
    sides = frozenset(filter(None, map(side_of, parts_on_sides(actor, parties))))
    return sides if was_sent else sides - {Side.RECEIVER}


def parts_on_sides(actor: Actor, parties: Parties) -> frozenset[Part]:
    """What an actor is to the two agencies, whether or not there is a move for them.

    An application that acts for a person is on no more sides than that person.
    """
    if isinstance(actor, Person):
        return frozenset(_on_sides(actor, parties))
    if not isinstance(actor, Application):
        return frozenset()
    own = {
        part
        for part, agency_id in (
            (Part.SENDER_APPLICATION, parties.from_agency_id),
            (Part.RECEIVER_APPLICATION, parties.to_agency_id),
        )
        if agency_id == actor.agency_id
    }
    if actor.person is None:
        return frozenset(own)
    sides = {side_of(part) for part in _on_sides(actor.person, parties)}
    return frozenset(part for part in own if side_of(part) in sides)


def _on_sides(person: Person, parties: Parties) -> Iterable[Part]:
    works = bool(RECEIVERS & person.roles)
    supervises = Role.SUPERVISOR in person.roles
    if person.agency_id == parties.from_agency_id:
        if works:
            yield Part.SENDER
        if supervises and parties.from_team_id in person.teams:
            yield Part.SENDER_SUPERVISOR
    if person.agency_id == parties.to_agency_id:
        if works:
            yield Part.RECEIVER
        if supervises and parties.to_team_id in person.teams:
            yield Part.RECEIVER_SUPERVISOR
