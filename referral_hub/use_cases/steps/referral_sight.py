"""Which of many referrals somebody sees, and which came back: rules as conditions on rows."""

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased

from referral_hub.models import Need, Referral
from referral_hub.rules.actor import Actor, Application, Person, acting_agency
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.referral_lifecycle import CAME_BACK, TERMINAL, Side, Status
from referral_hub.rules.referral_parts import RECEIVERS


def visible(actor: Actor, side: Side) -> ColumnElement[bool]:
    """The referrals that an actor sees on a side, by `rules.referral_parts.sides_seen`."""
    agency, team = (
        (Referral.from_agency_id, Referral.from_team_id)
        if side is Side.SENDER
        else (Referral.to_agency_id, Referral.to_team_id)
    )
    visible = agency == acting_agency(actor)
    person = actor.person if isinstance(actor, Application) else actor
    if isinstance(person, Person):
        visible = and_(visible, agency == person.agency_id)
    if isinstance(person, Person) and not RECEIVERS & person.roles:
        visible = and_(visible, team.in_(person.teams))
    if side is Side.RECEIVER:
        visible = and_(visible, Referral.first_sent_at.is_not(None))
    return visible


def came_back() -> ColumnElement[bool]:
    """The referrals that their sender has to do something about, though they ended: nobody took
    the client, the need is open, and no later or better referral of it was made."""
    other = aliased(Referral)
    return and_(
        Referral.status.in_(CAME_BACK),
        exists().where(Need.id == Referral.need_id, Need.status == NeedStatus.OPEN),
        ~exists().where(
            other.need_id == Referral.need_id,
            or_(
                other.created_at > Referral.created_at,
                other.status.not_in(TERMINAL - {Status.COMPLETED}),
            ),
        ),
    )
