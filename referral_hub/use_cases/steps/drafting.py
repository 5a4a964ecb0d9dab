"""Preparing a referral inside a transaction."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Need, Referral
from referral_hub.rules.actor import Actor, Application
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.consent import ALWAYS, Category
from referral_hub.rules.errors import Conflict, InvalidInput
from referral_hub.rules.intake import Answers, take_answers
from referral_hub.rules.permissions import Permission
from referral_hub.rules.referral_lifecycle import Part, Status
from referral_hub.rules.referrals import Channel, Fact, Priority
from referral_hub.rules.sending import MOST_REASON
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.clients import the_client
from referral_hub.use_cases.steps.consents import require_consent_of
from referral_hub.use_cases.steps.intake import questions_of, seal_asked
from referral_hub.use_cases.steps.partners import agency_of_service, first_team, is_listed
from referral_hub.use_cases.steps.referrals import Act, person_of, record_event
from referral_hub.use_cases.steps.sending import seal_reason


@dataclass(frozen=True, slots=True)
class Preparation:
    """What can be said of a referral before it is sent. Categories always hold contact and need."""

    priority: Priority = Priority.ROUTINE
    reason: str = ""
    categories: frozenset[Category] = ALWAYS
    consent_id: UUID | None = None
    called: bool = False
    answers: Answers = field(default_factory=Answers)


def add_draft(
    session: Session,
    actor: Actor,
    vault: Vault,
    client_id: UUID,
    need_id: UUID,
    service_id: UUID,
    preparation: Preparation,
    channel: Channel,
    now: datetime,
) -> Referral:
    """A new draft. Raises NotFound for a client that is not the agency's, InvalidInput for a need,
    service or consent that does not fit, Conflict where the service belongs to no partner."""
    client = the_client(session, actor, Permission.REFERRAL_PREPARE, client_id)
    need = _need_of(session, client, need_id)
    to_agency_id = _receiver_of(session, service_id)
    if to_agency_id == client.agency_id:
        raise Conflict("This is a service of your own agency. No referral is needed.")
    referral = Referral(
        id=uuid4(), client_id=client.id, need_id=need.id, need_code=need.need_code,
        service_id=service_id, from_agency_id=client.agency_id, from_team_id=client.team_id,
        sender_id=person_of(actor), to_agency_id=to_agency_id,
        to_team_id=first_team(session, to_agency_id), created_at=now, version=0,
        status=Status.DRAFT, status_since=now, last_event_at=now, priority=preparation.priority,
    )  # fmt: skip
    prepare(session, vault, referral, preparation)
    session.add(referral)
    session.flush()
    data = {"priority": preparation.priority.value, "service_id": str(service_id)}
    record_event(
        session, referral, Act(actor, sender_part(actor), channel, now), Fact.DRAFTED, data=data
    )
    add_audit(session, actor, "referral:draft", referral, agency_id=client.agency_id, now=now)
    return referral


def prepare(session: Session, vault: Vault, referral: Referral, preparation: Preparation) -> None:
    """Say what a draft holds. Raises InvalidInput."""
    if len(preparation.reason) > MOST_REASON:
        message = f"Use at most {MOST_REASON} characters."
        raise InvalidInput(message, {"reason": message})
    if preparation.consent_id is not None:
        require_consent_of(session, referral.client_id, preparation.consent_id)
    asked = take_answers(questions_of(session, referral.service_id), preparation.answers)
    seal_asked(vault, referral, asked)
    referral.reason_sealed = seal_reason(vault, referral.id, preparation.reason)
    chosen = preparation.categories | ALWAYS
    referral.categories = [category.value for category in Category if category in chosen]
    referral.consent_id = preparation.consent_id
    referral.called = preparation.called


def sender_part(actor: Actor) -> Part:
    """What somebody is to a draft of their own agency."""
    return Part.SENDER_APPLICATION if isinstance(actor, Application) else Part.SENDER


def _need_of(session: Session, client: Client, need_id: UUID) -> Need:
    # Held, so that it is not given back with an acceptance before the referral points at it.
    need = session.get(Need, need_id, with_for_update={"read": True, "key_share": True})
    if need is None or need.client_id != client.id:
        message = "Choose one of the client's needs."
        raise InvalidInput(message, {"need_id": message})
    if need.status != NeedStatus.OPEN:
        message = "This need is closed. Choose an open one, or open it again."
        raise InvalidInput(message, {"need_id": message})
    return need


def _receiver_of(session: Session, service_id: UUID) -> UUID:
    if not is_listed(session, service_id):
        message = "There is no such service. It may have been removed; search again."
        raise InvalidInput(message, {"service_id": message})
    agency_id = agency_of_service(session, service_id)
    if agency_id is None:
        raise Conflict("This service is not in the network yet. Call it instead.")
    return agency_id
