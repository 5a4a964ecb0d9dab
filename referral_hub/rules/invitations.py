"""Invitations: how long they hold, and what somebody who opens one is asked."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

INVITATION_LENGTH = timedelta(days=7)
FIRST_LINK_LENGTH = timedelta(days=1)
"""For how long the link of a new account sets a password, when the operator hands it over."""
INVITATIONS_AN_HOUR = 60
"""How many an agency may send: mail of the hub must not become a nuisance."""
NOT_VALID = "This invitation is not valid any more. Ask who invited you for a new one."
"""The one sentence for what is unknown, used, withdrawn or too old."""


class Welcome(StrEnum):
    """What the holder of an invitation has to do to accept it."""

    JOIN = "join"
    NEW_ACCOUNT = "new_account"
    SIGN_IN = "sign_in"
    OTHER_PERSON = "other_person"
    CLOSED = "closed"


class InvitationLike(Protocol):
    """What an invitation's life depends on."""

    @property
    def expires_at(self) -> datetime:
        """When it ends by itself."""

    @property
    def accepted_at(self) -> datetime | None:
        """When it was accepted."""

    @property
    def withdrawn_at(self) -> datetime | None:
        """When it was taken back."""


def is_pending(invitation: InvitationLike) -> bool:
    """Whether it was neither accepted nor taken back; it may be too old."""
    return invitation.accepted_at is None and invitation.withdrawn_at is None


def is_valid(invitation: InvitationLike, now: datetime) -> bool:
    """Whether it can be accepted."""
    return is_pending(invitation) and now < invitation.expires_at


def welcome(*, has_account: bool, closed: bool, signed_in: bool, is_same: bool) -> Welcome:
    """What somebody with an invitation is asked.

    Whether there is an account is told to nobody but the holder of the link that was mailed to it.
    """
    if closed:
        return Welcome.CLOSED
    if signed_in:
        return Welcome.JOIN if has_account and is_same else Welcome.OTHER_PERSON
    return Welcome.SIGN_IN if has_account else Welcome.NEW_ACCOUNT
