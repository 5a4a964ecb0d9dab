"""A mail, and how it is written for the wire."""

from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID

from referral_hub.rules.email_addresses import sent_domain


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person. Its id stays the same when it is sent again."""

    id: UUID
    to: str
    subject: str
    text: str
    written_at: datetime


class MailNotSent(Exception):
    """A mail could not be handed over. `for_good` means that another try would not help.

    The text names the kind of failure, never an address or the mail's content.
    """

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The mail in the form of RFC 5322. Raises MailNotSent for an address that is none."""
    message = EmailMessage(policy=SMTP)
    try:
        local, _, domain = mail.to.rpartition("@")
        message["To"] = Address(addr_spec=f"{local}@{sent_domain(domain)}")
        message["From"] = sender
        message["Subject"] = mail.subject
        message["Date"] = format_datetime(mail.written_at)
        message["Message-ID"] = f"<{mail.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
    except (MessageError, ValueError, IndexError) as error:  # the parser trips over half addresses
        raise MailNotSent(
            f"it cannot be written ({type(error).__name__})", for_good=True
        ) from error
    return message
