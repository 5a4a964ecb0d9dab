"""Signing in at an agency's own OpenID provider: what the hub asks of it, and what it believes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid5

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.texts import is_line

LEEWAY = timedelta(seconds=60)
"""By how much the clock of a provider may differ from the hub's."""
ALGORITHMS = ("ES256", "RS256", "PS256")
"""How a provider may sign an id token."""
MOST_SUBJECT = 255
_MOST_TEXT = 500


class Refusal(StrEnum):
    """Why an answer of a provider is not believed: goes into the audit, and decides the words."""

    DISABLED = "disabled"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    DISCOVERY = "discovery"
    ANSWER = "answer"
    ANSWER_ISSUER = "answer_issuer"
    CODE = "code"
    TOKEN = "token"  # noqa: S105 the name of a reason
    ALGORITHM = "algorithm"
    KEY = "key"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    TIME = "time"
    NONCE = "nonce"
    ACCESS_TOKEN = "access_token"  # noqa: S105 the name of a reason
    SUBJECT = "subject"


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """What the hub is at a provider: its issuer, and the hub's own id, secret and redirect URI."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """What binds an answer to its question."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Who signed in at a provider, by its name for them; and when, if the provider says so."""

    subject: str
    proved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider sent along with the browser that it sent back; empty where it sent none."""

    state: str = ""
    code: str = ""
    issuer: str = ""
    error: str = ""


class RelyingParty(Protocol):
    """Speaks with providers. It fetches from their servers: never call it inside a transaction."""

    def check(self, issuer: str) -> None:
        """Find out whether a provider can be used. Raises SingleSignOnRefused."""

    def begin(self, account: ProviderAccount, *, anew: bool) -> tuple[str, Secrets]:
        """The address at the provider where a sign-in begins. Raises SingleSignOnRefused.

        `anew` asks that people prove who they are also where the provider knows them already.
        """

    def finish(
        self, account: ProviderAccount, answer: Answer, secrets: Secrets, *, now: datetime
    ) -> Proof:
        """Who has signed in. Raises SingleSignOnRefused."""


def answer_address(public_url: str, provider_id: UUID) -> str:
    """The redirect URI of a provider: each sends people back to an address of its own."""
    return f"{public_url.rstrip('/')}/sign-in/sso/{provider_id}/answer"


def next_provider_id(agency_id: UUID, before: int) -> UUID:
    """The id of an agency's next provider, after so many. It is known before there is one, because
    most providers ask for the redirect URI first and give the client id then."""
    return uuid5(agency_id, f"identity provider {before + 1}")


def check_provider(name: str, issuer: str, client_id: str, client_secret: str) -> None:
    """Raise InvalidInput naming every field that cannot be."""
    faults = {
        field: message
        for field, value, message in (
            ("name", name, "Type the name that people know it by."),
            ("issuer", issuer, "Type the address of the provider, as the provider states it."),
            ("client_id", client_id, "Type the client id that the provider gave you."),
            ("client_secret", client_secret, "Type the client secret that the provider gave you."),
        )
        if not is_line(value, _MOST_TEXT)
    }
    if "issuer" not in faults and any(sign in issuer for sign in "?# "):
        faults["issuer"] = "The address of a provider has no question mark, # or blank in it."
    if faults:
        raise InvalidInput("Some of this cannot be used.", faults)
