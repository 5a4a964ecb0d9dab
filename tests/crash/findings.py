"""What is wrong with a hub after its processes were killed, and everything has come to rest."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from time import monotonic, sleep
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from referral_hub.config import Settings
from referral_hub.gateways.audit_head import KeptHead
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    AuditRow,
    Client,
    ContactAttempt,
    Disclosure,
    Message,
    Notice,
    Referral,
    ReferralEvent,
    Webhook,
    WebhookDelivery,
)
from referral_hub.rules.actor import System
from referral_hub.rules.referral_lifecycle import TERMINAL, Status
from referral_hub.rules.referral_sight import is_readable
from referral_hub.rules.referral_state import replay
from referral_hub.rules.webhooks import LEASE
from referral_hub.use_cases.referral_talk import ATTEMPT, MESSAGE
from referral_hub.use_cases.seal_audit import verify_audit
from referral_hub.use_cases.steps.referrals import NOTE, happening_of, state_of
from referral_hub.use_cases.steps.sending import REASON
from tests.crash.listener import Listener
from tests.crash.partners import Journal

SECONDS_TO_REST = 120
BY_ITSELF = frozenset({"drafted", "changed", "disclosed", "start"})
"""Kinds of events that come with another act."""


def come_to_rest(session: Session, worker_started_at: datetime) -> list[str]:
    """Wait until the worker has done all that waits; what waits in vain is told.

    What a killed worker had taken would be free after the time of a lease. It is given free now.
    """
    deadline = monotonic() + SECONDS_TO_REST
    while monotonic() < deadline:
        session.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.leased_until <= worker_started_at + LEASE)
            .values(leased_until=None)
        )
        session.commit()
        events = session.scalar(
            select(func.count()).select_from(ReferralEvent).where(ReferralEvent.position.is_(None))
        )
        deliveries = session.scalar(
            select(func.count())
            .select_from(WebhookDelivery)
            .where(or_(WebhookDelivery.due_at.is_not(None)))
        )
        audit = session.scalar(
            select(func.count()).select_from(AuditRow).where(AuditRow.position.is_(None))
        )
        session.rollback()
        if not events and not deliveries and not audit:
            return []
        sleep(0.2)
    return [f"after all there wait {events} events, {deliveries} deliveries, {audit} audit rows"]


def findings(session: Session, vault: Vault, journal: Journal, listener: Listener) -> Iterator[str]:
    """Everything that is wrong, in a line each."""
    yield from journal.surprises
    yield from (f"signature: {each}" for each in listener.forged)
    yield from _keys(session, vault, journal)
    yield from _referrals(session, journal)
    yield from _audit_rows(session)
    yield from _positions(session)
    yield from _deliveries(session, listener)
    yield from _order(listener)


def audit_findings(session: Session, settings: Settings) -> Iterator[str]:
    """What `audit verify` finds."""
    head = KeptHead(settings.audit_head_file).read()
    now = datetime.now(UTC)
    found = verify_audit(session, System("operator"), settings.audit_key, head=head, now=now)
    yield from (f"audit: {fault}" for fault in found.faults)
    if not found.checked or head is None:
        yield "audit: nothing is sealed"


def _keys(session: Session, vault: Vault, journal: Journal) -> Iterator[str]:
    """Each request left its key in what it wrote: once, if it was answered as done."""
    stored = Counter(_texts(session, vault))
    stored.pop("", None)
    asked = {answer.key for answer in journal.done}
    for key in sorted(asked | set(stored)):
        if stored[key] != (key in asked):
            yield f"{key}: answered as done {int(key in asked)} times, stored {stored[key]} times"


def _texts(session: Session, vault: Vault) -> Iterable[str]:
    for referral in session.scalars(select(Referral)):
        yield vault.open(REASON, referral.id, referral.reason_sealed or b"")
    for event in session.scalars(
        select(ReferralEvent).where(ReferralEvent.note_sealed.is_not(None))
    ):
        yield vault.open(NOTE, event.id, event.note_sealed or b"")
    for message in session.scalars(select(Message)):
        yield vault.open(MESSAGE, message.id, message.text_sealed)
    for attempt in session.scalars(select(ContactAttempt)):
        yield vault.open(ATTEMPT, attempt.id, attempt.note_sealed or b"")


def _referrals(session: Session, journal: Journal) -> Iterator[str]:
    answered: dict[str, list[str]] = defaultdict(list)
    for answer in journal.done:
        answered[answer.referral_id].append(answer.what)
    events = _events(session)
    received = Counter(
        session.scalars(select(Client.received_from).where(Client.received_from.is_not(None)))
    )
    open_disclosures = select(Disclosure.referral_id).where(Disclosure.closed_at.is_(None))
    disclosures = Counter(session.scalars(open_disclosures))
    for referral in session.scalars(select(Referral)):
        told = events[referral.id]
        kinds = [event.kind for event in told if event.kind not in BY_ITSELF]
        if [event.seq for event in told] != list(range(1, len(told) + 1)):
            yield f"{referral.id}: events {[event.seq for event in told]}"
        elif replay(map(happening_of, told)) != state_of(referral):
            yield f"{referral.id}: the row is not what its events tell"
        if kinds != answered[str(referral.id)]:
            yield f"{referral.id}: answered {answered[str(referral.id)]}, stored {kinds}"
        acceptances = kinds.count("accept")
        if received[referral.id] != acceptances or acceptances > 1:
            yield f"{referral.id}: {acceptances} acceptances, {received[referral.id]} new clients"
        if disclosures[referral.id] != 1:
            yield f"{referral.id}: disclosed {disclosures[referral.id]} times"


def _events(session: Session) -> dict[UUID, list[ReferralEvent]]:
    found = defaultdict(list)
    for event in session.scalars(select(ReferralEvent).order_by(ReferralEvent.seq)):
        found[event.referral_id].append(event)
    return found


def _audit_rows(session: Session) -> Iterator[str]:
    """Each move is in the audit, once."""
    moves = Counter(
        (event.referral_id, f"referral:{event.kind}")
        for event in session.scalars(select(ReferralEvent))
        if event.kind in ("send", "ask", "answer", "accept", "decline", "complete")
    )
    told = Counter(
        (row.record_id, row.action)
        for row in session.scalars(select(AuditRow).where(AuditRow.action.like("referral:%")))
        if row.action.partition(":")[2] not in ("draft", "read", "list")
    )
    for at in moves.keys() | told.keys():
        if moves[at] != told[at]:
            yield f"{at}: {moves[at]} events, {told[at]} rows of the audit"


def _positions(session: Session) -> Iterator[str]:
    positions = session.scalars(select(ReferralEvent.position).order_by(ReferralEvent.position))
    found = list(positions)
    if found != list(range(1, len(found) + 1)):
        yield f"positions have gaps: {len(found)} events, the last at {found[-1]}"


def _deliveries(session: Session, listener: Listener) -> Iterator[str]:
    """Each event has one delivery to each webhook, which was heard; but what a referral was about
    may stay where it is once it has ended without its receiver."""
    ended = {
        row.id
        for row in session.scalars(select(Referral))
        if not is_readable(Status(row.status), accepted=row.accepted_at is not None)
    }
    sides = {
        webhook.id: webhook.url.rpartition("/")[2] for webhook in session.scalars(select(Webhook))
    }
    rows = {
        (sides[row.webhook_id], row.event_id): row
        for row in session.scalars(select(WebhookDelivery))
    }
    count = session.scalar(select(func.count()).select_from(WebhookDelivery))
    if count != len(rows):
        yield f"{count} deliveries, of which {len(rows)} are different"
    heard = {
        (each.side, each.message_id, each.data["referral_id"], each.data["seq"]): each.data
        for each in listener.heard
    }
    events = session.scalars(select(ReferralEvent)).all()
    for event in events:
        for side in sides.values():
            row = rows.get((side, event.id))
            if (row is None) != (event.to_status == Status.DRAFT):
                yield f"{event.kind} {event.position}: a delivery to the {side} too few or many"
            if row is None:
                continue
            data = heard.pop((side, str(row.id), str(event.referral_id), event.seq), None)
            about = side == "receiver" and event.to_status not in TERMINAL
            if row.withheld_at is not None and about and event.referral_id in ended:
                continue
            if row.delivered_at is None or row.withheld_at is not None:
                yield f"{event.kind} {event.position}: not delivered to the {side}"
            if data is None:
                yield f"{event.kind} {event.position}: not heard by the {side}: {data}"
    yield from (f"heard of what is not there: {each}" for each in heard)
    twice = session.execute(
        select(Notice.person_id, Notice.event_id).group_by(Notice.person_id, Notice.event_id)
        .having(func.count() > 1)
    ).all()  # fmt: skip
    yield from (f"told twice: {each}" for each in twice)


def _order(listener: Listener) -> Iterator[str]:
    """Each system hears of a referral's events in their order; again, at most."""
    last: dict[tuple[str, str], int] = defaultdict(int)
    seen = set()
    for each in list(listener.heard):
        at, seq = (each.side, str(each.data["referral_id"])), int(each.data["seq"])
        if each.message_id not in seen and seq < last[at]:
            yield f"the {each.side} heard of {at[1]} {seq} after {last[at]}"
        seen.add(each.message_id)
        last[at] = max(last[at], seq)
