"""The receiving agency's own record of a client: made when it accepts, given back when it takes
that back."""

from uuid import UUID, uuid4

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import (
    CaseAssignment,
    Client,
    ClientKey,
    Need,
    Referral,
    ReferralEvent,
    table_of,
)
from referral_hub.rules.clients import CaseEnd, NeedStatus
from referral_hub.rules.disclosures import from_snapshot
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.referral_details import MoveDetails
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.client_keys import add_keys
from referral_hub.use_cases.steps.clients import seal_profile
from referral_hub.use_cases.steps.disclosures import disclosed_to_receiver
from referral_hub.use_cases.steps.referrals import Act
from referral_hub.use_cases.steps.responsibility import note_added, note_responsible

_BESIDE = (ClientKey, CaseAssignment)
"""What the hub itself keeps of a client: how it is found, and who is responsible."""


def receive_client(
    session: Session, vault: Vault, referral: Referral, act: Act, details: MoveDetails
) -> Client:
    """The record of the receiver that an acceptance belongs to: the one that it names, or a new one
    from what was disclosed. Where an earlier one made one, that is taken up again. A case that was
    closed is reopened. Raises InvalidInput for a record that is not its own."""
    if details.receiver_client_id is not None:
        client = session.get(
            Client, details.receiver_client_id, with_for_update={"key_share": True}
        )
        if client is None or client.agency_id != referral.to_agency_id:
            message = "Choose a client of your own agency, or let a new record be made."
            raise InvalidInput(message, {"receiver_client_id": message})
        _reopen(session, client, details.assignee_id, act)
        add_audit(
            session, act.actor, "client:link", client, agency_id=client.agency_id,
            detail=f"referral {referral.id}", now=act.now,
        )  # fmt: skip
        _add_need(session, referral, client, act)
    elif (earlier := _earlier_record(session, referral)) is not None:
        client = earlier
        _take_up_again(session, referral, client, details.assignee_id, act)
    else:
        client = _new_record(session, vault, referral, details.assignee_id, act)
        _add_need(session, referral, client, act)
    return client


def give_back(session: Session, referral: Referral, act: Act, *, in_error: bool = False) -> None:
    """Part a referral from the receiver's record, since the acceptance was taken back, or the whole
    was an error.

    A record that the acceptance made is removed where nobody did anything with it since. Else the
    receiver's own taking back closes the case; where it was all an error, the receiver decides what
    becomes of its record. One that it had before stays as it is, but for the need that came with
    the acceptance.
    """
    client_id, referral.receiver_client_id = referral.receiver_client_id, None
    session.flush()
    if client_id is None:
        return
    need = _need_received(session, referral, client_id)
    client = session.get_one(Client, client_id, with_for_update=True, populate_existing=True)
    if need is not None and not _is_pointed_at(session, need):
        session.delete(need)
        session.flush()
    if client.received_from != referral.id:
        return
    if _is_untouched(session, client):
        add_audit(
            session, act.actor, "client:remove", client, agency_id=client.agency_id, now=act.now
        )
        for table in _BESIDE:
            session.execute(delete(table).where(table.client_id == client.id))
        session.delete(client)
    elif client.closed_at is None and not in_error:
        client.closed_at, client.closed_reason = act.now, CaseEnd.OTHER
        note_responsible(session, client, now=act.now)
        add_audit(
            session, act.actor, "client:close", client, agency_id=client.agency_id,
            detail=CaseEnd.OTHER, now=act.now,
        )  # fmt: skip
    session.flush()


def _earlier_record(session: Session, referral: Referral) -> Client | None:
    """The record that an earlier acceptance of this referral made."""
    return session.scalars(
        select(Client)
        .where(Client.received_from == referral.id, Client.agency_id == referral.to_agency_id)
        .order_by(Client.opened_at)
        .limit(1)
        .with_for_update(key_share=True)
    ).one_or_none()


def _take_up_again(
    session: Session, referral: Referral, client: Client, worker_id: UUID | None, act: Act
) -> None:
    _reopen(session, client, worker_id, act)
    is_there = exists().where(
        Need.client_id == client.id,
        Need.need_code == referral.need_code,
        Need.status == NeedStatus.OPEN,
    )
    if not session.scalar(select(is_there)):
        _add_need(session, referral, client, act)


def _reopen(session: Session, client: Client, worker_id: UUID | None, act: Act) -> None:
    """Take up the work with a client whose case is closed, with who takes it on now."""
    if client.closed_at is None:
        return
    client.closed_at = client.closed_reason = None
    client.worker_id = worker_id
    note_responsible(session, client, now=act.now)
    add_audit(session, act.actor, "client:reopen", client, agency_id=client.agency_id, now=act.now)


def _add_need(session: Session, referral: Referral, client: Client, act: Act) -> None:
    session.add(
        Need(
            id=uuid4(), client_id=client.id, need_code=referral.need_code, opened_at=act.now,
            **_as_sent(session, referral),
        )
    )  # fmt: skip


def _need_received(session: Session, referral: Referral, client_id: UUID) -> Need | None:
    """The need that came with the last acceptance, locked, where it is still as it came and nobody
    is at it."""
    accepted_at = session.scalar(
        select(func.max(ReferralEvent.recorded_at)).where(
            ReferralEvent.referral_id == referral.id, ReferralEvent.kind == Move.ACCEPT
        )
    )
    return session.scalars(
        select(Need)
        .where(
            Need.client_id == client_id,
            Need.need_code == referral.need_code,
            Need.opened_at == accepted_at,
            Need.status == NeedStatus.OPEN,
            Need.detail_sealed.is_(None),
        )
        .filter_by(**_as_sent(session, referral))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()


def _is_untouched(session: Session, client: Client) -> bool:
    """Whether a record is as the acceptance made it, and nothing was written down about it."""
    as_made = client.version == 1 and client.last_contact_at is None
    weighed = (client.acuity, client.intensity, client.travels, client.trauma)
    return (
        as_made
        and weighed == (None, None, False, False)
        and client.closed_at is None
        and not _is_pointed_at(session, client)
    )


def _is_pointed_at(session: Session, record: Client | Need) -> bool:
    """Whether any row belongs to a record but those that the hub makes beside it."""
    own = table_of(type(record))
    return any(
        session.scalar(select(exists().where(column == record.id)))
        for table in own.metadata.sorted_tables
        if table not in [table_of(each) for each in _BESIDE]
        for column in table.columns
        if column.references(own.c.id)
    )


def _new_record(
    session: Session, vault: Vault, referral: Referral, worker_id: UUID | None, act: Act
) -> Client:
    disclosed = disclosed_to_receiver(session, vault, referral, now=act.now)
    profile = from_snapshot(disclosed.values)
    client = Client(
        id=uuid4(), agency_id=referral.to_agency_id, team_id=referral.to_team_id,
        worker_id=worker_id, opened_at=act.now, changed_at=act.now,
        received_from=referral.id,
    )  # fmt: skip
    seal_profile(vault, client, profile)
    session.add(client)
    session.flush()
    add_keys(session, vault, [(client, profile)])
    note_added(session, client)
    return client


def _as_sent(session: Session, referral: Referral) -> dict[str, int]:
    need = session.get_one(Need, referral.need_id)
    return {"urgency": need.urgency, "importance": need.importance, "acuity": need.acuity}
