"""Mail waits in the outbox until it is delivered or given up; nothing is lost in between."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.mail_message import Mail, MailNotSent
from referral_hub.models import AuditRow, OutboxMessage
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.errors import InvalidInput, SignInNeeded
from referral_hub.rules.mail import LEASE, WAITS
from referral_hub.use_cases.deliver_mail import MailState, deliver_mail, mail_state
from referral_hub.use_cases.steps.mail import send_mail
from referral_hub.use_cases.transaction import transaction

HUB = System("test")
VAULT = Vault({"k1": b"k" * 32})


class Templates:
    """Shows what it was given."""

    def render(self, template: str, values: object) -> tuple[str, str]:
        return template, str(values)


@dataclass
class FakeMailer:
    """Keeps what is sent, and fails as it is told to."""

    failure: BaseException | None = None
    after: BaseException | None = None
    sent: list[Mail] = field(default_factory=list)

    def send(self, mail: Mail) -> None:
        if self.failure:
            raise self.failure
        self.sent.append(mail)
        if self.after:
            raise self.after


def write(session: Session, now: datetime, to: str = "ana@example.org") -> None:
    with transaction(session):
        send_mail(session, VAULT, to, "reset_password", now=now, link="/reset#secret")


def deliver(session: Session, mailer: FakeMailer, now: datetime, vault: Vault = VAULT) -> bool:
    return deliver_mail(session, HUB, vault, Templates(), mailer, now=now, luck=0.5)


def the_message(session: Session) -> OutboxMessage:
    session.rollback()
    return session.scalars(select(OutboxMessage)).one()


def test_a_mail_is_delivered_once_and_its_content_is_wiped(session: Session, now: datetime) -> None:
    write(session, now)
    mailer = FakeMailer()
    assert deliver(session, mailer, now)
    assert not deliver(session, mailer, now + timedelta(days=2))
    (mail,) = mailer.sent
    assert (mail.to, mail.subject) == ("ana@example.org", "reset_password")
    assert "/reset#secret" in mail.text
    message = the_message(session)
    assert (message.id, message.delivered_at) == (mail.id, now)
    assert message.payload_sealed is None
    assert mail_state(session, HUB) == MailState(0, None, 0)


def test_the_database_holds_neither_address_nor_link_in_clear(
    session: Session, now: datetime
) -> None:
    write(session, now)
    message = the_message(session)
    assert message.payload == {"template": "reset_password"}
    assert b"ana" not in (message.payload_sealed or b"")


def test_mail_of_an_undone_transaction_is_never_sent(session: Session, now: datetime) -> None:
    with suppress(InvalidInput), transaction(session):
        send_mail(session, VAULT, "ana@example.org", "reset_password", now=now, link="/x")
        raise InvalidInput("no")
    assert not deliver(session, FakeMailer(), now)


def test_what_fails_is_tried_again_over_a_day_then_given_up_and_told(
    session: Session, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    write(session, now)
    mailer = FakeMailer(MailNotSent("the mail server failed"))
    at = now
    for wait in WAITS:
        assert deliver(session, mailer, at)
        assert not deliver(session, mailer, at + wait - timedelta(seconds=1))
        assert mail_state(session, HUB) == MailState(1, now, 0)
        at += wait
    assert deliver(session, mailer, at)
    assert mail_state(session, HUB) == MailState(0, None, 1)
    assert not deliver(session, mailer, at + timedelta(days=9))
    assert the_message(session).payload_sealed is None
    row = session.scalars(select(AuditRow)).one()
    assert (row.action, row.outcome) == ("mail:give-up", "refused")
    assert row.detail == "reset_password: the mail server failed"
    assert "ana" not in caplog.text


def test_what_the_server_refuses_for_good_is_given_up_at_once(
    session: Session, now: datetime
) -> None:
    write(session, now)
    deliver(session, FakeMailer(MailNotSent("unknown", for_good=True)), now)
    assert mail_state(session, HUB).given_up == 1


@pytest.mark.parametrize("failure", [OSError("disk full"), MailNotSent("busy")])
def test_a_mail_that_failed_goes_out_later(
    session: Session, now: datetime, failure: Exception
) -> None:
    write(session, now)
    mailer = FakeMailer(failure)
    deliver(session, mailer, now)
    mailer.failure = None
    deliver(session, mailer, now + WAITS[0])
    assert len(mailer.sent) == 1


def test_a_mail_waits_for_the_key_that_opens_it(session: Session, now: datetime) -> None:
    write(session, now)
    mailer = FakeMailer()
    deliver(session, mailer, now, Vault({"other": b"o" * 32}))
    assert mailer.sent == []
    deliver(session, mailer, now + WAITS[0])
    assert len(mailer.sent) == 1


@pytest.mark.parametrize(("moment", "times"), [("failure", 1), ("after", 2)])
def test_a_worker_that_dies_loses_nothing_and_sends_twice_at_most(
    session: Session, now: datetime, moment: str, times: int
) -> None:
    write(session, now)
    mailer = FakeMailer(**{moment: SystemExit()})
    with pytest.raises(SystemExit):
        deliver(session, mailer, now)
    session.close()
    mailer.failure = mailer.after = None
    assert not deliver(session, mailer, now + LEASE - timedelta(seconds=1))
    assert deliver(session, mailer, now + LEASE)
    assert not deliver(session, mailer, now + timedelta(days=2))
    assert len(mailer.sent) == times
    assert len({mail.id for mail in mailer.sent}) == 1


def test_one_mail_that_fails_holds_up_no_other(session: Session, now: datetime) -> None:
    write(session, now, to="bad@example.org")
    write(session, now + timedelta(seconds=1))
    at = now + timedelta(seconds=2)
    deliver(session, FakeMailer(MailNotSent("busy")), at)
    mailer = FakeMailer()
    assert deliver(session, mailer, at)
    assert [mail.to for mail in mailer.sent] == ["ana@example.org"]


def test_several_workers_send_each_mail_once(engine: Engine, now: datetime) -> None:
    count, workers = 24, 4
    with Session(engine) as session:
        for number in range(count):
            write(session, now, to=f"person{number}@example.org")
    ready = Barrier(workers)
    mailers = [FakeMailer() for _ in range(workers)]
    faulty: list[Exception] = []

    def work(mailer: FakeMailer) -> None:
        try:
            with Session(engine) as session:
                ready.wait()
                # A worker that finds all locked by others is done early, and that is no fault.
                while mail_state(session, HUB).waiting:
                    deliver(session, mailer, now)
        except Exception as error:  # the thread's own failure must fail the test
            faulty.append(error)

    threads = [Thread(target=work, args=(mailer,)) for mailer in mailers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faulty == []
    receivers = sorted(mail.to for mailer in mailers for mail in mailer.sent)
    assert receivers == sorted(f"person{number}@example.org" for number in range(count))


def test_nobody_but_the_hub_itself_delivers(session: Session, now: datetime) -> None:
    with pytest.raises(SignInNeeded):
        mail_state(session, Anonymous())
    with pytest.raises(SignInNeeded):
        deliver_mail(session, Anonymous(), VAULT, Templates(), FakeMailer(), now=now, luck=0)
