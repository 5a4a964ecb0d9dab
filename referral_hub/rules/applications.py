"""Applications of partner systems: how they may be registered, and how long their tokens live."""

from datetime import timedelta
from enum import StrEnum

CODE_LENGTH = timedelta(seconds=60)
ACCESS_LENGTH = timedelta(minutes=15)
REFRESH_LENGTH = timedelta(days=30)
FAMILY_LENGTH = timedelta(days=90)
"""After so long a person signs in again, however often tokens were renewed."""
ASSERTION_LENGTH = timedelta(minutes=5)


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
