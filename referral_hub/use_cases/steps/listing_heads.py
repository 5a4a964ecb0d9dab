"""What every page of a listing says of it, and who changed it since when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ListingChange, Organization
from referral_hub.rules.actor import Actor
from referral_hub.rules.listing_sections import SECTIONS
from referral_hub.rules.listing_words import field_label
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.permissions import Permission, is_allowed
from referral_hub.use_cases.listing_forms.places import CONFIDENTIAL, NAMELESS
from referral_hub.use_cases.listing_views import ChangeSince, ListingHead
from referral_hub.use_cases.steps.listing_change import agency_of_listing
from referral_hub.use_cases.steps.listings import is_steward, who_made


def head_of(session: Session, actor: Actor, listing: ListingKey, record: Any) -> ListingHead:
    """The listing by name."""
    owner = None if listing.table == "organization" else record.organization_id
    organization = session.get(Organization, owner) if owner is not None else None
    agency_id = agency_of_listing(session, listing)
    may_change = is_steward(actor) or (
        agency_id is not None and is_allowed(actor, Permission.LISTING_CHANGE, agency_id)
    )
    into = ListingKey(listing.table, record.merged_into) if record.merged_into else None
    nameless = CONFIDENTIAL if getattr(record, "confidential", False) else NAMELESS
    return ListingHead(
        listing, record.name or nameless,
        organization.name if organization is not None else "",
        SECTIONS[listing.table], may_change and into is None, into,
    )  # fmt: skip


def last_change(session: Session, listing: ListingKey) -> int:
    """The number of the last change of a listing; 0 for none."""
    return session.scalar(select(func.max(ListingChange.id)).where(*_of(listing))) or 0


def changes_since(
    session: Session, vault: Vault, listing: ListingKey, seen: int
) -> tuple[ChangeSince, ...]:
    """What was changed after a change that somebody saw, the newest first."""
    rows: Sequence[ListingChange] = session.scalars(
        select(ListingChange)
        .where(*_of(listing), ListingChange.id > seen)
        .order_by(ListingChange.id.desc())
        .limit(20)
    ).all()
    names = who_made(session, vault, (row.made_by for row in rows))
    return tuple(
        ChangeSince(names[row.made_by], row.made_at, ", ".join(_labels(row))) for row in rows
    )


def _labels(change: ListingChange) -> list[str]:
    found = [
        field_label(edit["table"], name)
        for edit in change.edits
        for name in (
            {
                **(edit["before"] or {}),
                **(edit["after"] or {}),
                **dict.fromkeys(edit.get("withheld", ())),
            }
            if edit["before"] is not None and edit["after"] is not None
            else ("",)
        )
    ]
    return list(dict.fromkeys(filter(None, found)))


def _of(listing: ListingKey) -> tuple[Any, Any]:
    return ListingChange.table_name == listing.table, ListingChange.record_id == listing.id
