"""Sending a referral: what must hold, and what is disclosed with it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Client, Need, Referral, Service, Team
from referral_hub.rules.clients import NeedStatus
from referral_hub.rules.consent import Category
from referral_hub.rules.disclosures import ToShare
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import OPEN
from referral_hub.rules.referrals import Priority
from referral_hub.rules.sending import Sending, require_sendable
from referral_hub.use_cases.steps.clients import profile_of
from referral_hub.use_cases.steps.consents import load_terms
from referral_hub.use_cases.steps.disclosures import digest_now, disclose, to_share_of
from referral_hub.use_cases.steps.intake import (
    answers_that_go,
    asked_of,
    questions_open_to,
    seal_asked,
)
from referral_hub.use_cases.steps.partners import (
    agency_of_service,
    first_team,
    is_listed,
    takes_part,
)
from referral_hub.use_cases.steps.referral_situation import capacity_of
from referral_hub.use_cases.steps.referrals import Act

REASON = "referral.reason"


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be shared, and the digest by which whoever sends it says that they saw it."""

    to_share: ToShare
    digest: str


def send(
    session: Session, vault: Vault, referral: Referral, act: Act, details: MoveDetails
) -> None:
    """Check that the referral may go, and disclose what goes with it.

    Raises Conflict, InvalidInput, ConsentMissing, and PreviewChanged where it is not what the
    sender looked at.
    """
    # Whoever sends something for this client at the same moment waits here, whatever the need:
    # each looks for duplicates after the other one's is there.
    client = session.get_one(
        Client, referral.client_id, with_for_update={"key_share": True}, populate_existing=True
    )
    _name_teams(session, referral, client)
    sending = sending_of(session, vault, referral, client, details.note, act.now)
    require_sendable(sending)
    # What the service no longer asks stays here: neither is it shared later.
    seal_asked(vault, referral, answers_that_go(session, vault, referral))
    disclose(
        session,
        vault,
        referral,
        referral.consent_id,
        load_terms(session, vault, referral.consent_id),
        map(Category, referral.categories),
        client,
        session.get_one(Need, referral.need_id),
        sending.reason,
        act.actor,
        preview_digest=details.preview_digest,
        now=act.now,
    )


def preview_of(
    session: Session, vault: Vault, referral: Referral, client: Client, now: datetime
) -> Preview:
    """What the receiver of a draft will see, should it be sent now."""
    need = session.get_one(Need, referral.need_id)
    chosen = frozenset(map(Category, referral.categories))
    reason = reason_of(vault, referral)
    to_share = to_share_of(session, vault, referral, client, need, reason, chosen)
    terms = load_terms(session, vault, referral.consent_id)
    digest = digest_now(referral, to_share, referral.consent_id, terms, now)
    return Preview(to_share, digest)


def sending_of(
    session: Session, vault: Vault, referral: Referral, client: Client, note: str, now: datetime
) -> Sending:
    """What decides whether a referral may go."""
    today = now.date()
    return Sending(
        priority=Priority(referral.priority),
        called=referral.called,
        reason=reason_of(vault, referral),
        contact_ways=len(profile_of(vault, client).contact_ways),
        service_offered=_is_offered(session, referral),
        need_open=session.get_one(Need, referral.need_id).status == NeedStatus.OPEN,
        capacity=capacity_of(session, referral.service_id, now),
        sender_takes_part=takes_part(session, referral.from_agency_id, today),
        receiver_takes_part=takes_part(session, referral.to_agency_id, today),
        open_duplicate=has_open_duplicate(session, referral),
        duplicate_note=note,
        case_closed=client.closed_at is not None,
        questions=questions_open_to(session, referral),
        asked=asked_of(vault, referral),
    )


def _name_teams(session: Session, referral: Referral, client: Client) -> None:
    """Teams are those of the time of sending, whatever they were when the draft was begun."""
    if referral.first_sent_at is None:
        referral.from_team_id = client.team_id
    if session.get_one(Team, referral.to_team_id).ended_at is not None:
        referral.to_team_id = first_team(session, referral.to_agency_id)


def _is_offered(session: Session, referral: Referral) -> bool:
    """Whether the service can be found as offered, by the agency that the referral is for."""
    service = session.get_one(Service, referral.service_id)
    return (
        service.status == "active"
        and service.vanished_at is None
        and is_listed(session, service.id)
        and agency_of_service(session, service.id) == referral.to_agency_id
    )


def has_open_duplicate(session: Session, referral: Referral) -> bool:
    """Whether the agency has another open referral of the client to the same service."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Referral.client_id == referral.client_id,
                    Referral.service_id == referral.service_id,
                    Referral.from_agency_id == referral.from_agency_id,
                    Referral.id != referral.id,
                    Referral.status.in_(OPEN),
                )
            )
        )
    )


def reason_of(vault: Vault, referral: Referral) -> str:
    """Why the client needs it, as the sender wrote it."""
    sealed = referral.reason_sealed
    return "" if sealed is None else vault.open(REASON, referral.id, sealed)


def seal_reason(vault: Vault, referral_id: UUID, reason: str) -> bytes | None:
    """The reason as it is stored."""
    return vault.seal(REASON, referral_id, reason.strip()) if reason.strip() else None
