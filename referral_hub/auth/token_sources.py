"""What tokens come from: a consent, the code that it gave, a refresh token."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from referral_hub.auth.clients import Client
from referral_hub.auth.tokens import Family, new_family_end
from referral_hub.models import AuthorizationCode, Token
from referral_hub.rules.scopes import Scope


@dataclass(frozen=True, slots=True)
class Consent:
    """That a person agreed, in which sign-in."""

    grant_id: UUID
    session_id: UUID


class Code:
    """A code that is being redeemed."""

    def __init__(self, row: AuthorizationCode) -> None:
        self.row = row

    def get_redirect_uri(self) -> str:
        """The address to which it was sent."""
        return self.row.redirect_uri

    def get_scope(self) -> str:
        """What the person agreed to."""
        return " ".join(self.row.scopes)

    def family(self, now: datetime) -> Family:
        """The family that begins with it: it ends with the sign-in, unless asked otherwise."""
        row = self.row
        stays = Scope.OFFLINE_ACCESS in row.scopes
        return Family(row.family, row.grant_id, row.session_id, stays, new_family_end(now))


class Refresh:
    """A refresh token that is being redeemed."""

    def __init__(self, row: Token) -> None:
        self.row = row

    def check_client(self, client: Client) -> bool:
        """Whether it was given to this application."""
        return self.row.application_id == client.id

    def get_scope(self) -> str:
        """What the person agreed to."""
        return " ".join(self.row.scopes)

    def family(self, now: datetime) -> Family:
        """The family goes on and ends when it always would."""
        row = self.row
        return Family(
            row.family, row.grant_id, row.session_id, row.outlives_sign_in, row.family_expires_at
        )
