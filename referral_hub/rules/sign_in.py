"""How people sign in, for how long that holds, and when they must prove it again.

Lengths follow NIST SP 800-63B-4 (AAL2: at most 12 hours, and an hour without activity).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from referral_hub.rules.errors import ProofNeeded
from referral_hub.rules.roles import Role

SESSION_LENGTH = timedelta(hours=12)
IDLE_LENGTH = timedelta(hours=1)
"""The longest; a network may decide on less."""
SEEN_STEP = timedelta(minutes=1)
"""How often it is noted that somebody is still there."""
PROOF_LENGTH = timedelta(minutes=10)
"""How long after a proof sensitive acts ask for none."""
LEAST_PASSWORD, MOST_PASSWORD = 12, 256
ATTEMPT_LENGTH = timedelta(minutes=10)
"""How long a sign-in may take from its first step to its last."""
RESET_LENGTH = timedelta(hours=1)
"""How long a link for a new password is good."""
EMAIL_LINK_LENGTH = timedelta(days=1)
"""How long a link that confirms a new e-mail address is good."""
RECOVERY_CODES = 10
SECOND_FACTOR_ROLES = (Role.AGENCY_ADMINISTRATOR, Role.NETWORK_STEWARD)
"""Roles that need a second factor, unless the network decides otherwise."""


class Method(StrEnum):
    """A way to prove who one is. The values are those of RFC 8176 where it has one."""

    PASSWORD = "pwd"  # noqa: S105 the name of a method
    AUTHENTICATOR_APP = "otp"
    RECOVERY_CODE = "recovery"
    PASSKEY = "passkey"
    SINGLE_SIGN_ON = "sso"


STRONG = frozenset(
    {Method.AUTHENTICATOR_APP, Method.RECOVERY_CODE, Method.PASSKEY, Method.SINGLE_SIGN_ON}
)
"""Methods that are a second factor or count as two. An agency's own sign-in answers for its own."""


class AttemptKind(StrEnum):
    """What a sign-in under way is waiting for: an answer of one kind never serves for another."""

    SECOND_FACTOR = "second_factor"
    PASSKEY = "passkey"
    NEW_PASSKEY = "new_passkey"
    SINGLE_SIGN_ON = "single_sign_on"


class LinkPurpose(StrEnum):
    """What a one-time link is for."""

    RESET_PASSWORD = "reset_password"  # noqa: S105 the name of a purpose
    CHANGE_EMAIL = "change_email"


class OpenSession(Protocol):
    """What a session's life depends on."""

    @property
    def seen_at(self) -> datetime:
        """When its person was last active."""

    @property
    def expires_at(self) -> datetime:
        """When it ends whatever happens."""

    @property
    def ended_at(self) -> datetime | None:
        """When somebody ended it."""


def is_open(session: OpenSession, now: datetime, idle: timedelta) -> bool:
    """Whether a session still counts; `idle` is how long its person may do nothing."""
    return session.ended_at is None and now < session.expires_at and now - session.seen_at < idle


def is_strong(methods: Iterable[str]) -> bool:
    """Whether somebody who signed in by these methods proved more than a password."""
    return not STRONG.isdisjoint(methods)


def without_second_factor(methods: Iterable[str]) -> tuple[str, ...]:
    """What is left of the methods of a sign-in once its person has no second factor any more."""
    return tuple(each for each in methods if each not in STRONG - {Method.SINGLE_SIGN_ON})


def is_proved(proved_at: datetime | None, now: datetime) -> bool:
    """Whether the person proved who they are within the last minutes."""
    return proved_at is not None and now - proved_at < PROOF_LENGTH


def require_proof(proved_at: datetime | None, now: datetime) -> None:
    """Raise ProofNeeded unless the person proved who they are within the last minutes."""
    if not is_proved(proved_at, now):
        raise ProofNeeded("Confirm that it is you before you change this.")
