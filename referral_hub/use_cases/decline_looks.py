"""Looking back at declines: a supervisor notes that they looked at one. It stays as it is."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import DeclineLook, Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.check_ins import MOST_TEXT
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import author_of
from referral_hub.use_cases.steps.declines import LOOK_NOTE, last_decline, of_own_teams
from referral_hub.use_cases.steps.unique import only_once
from referral_hub.use_cases.transaction import transaction

TAKEN = "Somebody looked at this decline already."


def look_at_decline(
    session: Session, actor: Actor, vault: Vault, referral_id: UUID, note: str, *, now: datetime
) -> None:
    """Note that the actor looked at the last decline of a referral. Raises NotFound, and
    InvalidInput where somebody did before or the note is too long."""
    require(actor, Permission.DECLINE_REVIEW)
    note = note.strip()
    if len(note) > MOST_TEXT:
        message = f"Use at most {MOST_TEXT} characters."
        raise InvalidInput(message, {"note": message})
    with transaction(session):
        own = select(Referral).where(Referral.id == referral_id, of_own_teams(actor))
        referral = session.scalars(own).one_or_none()
        event = referral and last_decline(session, referral.id)
        if referral is None or event is None:
            raise NotFound(NOTHING_HERE)
        look = DeclineLook(id=uuid4(), event_id=event.id, person_id=author_of(actor), looked_at=now)
        if note:
            look.note_sealed = vault.seal(LOOK_NOTE, look.id, note)
        with only_once(session, "note", TAKEN):
            session.add(look)
        add_audit(
            session, actor, "decline:look", referral, agency_id=referral.to_agency_id, now=now
        )
