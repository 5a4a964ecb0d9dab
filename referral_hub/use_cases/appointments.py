"""Appointments of the agency that took a referral on with the client: made, moved, and what came
of them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Referral
from referral_hub.rules.actor import Actor
from referral_hub.rules.appointments import (
    PAST_ONLY,
    Appointment,
    check_next,
    check_time,
    check_words,
)
from referral_hub.rules.errors import IllegalMove, NotFound
from referral_hub.rules.permissions import NOTHING_HERE, Permission, require
from referral_hub.rules.referral_lifecycle import UNDER_WAY, Side
from referral_hub.rules.referral_parts import side_of
from referral_hub.rules.referral_state import is_taken_on
from referral_hub.rules.referrals import AppointmentState, Channel, Fact
from referral_hub.use_cases.steps.appointments import appointments_of_referral
from referral_hub.use_cases.steps.referrals import Act, Words, record_event
from referral_hub.use_cases.steps.telling import (
    audit_telling,
    client_reached,
    meant,
    referral_to_tell,
)
from referral_hub.use_cases.transaction import transaction


def make_appointment(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    at: datetime,
    place: str = "",
    *,
    channel: Channel,
    now: datetime,
) -> UUID:
    """Make an appointment with the client; returns its id. The sender learns when it is, and
    nothing of `place`.

    Raises NotFound, InvalidInput, and IllegalMove where the referral is not under way.
    """
    require(actor, Permission.APPOINTMENT_RECORD)
    check_words(place, "place")
    with transaction(session):
        referral, act = referral_to_tell(session, actor, referral_id, channel, now)
        _require_receiver(referral, act, may=referral.status in UNDER_WAY)
        at = meant(at, referral.accepted_at)
        check_time(at, referral.accepted_at, now)
        made = Appointment(uuid4(), at, AppointmentState.SCHEDULED)
        _record(session, referral, act, made, Words(vault, place.strip()))
        return made.id


def tell_of_appointment(
    session: Session,
    actor: Actor,
    vault: Vault,
    referral_id: UUID,
    appointment_id: UUID,
    state: AppointmentState,
    *,
    at: datetime | None = None,
    note: str = "",
    channel: Channel,
    now: datetime,
) -> None:
    """Move an appointment to another time, cancel it, or say whether the client came: who came was
    reached. What came of it can be said after the referral has ended, too.

    Raises NotFound, InvalidInput, and IllegalMove for what cannot follow.
    """
    require(actor, Permission.APPOINTMENT_RECORD)
    check_words(note, "note")
    with transaction(session):
        referral, act = referral_to_tell(session, actor, referral_id, channel, now)
        may_move = referral.status in UNDER_WAY
        may_end = is_taken_on(referral.status, referral.accepted_at)
        moved = state is AppointmentState.MOVED
        _require_receiver(referral, act, may=may_move if moved else may_end)
        before = _appointment(session, referral.id, appointment_id)
        check_next(before, state, at, now)
        if at is not None:
            at = meant(at, referral.accepted_at)
            check_time(at, referral.accepted_at, now)
        told = Appointment(before.id, at or before.at, state)
        _record(session, referral, act, told, Words(vault, note.strip()))
        if state is AppointmentState.ATTENDED:
            client_reached(session, referral, act, told.at)


def _require_receiver(referral: Referral, act: Act, *, may: bool) -> None:
    if side_of(act.part) is not Side.RECEIVER or not may:
        message = "Appointments with the client are those of the agency that accepted the referral."
        raise IllegalMove(message, referral.status, Fact.APPOINTMENT)


def _appointment(session: Session, referral_id: UUID, appointment_id: UUID) -> Appointment:
    for each in appointments_of_referral(session, referral_id):
        if each.id == appointment_id:
            return each
    raise NotFound(NOTHING_HERE)


def _record(
    session: Session, referral: Referral, act: Act, told: Appointment, words: Words
) -> None:
    """Write it down. Whether the client came is told of the time of the appointment."""
    data = {
        "appointment_id": str(told.id), "at": told.at.isoformat(), "state": told.state.value,
    }  # fmt: skip
    occurred_at = told.at if told.state in PAST_ONLY else act.now
    record_event(
        session, referral, act, Fact.APPOINTMENT, data=data, occurred_at=occurred_at, words=words
    )
    audit_telling(session, act, "appointment:record", referral)
