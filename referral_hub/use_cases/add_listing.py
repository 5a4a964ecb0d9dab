"""New organizations, programs, services and locations of an agency. They begin as drafts."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.rules.actor import Actor, acting_agency
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.listing_state import HIDDEN
from referral_hub.rules.listings import LISTING_TABLES, ListingAct, ListingKey, RowEdit
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.texts import is_name, on_one_line
from referral_hub.use_cases.steps.agencies import tie_row
from referral_hub.use_cases.steps.listing_change import change_listing
from referral_hub.use_cases.steps.listings import listing_to_change
from referral_hub.use_cases.transaction import transaction

MOST_NAME = 200


def add_listing(
    session: Session,
    actor: Actor,
    table: str,
    name: str,
    organization_id: UUID | None,
    *,
    now: datetime,
) -> ListingKey:
    """Add a listing, which nobody but its agency sees yet.

    `organization_id` says whose it is; an organization itself has none, and becomes one of the
    agency for which the actor acts. Raises InvalidInput, NotFound for another's organization, and
    Conflict for one that was merged into another.
    """
    require(actor, Permission.LISTING_CHANGE)
    name = on_one_line(name)
    if not is_name(name, MOST_NAME):
        message = f"Enter a name of at most {MOST_NAME} letters."
        raise InvalidInput(message, {"name": message})
    listing = ListingKey(LISTING_TABLES[LISTING_TABLES.index(table)], uuid4())
    values: dict[str, Any] = {
        "name": name,
        "visibility": HIDDEN,
        "incomplete": False,
        "position": 0,
    }
    values |= _FIRST[table]
    agency_id = acting_agency(actor)
    with transaction(session):
        if table == "organization":
            require(actor, Permission.LISTING_CHANGE, agency_id)
        else:
            if organization_id is None:
                message = "Choose whose it is."
                raise InvalidInput(message, {"organization_id": message})
            owner = ListingKey("organization", organization_id)
            listing_to_change(session, actor, owner)
            values["organization_id"] = organization_id
        edit = RowEdit(table, listing.id, None, values)
        made = change_listing(session, actor, listing, [edit], act=ListingAct.EDIT, now=now)
        if table == "organization" and agency_id is not None and made is not None:
            tie_row(session, agency_id, listing.id)
            made.agency_id = agency_id
    return listing


_FIRST: dict[str, dict[str, Any]] = {
    "organization": {"description": ""},
    "program": {"description": ""},
    "service": {"status": "active"},
    "location": {"location_type": "physical", "confidential": False},
}
