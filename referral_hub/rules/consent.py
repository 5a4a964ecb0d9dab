"""What a client agreed to share, with whom, and whether it counts at a moment.

The elements are those of 42 CFR 2.31(a) that a network can record: who, to whom, what, why, how,
until when, and how it was taken back. Whether they suffice is for each network's counsel.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from referral_hub.rules.errors import ConsentMissing


class Category(StrEnum):
    """What can be shared, each as a whole."""

    BASIC_CONTACT = "basic_contact"
    NEED = "need"
    HOUSEHOLD = "household"
    INCOME_AND_BENEFITS = "income_and_benefits"
    DOCUMENTS = "documents"
    EDUCATION_RECORDS = "education_records"
    HEALTH = "health"
    SUBSTANCE_USE = "substance_use"
    VIOLENCE = "violence"
    IMMIGRATION = "immigration"
    LEGAL = "legal"


class Method(StrEnum):
    """How consent was given."""

    SIGNED_ON_PAPER = "signed_on_paper"
    SIGNED_ELECTRONICALLY = "signed_electronically"
    VERBAL_WITH_WITNESS = "verbal_with_witness"


class Signer(StrEnum):
    """Who gave consent."""

    CLIENT = "client"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"


class RevokedBy(StrEnum):
    """How consent was taken back."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    WRITING = "writing"
    CLIENT_LINK = "client_link"
    AGENCY = "agency"


ALWAYS = frozenset({Category.BASIC_CONTACT, Category.NEED})
"""Without these no agency can answer a referral."""
SENSITIVE = frozenset(
    {
        Category.EDUCATION_RECORDS, Category.HEALTH, Category.SUBSTANCE_USE, Category.VIOLENCE,
        Category.IMMIGRATION, Category.LEGAL,
    }
)  # fmt: skip
"""Off by default; each needs a line of its own."""
SIGNATURE_NEEDED: Mapping[Category, str] = {
    Category.SUBSTANCE_USE: "42 CFR 2.31",
    Category.EDUCATION_RECORDS: "34 CFR 99.30",
}
"""Categories that spoken consent cannot open, with the rule that says so."""
VICTIM_SERVICES_RULE = "34 USC 12291"
NAMES_NEEDED = frozenset({Category.SUBSTANCE_USE})
"""Categories that go to agencies by name only: 42 CFR 2.31(a)(4) asks whoever passes records on
through somebody in between, as through a network, to name who gets them."""
SIGNED = frozenset({Method.SIGNED_ON_PAPER, Method.SIGNED_ELECTRONICALLY})
KEPT = timedelta(days=6 * 365 + 2)
"""How long disclosures are listed at least: 45 CFR 164.528 asks for six years, 42 CFR 2.31 for
three."""
PART_2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The short statement of 42 CFR 2.32(a)(2), which goes with records on substance use."""
EDUCATION_NOTICE = "34 CFR 99.33: education records may not be passed on without written consent."
OVERRIDE_NOTICE = (
    "Some of this was shared without consent, to keep somebody safe. Use it for that alone."
)
NOTICE = "This was shared for this referral only. Do not pass it on."

LABEL: Mapping[Category, str] = {
    Category.BASIC_CONTACT: "Name and how to reach the client",
    Category.NEED: "What the client needs, and why",
    Category.HOUSEHOLD: "Household",
    Category.INCOME_AND_BENEFITS: "Income and benefits",
    Category.DOCUMENTS: "Documents at hand",
    Category.EDUCATION_RECORDS: "Education records",
    Category.HEALTH: "Health",
    Category.SUBSTANCE_USE: "Substance use",
    Category.VIOLENCE: "Domestic or sexual violence",
    Category.IMMIGRATION: "Immigration",
    Category.LEGAL: "Legal matters",
}
METHOD_LABEL: Mapping[Method, str] = {
    Method.SIGNED_ON_PAPER: "Signed on paper",
    Method.SIGNED_ELECTRONICALLY: "Signed electronically",
    Method.VERBAL_WITH_WITNESS: "Spoken, with a witness",
}


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """What a consent says. Times are aware; `recipients` are agencies, and `any_partner` is the
    class of all partners of the network. `forwarders` may pass it on within the same terms."""

    purpose: str
    categories: frozenset[Category]
    recipients: frozenset[UUID]
    method: Method
    given_at: datetime
    expires_at: datetime | None
    any_partner: bool = False
    forwarders: frozenset[UUID] = field(default_factory=frozenset)
    signer: Signer = Signer.CLIENT
    signer_basis: str = ""
    witness_id: UUID | None = None
    language: str = "en"
    revoked_at: datetime | None = None


class Lasting(Protocol):
    """The times of a consent, as its terms or as its row have them."""

    @property
    def given_at(self) -> datetime:
        """From when on it counts."""

    @property
    def expires_at(self) -> datetime | None:
        """Its end; None when it has none."""

    @property
    def revoked_at(self) -> datetime | None:
        """When it was taken back; None when it was not."""


class ConsentState(StrEnum):
    """Where a consent stands at a moment."""

    IN_FORCE = "in force"
    TO_COME = "not begun"
    OVER = "over"
    TAKEN_BACK = "taken back"


def state_of(terms: Lasting, now: datetime) -> ConsentState:
    """Where a consent stands; its end is the first moment no longer."""
    if terms.revoked_at is not None and terms.revoked_at <= now:
        return ConsentState.TAKEN_BACK
    if terms.expires_at is not None and terms.expires_at <= now:
        return ConsentState.OVER
    return ConsentState.IN_FORCE if terms.given_at <= now else ConsentState.TO_COME


def counts(terms: Lasting, now: datetime) -> bool:
    """Whether a consent is in force at a moment."""
    return state_of(terms, now) is ConsentState.IN_FORCE


def covers(
    terms: ConsentTerms, recipient: UUID, categories: Iterable[Category], now: datetime
) -> bool:
    """Whether a consent lets these categories go to an agency at a moment."""
    return (
        counts(terms, now)
        and (terms.any_partner or recipient in terms.recipients)
        and frozenset(categories) <= terms.categories
    )


def may_forward(terms: ConsentTerms, agency: UUID, now: datetime) -> bool:
    """Whether an agency that received something may pass it on, within the same terms."""
    return counts(terms, now) and agency in terms.forwarders


def require_cover(
    terms: ConsentTerms | None, recipient: UUID, categories: Set[Category], now: datetime
) -> None:
    """Raise ConsentMissing saying what is lacking, unless the consent covers it."""
    if terms is None:
        raise ConsentMissing(
            "There is no consent for this. Record what the client agrees to share.",
            {"consent": "Record consent first."},
        )
    state = state_of(terms, now)
    if state is not ConsentState.IN_FORCE:
        message = f"The client's consent is {state}. Ask the client, and record it."
        raise ConsentMissing(message, {"consent": message})
    if not (terms.any_partner or recipient in terms.recipients):
        message = "The client's consent does not name this agency. Ask the client, and record it."
        raise ConsentMissing(message, {"consent": message})
    missing = categories - terms.categories
    if missing:
        message = f"The client did not agree to share: {listed(missing)}."
        raise ConsentMissing(message, {"categories": message})


def listed(categories: Set[Category]) -> str:
    """Categories in words, in the order in which they are always shown."""
    return ", ".join(LABEL[each].lower() for each in Category if each in categories)


def notices_for(categories: Iterable[Category], *, overridden: bool = False) -> tuple[str, ...]:
    """What a receiver is told with what is disclosed. `overridden` says that some of it was
    shared without consent."""
    shared = frozenset(categories)
    told = {
        NOTICE: True,
        OVERRIDE_NOTICE: overridden,
        PART_2_NOTICE: Category.SUBSTANCE_USE in shared,
        EDUCATION_NOTICE: Category.EDUCATION_RECORDS in shared,
    }
    return tuple(notice for notice, holds in told.items() if holds)
