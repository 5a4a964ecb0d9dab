"""Single sign-on inside transactions: the sign-ins under way, and identities."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.gateways.tokens import token_hash
from referral_hub.models import Identity, IdentityProvider, SignInAttempt
from referral_hub.rules.sign_in import ATTEMPT_LENGTH, AttemptKind
from referral_hub.rules.single_sign_on import Secrets
from referral_hub.use_cases.steps.rates import Rate

VERIFIER = "sign_in_attempt.verifier"
SSO_ADDRESS = Rate("single sign-on, address", 300, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in at a provider that was under way, and what it is for.

    `person_id` is who wants to link the account; `invitation_id` is what is to be accepted.
    """

    secrets: Secrets
    person_id: UUID | None
    invitation_id: UUID | None
    next_path: str | None


def add_begun(
    session: Session,
    vault: Vault,
    provider_id: UUID,
    browser_secret: str,
    begun: Begun,
    *,
    now: datetime,
) -> None:
    """Note that a sign-in has begun in a browser."""
    attempt_id = uuid4()
    session.add(
        SignInAttempt(
            id=attempt_id,
            kind=AttemptKind.SINGLE_SIGN_ON,
            state_hash=token_hash(begun.secrets.state),
            browser_hash=token_hash(browser_secret),
            provider_id=provider_id,
            person_id=begun.person_id,
            invitation_id=begun.invitation_id,
            nonce=begun.secrets.nonce,
            verifier_sealed=vault.seal(VERIFIER, attempt_id, begun.secrets.verifier),
            next_path=begun.next_path,
            created_at=now,
            expires_at=now + ATTEMPT_LENGTH,
        )
    )


def take_begun(
    session: Session,
    vault: Vault,
    provider_id: UUID,
    browser_secret: str,
    state: str,
    *,
    now: datetime,
) -> Begun | None:
    """The sign-in that a state belongs to: of many who bring it, one gets it, and only here.

    It is used up also where it was begun at another provider: then somebody mixes up two.
    """
    taken = session.execute(
        update(SignInAttempt)
        .where(
            SignInAttempt.kind == AttemptKind.SINGLE_SIGN_ON,
            SignInAttempt.state_hash == token_hash(state),
            SignInAttempt.browser_hash == token_hash(browser_secret),
            SignInAttempt.used_at.is_(None),
            SignInAttempt.expires_at > now,
        )
        .values(used_at=now)
        .returning(SignInAttempt.id)
    ).scalar_one_or_none()
    attempt = session.get(SignInAttempt, taken) if taken else None
    if attempt is None or attempt.provider_id != provider_id or attempt.verifier_sealed is None:
        return None
    verifier = vault.open(VERIFIER, attempt.id, attempt.verifier_sealed)
    return Begun(
        Secrets(state, attempt.nonce or "", verifier),
        attempt.person_id,
        attempt.invitation_id,
        attempt.next_path,
    )


def identity_of(session: Session, issuer: str, subject: str) -> Identity | None:
    """Who an account at a provider is here. Nothing but issuer and subject counts."""
    found = select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    return session.scalars(found).one_or_none()


def add_identity(
    session: Session, provider: IdentityProvider, person_id: UUID, subject: str, *, now: datetime
) -> Identity:
    """Link an account at a provider to a person."""
    identity = Identity(
        person_id=person_id,
        provider_id=provider.id,
        issuer=provider.issuer,
        subject=subject,
        created_at=now,
    )
    session.add(identity)
    session.flush()
    return identity
