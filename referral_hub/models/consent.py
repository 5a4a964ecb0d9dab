"""What clients agreed to share, and what was shared."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Connection,
    ForeignKey,
    LargeBinary,
    UniqueConstraint,
    Uuid,
    event,
    inspect,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.consent import Method, RevokedBy, Signer


class Consent(Base):
    """A consent. Its terms are never changed; it ends by its end or by being taken back.

    `words_sealed` holds, as JSON, what was written down in free text: purpose, who signed on which
    basis, where the document lies. Who may see it is in `consent_recipient`.
    """

    __tablename__ = "consent"
    __table_args__ = (
        closed_list("method", Method),
        closed_list("signer", Signer),
        closed_list("revoked_by", RevokedBy),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    client_id: Mapped[UUID] = owner_key("client")
    agency_id: Mapped[UUID] = owner_key("agency")
    categories: Mapped[list[str]] = mapped_column(JSON)
    any_partner: Mapped[bool] = mapped_column(default=False)
    method: Mapped[str]
    signer: Mapped[str]
    language: Mapped[str]
    witness_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    words_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)
    revoked_by: Mapped[str | None] = mapped_column(active_history=True)


class ConsentRecipient(Base):
    """An agency that a consent names. `may_forward` lets it pass on what it got."""

    __tablename__ = "consent_recipient"

    consent_id: Mapped[UUID] = mapped_column(ForeignKey("consent.id"), primary_key=True)
    agency_id: Mapped[UUID] = mapped_column(ForeignKey("agency.id"), primary_key=True, index=True)
    may_forward: Mapped[bool] = mapped_column(default=False)


class Disclosure(Base):
    """A snapshot of what one agency let another one see: never changed.

    `values_sealed` is JSON: category, then field, then value (`rules.disclosures`). `number` counts
    the disclosures of a referral. `override_sealed` is the reason where the law let somebody share
    without consent. `closed_at` is when the receiver could no longer read it. With `identity_only`
    it holds just what a check for a conflict of interest needs.
    """

    __tablename__ = "disclosure"
    __table_args__ = (UniqueConstraint("referral_id", "number"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    referral_id: Mapped[UUID] = owner_key("referral")
    number: Mapped[int]
    client_id: Mapped[UUID] = owner_key("client")
    consent_id: Mapped[UUID | None] = owner_key("consent")
    from_agency_id: Mapped[UUID] = owner_key("agency")
    to_agency_id: Mapped[UUID] = owner_key("agency")
    categories: Mapped[list[str]] = mapped_column(JSON)
    values_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    override_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_only: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    made_by: Mapped[str]
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, active_history=True)


ENDINGS = {Consent: {"revoked_at", "revoked_by"}, Disclosure: {"closed_at"}}
"""What of these rows can be written later, and only once: how they end."""


class RecordIsFixed(Exception):
    """Something tried to change or delete a record of what was agreed or shared."""


@event.listens_for(Consent, "before_update")
@event.listens_for(Disclosure, "before_update")
def _only_ends(_: Mapper[Base], __: Connection, row: Base) -> None:
    """Rotating keys goes by and may: what it seals anew says the same."""
    endings = next(names for kind, names in ENDINGS.items() if isinstance(row, kind))
    for attribute in inspect(row).attrs:
        history = attribute.history
        if history.has_changes() and (attribute.key not in endings or _was_set(history.deleted)):
            raise RecordIsFixed(f"{row.__tablename__}.{attribute.key}")


@event.listens_for(Consent, "before_delete")
@event.listens_for(Disclosure, "before_delete")
def _stays(_: Mapper[Base], __: Connection, row: Base) -> None:
    raise RecordIsFixed(row.__tablename__)


def _was_set(before: Sequence[object] | None) -> bool:
    return any(value is not None for value in before or ())
