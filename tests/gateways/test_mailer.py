"""Mail is handed over to a real SMTP server, over TLS or not at all."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd import smtp
from aiosmtpd.handlers import Message
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from referral_hub.gateways.mail_folder import FolderMailer
from referral_hub.gateways.mail_message import Mail, MailNotSent, message_of
from referral_hub.gateways.mailer import SmtpMailer, make_mailer
from tests.certificates import a_certificate

SENDER = "hub@hub.example.org"
USER, PASSWORD = b"user@hub", b"p:w/d@1"
URL = "smtp://user%40hub:p%3Aw%2Fd%401@localhost"


def a_mail(**values: object) -> Mail:
    said = {
        "id": UUID(int=7),
        "to": "ana@example.org",
        "subject": "Ein neues Paßwort",
        "text": "Öffnen Sie:\n\nhttps://hub.example.org/" + "x" * 90 + "\n",
        "written_at": datetime.fromisoformat("2026-11-18T15:00:00+00:00"),
    }
    return Mail(**said | values)  # type: ignore[arg-type]


@dataclass
class Receiver(Message):
    """Takes mail, or answers what it is told to."""

    mails: list[object] = field(default_factory=list)
    recipient_answer: str = "250 OK"
    data_answer: str = "250 OK"

    def __post_init__(self) -> None:
        super().__init__()

    async def handle_RCPT(  # noqa: N802 the server's name for it
        self, _server: object, _session: Session, envelope: Envelope, to: str, _options: object
    ) -> str:
        if self.recipient_answer.startswith("2"):
            envelope.rcpt_tos.append(to)
        return self.recipient_answer

    async def handle_DATA(  # noqa: N802 the server's name for it
        self, server: object, session: Session, envelope: Envelope
    ) -> str:
        if self.data_answer.startswith("2"):
            return str(await super().handle_DATA(server, session, envelope))  # type: ignore[arg-type]
        return self.data_answer

    def handle_message(self, message: object) -> None:
        self.mails.append(message)


def authenticate(_server: object, *rest: object) -> AuthResult:
    given = rest[-1]
    assert isinstance(given, LoginPassword)
    known = (given.login, given.password) == (USER, PASSWORD)
    return AuthResult(success=known, handled=False)


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """The TLS of a server that clients trust as localhost."""
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(a_certificate("localhost"))
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def port(receiver: Receiver, trusted: ssl.SSLContext) -> Iterator[int]:
    """The port of a server that takes mail after STARTTLS and a password."""
    with running(
        receiver, tls_context=trusted, require_starttls=True, auth_required=True,
        authenticator=authenticate,
    ) as found:  # fmt: skip
        yield found


@contextmanager
def running(
    receiver: Receiver, wrapped: ssl.SSLContext | None = None, **options: Any
) -> Iterator[int]:
    """An SMTP server, all over TLS when `wrapped` is given; its port."""
    loop = asyncio.new_event_loop()
    making = loop.create_server(
        lambda: smtp.SMTP(receiver, loop=loop, **options), "127.0.0.1", 0, ssl=wrapped
    )
    server = loop.run_until_complete(making)
    thread = Thread(target=loop.run_forever)
    thread.start()
    yield server.sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


def test_mail_arrives_over_starttls_as_it_was_written(receiver: Receiver, port: int) -> None:
    SmtpMailer(f"{URL}:{port}", SENDER).send(a_mail())
    (mail,) = receiver.mails
    assert (mail["To"], mail["From"]) == ("ana@example.org", SENDER)  # type: ignore[index]
    assert mail["Message-ID"] == f"<{UUID(int=7)}@hub.example.org>"  # type: ignore[index]
    text = mail.get_payload(decode=True).decode()  # type: ignore[attr-defined]
    assert text.replace("\r\n", "\n") == a_mail().text


def test_mail_arrives_where_all_is_tls(receiver: Receiver, trusted: ssl.SSLContext) -> None:
    with running(receiver, trusted) as port:
        SmtpMailer(f"smtps://localhost:{port}", SENDER).send(a_mail())
    assert len(receiver.mails) == 1


def test_a_wrong_password_is_tried_again_later(receiver: Receiver, port: int) -> None:
    with pytest.raises(MailNotSent) as caught:
        SmtpMailer(f"smtp://user%40hub:wrong@localhost:{port}", SENDER).send(a_mail())
    assert not caught.value.for_good
    assert receiver.mails == []


@pytest.mark.parametrize(
    ("answers", "for_good"),
    [
        ({"recipient_answer": "550 unknown"}, True),
        ({"recipient_answer": "451 later"}, False),
        ({"data_answer": "554 unwanted"}, True),
        ({"data_answer": "452 full"}, False),
    ],
)
def test_what_a_server_refuses_for_good_is_told_from_what_may_work_later(
    receiver: Receiver, port: int, answers: dict[str, str], for_good: bool
) -> None:
    for name, answer in answers.items():
        setattr(receiver, name, answer)
    with pytest.raises(MailNotSent) as caught:
        SmtpMailer(f"{URL}:{port}", SENDER).send(a_mail())
    assert caught.value.for_good is for_good
    assert "ana" not in str(caught.value)


def test_no_mail_goes_to_a_server_without_tls(receiver: Receiver) -> None:
    with running(receiver) as port, pytest.raises(MailNotSent) as caught:
        SmtpMailer(f"smtp://localhost:{port}", SENDER).send(a_mail())
    assert not caught.value.for_good
    assert receiver.mails == []


def test_no_mail_goes_to_a_server_that_nobody_vouches_for(
    receiver: Receiver, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(MailNotSent):
        SmtpMailer(f"{URL}:{port}", SENDER).send(a_mail())
    assert receiver.mails == []


@pytest.mark.parametrize(
    "change",
    [
        {"to": "ana@example.org\r\nBcc: all@example.org"},
        {"to": "ana@example.org, eve@example.org"},
        {"to": "ana@exa\nmple.org"},
        {"to": "no address"},
        {"to": "@example.org"},
        {"to": "ana@"},
        {"to": ""},
        {"subject": "Hello\r\nBcc: all@example.org"},
        {"subject": "Hello\nBcc: all@example.org"},
    ],
)
def test_no_value_becomes_a_header_or_a_second_receiver(change: dict[str, str]) -> None:
    with pytest.raises(MailNotSent) as caught:
        message_of(a_mail(**change), SENDER)
    assert caught.value.for_good


def test_an_address_in_another_script_can_be_written() -> None:
    assert message_of(a_mail(to="ana@bücher.example"), SENDER)["To"] == "ana@xn--bcher-kva.example"


def test_without_a_server_mail_goes_to_the_folder(tmp_path: Path) -> None:
    assert isinstance(make_mailer("", tmp_path, SENDER), FolderMailer)
    assert isinstance(make_mailer("smtps://mail.example.org", tmp_path, SENDER), SmtpMailer)
