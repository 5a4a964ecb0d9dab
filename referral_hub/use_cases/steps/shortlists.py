"""What somebody has put aside for a client, read inside a transaction."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import ShortlistEntry
from referral_hub.rules.actor import Actor
from referral_hub.rules.actor import Person as PersonActing


def shortlisted(session: Session, actor: Actor, client_id: UUID) -> tuple[UUID, ...]:
    """The services on the actor's list for the client, in the order in which they came on it."""
    if not isinstance(actor, PersonActing):
        return ()
    return tuple(
        session.scalars(
            select(ShortlistEntry.service_id)
            .where(
                ShortlistEntry.person_id == actor.person_id, ShortlistEntry.client_id == client_id
            )
            .order_by(ShortlistEntry.added_at, ShortlistEntry.service_id)
        )
    )
