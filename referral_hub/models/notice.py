"""News for people: an id and a link, never anything about a client."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Index, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.notices import Frequency, NoticeKind


class Notice(Base):
    """That something happened which concerns somebody, on a referral or on a check-in.

    `mail` is how a mail is to tell of it, and `mailed_at` when one did; what was read before is
    not told by mail any more.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("person_id", "event_id"),
        Index("ix_notice_person_id_read_at", "person_id", "read_at"),
        Index("ix_notice_mail_mailed_at", "mail", "mailed_at"),
        closed_list("kind", NoticeKind),
        closed_list("mail", Frequency),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"))
    kind: Mapped[str]
    referral_id: Mapped[UUID | None] = owner_key("referral")
    check_in_id: Mapped[UUID | None] = owner_key("check_in")
    event_id: Mapped[UUID | None] = owner_key("referral_event")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mail: Mapped[str]
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticePreference(Base):
    """How somebody wants to hear of a kind of news, where it is not the default."""

    __tablename__ = "notice_preference"
    __table_args__ = (closed_list("frequency", Frequency), closed_list("kind", NoticeKind))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    frequency: Mapped[str]
