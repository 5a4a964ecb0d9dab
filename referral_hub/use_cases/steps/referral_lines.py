"""Referrals as lines of a list, with the names that the viewer may know."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, Referral, Service
from referral_hub.rules.client_profile import full_name
from referral_hub.rules.disclosures import from_snapshot
from referral_hub.rules.referral_lifecycle import LABEL, Side, Status
from referral_hub.rules.referral_sight import is_status_only
from referral_hub.rules.referral_waiting import Waits, waits_on
from referral_hub.rules.referrals import CLOCK_LABEL, Clock
from referral_hub.use_cases.referral_views import ReferralLine
from referral_hub.use_cases.steps.clients import name_of
from referral_hub.use_cases.steps.people_views import names_of
from referral_hub.use_cases.steps.snapshots import readable_by_receivers
from referral_hub.vocabulary import need_words


@dataclass(frozen=True, slots=True)
class _Names:
    clients: Mapping[tuple[UUID, Side], str]
    agencies: Mapping[UUID, str]
    services: Mapping[UUID, str]
    people: Mapping[UUID, str]


def referral_lines(
    session: Session,
    vault: Vault,
    seen: Sequence[tuple[Referral, Side]],
    now: datetime,
) -> tuple[ReferralLine, ...]:
    """Lines for referrals, each as seen from a side, in the same order; a few queries for all."""
    rows = [referral for referral, _ in seen]
    names = _Names(
        _client_names(session, vault, seen, now),
        _names(
            session,
            Agency,
            (each for row in rows for each in (row.from_agency_id, row.to_agency_id)),
        ),
        _names(session, Service, (row.service_id for row in rows)),
        names_of(session, vault, (row.assignee_id for row in rows if row.assignee_id)),
    )
    return tuple(_line(referral, side, names, now) for referral, side in seen)


def _line(referral: Referral, side: Side, names: _Names, now: datetime) -> ReferralLine:
    status = Status(referral.status)
    status_only = is_status_only(referral.veiled_from, referral.veiled_until)
    hidden = status_only and side is Side.SENDER
    due_at = None if hidden else referral.due_at
    assignee_id = None if hidden else referral.assignee_id
    overdue = due_at is not None and due_at < now
    called_for = overdue or referral.withdrawal_requested_at is not None
    reason_code = None if hidden else referral.reason_code
    waits = waits_on(status, reason_code, called_for=called_for)
    return ReferralLine(
        id=referral.id,
        version=referral.version,
        side=side,
        status=status,
        status_label=LABEL[status],
        priority=referral.priority,
        client_name=names.clients.get((referral.id, side), ""),
        need_code=referral.need_code,
        need=need_words(referral.need_code),
        service_id=referral.service_id,
        service=names.services.get(referral.service_id, ""),
        from_agency_id=referral.from_agency_id,
        from_agency=names.agencies[referral.from_agency_id],
        to_agency_id=referral.to_agency_id,
        to_agency=names.agencies[referral.to_agency_id],
        assignee_id=assignee_id,
        assignee=names.people.get(assignee_id, "") if assignee_id else "",
        created_at=referral.created_at,
        sent_at=referral.sent_at,
        first_sent_at=referral.first_sent_at,
        status_since=referral.status_since,
        last_event_at=referral.status_since if hidden else referral.last_event_at,
        due_at=due_at,
        due_for=CLOCK_LABEL[Clock(referral.due_clock)] if due_at and referral.due_clock else "",
        overdue=overdue,
        waits_on=waits,
        waits_on_us=None if waits is None else waits == Waits(side.value),
        status_only=status_only,
    )


def _client_names(
    session: Session, vault: Vault, seen: Sequence[tuple[Referral, Side]], now: datetime
) -> dict[tuple[UUID, Side], str]:
    """By referral and side: from the viewer's own record of the client, or what was disclosed."""
    own = {
        (referral.id, side): referral.client_id
        if side is Side.SENDER
        else referral.receiver_client_id
        for referral, side in seen
    }
    ids = set(filter(None, own.values()))
    clients = {
        client.id: name_of(vault, client)
        for client in session.scalars(select(Client).where(Client.id.in_(ids)))
    }
    names = {key: clients[client_id] for key, client_id in own.items() if client_id is not None}
    others = [referral for referral, side in seen if own[referral.id, side] is None]
    for referral_id, merged in readable_by_receivers(session, vault, others, now).items():
        names[referral_id, Side.RECEIVER] = full_name(from_snapshot(merged))
    return names


def _names(
    session: Session, model: type[Agency] | type[Service], ids: Iterable[UUID]
) -> dict[UUID, str]:
    rows = session.execute(select(model.id, model.name).where(model.id.in_(set(ids))))
    return {row.id: row.name for row in rows}
