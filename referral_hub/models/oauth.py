"""Applications of partner systems, what people let them do, and their codes and tokens.

Of secrets, codes and tokens only the SHA-256 is kept. All codes and tokens that come from one
grant share its `family`: one that is used twice ends them all.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import JSON, ForeignKey, LargeBinary, Uuid, false
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.applications import ApplicationStatus, ClientAuthentication, TokenKind


class Application(Base):
    """A partner system, registered by an administrator of its agency, approved by a steward."""

    __tablename__ = "application"
    __table_args__ = (
        closed_list("status", ApplicationStatus),
        closed_list("authentication", ClientAuthentication),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    client_id: Mapped[str] = mapped_column(unique=True)
    agency_id: Mapped[UUID] = owner_key("agency")
    name: Mapped[str]
    purpose: Mapped[str]
    status: Mapped[str]
    authentication: Mapped[str]
    secret_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    jwks: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    jwks_uri: Mapped[str | None]
    redirect_uris: Mapped[list[str]] = mapped_column(JSON)
    logout_uris: Mapped[list[str]] = mapped_column(JSON)
    grants: Mapped[list[str]] = mapped_column(JSON)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    id_token_algorithm: Mapped[str]
    registered_by: Mapped[str]
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ApplicationGrant(Base):
    """What a person lets an application do in their name, for one of their agencies."""

    __tablename__ = "application_grant"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    application_id: Mapped[UUID] = owner_key("application")
    person_id: Mapped[UUID] = owner_key("person")
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuthorizationCode(Base):
    """A code that an application redeems once, within a minute."""

    __tablename__ = "authorization_code"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    family: Mapped[UUID] = mapped_column(Uuid, index=True)
    application_id: Mapped[UUID] = owner_key("application")
    grant_id: Mapped[UUID] = owner_key("application_grant")
    session_id: Mapped[UUID] = owner_key("sign_in_session")
    redirect_uri: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(JSON)
    nonce: Mapped[str | None]
    challenge: Mapped[str]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Token(Base):
    """An access or refresh token. `grant_id` is None for an application that acts by itself.

    `session_id` is the sign-in in which its person sent the application here: how strong that was
    decides what the token may do, also for one that `outlives_sign_in`.
    """

    __tablename__ = "token"
    __table_args__ = (closed_list("kind", TokenKind),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    kind: Mapped[str]
    family: Mapped[UUID] = mapped_column(Uuid, index=True)
    application_id: Mapped[UUID] = owner_key("application")
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("application_grant.id"), index=True)
    session_id: Mapped[UUID | None] = mapped_column(ForeignKey("sign_in_session.id"))
    outlives_sign_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    scopes: Mapped[list[str]] = mapped_column(JSON)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    family_expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class UsedAssertion(Base):
    """The id of a signed assertion by which an application said who it is: good only once."""

    __tablename__ = "used_assertion"

    application_id: Mapped[UUID] = mapped_column(ForeignKey("application.id"), primary_key=True)
    assertion_id: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SigningKey(Base):
    """A key with which the hub signs id tokens. One that is retired is still published a while."""

    __tablename__ = "signing_key"

    id: Mapped[str] = mapped_column(primary_key=True)
    algorithm: Mapped[str]
    private_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    public: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
