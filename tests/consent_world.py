"""Consents and referrals in a line, as those who send leave them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import AuditRow, Client, Disclosure, Need, Referral, ReferralEvent
from referral_hub.rules.consent import ALWAYS, Category, Method
from referral_hub.rules.referral_lifecycle import Move, Part, Status
from referral_hub.rules.referral_state import STATE_FIELDS, Happening, replay
from referral_hub.rules.referrals import Channel, Fact, Priority
from referral_hub.use_cases.consents import record_consent
from referral_hub.use_cases.steps.consents import load_terms
from referral_hub.use_cases.steps.disclosures import disclose
from referral_hub.use_cases.steps.new_consent import NewConsent
from referral_hub.use_cases.steps.referrals import Act, record_event
from referral_hub.use_cases.transaction import transaction
from tests.referral_world import NOW, VAULT, Staff, World

HOUR = timedelta(hours=1)
REASON = "Her hearing is on Monday."


def new_consent(*recipients: UUID, **changes: Any) -> NewConsent:
    """What somebody writes down: signed today, for a year, basic contact and need."""
    made = NewConsent(
        purpose="To find help with the rent",
        categories=ALWAYS,
        recipients=frozenset(recipients),
        method=Method.SIGNED_ON_PAPER,
        given_on=NOW.date(),
        last_on=date(2027, 11, 30),
    )
    return replace(made, **changes)


def a_consent(
    session: Session,
    sender: Staff,
    client: Client,
    *recipients: UUID,
    vault: Vault = VAULT,
    now: datetime = NOW,
    **changes: Any,
) -> UUID:
    """A consent that a case manager recorded."""
    new = new_consent(*recipients, **changes)
    return record_consent(session, sender.case_manager, client.id, new, vault, now=now)


def share(
    session: Session,
    world: World,
    referral: Referral,
    consent_id: UUID | None,
    categories: Iterable[Category] = ALWAYS,
    *,
    now: datetime = NOW + HOUR,
    **more: Any,
) -> Disclosure:
    """Let the receiver of a referral see something; need and referral are locked, as senders do."""
    with transaction(session):
        need = session.get_one(Need, referral.need_id, with_for_update=True)
        fresh = session.get_one(Referral, referral.id, with_for_update=True, populate_existing=True)
        client = session.get_one(Client, need.client_id)
        terms = more.pop("terms", None) or load_terms(session, VAULT, consent_id)
        actor = more.pop("actor", world.sender.case_manager)
        return disclose(
            session, VAULT, fresh, consent_id, terms, categories, client, need, REASON, actor,
            now=now, **more,
        )  # fmt: skip


def a_draft(
    session: Session, world: World, need: Need, consent_id: UUID | None, to: Staff | None = None
) -> Referral:
    """A referral of which nobody else knows yet."""
    sender, receiver = world.sender, to or world.receiver
    referral = Referral(
        id=uuid4(), client_id=need.client_id, need_id=need.id, need_code=need.need_code,
        service_id=receiver.service_id, from_agency_id=sender.agency_id,
        from_team_id=sender.team_id, sender_id=sender.case_manager.person_id,
        to_agency_id=receiver.agency_id, to_team_id=receiver.team_id, consent_id=consent_id,
        categories=sorted(ALWAYS), created_at=NOW, status=Status.DRAFT, version=1, seq=1,
        status_since=NOW, priority=Priority.ROUTINE, last_event_at=NOW,
    )  # fmt: skip
    session.add(referral)
    session.flush()
    session.add(
        ReferralEvent(
            referral_id=referral.id, seq=1, kind=Fact.DRAFTED, from_status=Status.DRAFT,
            to_status=Status.DRAFT, actor="person", actor_part=Part.SENDER, channel=Channel.PAGE,
            occurred_at=NOW, recorded_at=NOW, data={"priority": Priority.ROUTINE.value},
        )
    )  # fmt: skip
    session.commit()
    return referral


def a_sent_referral(
    session: Session,
    world: World,
    need: Need,
    consent_id: UUID,
    categories: Iterable[Category] = ALWAYS,
    to: Staff | None = None,
) -> Referral:
    """A referral whose receiver may see these categories."""
    referral = a_draft(session, world, need, consent_id, to)
    share(session, world, referral, consent_id, categories, now=NOW)
    move(session, world, referral, Move.SEND, Status.SENT)
    return referral


def move(
    session: Session, world: World, referral: Referral, kind: Move, to: Status,
    now: datetime = NOW,
) -> None:  # fmt: skip
    """Bring a referral somewhere, whoever may."""
    with transaction(session):
        fresh = session.get_one(Referral, referral.id)
        actor = world.receiver.case_manager
        act = Act(actor, Part.RECEIVER, Channel.PAGE, now)
        record_event(session, fresh, act, kind, to_status=to)


def hand_on(session: Session) -> None:
    """Do what the worker does: give every event its place."""
    with transaction(session):
        highest = max((0, *filter(None, session.scalars(select(ReferralEvent.position)))))
        waiting = select(ReferralEvent).where(ReferralEvent.position.is_(None))
        ordered = waiting.order_by(ReferralEvent.recorded_at, ReferralEvent.seq)
        for position, event in enumerate(session.scalars(ordered), highest + 1):
            event.position = position


def require_fold(session: Session, referral: Referral) -> None:
    """Assert that the row is what its events make of it."""
    session.refresh(referral)
    events = session.scalars(
        select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral.id)
        .order_by(ReferralEvent.seq)
    )
    told = [
        Happening(
            each.seq, each.kind, each.from_status, each.to_status, each.occurred_at,
            each.recorded_at, each.reason_code, each.data,
        )
        for each in events
    ]  # fmt: skip
    state = replay(told)
    assert {name: getattr(referral, name) for name in STATE_FIELDS} == {
        name: getattr(state, name) for name in STATE_FIELDS
    }


def acts(session: Session) -> list[str]:
    """What the audit has, the oldest first."""
    return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))
