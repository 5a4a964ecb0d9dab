"""A consent as somebody writes it down: what it says, and what speaks against it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Agency
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.consent import Category, ConsentTerms, Method, Signer
from referral_hub.rules.consent_checks import MOST_WORDS
from referral_hub.rules.consent_days import end_moment, given_moment
from referral_hub.use_cases.steps.people import current_roles


@dataclass(frozen=True, slots=True)
class NewConsent:
    """What a client agrees to, as somebody writes it down. Days are those where the agency is."""

    purpose: str
    categories: frozenset[Category]
    recipients: frozenset[UUID]
    method: Method
    given_on: date
    last_on: date | None
    any_partner: bool = False
    forwarders: frozenset[UUID] = field(default_factory=frozenset)
    signer: Signer = Signer.CLIENT
    signer_basis: str = ""
    witness_id: UUID | None = None
    language: str = "en"
    document: str = ""


def terms_of(new: NewConsent, zone: ZoneInfo, now: datetime) -> ConsentTerms:
    """What it says, its days as moments."""
    return ConsentTerms(
        purpose=new.purpose,
        categories=new.categories,
        recipients=new.recipients,
        method=new.method,
        given_at=given_moment(new.given_on, zone, now),
        expires_at=end_moment(new.last_on, zone),
        any_partner=new.any_partner,
        forwarders=new.forwarders,
        signer=new.signer,
        signer_basis=new.signer_basis,
        witness_id=new.witness_id,
        language=new.language,
    )


def faults_of(session: Session, actor: Actor, agency: Agency, new: NewConsent) -> dict[str, str]:
    """What the rules cannot see: who the agencies and people are."""
    faults: dict[str, str] = {}
    partners = select(Agency.id).where(
        Agency.id.in_(new.recipients), Agency.status == AgencyStatus.PARTNER
    )
    if new.recipients - (set(session.scalars(partners)) - {agency.id}):
        faults["recipients"] = "Choose partner agencies of the network, other than your own."
    if new.method is Method.VERBAL_WITH_WITNESS and isinstance(actor, Application):
        faults["method"] = "A partner system cannot record spoken consent. Record it in the hub."
    if new.witness_id is not None and not current_roles(session, new.witness_id, agency.id):
        faults["witness"] = "Choose somebody of your agency who heard it."
    if new.witness_id is not None and new.witness_id == recorder_of(actor):
        faults["witness"] = "Who records the consent cannot be the witness. Choose somebody else."
    if len(new.document) > MOST_WORDS:
        faults["document"] = f"Use at most {MOST_WORDS} characters."
    return faults


def recorder_of(actor: Actor) -> UUID | None:
    """The person who records, themself or by a partner system."""
    person = actor.person if isinstance(actor, Application) else actor
    return person.person_id if isinstance(person, Person) else None


def as_typed(faults: dict[str, str]) -> dict[str, str]:
    """Faults by the names under which people give what is at fault."""
    names = {"given_at": "given_on", "expires_at": "last_on", "witness": "witness_id"}
    return {names.get(name, name): message for name, message in faults.items()}
