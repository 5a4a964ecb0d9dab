"""Notes about a client: written once; a mistake is corrected by another note."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import ClientNote
from referral_hub.rules.actor import Actor
from referral_hub.rules.clients import MOST_NOTE, NoteKind, check_occurred
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.profile_check import clean_text
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import author_of, moment_of, note_contact, the_client
from referral_hub.use_cases.transaction import transaction


def add_note(
    session: Session,
    actor: Actor,
    client_id: UUID,
    kind: NoteKind,
    text: str,
    vault: Vault,
    *,
    occurred_on: date | None = None,
    corrects_id: UUID | None = None,
    now: datetime,
) -> UUID:
    """Write a note, also about a case that is closed, and return its id.

    `occurred_on` is the day that it tells of, today where there is none; `corrects_id` the note
    that it corrects. A note of a contact is the last contact, if none was later.
    """
    require(actor, Permission.CLIENT_CHANGE)
    text = clean_text(text, MOST_NOTE, "text", "Write the note.")
    author_id = author_of(actor)
    with transaction(session):
        client = the_client(session, actor, Permission.CLIENT_CHANGE, client_id, lock=True)
        occurred_at = moment_of(session, client.agency_id, occurred_on, now)
        check_occurred(occurred_at, client.opened_at, now)
        corrected = session.get(ClientNote, corrects_id) if corrects_id is not None else None
        if corrects_id is not None and (corrected is None or corrected.client_id != client_id):
            raise NotFound(NOTHING_HERE)
        note = ClientNote(
            id=uuid4(), client_id=client_id, author_id=author_id, kind=kind,
            occurred_at=occurred_at, recorded_at=now, corrects_id=corrects_id,
        )  # fmt: skip
        note.text_sealed = vault.seal("client_note.text", note.id, text)
        session.add(note)
        if kind is NoteKind.CONTACT:
            note_contact(client, occurred_at)
        add_audit(
            session, actor, "client-note:add", note, agency_id=client.agency_id, detail=kind,
            now=now,
        )  # fmt: skip
        return note.id
