"""What is asked again just before news leaves the hub: much may have changed since then."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralEvent
from referral_hub.rules.event_sight import Sight
from referral_hub.rules.referral_lifecycle import TERMINAL, Side
from referral_hub.rules.referrals import Fact
from referral_hub.use_cases.steps.disclosures import may_deliver
from referral_hub.use_cases.steps.partners import takes_part
from referral_hub.use_cases.steps.referrals import seen_of_event


def may_leave(
    session: Session,
    agency_id: UUID,
    referral: Referral,
    event: ReferralEvent,
    now: datetime,
) -> bool:
    """Whether an agency may still be told of an event.

    It must take part and be a party. The sender is told by `rules.event_sight`. Before the
    receiver accepted, the consent must stand; afterwards, only for news of what was shared in
    addition. That a referral has ended is told in any case.
    """
    if agency_id not in (referral.from_agency_id, referral.to_agency_id):
        return False
    if not takes_part(session, agency_id, now.date()):
        return False
    if agency_id == referral.from_agency_id:
        return seen_of_event(referral, event, Side.SENDER) is not Sight.NOTHING
    if event.to_status in TERMINAL:
        return True
    if referral.accepted_at is not None and event.kind != Fact.DISCLOSED:
        return True
    return may_deliver(session, referral, now, event)
