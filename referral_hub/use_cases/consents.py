"""What clients agree to share: recorded, shown, and taken back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, Consent
from referral_hub.rules.actor import Actor, actor_label
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.consent import (
    RevokedBy,
)
from referral_hub.rules.consent_checks import check_terms
from referral_hub.rules.consent_days import local_day, require_reach
from referral_hub.rules.consent_words import CHOSEN_REVOCATIONS
from referral_hub.rules.errors import InvalidInput, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.use_cases.consent_views import (
    ConsentChoices,
    ConsentsPage,
    RevocationEffects,
)
from referral_hub.use_cases.steps.agencies import zone_of
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import name_of, the_client
from referral_hub.use_cases.steps.consent_list import consent_views
from referral_hub.use_cases.steps.consents import (
    add_consent,
)
from referral_hub.use_cases.steps.new_consent import (
    NewConsent,
    as_typed,
    faults_of,
    recorder_of,
    terms_of,
)
from referral_hub.use_cases.steps.people_views import people_views
from referral_hub.use_cases.steps.revocation import take_back
from referral_hub.use_cases.transaction import transaction


def record_consent(
    session: Session,
    actor: Actor,
    client_id: UUID,
    new: NewConsent,
    vault: Vault,
    *,
    now: datetime,
) -> UUID:
    """Write down what a client agrees to share, and return its id.

    Raises NotFound, and InvalidInput naming all for which it cannot be recorded: also an agency
    that is no partner, and a witness who is not of the agency or recorded it themself.
    """
    require(actor, Permission.CONSENT_RECORD)
    require_reach({"given_on": new.given_on, "last_on": new.last_on})
    with transaction(session):
        client = the_client(session, actor, Permission.CONSENT_RECORD, client_id, lock=True)
        agency = session.get_one(Agency, client.agency_id)
        terms = terms_of(new, zone_of(session, agency.id), now)
        faults = faults_of(session, actor, agency, new)
        try:
            check_terms(terms, of_victim_services=agency.victim_services, now=now)
        except InvalidInput as error:
            faults = error.fields | faults
        if faults:
            raise InvalidInput("This consent cannot be recorded as it is.", as_typed(faults))
        label = actor_label(actor)
        consent = add_consent(session, vault, client, terms, new.document, label, now)
        detail = f"client {client.id}: {' '.join(consent.categories)}"
        add_audit(
            session, actor, "consent:record", consent,
            agency_id=agency.id, detail=detail, now=now,
        )  # fmt: skip
    return consent.id


def revoke_consent(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    consent_id: UUID,
    by: RevokedBy,
    *,
    now: datetime,
) -> RevocationEffects:
    """Take back a consent: what rests on it and was not accepted is withdrawn, and its snapshots
    are closed; who accepted gets nothing new.

    Raises NotFound, InvalidInput, and Conflict where it was taken back before.
    """
    require(actor, Permission.CONSENT_RECORD)
    if by not in CHOSEN_REVOCATIONS:
        message = "Choose how the client took it back."
        raise InvalidInput(message, {"revoked_by": message})
    with transaction(session):
        client, consent = _consent(session, actor, Permission.CONSENT_RECORD, client_id, consent_id)
        effects = take_back(session, consent.id, by, now)
        detail = f"{by}: {len(effects.withdrawn)} withdrawn, {len(effects.kept)} accepted before"
        add_audit(
            session, actor, "consent:revoke", consent,
            agency_id=client.agency_id, detail=detail, now=now,
        )  # fmt: skip
    return effects


def list_consents(
    session: Session, actor: Actor, client_id: UUID, vault: Vault, *, now: datetime
) -> ConsentsPage:
    """What a client agreed to, the newest first. Raises NotFound."""
    require(actor, Permission.CONSENT_READ)
    with transaction(session):
        client = the_client(session, actor, Permission.CONSENT_READ, client_id)
        rows = session.scalars(
            select(Consent)
            .where(Consent.client_id == client.id)
            .order_by(Consent.recorded_at.desc(), Consent.id)
        ).all()
        zone = zone_of(session, client.agency_id)
        views = consent_views(session, vault, rows, zone, now)
        page = ConsentsPage(client.id, name_of(vault, client), views, local_day(now, zone))
        add_audit(
            session, actor, "consent:list", client, agency_id=client.agency_id, now=now
        )  # fmt: skip
    return page


def show_consent(
    session: Session,
    actor: Actor,
    client_id: UUID | None,
    consent_id: UUID,
    vault: Vault,
    *,
    now: datetime,
) -> ConsentsPage:
    """One consent, as a page with it alone; of any client, or of the one named. Raises NotFound."""
    require(actor, Permission.CONSENT_READ)
    with transaction(session):
        client, consent = _consent(session, actor, Permission.CONSENT_READ, client_id, consent_id)
        zone = zone_of(session, client.agency_id)
        views = consent_views(session, vault, [consent], zone, now)
        page = ConsentsPage(client.id, name_of(vault, client), views, local_day(now, zone))
        add_audit(
            session, actor, "consent:read", consent, agency_id=client.agency_id, now=now
        )  # fmt: skip
    return page


def choices_for_consent(
    session: Session, actor: Actor, client_id: UUID, vault: Vault, *, now: datetime
) -> ConsentChoices:
    """Whom a new consent can name. Raises NotFound."""
    require(actor, Permission.CONSENT_RECORD)
    with transaction(session):
        client = the_client(session, actor, Permission.CONSENT_RECORD, client_id)
        own = session.get_one(Agency, client.agency_id)
        partners = select(Agency).where(Agency.status == AgencyStatus.PARTNER, Agency.id != own.id)
        agencies = session.scalars(partners.order_by(Agency.name)).all()
        people = people_views(session, vault, own.id, in_full=False)
        choices = ConsentChoices(
            client_id=client.id,
            client_name=name_of(vault, client),
            of_victim_services=own.victim_services,
            agencies=tuple((each.id, each.name) for each in agencies),
            witnesses=tuple(
                (each.id, each.name)
                for each in people
                if each.roles and not each.disabled and each.id != recorder_of(actor)
            ),
            today=local_day(now, zone_of(session, own.id)),
        )
        add_audit(
            session, actor, "consent:prepare", client, agency_id=client.agency_id, now=now
        )  # fmt: skip
    return choices


def _consent(
    session: Session,
    actor: Actor,
    permission: Permission,
    client_id: UUID | None,
    consent_id: UUID,
) -> tuple[Client, Consent]:
    """A consent and its client, who must be this one if one is named."""
    consent = session.get(Consent, consent_id)
    if consent is None or client_id not in (None, consent.client_id):
        raise NotFound(NOTHING_HERE)
    return the_client(session, actor, permission, consent.client_id), consent
