"""Applications of partner systems: how they may be registered, and how long their tokens live."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from referral_hub.rules.scopes import OF_PEOPLE, Scope

CODE_LENGTH = timedelta(seconds=60)
ACCESS_LENGTH = timedelta(minutes=15)
REFRESH_LENGTH = timedelta(days=30)
FAMILY_LENGTH = timedelta(days=90)
"""After so long a person signs in again, however often tokens were renewed."""
ASSERTION_LENGTH = timedelta(minutes=5)
ID_TOKEN_LENGTH = timedelta(hours=1)
STILL_PUBLISHED = timedelta(days=1)
"""How long a signing key that is retired can still be looked up."""


NETWORK = "the network"
"""For what a steward acts, instead of an agency."""


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


class ClientAuthentication(StrEnum):
    """How an application proves at the token endpoint who it is."""

    PRIVATE_KEY_JWT = "private_key_jwt"
    CLIENT_SECRET_BASIC = "client_secret_basic"  # noqa: S105 the name of a method
    NONE = "none"


class GrantType(StrEnum):
    """How an application gets a token."""

    AUTHORIZATION_CODE = "authorization_code"
    REFRESH_TOKEN = "refresh_token"  # noqa: S105 the name of a grant
    CLIENT_CREDENTIALS = "client_credentials"


class TokenKind(StrEnum):
    """What a token is for."""

    ACCESS = "access"
    REFRESH = "refresh"


SIGNING_ALGORITHMS = ("ES256", "RS256")
"""What the hub signs with, and what assertions may be signed with; OpenID asks for RS256."""


def may_be_allowed(
    scopes: frozenset[Scope], owner_agency: UUID, person_agency: UUID | None
) -> bool:
    """Whether somebody who acts for an agency may let an application have these scopes.

    Anybody may say who they are. What an agency holds, only its own people may open, and only to
    an application of that agency.
    """
    return scopes <= OF_PEOPLE | {Scope.DIRECTORY_READ} or person_agency == owner_agency
