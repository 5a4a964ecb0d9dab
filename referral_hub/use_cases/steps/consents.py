"""Consents inside a transaction: whose client it is, what was agreed, and how it reads."""

from datetime import datetime
from json import dumps, loads
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, Consent, ConsentRecipient
from referral_hub.rules.actor import Actor, Application, Person
from referral_hub.rules.client_profile import from_json, full_name
from referral_hub.rules.consent import Category, ConsentTerms, Method, Signer
from referral_hub.rules.errors import NotFound
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.roles import Role

WORKERS = frozenset({Role.CASE_MANAGER, Role.INTAKE_WORKER})


def client_of_actor(session: Session, actor: Actor, client_id: UUID) -> Client:
    """A client that the actor may see. Raises NotFound, as for one that is not there."""
    client = session.get(Client, client_id)
    if client is None or not _sees(actor, client):
        raise NotFound(NOTHING_HERE)
    return client


def client_name(vault: Vault, client: Client) -> str:
    """How the client is called."""
    return full_name(from_json(vault.open("client.profile", client.id, client.profile_sealed)))


def zone_of(session: Session, agency_id: UUID) -> ZoneInfo:
    """Where an agency reckons its days."""
    agency = session.get_one(Agency, agency_id)
    return ZoneInfo(agency.time_zone or "UTC")


def add_consent(
    session: Session,
    vault: Vault,
    client: Client,
    terms: ConsentTerms,
    document: str,
    recorded_by: str,
    now: datetime,
) -> Consent:
    """Write down a consent with whom it names."""
    consent = Consent(
        id=uuid4(),
        client_id=client.id,
        agency_id=client.agency_id,
        categories=[each.value for each in Category if each in terms.categories],
        any_partner=terms.any_partner,
        method=terms.method,
        signer=terms.signer,
        language=terms.language,
        witness_id=terms.witness_id,
        given_at=terms.given_at,
        expires_at=terms.expires_at,
        recorded_at=now,
        recorded_by=recorded_by,
    )
    words = {
        "purpose": terms.purpose.strip(),
        "signer_basis": terms.signer_basis.strip(),
        "document": document.strip(),
    }
    text = dumps(words, ensure_ascii=False)
    consent.words_sealed = vault.seal("consent.words", consent.id, text)
    session.add(consent)
    session.flush()
    for agency_id in sorted(terms.recipients):
        named = ConsentRecipient(consent_id=consent.id, agency_id=agency_id)
        named.may_forward = agency_id in terms.forwarders
        session.add(named)
    return consent


def load_terms(session: Session, vault: Vault, consent_id: UUID | None) -> ConsentTerms | None:
    """The terms of a consent as they stand now; None where there is none."""
    consent = None if consent_id is None else session.get(Consent, consent_id)
    if consent is None:
        return None
    words = words_of(vault, consent)
    named = session.scalars(
        select(ConsentRecipient).where(ConsentRecipient.consent_id == consent.id)
    ).all()
    return ConsentTerms(
        purpose=words["purpose"],
        categories=frozenset(map(Category, consent.categories)),
        recipients=frozenset(each.agency_id for each in named),
        method=Method(consent.method),
        given_at=consent.given_at,
        expires_at=consent.expires_at,
        any_partner=consent.any_partner,
        forwarders=frozenset(each.agency_id for each in named if each.may_forward),
        signer=Signer(consent.signer),
        signer_basis=words["signer_basis"],
        witness_id=consent.witness_id,
        language=consent.language,
        revoked_at=consent.revoked_at,
    )


def words_of(vault: Vault, consent: Consent) -> dict[str, str]:
    """What was written down in free text: purpose, signer_basis and document."""
    words: dict[str, str] = loads(vault.open("consent.words", consent.id, consent.words_sealed))
    return words


def _sees(actor: Actor, client: Client) -> bool:
    """Workers see all clients of their agency, supervisors those of the teams they supervise, and
    a partner system what the person sees for whom it acts."""
    if isinstance(actor, Application):
        if actor.agency_id != client.agency_id:
            return False
        return actor.person is None or _sees(actor.person, client)
    if not isinstance(actor, Person) or actor.agency_id != client.agency_id:
        return False
    if WORKERS & actor.roles:
        return True
    return Role.SUPERVISOR in actor.roles and client.team_id in actor.teams
