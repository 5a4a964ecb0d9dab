"""Referrals with events as their moves leave them, and what stands in for partner systems."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from json import loads
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.webhooks import Receipt
from referral_hub.models import (
    Base,
    Consent,
    ConsentRecipient,
    OutboxMessage,
    Referral,
    ReferralEvent,
    Webhook,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.actor import System
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referrals import Fact, Priority
from referral_hub.use_cases.hand_on_events import hand_on_events
from referral_hub.use_cases.steps.mail import SEALED
from referral_hub.use_cases.steps.snapshots import add_snapshot
from referral_hub.use_cases.steps.webhooks import seal_secrets
from tests.referral_world import NOW, VAULT, Staff, World, a_client, a_need

HUB = System("test")
SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass
class Story:
    """A referral and what happens to it, event by event, a minute apart."""

    session: Session
    world: World
    referral: Referral

    def happens(
        self,
        kind: str,
        to_status: Status | None = None,
        part: Part = Part.SENDER,
        person: UUID | None = None,
        at: datetime | None = None,
        **data: Any,
    ) -> ReferralEvent:
        """Write an event and change the row, in one transaction."""
        self.session.rollback()
        row = self.session.get_one(Referral, self.referral.id)
        before, seq = row.status, row.version + 1
        row.status = to_status or before
        row.version = seq
        at = at or NOW + timedelta(minutes=seq)
        if kind == Move.SEND:
            row.first_sent_at = at
        if kind == Move.ACCEPT:
            row.accepted_at = at
        if kind == Fact.CONSENT_REVOKED:
            row.veiled_from = at
        event = ReferralEvent(
            id=uuid4(), referral_id=row.id, seq=seq, kind=kind, from_status=before,
            to_status=row.status, actor="test", actor_person_id=person, actor_part=part,
            channel="page", occurred_at=at, recorded_at=at, data=data,
        )  # fmt: skip
        self.session.add(event)
        self.session.commit()
        return event

    def drafted(self) -> ReferralEvent:
        return self.happens(Fact.DRAFTED, Status.DRAFT, priority=self.referral.priority)

    def sent(self, at: datetime | None = None) -> ReferralEvent:
        person = self.world.sender.case_manager
        self.shared(person)
        return self.happens(Move.SEND, Status.SENT, person=person.person_id, at=at)

    def shared(self, actor: PersonActing) -> int:
        """Let the receiver see something; returns the number of the snapshot."""
        self.session.rollback()
        row = self.session.get_one(Referral, self.referral.id)
        content = {"need": {"code": row.need_code, "label": "Food"}}
        made = add_snapshot(
            self.session,
            VAULT,
            row,
            row.consent_id,
            content,
            False,
            None,
            actor,
            NOW + timedelta(minutes=row.version + 1),
        )
        self.session.commit()
        return made.number

    def accepted(self, assignee: UUID | None = None) -> ReferralEvent:
        who = self.world.receiver.intake_worker.person_id
        if assignee is not None:
            self.referral.assignee_id = assignee
            self.session.commit()
        return self.happens(Move.ACCEPT, Status.ACCEPTED, Part.RECEIVER, who)

    def withdrawn(self) -> ReferralEvent:
        return self.happens(Move.WITHDRAW, Status.WITHDRAWN, Part.SYSTEM)

    def consent(self) -> Consent:
        self.session.rollback()
        return self.session.get_one(Consent, self.referral.consent_id)

    def revoke(self, now: datetime) -> None:
        self.consent().revoked_at = now
        self.session.commit()


def a_story(
    session: Session, world: World, priority: Priority = Priority.ROUTINE, now: datetime = NOW
) -> Story:
    """A referral from the world's sender to its receiver, with a consent that names it, drafted."""
    client = a_client(session, world.sender)
    need = a_need(session, client)
    consent = Consent(
        id=uuid4(), client_id=client.id, agency_id=world.sender.agency_id, categories=["need"],
        method="signed_on_paper", signer="client", language="en", given_at=now, recorded_at=now,
        recorded_by="test",
    )  # fmt: skip
    consent.words_sealed = VAULT.seal("consent.words", consent.id, "{}")
    session.add(consent)
    session.flush()
    session.add(ConsentRecipient(consent_id=consent.id, agency_id=world.receiver.agency_id))
    referral = Referral(
        id=uuid4(), client_id=client.id, need_id=need.id, need_code=need.need_code,
        service_id=world.receiver.service_id, from_agency_id=world.sender.agency_id,
        from_team_id=world.sender.team_id, sender_id=world.sender.case_manager.person_id,
        to_agency_id=world.receiver.agency_id, to_team_id=world.receiver.team_id,
        consent_id=consent.id, categories=["need"], created_at=now, status=Status.DRAFT, version=0,
        status_since=now, priority=priority, last_event_at=now,
    )  # fmt: skip
    session.add(referral)
    session.commit()
    story = Story(session, world, referral)
    story.drafted()
    return story


def a_webhook(
    session: Session,
    staff: Staff,
    url: str = "https://partner.example/in",
    kinds: Sequence[str] = (),
) -> UUID:
    """A webhook of an agency, with a known secret."""
    webhook = Webhook(
        id=uuid4(), agency_id=staff.agency_id, url=url, kinds=list(kinds), created_at=NOW,
        created_by="test",
    )  # fmt: skip
    seal_secrets(VAULT, webhook, [(SECRET, None)])
    session.add(webhook)
    session.commit()
    return webhook.id


def hand_on(session: Session, now: datetime = NOW + timedelta(hours=1)) -> int:
    """Hand on everything that waits; returns how many events."""
    total = 0
    while count := hand_on_events(session, HUB, now=now):
        total += count
    return total


def rows(session: Session, table: type[Base]) -> list[Any]:
    """All rows of a table, as they are stored now."""
    session.rollback()
    return list(session.scalars(select(table)))


def mails(session: Session) -> list[dict[str, str]]:
    """What waits in the outbox: to whom, which template, which values."""
    found = []
    for row in sorted(rows(session, OutboxMessage), key=lambda each: str(each.created_at)):
        opened = loads(VAULT.open(SEALED, row.id, row.payload_sealed))
        found.append({"to": opened["to"], "template": row.payload["template"], **opened["values"]})
    return found


@dataclass
class FakeSender:
    """Keeps what is sent, and answers as it is told to."""

    answers: list[Receipt | BaseException] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def send(
        self, url: str, secrets: Sequence[str], message_id: UUID, at: datetime, body: bytes
    ) -> Receipt:
        self.sent.append(
            {"url": url, "secrets": list(secrets), "id": message_id, "at": at, **loads(body)}
        )
        answer = self.answers.pop(0) if self.answers else Receipt(200, None, 5)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def types(self) -> list[str]:
        return [each["type"] for each in self.sent]
