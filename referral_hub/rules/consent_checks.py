"""Whether a consent can be recorded as it is."""

import re
from datetime import datetime, timedelta

from referral_hub.rules.consent import (
    NAMES_NEEDED,
    SIGNATURE_NEEDED,
    SIGNED,
    VICTIM_SERVICES_RULE,
    Category,
    ConsentTerms,
    Method,
    Signer,
)
from referral_hub.rules.errors import InvalidInput

LONGEST = timedelta(days=3 * 365)
"""The farthest end that a consent may have."""
MOST_WORDS = 1000
_LANGUAGE = re.compile("[a-z]{2,3}")


def check_terms(terms: ConsentTerms, *, of_victim_services: bool, now: datetime) -> None:
    """Raise InvalidInput naming everything for which this consent cannot be recorded.

    `of_victim_services` says that the agency that would share serves victims.
    """
    faults: dict[str, str] = {}
    if not terms.purpose.strip():
        faults["purpose"] = "Say what the client agrees to, in a sentence."
    elif len(terms.purpose) > MOST_WORDS:
        faults["purpose"] = f"Use at most {MOST_WORDS} characters."
    if not _LANGUAGE.fullmatch(terms.language):
        faults["language"] = "Choose the language in which you spoke with the client."
    if not terms.categories:
        faults["categories"] = "Choose at least one thing that may be shared."
    if terms.given_at > now:
        faults["given_at"] = "Consent cannot be given in the future."
    _check_recipients(terms, faults)
    _check_end(terms, faults, now)
    _check_giver(terms, faults)
    _check_strict(terms, faults, of_victim_services)
    if faults:
        raise InvalidInput("This consent cannot be recorded as it is.", faults)


def _check_recipients(terms: ConsentTerms, faults: dict[str, str]) -> None:
    if not terms.recipients and not terms.any_partner:
        faults["recipients"] = "Name the agencies that may see it."
    if not terms.forwarders <= terms.recipients:
        faults["forwarders"] = "Only an agency that is named above can pass it on."


def _check_end(terms: ConsentTerms, faults: dict[str, str], now: datetime) -> None:
    if terms.expires_at is None:
        return
    if terms.expires_at <= now or terms.expires_at <= terms.given_at:
        faults["expires_at"] = "Use a day in the future."
    elif terms.expires_at - terms.given_at > LONGEST:
        faults["expires_at"] = "Consent can last three years at most."


def _check_giver(terms: ConsentTerms, faults: dict[str, str]) -> None:
    """Who gave it, and how."""
    spoken = terms.method is Method.VERBAL_WITH_WITNESS
    if spoken and terms.witness_id is None:
        faults["witness"] = "Name the witness who heard it."
    if not spoken and terms.witness_id is not None:
        faults["witness"] = "A witness is named for spoken consent only. Choose nobody."
    if terms.signer is not Signer.CLIENT and not terms.signer_basis.strip():
        faults["signer_basis"] = "Say on which basis somebody else may decide for the client."
    elif len(terms.signer_basis) > MOST_WORDS:
        faults["signer_basis"] = f"Use at most {MOST_WORDS} characters."


def _check_strict(terms: ConsentTerms, faults: dict[str, str], of_victim_services: bool) -> None:
    """Signature, end and names where the law asks for them."""
    rules = [SIGNATURE_NEEDED[each] for each in Category
             if each in terms.categories and each in SIGNATURE_NEEDED]  # fmt: skip
    if of_victim_services:
        rules.append(VICTIM_SERVICES_RULE)
    if not rules:
        return
    cited = ", ".join(rules)
    if terms.method not in SIGNED:
        faults["method"] = f"A signature is needed here ({cited}). Spoken consent is not enough."
    if terms.expires_at is None:
        faults["expires_at"] = f"A last day is needed here ({cited})."
    if terms.any_partner and (of_victim_services or NAMES_NEEDED & terms.categories):
        faults["recipients"] = f'Name each agency here ({cited}). "Every partner" is too wide.'
