"""Mail as files in a folder: where there is no mail server, and to look at in demo mode."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from referral_hub.gateways.mail_message import Mail, message_of


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail as it lies in the folder."""

    name: str
    to: str
    subject: str
    text: str
    written_at: datetime


class FolderMailer:
    """Writes each mail into a file of its own, whole or not at all; sent again, it is the same."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Write a mail. Raises MailNotSent for an address that is none, OSError when it is full."""
        content = message_of(mail, self._sender).as_bytes()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        written_at = mail.written_at.astimezone(UTC)
        path = self._folder / f"{written_at:%Y%m%dT%H%M%S}-{mail.id}.eml"
        half = path.with_suffix(".half")
        with open(half, "wb", opener=_for_the_owner_only) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)


def stored_names(folder: Path) -> Sequence[str]:
    """The names of the mails in a folder, the newest first."""
    return sorted((path.stem for path in folder.glob("*.eml")), reverse=True)


def read_stored(folder: Path, name: str) -> StoredMail | None:
    """A mail of a folder; None when there is none of this name."""
    if name not in stored_names(folder):
        return None
    with suppress(FileNotFoundError):
        content = (folder / f"{name}.eml").read_bytes()
        message = message_from_bytes(content, EmailMessage, policy=SMTP)
        return StoredMail(
            name,
            str(message["To"]),
            str(message["Subject"]),
            str(message.get_content()).replace("\r\n", "\n"),
            message["Date"].datetime,
        )
    return None


def _for_the_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
