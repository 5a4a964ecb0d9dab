"""What figures are made of: referrals with their events and clocks, as rules see them."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Row, select
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.layout import RESPONSE_DAYS
from referral_hub.gateways.figures.writing import Counted, SentReferral
from referral_hub.models import (
    Address,
    Base,
    Location,
    Referral,
    ReferralClock,
    ReferralEvent,
    ServiceAtLocation,
)
from referral_hub.rules.business_time import WorkCalendar, add_business
from referral_hub.rules.clients import SendMode
from referral_hub.rules.measured_state import KeptTime, measured
from referral_hub.rules.places import Place, PlaceNotFound
from referral_hub.rules.referral_state import Happening
from referral_hub.rules.referrals import Clock, Fact
from referral_hub.rules.response_deadlines import LONGEST_EXPIRY_PAUSE
from referral_hub.use_cases.steps.referral_clocks import Clocks

log = logging.getLogger(__name__)
NO_AREA = ""
USUAL_EXPIRY = timedelta(days=14)
"""How long a referral waits to expire of which no time is kept."""
_CHOICES = (SendMode.SINGLE, SendMode.RANKED)
"""Agencies are tried one after the other: one can be the first choice."""


class Places(Protocol):
    """Where ZIP codes are."""

    def find(self, text: str) -> Place:
        """The place of a ZIP code. Raises PlaceNotFound."""


class FigureRows:
    """Reads referrals for figures. What it learns of agencies and places it asks for once."""

    def __init__(self, session: Session, places: Places) -> None:
        self._session, self._places = session, places
        self._calendars: dict[tuple[UUID, int], WorkCalendar] = {}
        self._areas: dict[UUID, str] = {}

    def read(self, ids: Sequence[UUID], position: int, known: int) -> Iterator[Counted]:
        """What is to be counted of referrals up to a position in the order of the hub. What the
        events up to the position `known` tell is there already."""
        events, times = self._events(ids, position), self._times(ids)
        rows: Sequence[Any] = self._session.execute(
            select(*_SENT).where(Referral.id.in_(ids), Referral.first_sent_at.is_not(None))
        ).all()
        self._learn_areas({row.service_id for row in rows})
        for row in sorted(rows, key=lambda each: (each.first_sent_at, each.id)):
            mine = events.get(row.id, [])
            seen = max((e.seq for e in mine if e.position <= known), default=0)
            if not mine or mine[0].kind != Fact.DRAFTED:
                log.warning("Referral %s has no beginning, and is in no figure", row.id)
                continue
            states = [*measured(map(_happening, mine), times[row.id], seen)]
            if states:
                yield Counted(self._sent(row, times[row.id]), states)

    def _events(self, ids: Sequence[UUID], position: int) -> Mapping[UUID, list[Row[Any]]]:
        found = defaultdict(list)
        for row in self._session.execute(
            select(*_EVENT)
            .where(ReferralEvent.referral_id.in_(ids), ReferralEvent.position <= position)
            .order_by(ReferralEvent.referral_id, ReferralEvent.seq)
        ):
            found[row.referral_id].append(row)
        return found

    def _times(self, ids: Sequence[UUID]) -> Mapping[UUID, list[KeptTime]]:
        found = defaultdict(list)
        for row in self._session.execute(select(*_CLOCK).where(ReferralClock.referral_id.in_(ids))):
            found[row.referral_id].append(
                KeptTime(
                    Clock(row.clock),
                    row.started_at,
                    row.due_at,
                    row.paused_at,
                    row.left_seconds,
                    row.ended_at,
                )
            )
        return found

    def _sent(self, row: Row[Any], times: Sequence[KeptTime]) -> SentReferral:
        return SentReferral(
            id=row.id,
            need_id=row.need_id,
            client_id=row.client_id,
            need_code=row.need_code,
            area=self._areas.get(row.service_id, NO_AREA),
            service_id=row.service_id,
            from_agency_id=row.from_agency_id,
            to_agency_id=row.to_agency_id,
            from_team_id=row.from_team_id,
            to_team_id=row.to_team_id,
            sender_id=row.sender_id,
            is_choice=row.mode in _CHOICES,
            sent_at=row.first_sent_at,
            decidable_at=self._decidable_at(row.to_agency_id, row.first_sent_at, times),
            answer_by=self._answer_by(row.to_agency_id, row.first_sent_at),
        )

    def _answer_by(self, agency_id: UUID, sent_at: datetime) -> tuple[datetime, ...]:
        calendar = self._calendar(agency_id, sent_at)
        found, at, passed = [], sent_at, 0
        for days in RESPONSE_DAYS:
            at = add_business(at, days - passed, calendar)
            passed = days
            found.append(at)
        return tuple(found)

    def _decidable_at(
        self, agency_id: UUID, sent_at: datetime, times: Sequence[KeptTime]
    ) -> datetime:
        """When the first time to expire is over, and the longest pause that can hold it up."""
        mine = [each for each in times if each.clock is Clock.EXPIRE]
        first = min(mine, key=lambda each: each.started_at, default=None)
        due_at = sent_at + USUAL_EXPIRY if first is None else first.due_at
        return LONGEST_EXPIRY_PAUSE.after(due_at, self._calendar(agency_id, sent_at))

    def _calendar(self, agency_id: UUID, at: datetime) -> WorkCalendar:
        key = agency_id, at.year
        if key not in self._calendars:
            self._calendars[key] = Clocks(self._session).calendar_of_agency(agency_id, at)
        return self._calendars[key]

    def _learn_areas(self, service_ids: set[UUID]) -> None:
        """The county of each service's first public place: where the help is, not who gets it."""
        asked = service_ids - self._areas.keys()
        if not asked:
            return
        self._areas |= dict.fromkeys(asked, NO_AREA)
        for service_id, zip_code in self._session.execute(
            select(ServiceAtLocation.service_id, Address.postal_code)
            .join(Location, Location.id == ServiceAtLocation.location_id)
            .join(Address, Address.location_id == Location.id)
            .where(ServiceAtLocation.service_id.in_(asked), Location.confidential.is_(False))
            .order_by(ServiceAtLocation.id.desc(), Address.id.desc())
        ):
            self._areas[service_id] = self._area(zip_code) or self._areas[service_id]

    def _area(self, zip_code: str | None) -> str:
        try:
            return self._places.find((zip_code or "")[:5]).county or NO_AREA
        except PlaceNotFound:
            return NO_AREA


def _happening(row: Row[Any]) -> Happening:
    return Happening(
        row.seq, row.kind, row.from_status, row.to_status, row.occurred_at, row.recorded_at,
        row.reason_code, row.data,
    )  # fmt: skip


def _columns(table: type[Base], *names: str) -> tuple[ColumnElement[Any], ...]:
    """Plain columns: so many rows are read that objects would take most of the time."""
    return tuple(table.__table__.c[name] for name in names)


_SENT = _columns(
    Referral, "id", "need_id", "client_id", "need_code", "service_id", "from_agency_id",
    "to_agency_id", "from_team_id", "to_team_id", "sender_id", "mode", "first_sent_at",
)  # fmt: skip
_EVENT = _columns(
    ReferralEvent, "referral_id", "seq", "position", "kind", "from_status", "to_status",
    "occurred_at", "recorded_at", "reason_code", "data",
)  # fmt: skip
_CLOCK = _columns(
    ReferralClock, "referral_id", "clock", "started_at", "due_at", "paused_at", "left_seconds",
    "ended_at",
)  # fmt: skip
