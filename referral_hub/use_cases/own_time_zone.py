"""Where the clock hangs of who is calling."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.agencies import zone_of


def own_time_zone(session: Session, actor: Actor) -> ZoneInfo:
    """The time zone of the agency that the actor acts for; that of the network for others."""
    require(actor, Permission.DIRECTORY_READ)
    agency_id = actor.agency_id if isinstance(actor, Person | Application) else None
    return zone_of(session, agency_id)
