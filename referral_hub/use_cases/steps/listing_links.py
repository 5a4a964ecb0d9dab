"""The links with which people answer for listings without signing in, inside a transaction."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import Agency, LinkedListing, ListingLink, Person
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import NotFound
from referral_hub.rules.listing_asks import LINK_NOT_VALID
from referral_hub.rules.listing_freshness import LINK_LENGTH
from referral_hub.rules.listings import ListingKey
from referral_hub.use_cases.steps.people import current_roles


def add_listing_link(
    session: Session,
    person_id: UUID,
    agency_id: UUID,
    listings: Iterable[ListingKey],
    *,
    now: datetime,
) -> str:
    """The secret of a new link, with which a person may answer for some listings."""
    token = new_token()
    link = ListingLink(
        id=uuid4(), token_hash=token_hash(token), person_id=person_id, agency_id=agency_id,
        created_at=now, expires_at=now + LINK_LENGTH,
    )  # fmt: skip
    session.add(link)
    session.flush()
    for listing in listings:
        session.add(
            LinkedListing(link_id=link.id, listing_id=listing.id, listing_table=listing.table)
        )
    return token


def valid_listing_link(
    session: Session, token: str, *, now: datetime
) -> tuple[ListingLink, PersonActing]:
    """The link with a secret, and its person with the roles that they hold today: who has left
    the agency answers for nothing. Raises NotFound."""
    link = session.scalars(
        select(ListingLink)
        .join(Person, Person.id == ListingLink.person_id)
        .join(Agency, Agency.id == ListingLink.agency_id)
        .where(
            ListingLink.token_hash == token_hash(token.strip()),
            ListingLink.expires_at > now,
            Person.disabled_at.is_(None),
            Agency.status == AgencyStatus.PARTNER,
        )
    ).one_or_none()
    roles = current_roles(session, link.person_id, link.agency_id) if link is not None else None
    if link is None or not roles:
        raise NotFound(LINK_NOT_VALID)
    return link, PersonActing(link.person_id, link.agency_id, frozenset(roles))


def linked_listings(session: Session, link: ListingLink) -> dict[UUID, LinkedListing]:
    """The listings that a link is about."""
    rows = session.scalars(select(LinkedListing).where(LinkedListing.link_id == link.id))
    return {row.listing_id: row for row in rows}
