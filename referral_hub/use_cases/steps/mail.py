"""Mail is written into the outbox, sealed: links in it open accounts."""

from datetime import datetime
from json import dumps
from uuid import uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import OutboxMessage

MAIL = "mail"
SEALED = "outbox.payload"


def send_mail(
    session: Session, vault: Vault, to: str, template: str, *, now: datetime, **values: str
) -> None:
    """Put a mail into the outbox: a template (`templates/mail`), and what stands in it.

    Mail holds ids and links, never anything about a client. Values named `link` and
    `end_link` are addresses of this hub; one that begins with "/" is completed with its public
    address.
    """
    message = OutboxMessage(id=uuid4(), kind=MAIL, created_at=now, due_at=now)
    message.payload = {"template": template}
    text = dumps({"to": to, "values": values})
    message.payload_sealed = vault.seal(SEALED, message.id, text)
    session.add(message)
