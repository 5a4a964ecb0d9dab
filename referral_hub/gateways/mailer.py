"""Hands mail over: to an SMTP server with TLS, or to a folder where none is set."""

import ssl
from pathlib import Path
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
)
from typing import Protocol
from urllib.parse import unquote, urlsplit

from referral_hub.gateways.mail_folder import FolderMailer
from referral_hub.gateways.mail_message import Mail, MailNotSent, message_of

_TIMEOUT_SECONDS = 15
_PORTS = {"smtp": 587, "smtps": 465}


class Mailer(Protocol):
    """What hands mail over."""

    def send(self, mail: Mail) -> None:
        """Hand a mail over. Raises MailNotSent, or OSError."""


class SmtpMailer:
    """Speaks to an SMTP server, always over TLS whose certificate is checked."""

    def __init__(self, url: str, sender: str) -> None:
        """`url` is smtp://user:password@host:587, with STARTTLS, or smtps://…"""
        parts = urlsplit(url)
        self._is_tls_from_the_start = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender

    def send(self, mail: Mail) -> None:
        """Hand a mail over. Raises MailNotSent, for good when the server wants none of it."""
        message = message_of(mail, self._sender)
        try:
            with self._connected() as server:
                if self._user:
                    server.login(self._user, self._password)
                server.send_message(message)
        except SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _not_sent("the receiver was refused", min(codes, default=0)) from error
        except SMTPDataError as error:
            raise _not_sent("the mail was refused", error.smtp_code) from error
        except (SMTPException, OSError, ValueError) as error:
            raise MailNotSent(f"the mail server failed ({type(error).__name__})") from error

    def _connected(self) -> SMTP:
        context = ssl.create_default_context()
        if self._is_tls_from_the_start:
            return SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_SECONDS, context=context)
        server = SMTP(self._host, self._port, timeout=_TIMEOUT_SECONDS)
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
        return server


def make_mailer(smtp_url: str, folder: Path, sender: str) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(smtp_url, sender) if smtp_url else FolderMailer(folder, sender)


def _not_sent(what: str, code: int) -> MailNotSent:
    return MailNotSent(f"{what} ({code})", for_good=500 <= code < 600)
