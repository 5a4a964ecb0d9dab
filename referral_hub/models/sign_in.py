"""How people prove who they are, and for how long they are believed.

Of every secret that a browser or a mail holds, only the SHA-256 is kept.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from referral_hub.models.base import Base, UtcDateTime, closed_list, owner_key
from referral_hub.rules.sign_in import AttemptKind, LinkPurpose


class SignInSession(Base):
    """A browser in which somebody has signed in. `proved_at` is when they last proved it.

    `agency_id` is the agency they act for now; None for a steward. `methods` are how they signed
    in (`rules.sign_in.Method`), separated by blanks. `browser` is a short label such as
    "Firefox on Linux". `provider_id` is where they signed in, if at an agency's own provider: then
    the session is good for that agency alone. `client_id` is the client for whom they search now.
    """

    __tablename__ = "sign_in_session"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = owner_key("person")
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_provider.id"))
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("client.id"))
    methods: Mapped[str]
    browser: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuthenticatorApp(Base):
    """The secret that a person shares with an authenticator app (RFC 6238). Only one counts.

    `last_step` is the time step of the last code that was taken: none is taken twice.
    """

    __tablename__ = "authenticator_app"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Base):
    """A code that stands once for the second factor."""

    __tablename__ = "recovery_code"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = owner_key("person")
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Passkey(Base):
    """A WebAuthn credential."""

    __tablename__ = "passkey"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = owner_key("person")
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OneTimeLink(Base):
    """A link that does one thing once, such as setting a new password.

    `email_sealed` is the new address that a link for one confirms; it is wiped afterwards.
    """

    __tablename__ = "one_time_link"
    __table_args__ = (closed_list("purpose", LinkPurpose),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    person_id: Mapped[UUID] = owner_key("person")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    email_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class IdentityProvider(Base):
    """An agency's own OpenID provider, at which its people sign in."""

    __tablename__ = "identity_provider"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    agency_id: Mapped[UUID] = owner_key("agency")
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Identity(Base):
    """An account at an identity provider, which is a person here: known by issuer and subject."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = owner_key("person")
    provider_id: Mapped[UUID] = owner_key("identity_provider")
    issuer: Mapped[str]
    subject: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInAttempt(Base):
    """A sign-in under way: what it waits for is its kind. It is bound to one browser.

    `browser_hash` is that of a cookie; `invitation_id` is the invitation that it accepts.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (closed_list("kind", AttemptKind),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    kind: Mapped[str]
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    provider_id: Mapped[UUID | None] = mapped_column(ForeignKey("identity_provider.id"))
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    nonce: Mapped[str | None]
    verifier_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    next_path: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
