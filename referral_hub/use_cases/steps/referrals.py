"""A referral inside a transaction: found for somebody, and moved on by an event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Need, Referral, ReferralEvent
from referral_hub.rules.actor import Actor, Application, Person, System, acting_agency, actor_label
from referral_hub.rules.errors import NotFound, VersionConflict
from referral_hub.rules.event_sight import Sight, sight_of
from referral_hub.rules.permissions import NOTHING_HERE
from referral_hub.rules.referral_lifecycle import LABEL, Move, Part, Side, Status
from referral_hub.rules.referral_parts import Parties, parts_of, sides_seen
from referral_hub.rules.referral_sight import is_over, is_veiled
from referral_hub.rules.referral_state import (
    STATE_FIELDS,
    Happening,
    ReferralState,
    apply,
    begin,
)
from referral_hub.rules.referrals import Channel, Fact
from referral_hub.use_cases.steps.referral_clocks import Clocks
from referral_hub.use_cases.steps.snapshots import close_snapshots

NOTE = "referral_event.note"


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a referral: who, as what, by which way, and when it is recorded."""

    actor: Actor
    part: Part
    channel: Channel
    now: datetime


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, and what seals it."""

    vault: Vault
    text: str


def parties_of(referral: Referral) -> Parties:
    """Between whom a referral goes."""
    return Parties(
        referral.from_agency_id, referral.from_team_id, referral.to_agency_id, referral.to_team_id
    )


def referral_to_see(
    session: Session, actor: Actor, referral_id: UUID
) -> tuple[Referral, frozenset[Side]]:
    """A referral with the sides on which the actor sees it. Raises NotFound where on none."""
    referral = session.get(Referral, referral_id)
    sides = (
        sides_seen(actor, parties_of(referral), was_sent=referral.first_sent_at is not None)
        if referral
        else frozenset[Side]()
    )
    if referral is None or not sides:
        raise NotFound(NOTHING_HERE)
    return referral, sides


def referral_to_move(
    session: Session, actor: Actor, referral_id: UUID
) -> tuple[Referral, frozenset[Part]]:
    """A referral, locked, with all that the actor is to it. Raises NotFound where that is nothing.

    What was never sent is the sender's alone.
    """
    referral = locked_referral(session, referral_id)
    if referral is None:
        raise NotFound(NOTHING_HERE)
    parts = parts_of(actor, parties_of(referral))
    if referral.first_sent_at is None:
        parts -= {Part.RECEIVER, Part.RECEIVER_SUPERVISOR, Part.RECEIVER_APPLICATION, Part.STEWARD}
    if not parts:
        raise NotFound(NOTHING_HERE)
    return referral, parts


def locked_referral(
    session: Session, referral_id: UUID, *, skip_locked: bool = False
) -> Referral | None:
    """A referral as it stands now, locked against other changes; None where it is not there or,
    with `skip_locked`, where somebody else is at it.

    Its need is locked first. Everybody locks in this order, and so nobody waits for each other:
    needs, referrals, clients, the consent. None of them keeps out what only points at the row.
    """
    need = (
        select(Need.id)
        .join(Referral, Referral.need_id == Need.id)
        .where(Referral.id == referral_id)
        .with_for_update(of=Need, key_share=True, skip_locked=skip_locked)
    )
    if session.execute(need).first() is None:
        return None
    return session.scalars(
        select(Referral)
        .where(Referral.id == referral_id)
        .with_for_update(key_share=True, skip_locked=skip_locked)
        .execution_options(populate_existing=True)
    ).one_or_none()


def require_version(referral: Referral, version: int | None) -> None:
    """Raise VersionConflict when somebody moved it since the caller saw it (None: does not ask)."""
    if version is not None and version != referral.version:
        now = LABEL[Status(referral.status)].lower()
        message = f"Somebody changed this referral meanwhile. It is now: {now}. Look at it again."
        raise VersionConflict(message, referral.version)


def record_event(
    session: Session,
    referral: Referral,
    act: Act,
    kind: str,
    *,
    to_status: Status | None = None,
    reason_code: str | None = None,
    data: Mapping[str, Any] | None = None,
    occurred_at: datetime | None = None,
    words: Words | None = None,
) -> ReferralEvent:
    """Write what happens, bring the row and its clocks to where it leads, and close what the
    receiver has no need to know any more. The worker tells the others.

    The row must be locked, or new. Every caller has decided already that it may happen.
    """
    event = ReferralEvent(
        id=uuid4(),
        referral_id=referral.id,
        seq=(referral.seq or 0) + 1,
        kind=str(kind),
        from_status=referral.status,
        to_status=to_status or referral.status,
        actor=actor_label(act.actor),
        actor_person_id=person_of(act.actor),
        actor_agency_id=acting_agency(act.actor),
        actor_part=act.part,
        channel=act.channel,
        occurred_at=occurred_at or act.now,
        recorded_at=act.now,
        reason_code=reason_code,
        data=dict(data or {}),
    )
    if words is not None and words.text:
        event.note_sealed = words.vault.seal(NOTE, event.id, words.text)
    session.add(event)
    happening = happening_of(event)
    drafted = kind == Fact.DRAFTED
    fold(referral, begin(happening) if drafted else apply(state_of(referral), happening))
    Clocks(session).advance(referral, event)
    if is_over(Status(referral.status), accepted=referral.accepted_at is not None):
        close_snapshots(session, referral.id, act.now)
    session.flush()
    return event


def reason_asked(session: Session, referral: Referral) -> str | None:
    """The reason that the sender gave when it last asked to withdraw."""
    return session.scalars(
        select(ReferralEvent.reason_code)
        .where(
            ReferralEvent.referral_id == referral.id,
            ReferralEvent.kind == Move.REQUEST_WITHDRAWAL,
        )
        .order_by(ReferralEvent.seq.desc())
        .limit(1)
    ).first()


def happening_of(event: ReferralEvent) -> Happening:
    """An event as the rules see it."""
    return Happening(
        event.seq, event.kind, event.from_status, event.to_status, event.occurred_at,
        event.recorded_at, event.reason_code, event.data,
    )  # fmt: skip


def was_veiled(referral: Referral, recorded_at: datetime) -> bool:
    """Whether something was recorded while the sender learned the status only."""
    return is_veiled(recorded_at, referral.veiled_from, referral.veiled_until)


def seen_of_event(
    referral: Referral, event: ReferralEvent, side: Side, *, closed: bool = False
) -> Sight:
    """How much of an event of a referral a side sees, by `rules.event_sight`."""
    return sight_of(
        event.kind, event.from_status, event.to_status, event.actor_part, side,
        closed=closed, veiled=was_veiled(referral, event.recorded_at),
    )  # fmt: skip


def state_of(referral: Referral) -> ReferralState:
    """The row as the rules see it."""
    return ReferralState(**{name: getattr(referral, name) for name in STATE_FIELDS})


def fold(referral: Referral, state: ReferralState) -> None:
    """Bring the row to a state."""
    for name in STATE_FIELDS:
        setattr(referral, name, getattr(state, name))


def channel_of(actor: Actor) -> Channel:
    """By which way an actor comes, where nobody says it."""
    match actor:
        case Application():
            return Channel.API
        case System():
            return Channel.SYSTEM
    return Channel.PAGE


def person_of(actor: Actor) -> UUID | None:
    """The person who acts, or for whom an application acts; None where there is none."""
    acting = actor.person if isinstance(actor, Application) else actor
    return acting.person_id if isinstance(acting, Person) else None
