"""What a client agreed to share, with whom, and whether it counts at a moment.

The elements are those of 42 CFR 2.31(a) that a network can record: who, to whom, what, why, how,
until when, and how it was taken back. Whether they suffice is for each network's counsel.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from referral_hub.rules.errors import ConsentMissing, InvalidInput


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
SIGNED = frozenset({Method.SIGNED_ON_PAPER, Method.SIGNED_ELECTRONICALLY})
LONGEST = timedelta(days=3 * 365)
"""The farthest end that a consent may have."""
KEPT = timedelta(days=6 * 365 + 2)
"""How long disclosures are listed at least: 45 CFR 164.528 asks for six years, 42 CFR 2.31 for
three."""
PART_2_NOTICE = "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
"""The short statement of 42 CFR 2.32(a)(2), which goes with records on substance use."""
NOTICE = "This was shared with the client's consent, for this referral only. Do not pass it on."

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


def check_terms(terms: ConsentTerms, *, of_victim_services: bool, now: datetime) -> None:
    """Raise InvalidInput naming everything for which this consent cannot be recorded."""
    faults: dict[str, str] = {}
    if not terms.purpose.strip():
        faults["purpose"] = "Say what the client agrees to, in a sentence."
    if not terms.categories:
        faults["categories"] = "Choose at least one thing that may be shared."
    if not terms.recipients and not terms.any_partner:
        faults["recipients"] = "Name the agencies that may see it."
    if terms.given_at > now:
        faults["given_at"] = "Consent cannot be given in the future."
    _check_end(terms, faults, now)
    if terms.method is Method.VERBAL_WITH_WITNESS and terms.witness_id is None:
        faults["witness"] = "Name the witness who heard it."
    if terms.signer is not Signer.CLIENT and not terms.signer_basis.strip():
        faults["signer_basis"] = "Say on which basis somebody else may decide for the client."
    _check_strict(terms, faults, of_victim_services)
    if faults:
        raise InvalidInput("This consent cannot be recorded as it is.", faults)


def counts(terms: ConsentTerms, now: datetime) -> bool:
    """Whether a consent is in force at a moment; its end is the first moment no longer."""
    return (
        terms.given_at <= now
        and (terms.expires_at is None or now < terms.expires_at)
        and (terms.revoked_at is None or now < terms.revoked_at)
    )


def covers(
    terms: ConsentTerms, recipient: UUID, categories: Iterable[Category], now: datetime
) -> bool:
    """Whether a consent lets these categories go to an agency at a moment."""
    return (
        counts(terms, now)
        and (terms.any_partner or recipient in terms.recipients)
        and frozenset(categories) <= terms.categories
    )


def require_cover(
    terms: ConsentTerms | None, recipient: UUID, categories: Set[Category], now: datetime
) -> None:
    """Raise ConsentMissing saying what is lacking, unless the consent covers it."""
    if terms is None:
        raise ConsentMissing(
            "There is no consent for this. Record what the client agrees to share.",
            {"consent": "Record consent first."},
        )
    if not counts(terms, now):
        over = "taken back" if terms.revoked_at is not None else "over"
        message = f"The client's consent is {over}. Ask the client again, and record it."
        raise ConsentMissing(message, {"consent": message})
    if not (terms.any_partner or recipient in terms.recipients):
        message = "The client's consent does not name this agency. Ask the client, and record it."
        raise ConsentMissing(message, {"consent": message})
    missing = categories - terms.categories
    if missing:
        listed = ", ".join(LABEL[each].lower() for each in Category if each in missing)
        message = f"The client did not agree to share: {listed}."
        raise ConsentMissing(message, {"categories": message})


def notices_for(categories: Iterable[Category]) -> tuple[str, ...]:
    """What a receiver is told with what is disclosed."""
    special = Category.SUBSTANCE_USE in frozenset(categories)
    return (NOTICE, PART_2_NOTICE) if special else (NOTICE,)


def _check_end(terms: ConsentTerms, faults: dict[str, str], now: datetime) -> None:
    if terms.expires_at is None:
        return
    if terms.expires_at <= now or terms.expires_at <= terms.given_at:
        faults["expires_at"] = "Use a day in the future."
    elif terms.expires_at - terms.given_at > LONGEST:
        faults["expires_at"] = "Consent can last three years at most."


def _check_strict(terms: ConsentTerms, faults: dict[str, str], of_victim_services: bool) -> None:
    """Signature and end where the law asks for both."""
    rules = [SIGNATURE_NEEDED[each] for each in Category
             if each in terms.categories and each in SIGNATURE_NEEDED]  # fmt: skip
    if of_victim_services:
        rules.append(VICTIM_SERVICES_RULE)
    if not rules:
        return
    cited = ", ".join(rules)
    if terms.method not in SIGNED:
        faults["method"] = f"A signature is needed here ({cited}); spoken consent does not do."
    if terms.expires_at is None:
        faults["expires_at"] = f"An end is needed here ({cited})."
