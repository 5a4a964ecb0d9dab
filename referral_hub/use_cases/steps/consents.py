"""Consents inside a transaction: whose client it is, what was agreed, and how it reads."""

from collections.abc import Iterable
from datetime import datetime
from json import dumps, loads
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Consent, ConsentRecipient, Referral
from referral_hub.rules.consent import Category, ConsentTerms, Method, Signer, counts
from referral_hub.rules.errors import ConsentMissing, InvalidInput

NOTHING_MORE_SHARED = "Nothing more can be shared."


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


def require_consent_of(session: Session, client_id: UUID, consent_id: UUID) -> None:
    """Raise InvalidInput unless the consent is one of the client's."""
    consent = session.get(Consent, consent_id)
    if consent is None or consent.client_id != client_id:
        message = "Choose a consent of this client."
        raise InvalidInput(message, {"consent_id": message})


def require_standing_consent(
    session: Session, referral: Referral, now: datetime, then: str = NOTHING_MORE_SHARED
) -> None:
    """Raise ConsentMissing unless the consent on which a referral rests counts; what was shared
    without any, for a reason, rests on none. `then` says what follows for the reader."""
    if referral.consent_id is None:
        return
    if not in_force(session, [referral.consent_id], now):
        message = f"The client's consent is over or was taken back. {then}"
        raise ConsentMissing(message, {"consent": message})


def in_force(session: Session, consents: Iterable[UUID | None], now: datetime) -> frozenset[UUID]:
    """Those of the consents that count at a moment, as they are stored now."""
    rows = session.scalars(
        select(Consent)
        .where(Consent.id.in_(set(consents) - {None}))
        .execution_options(populate_existing=True)
    )
    return frozenset(each.id for each in rows if counts(each, now))


def words_of(vault: Vault, consent: Consent) -> dict[str, str]:
    """What was written down in free text: purpose, signer_basis and document."""
    words: dict[str, str] = loads(vault.open("consent.words", consent.id, consent.words_sealed))
    return words
