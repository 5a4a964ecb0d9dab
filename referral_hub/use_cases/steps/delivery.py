"""What is asked again just before news leaves the hub: much may have changed since it was written.

The check of consent is handed in by whoever runs the delivery.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import (
    Consent,
    ConsentRecipient,
    Disclosure,
    Referral,
    ReferralEvent,
)
from referral_hub.rules.referral_lifecycle import TERMINAL
from referral_hub.rules.referrals import Fact
from referral_hub.use_cases.steps.partners import takes_part

MayDeliver = Callable[[Session, Referral, datetime], bool]
"""Whether the client's consent still lets the receiving agency hear of a referral."""


def consent_stands(session: Session, referral: Referral, now: datetime) -> bool:
    """Whether the consent of a referral holds for its receiver; without one, only what the law
    lets somebody share without asking."""
    if referral.consent_id is None:
        found = select(Disclosure.id).where(
            Disclosure.referral_id == referral.id, Disclosure.override_sealed.is_not(None)
        )
        return session.scalars(found.limit(1)).first() is not None
    consent = session.get(Consent, referral.consent_id, populate_existing=True)
    if consent is None or consent.revoked_at is not None:
        return False
    if consent.expires_at is not None and consent.expires_at <= now:
        return False
    named = session.get(ConsentRecipient, (consent.id, referral.to_agency_id))
    return consent.any_partner or named is not None


def may_leave(
    session: Session,
    agency_id: UUID,
    referral: Referral,
    event: ReferralEvent,
    may_deliver: MayDeliver,
    now: datetime,
) -> bool:
    """Whether an agency may still be told of an event.

    It must take part and be a party. Before it accepted, the consent must stand; afterwards, only
    for news of what was shared in addition. That a referral has ended is told in any case.
    """
    if agency_id not in (referral.from_agency_id, referral.to_agency_id):
        return False
    if not takes_part(session, agency_id, now.date()):
        return False
    if agency_id == referral.from_agency_id or event.to_status in TERMINAL:
        return True
    if referral.accepted_at is not None and event.kind != Fact.DISCLOSED:
        return True
    return may_deliver(session, referral, now)
