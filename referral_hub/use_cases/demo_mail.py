"""Looking at the mail of a demo network, where it lies in a folder instead of going out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from referral_hub.gateways.mail_folder import StoredMail, read_stored, stored_names
from referral_hub.rules.actor import Actor
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require

SHOWN = 100


@dataclass(frozen=True, slots=True)
class TextPart:
    """A piece of a mail's text; `link` is where it leads, when it is an address of this hub."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class MailView:
    """A mail as a page shows it."""

    name: str
    to: str
    subject: str
    written_at: datetime
    parts: Sequence[TextPart]


def list_demo_mail(actor: Actor, folder: Path) -> Sequence[StoredMail]:
    """The latest mails, the newest first."""
    require(actor, Permission.DEMO_MAIL_READ)
    mails = (read_stored(folder, name) for name in stored_names(folder)[:SHOWN])
    return [mail for mail in mails if mail is not None]


def show_demo_mail(actor: Actor, folder: Path, name: str, *, public_url: str) -> MailView:
    """One mail. Raises NotFound."""
    require(actor, Permission.DEMO_MAIL_READ)
    mail = read_stored(folder, name)
    if mail is None:
        raise NotFound(NOTHING_HERE)
    parts = tuple(_parts(mail.text, public_url.rstrip("/")))
    return MailView(mail.name, mail.to, mail.subject, mail.written_at, parts)


def _parts(text: str, base: str) -> Iterator[TextPart]:
    """The text in pieces, addresses of this hub on their own."""
    for piece in re.split(rf"({re.escape(base)}/\S*)", text):
        if piece:
            yield TextPart(piece, piece if piece.startswith(f"{base}/") else "")
