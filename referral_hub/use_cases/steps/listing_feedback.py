"""What a declined referral teaches about the listing. Nothing about the client goes there."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralEvent, ServiceState
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.capacity import CapacityState
from referral_hub.rules.corrections import NOT_OFFERED, ListingField, Origin
from referral_hub.rules.listing_asks import AskKind, AskReason
from referral_hub.rules.listing_freshness import (
    DECLINES_THAT_ASK,
    DECLINES_WITHIN,
    Standing,
)
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.steps.capacity import standing_of
from referral_hub.use_cases.steps.corrections import propose, target_of
from referral_hub.use_cases.steps.listing_asks import raise_ask

NO_CAPACITY, LISTING_WRONG = "no_capacity", "listing_wrong"
_SAYS_SO = frozenset({CapacityState.WAITING_LIST, CapacityState.CLOSED})


def heed_decline(
    session: Session, referral: Referral, actor: Actor, details: MoveDetails, now: datetime
) -> None:
    """Ask the agency about its room where it declines again for want of it, and propose a
    correction where the listing is wrong: what is wrong in it, and none of what was written."""
    if details.reason == NO_CAPACITY and _declines_again(session, referral, now):
        raise_ask(
            session, ListingKey("service", referral.service_id), referral.to_agency_id,
            AskKind.CAPACITY,
            AskReason.DECLINED, now=now,
        )  # fmt: skip
    if details.reason == LISTING_WRONG:
        field = ListingField(details.listing_field or ListingField.OTHER)
        target = target_of(session, referral.service_id, field)
        over = field is ListingField.STATUS
        propose(
            session, table=target.table, record_id=target.record_id, field=target.field,
            current=target.current, proposed=NOT_OFFERED if over else None, origin=Origin.REFERRAL,
            proposed_by=actor_label(actor), note=None, now=now,
        )  # fmt: skip


def _declines_again(session: Session, referral: Referral, now: datetime) -> bool:
    """Whether there were enough such declines lately, all since the agency last said how much room
    it has, and the listing does not say already that there is none."""
    since = now - DECLINES_WITHIN
    state = session.get(ServiceState, referral.service_id)
    if state is not None:
        if state.capacity in _SAYS_SO and standing_of(session, state, now) is not Standing.LAPSED:
            return False
        since = max(since, state.stated_at)
    session.flush()
    count = session.scalar(
        select(func.count())
        .select_from(ReferralEvent)
        .join(Referral, Referral.id == ReferralEvent.referral_id)
        .where(
            Referral.service_id == referral.service_id,
            ReferralEvent.kind == Move.DECLINE,
            ReferralEvent.reason_code == NO_CAPACITY,
            ReferralEvent.recorded_at > since,
        )
    )
    return (count or 0) >= DECLINES_THAT_ASK
