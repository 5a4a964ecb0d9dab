"""What people see of consent and of what was shared."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from referral_hub.rules.consent import Category, ConsentState, Method, RevokedBy, Signer
from referral_hub.rules.disclosure_words import SharedSection
from referral_hub.rules.disclosures import Snapshot


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """An agency that a consent names."""

    id: UUID
    name: str
    may_forward: bool


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent. `last_on` is the last day on which it counts; `recorded_by` and `witness` are
    names. Without `recipients` it is for every partner of the network."""

    id: UUID
    client_id: UUID
    state: ConsentState
    purpose: str
    categories: tuple[Category, ...]
    recipients: tuple[RecipientLine, ...]
    any_partner: bool
    method: Method
    signer: Signer
    signer_basis: str
    document: str
    witness: str
    language: str
    given_on: date
    last_on: date | None
    recorded_at: datetime
    recorded_by: str
    revoked_at: datetime | None
    revoked_by: RevokedBy | None


@dataclass(frozen=True, slots=True)
class ConsentsPage:
    """The consents of a client, the newest first. `today` is the day where the agency is."""

    client_id: UUID
    client_name: str
    consents: tuple[ConsentView, ...]
    today: date


@dataclass(frozen=True, slots=True)
class ConsentChoices:
    """What there is to choose from when consent is recorded: agencies and witnesses by name."""

    client_id: UUID
    client_name: str
    of_victim_services: bool
    agencies: tuple[tuple[UUID, str], ...]
    witnesses: tuple[tuple[UUID, str], ...]
    today: date

    @property
    def in_a_year(self) -> date:
        """The last day that is offered."""
        return self.today + timedelta(days=365)


class Reading(StrEnum):
    """Whether a receiver can read a snapshot."""

    OPEN = "open"
    WAITING = "waiting"
    ENDED = "ended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """Something that was shared: when, by whom, with whom, what, and on which ground.

    `purpose` is that of the consent; `override_reason` stands in its place where there was none.
    """

    id: UUID
    made_at: datetime
    made_on: date
    made_by: str
    agency: str
    referral_id: UUID
    categories: tuple[Category, ...]
    identity_only: bool
    consent_id: UUID | None
    purpose: str
    override_reason: str
    reading: Reading
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DisclosuresPage:
    """What was shared about a client in a span of days, the newest first."""

    client_id: UUID
    client_name: str
    lines: tuple[DisclosureLine, ...]


@dataclass(frozen=True, slots=True)
class DisclosedView:
    """What a receiver sees of a client, and no more. `identity_only` says that it is just what the
    check for a conflict of interest needs; `notices` go with it wherever it is shown."""

    values: Snapshot
    sections: tuple[SharedSection, ...]
    notices: tuple[str, ...]
    identity_only: bool
    disclosed_at: datetime | None


@dataclass(frozen=True, slots=True)
class RevocationEffects:
    """What taking back a consent did to referrals: withdrawn, and accepted ones that go on."""

    withdrawn: tuple[UUID, ...]
    kept: tuple[UUID, ...]
