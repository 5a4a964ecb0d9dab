"""Links that do one thing once: made, found by their token, used up. Inside a transaction."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.tokens import new_token, token_hash
from referral_hub.models import OneTimeLink, Person
from referral_hub.rules.sign_in import LinkPurpose


def add_link(
    session: Session, purpose: LinkPurpose, person_id: UUID, length: timedelta, *, now: datetime
) -> tuple[OneTimeLink, str]:
    """A new link of a person, and its token: only the hash is kept."""
    token = new_token()
    link = OneTimeLink(
        id=uuid4(),
        purpose=purpose,
        token_hash=token_hash(token),
        person_id=person_id,
        created_at=now,
        expires_at=now + length,
    )
    session.add(link)
    return link, token


def open_link(
    session: Session, purpose: LinkPurpose, token: str, *, now: datetime
) -> OneTimeLink | None:
    """The link with a token, while it can be used and its person's account is open."""
    return session.scalars(
        select(OneTimeLink)
        .join(Person, Person.id == OneTimeLink.person_id)
        .where(
            OneTimeLink.token_hash == token_hash(token.strip()),
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now,
            Person.disabled_at.is_(None),
        )
    ).one_or_none()


def take_link(session: Session, link_id: UUID, *, now: datetime) -> Person | None:
    """The person of a link that was not used before, locked; it is used with that.

    The person is locked first, as by all who end links: else the two would wait for each other.
    """
    whose = select(OneTimeLink.person_id).where(OneTimeLink.id == link_id)
    person = session.scalars(
        select(Person).where(Person.id == whose.scalar_subquery()).with_for_update()
    ).one_or_none()
    taken = session.execute(
        update(OneTimeLink)
        .where(OneTimeLink.id == link_id, OneTimeLink.used_at.is_(None))
        .values(used_at=now)
        .returning(OneTimeLink.id)
    )
    return person if taken.first() is not None else None


def use_up_links(session: Session, person_id: UUID, *purposes: LinkPurpose, now: datetime) -> None:
    """Make the links of a person void that are for one of these purposes."""
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.person_id == person_id,
            OneTimeLink.purpose.in_(purposes),
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=now)
    )
