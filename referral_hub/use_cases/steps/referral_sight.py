"""Which of many referrals somebody sees: `rules.referral_parts.sides_seen` as a condition."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_

from referral_hub.models import Referral
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referral_parts import RECEIVERS


def visible(actor: Actor, side: Side) -> ColumnElement[bool]:
    """The referrals that an actor sees on a side."""
    agency, team = (
        (Referral.from_agency_id, Referral.from_team_id)
        if side is Side.SENDER
        else (Referral.to_agency_id, Referral.to_team_id)
    )
    visible = agency == _agency_of(actor)
    person = actor.person if isinstance(actor, Application) else actor
    if isinstance(person, Person):
        visible = and_(visible, agency == person.agency_id)
    if isinstance(person, Person) and not RECEIVERS & person.roles:
        visible = and_(visible, team.in_(person.teams))
    if side is Side.RECEIVER:
        visible = and_(visible, Referral.first_sent_at.is_not(None))
    return visible


def _agency_of(actor: Actor) -> UUID | None:
    return actor.agency_id if isinstance(actor, Person | Application) else None
