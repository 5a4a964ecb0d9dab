"""Referrals: the row that says where each one is, and the events from which it can be rebuilt."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.clients import SendMode
from referral_hub.rules.referral_lifecycle import Status
from referral_hub.rules.referrals import (
    Channel,
    Clock,
    ClockEnd,
    ConflictCheck,
    ContactMethod,
    Priority,
)


class Referral(Base):
    """One client, one need, one receiving service.

    Agencies and teams are those of the time of sending: history does not change when people move.
    `seq` is the number of the last event; `version` grows with what changes how the referral
    stands, so that a message or a reminder makes no form out of date. `sent_at` is the last
    sending; `first_sent_at` puts the referral into its cohort. `client_id` is the sender's record,
    `receiver_client_id` the receiver's own one, made when it accepts. `answers_sealed` is JSON:
    what the service asked, as it was asked, and the answers (`rules.intake`). Everything but who
    and what for is the fold of its events (`rules.referral_state`). From `veiled_from` until
    `veiled_until` the client had taken back consent while the receiver went on
    (`rules.referral_sight`). `first_closed_at` is when it was closed for the first time: later than
    that is `closed_at` where a closing was taken back. No page or figure reads it; it is kept since
    how timely a first closing was can be told of it alone.
    """

    __tablename__ = "referral"
    __table_args__ = (
        closed_list("status", Status),
        closed_list("priority", Priority),
        closed_list("conflict_check", ConflictCheck),
        closed_list("mode", SendMode),
        Index("ix_referral_to_agency_id_status", "to_agency_id", "status"),
        Index("ix_referral_from_agency_id_status", "from_agency_id", "status"),
        Index("ix_referral_to_agency_id_created_at", "to_agency_id", "created_at", "id"),
        Index("ix_referral_from_agency_id_created_at", "from_agency_id", "created_at", "id"),
        Index("ix_referral_to_agency_id_closed_at", "to_agency_id", "closed_at", "id"),
        Index("ix_referral_from_agency_id_closed_at", "from_agency_id", "closed_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    client_id: Mapped[UUID] = owner_key("client")
    need_id: Mapped[UUID] = owner_key("need")
    need_code: Mapped[str]
    service_id: Mapped[UUID] = owner_key("service")
    from_agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    from_team_id: Mapped[UUID] = owner_key("team")
    sender_id: Mapped[UUID | None] = owner_key("person")
    to_agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    to_team_id: Mapped[UUID] = owner_key("team")
    consent_id: Mapped[UUID | None] = owner_key("consent")
    receiver_client_id: Mapped[UUID | None] = owner_key("client")
    reason_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    answers_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    categories: Mapped[list[str]] = mapped_column(JSON)
    called: Mapped[bool] = mapped_column(default=False)
    conflict_check: Mapped[str] = mapped_column(default=ConflictCheck.NOT_NEEDED)
    mode: Mapped[str] = mapped_column(default=SendMode.SINGLE)
    rank: Mapped[int] = mapped_column(default=1)
    parent_id: Mapped[UUID | None] = owner_key("referral")
    root_id: Mapped[UUID | None] = owner_key("referral")
    hop: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    status: Mapped[str] = mapped_column(default=Status.DRAFT)
    version: Mapped[int] = mapped_column(default=0)
    seq: Mapped[int] = mapped_column(default=0)
    status_since: Mapped[datetime] = mapped_column(UtcDateTime)
    priority: Mapped[str]
    held_from: Mapped[str | None]
    closed_from: Mapped[str | None]
    assignee_id: Mapped[UUID | None] = owner_key("person")
    contact_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason_code: Mapped[str | None]
    review_on: Mapped[date | None]
    expected_on: Mapped[date | None]
    first_contact_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    service_date: Mapped[date | None]
    first_sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sends: Mapped[int] = mapped_column(default=0)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_contact_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_event_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawal_requested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decline_proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    veiled_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    veiled_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    due_clock: Mapped[str | None]


class ReferralEvent(Base):
    """Something that happened to a referral: written once, never changed.

    `kind` is a move (`rules.referral_lifecycle.Move`) or a fact (`rules.referrals.Fact`). `data`
    holds ids, dates and codes; what people wrote is sealed. `position` is the event's place in the
    order of the whole hub, given when the worker passes it on: None means that it still waits;
    after `faults` faults in doing so the worker tries again at `retry_at`. It leaves the hub
    nowhere, since it tells how much others do.
    """

    __tablename__ = "referral_event"
    __table_args__ = (
        UniqueConstraint("referral_id", "seq"),
        closed_list("channel", Channel),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("referral.id"))
    seq: Mapped[int]
    kind: Mapped[str]
    from_status: Mapped[str]
    to_status: Mapped[str]
    actor: Mapped[str]
    actor_person_id: Mapped[UUID | None] = owner_key("person")
    actor_agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    actor_part: Mapped[str]
    channel: Mapped[str]
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reason_code: Mapped[str | None]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    position: Mapped[int | None] = mapped_column(unique=True)
    faults: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AgencyEvent(Base):
    """An event that an agency may know of. `number` is its place among those of that agency, in
    the order of the hub and without gaps: where a partner system goes on reading."""

    __tablename__ = "agency_event"
    __table_args__ = (UniqueConstraint("event_id", "agency_id"),)

    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("referral_event.id"))


class ReferralClock(Base):
    """A wait with an end that was fixed when it began: later changes of rules do not move it.

    `rule` says by which rule `due_at` was found: whose, and how long. While a clock is paused,
    `due_at` stays what it was and `left_seconds` is what was left, in the kind of time that it runs
    on. `paused_seconds` is how much of its longest pause was used up by earlier ones, where it has
    one. `act_at` is when the hub has something to do about it, after `reminders` reminders: for
    expiry this is when it expires, however long a pause lasts. A clock that is over is waited for
    until something ends it; how it `ended` is known only then.
    """

    __tablename__ = "referral_clock"
    __table_args__ = (closed_list("clock", Clock), closed_list("ended", ClockEnd))

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = owner_key("referral")
    clock: Mapped[str]
    rule: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    act_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    reminders: Mapped[int] = mapped_column(default=0)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_seconds: Mapped[float | None]
    paused_seconds: Mapped[float] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended: Mapped[str | None]


class ServiceClock(Base):
    """A limit that a service set for itself, where the network's one does not fit.

    `amount` is in hours, or in business days.
    """

    __tablename__ = "service_clock"
    __table_args__ = (closed_list("clock", Clock), closed_list("priority", Priority))

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"), primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    priority: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    in_business_days: Mapped[bool]


class Message(Base):
    """What the two agencies of a referral write to each other."""

    __tablename__ = "message"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = owner_key("referral")
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    author_id: Mapped[UUID | None] = owner_key("person")
    author: Mapped[str]
    text_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContactAttempt(Base):
    """A try of the receiving agency to reach a client."""

    __tablename__ = "contact_attempt"
    __table_args__ = (closed_list("method", ContactMethod),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = owner_key("referral")
    author_id: Mapped[UUID | None] = owner_key("person")
    author: Mapped[str]
    method: Mapped[str]
    reached: Mapped[bool]
    note_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
