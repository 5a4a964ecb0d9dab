"""Which teams somebody supervises."""

from uuid import UUID

from referral_hub.rules.actor import Actor, Application, Person


def supervised_teams(actor: Actor) -> frozenset[UUID]:
    """The teams that the actor supervises today, whatever else they do for the agency."""
    acting = actor.person if isinstance(actor, Application) else actor
    return acting.teams if isinstance(acting, Person) else frozenset()
