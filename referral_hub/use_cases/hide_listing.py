"""Organizations, programs and places that are to be seen no more, or again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Service
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import Conflict, NotFound
from referral_hub.rules.listing_state import HIDDEN, PUBLIC
from referral_hub.rules.listings import ListingAct, ListingKey, difference
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.visibility import FINDABLE_STATUSES
from referral_hub.use_cases.listing_views import RecordView
from referral_hub.use_cases.steps.listing_change import change_listing, services_showing
from referral_hub.use_cases.steps.listing_heads import head_of
from referral_hub.use_cases.steps.listings import (
    is_reviewed,
    is_steward,
    listing_for,
    listing_to_change,
)
from referral_hub.use_cases.transaction import transaction

MOST_NAMED = 5
NOT_YET = (
    "A network steward looks at what is published. It is seen by everybody once a service that "
    "needs it is published."
)


def show_record(session: Session, actor: Actor, listing: ListingKey) -> RecordView:
    """An organization, program or location as its agency sees it. Raises NotFound."""
    require(actor, Permission.LISTING_READ)
    record = listing_for(session, actor, listing, Permission.LISTING_READ)
    return RecordView(
        head=head_of(session, actor, listing, record),
        is_shown=record.visibility == PUBLIC and record.vanished_at is None,
        shown_by=tuple(_shown_by(session, listing)),
        can_be_shown=is_steward(actor) or not is_reviewed(session),
    )


def show_to_everybody(
    session: Session, actor: Actor, listing: ListingKey, *, seen: bool, now: datetime
) -> None:
    """Have everybody see an organization, program or location, or only its agency.

    Raises NotFound, and Conflict where published services need it, where a steward looks first, and
    for what was merged into another.
    """
    require(actor, Permission.LISTING_CHANGE)
    if listing.table == "service":
        raise NotFound(NOTHING_HERE)
    with transaction(session):
        record = listing_to_change(session, actor, listing)
        if seen and is_reviewed(session) and not is_steward(actor):
            raise Conflict(NOT_YET)
        if not seen and (names := _shown_by(session, listing)):
            raise Conflict(
                f"It stands on the pages of {', '.join(names)}. Retire them first, or say there "
                "that they are elsewhere."
            )
        after = {"visibility": PUBLIC, "vanished_at": None} if seen else {"visibility": HIDDEN}
        before = {name: getattr(record, name) for name in after}
        edit = difference(listing.table, listing.id, before, after)
        edits = [edit] if edit is not None else []
        change_listing(session, actor, listing, edits, act=ListingAct.EDIT, now=now)


def _shown_by(session: Session, listing: ListingKey) -> Sequence[str]:
    """The names of published services that show it, the first few."""
    return session.scalars(
        select(Service.name)
        .where(
            Service.id.in_(services_showing(session, listing)),
            Service.visibility == PUBLIC,
            Service.status.in_(FINDABLE_STATUSES),
            Service.vanished_at.is_(None),
        )
        .order_by(Service.name, Service.id)
        .limit(MOST_NAMED)
    ).all()
