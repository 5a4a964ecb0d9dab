"""Where the clock hangs by which figures are told."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.agencies import zone_of


def network_time_zone(session: Session, actor: Actor) -> ZoneInfo:
    """The time zone of the network: days of figures are days there."""
    require(actor, Permission.FIGURES_READ)
    return zone_of(session, None)
