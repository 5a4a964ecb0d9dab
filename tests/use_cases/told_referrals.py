"""Referrals to which things happen at any time, written as events with rows and clocks."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Referral, ReferralClock, ReferralEvent
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referral_state import STATE_FIELDS, Happening, ReferralState, apply, begin
from referral_hub.rules.referrals import Channel, Fact, Priority
from referral_hub.use_cases.steps.referral_clocks import Clocks
from tests.referral_world import World, a_client, a_need


class Told:
    """One referral from the sender to the receiver of a world."""

    session: Session
    id: UUID
    referral: Referral

    @classmethod
    def of(cls, session: Session, referral: Referral) -> "Told":
        """One that is there already."""
        made = cls.__new__(cls)
        made.session, made.id, made.referral = session, referral.id, referral
        return made

    def __init__(
        self, session: Session, world: World, at: datetime, priority: Priority = Priority.ROUTINE
    ) -> None:
        client = a_client(session, world.sender)
        need = a_need(session, client)
        self.session = session
        self.id = uuid4()
        drafted = Happening(
            1, Fact.DRAFTED, Status.DRAFT, Status.DRAFT, at, at, None, {"priority": priority}
        )
        self.referral = Referral(
            id=self.id, client_id=client.id, need_id=need.id, need_code="food",
            service_id=world.receiver.service_id, from_agency_id=world.sender.agency_id,
            from_team_id=world.sender.team_id, sender_id=world.sender.case_manager.person_id,
            to_agency_id=world.receiver.agency_id, to_team_id=world.receiver.team_id,
            categories=["contact"], created_at=at, **state_values(begin(drafted)),
        )  # fmt: skip
        session.add(self.referral)
        session.commit()

    def tell(
        self,
        kind: Move | Fact,
        to_status: Status,
        at: datetime,
        *,
        recorded_at: datetime | None = None,
        reason_code: str | None = None,
        **data: Any,
    ) -> None:
        """Let something happen, whatever the table of moves says about it."""
        self.write(kind, to_status, at, recorded_at, reason_code, **data)
        self.session.commit()

    def write(
        self,
        kind: Move | Fact,
        to_status: Status,
        at: datetime,
        recorded_at: datetime | None = None,
        reason_code: str | None = None,
        **data: Any,
    ) -> None:
        """Write it in the transaction that is going on."""
        referral = self.referral
        recorded_at = recorded_at or at
        event = ReferralEvent(
            referral_id=self.id, seq=referral.seq + 1, kind=kind, from_status=referral.status,
            to_status=to_status, actor="test", actor_part="sender", channel=Channel.PAGE,
            occurred_at=at, recorded_at=recorded_at, reason_code=reason_code, data=data,
        )  # fmt: skip
        self.session.add(event)
        state = ReferralState(**{name: getattr(referral, name) for name in STATE_FIELDS})
        happening = Happening(
            event.seq, kind, referral.status, to_status, at, recorded_at, reason_code, data
        )
        for name, value in state_values(apply(state, happening)).items():
            setattr(referral, name, value)
        Clocks(self.session).advance(referral, event)

    def send(self, at: datetime) -> None:
        self.tell(Move.SEND, Status.SENT, at)

    def ask(self, at: datetime) -> None:
        self.tell(Move.ASK, Status.INFO_REQUESTED, at)

    def answer(self, at: datetime) -> None:
        self.tell(Move.ANSWER, Status.ACKNOWLEDGED, at)

    def accept(self, at: datetime) -> None:
        self.tell(Move.ACCEPT, Status.ACCEPTED, at, first_contact_by=at.isoformat())

    def clocks(self) -> dict[str, ReferralClock]:
        """The clocks that run or stand still, by what they wait for."""
        return {row.clock: row for row in self.all_clocks() if row.ended_at is None}

    def all_clocks(self) -> list[ReferralClock]:
        rows = self.session.scalars(
            select(ReferralClock)
            .where(ReferralClock.referral_id == self.id)
            .order_by(ReferralClock.started_at, ReferralClock.clock)
        )
        return list(rows)

    def endings(self) -> dict[str, str | None]:
        """How each clock ended; of several for one thing the last one."""
        return {row.clock: row.ended for row in self.all_clocks()}

    def events(self, kind: Move | Fact) -> list[ReferralEvent]:
        return events_of(self.session, self.id, kind)


def events_of(session: Session, referral_id: UUID, kind: Move | Fact) -> list[ReferralEvent]:
    rows = session.scalars(
        select(ReferralEvent)
        .where(ReferralEvent.referral_id == referral_id, ReferralEvent.kind == kind)
        .order_by(ReferralEvent.seq)
    )
    return list(rows)


def state_values(state: ReferralState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in STATE_FIELDS}
