"""Mail is written into the outbox, sealed: links in it open accounts."""

from base64 import b64encode
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

    Mail holds ids and links, never anything about a client.
    """
    message = OutboxMessage(id=uuid4(), kind=MAIL, created_at=now, due_at=now)
    text = dumps({"to": to, "template": template, "values": values})
    message.payload = {"sealed": b64encode(vault.seal(SEALED, message.id, text)).decode()}
    session.add(message)
