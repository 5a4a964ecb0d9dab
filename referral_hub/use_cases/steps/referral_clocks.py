"""Keeping the clocks of a referral in the transaction that records what happened to it."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.holidays import holidays_of
from referral_hub.models import Agency, Referral, ReferralClock, ReferralEvent
from referral_hub.rules.business_time import WorkCalendar
from referral_hub.rules.deadline_reminders import ACTS_BY_ITSELF, acts_at
from referral_hub.rules.network_settings import network_calendar, network_limits
from referral_hub.rules.referral_lifecycle import Move, Status
from referral_hub.rules.referral_state import tells_of_contact
from referral_hub.rules.referrals import Clock, ClockEnd, Fact, Priority
from referral_hub.rules.response_deadlines import (
    DECISION_REVERSIBLE,
    LONGEST_PAUSE,
    NO_EFFECTS,
    OWED,
    RESENDABLE,
    WITHDRAWAL_LIMIT,
    Limit,
    Pause,
    date_is_due,
    effects_of,
    read_limit,
)
from referral_hub.rules.setting_kinds import Value
from referral_hub.use_cases.steps.network import network_settings
from referral_hub.use_cases.steps.service_clocks import limits_of_service
from referral_hub.use_cases.transaction import found_once

YEARS_AHEAD = 2
_DATE = "date"
Running = dict[Clock, ReferralClock]


class Clocks:
    """The clocks of referrals, by the settings of the network, the receiver and the service.

    Made anew in each transaction. Whoever calls holds the lock of the referral.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def advance(self, referral: Referral, event: ReferralEvent) -> None:
        """Let the clocks follow an event that the referral's row has followed already."""
        told = event.kind in set(Fact)
        effects = effects_of(
            event.kind,
            event.to_status,
            reached=tells_of_contact(event.kind, event.data) if told else _reached(referral),
            started=referral.started_at is not None,
        )
        if effects == NO_EFFECTS:
            return
        calendar = self.calendar_of(referral, event.occurred_at)
        with self._session.no_autoflush:  # the event and what it changes are written at once
            running = self._running(referral)
        for clock in effects.meet & running.keys():
            _end(running.pop(clock), ClockEnd.MET, _met_at(clock, referral, event))
        for clock in effects.cancel & running.keys():
            _end(running.pop(clock), ClockEnd.CANCELLED, event.occurred_at)
        for clock in effects.resume & running.keys():
            _resume(running[clock], referral, event.occurred_at, calendar)
        for clock in sorted(effects.start):
            started = self._start(clock, referral, event, calendar)
            if started is None:
                continue
            if clock in effects.as_before:
                self._go_on(started, referral, calendar)
            if clock in running:
                _end(running[clock], ClockEnd.CANCELLED, event.occurred_at)
            running[clock] = started
        for clock in effects.pause & running.keys():
            _pause(running[clock], event.occurred_at, calendar)
        _show(referral, running)

    def remind(self, referral: Referral, row: ReferralClock, now: datetime) -> None:
        """Note that people were reminded of a clock, and when to do so next."""
        row.reminders += 1
        calendar = self.calendar_of(referral, now)
        row.act_at = _acts_at(row, referral, row.due_at, calendar)

    def decided_within(self, referral: Referral, at: datetime) -> datetime:
        """Until when a decision of then can be taken back."""
        return DECISION_REVERSIBLE.after(at, self.calendar_of(referral, at))

    def resend_within(self, referral: Referral, at: datetime) -> datetime:
        """Until when a referral that expired then can be sent again."""
        return RESENDABLE.after(at, self.calendar_of(referral, at))

    def expires_at(self, referral: Referral) -> datetime | None:
        """When the referral expires, should nobody answer; None where it does not."""
        row = self._running(referral).get(Clock.EXPIRE)
        return row.act_at if row is not None else None

    def calendar_of(self, referral: Referral, around: datetime) -> WorkCalendar:
        """When the receiving agency works. Holidays are known from a year before to two after."""
        return self.calendar_of_agency(referral.to_agency_id, around)

    def calendar_of_agency(self, agency_id: UUID, around: datetime) -> WorkCalendar:
        """When an agency works."""
        name = ("calendar", agency_id, around.year)
        return found_once(self._session, name, lambda: self._calendar(agency_id, around.year))

    def _calendar(self, agency_id: UUID, year: int) -> WorkCalendar:
        agency = self._session.get_one(Agency, agency_id)
        zone = agency.time_zone or str(self._settings["time_zone"])
        region = agency.holiday_region or str(self._settings["holiday_region"])
        years = range(year - 1, year + YEARS_AHEAD + 1)
        return network_calendar(self._settings, zone, holidays_of(region, years))

    @cached_property
    def _settings(self) -> Mapping[str, Value]:
        return found_once(
            self._session, "network settings", lambda: network_settings(self._session)
        )

    def _limit(self, clock: Clock, referral: Referral) -> tuple[str, Limit] | None:
        """Whose limit it is, and how long; None where there is no limit."""
        if clock is Clock.WITHDRAWAL:
            return "hub", WITHDRAWAL_LIMIT
        service_id, priority = referral.service_id, Priority(referral.priority)
        own = found_once(
            self._session,
            ("limits", service_id),
            lambda: limits_of_service(self._session, service_id),
        )
        if (clock, priority) in own:
            of_service = own[clock, priority]
            return ("service", of_service) if of_service.amount else None
        limit = network_limits(self._settings).get((clock, priority))
        return None if limit is None else ("network", limit)

    def _running(self, referral: Referral) -> Running:
        rows = self._session.scalars(
            select(ReferralClock).where(
                ReferralClock.referral_id == referral.id, ReferralClock.ended_at.is_(None)
            )
        )
        return {Clock(row.clock): row for row in rows}

    def _start(
        self, clock: Clock, referral: Referral, event: ReferralEvent, calendar: WorkCalendar
    ) -> ReferralClock | None:
        # Asking to withdraw gives the other side its full time, whenever the asking was meant; and
        # what is told late is news all the same.
        told_now = clock in (Clock.WITHDRAWAL, Clock.STALE)
        begun = event.recorded_at if told_now else event.occurred_at
        if clock is Clock.REVIEW:
            if referral.review_on is None:
                return None
            rule, due_at = _DATE, date_is_due(referral.review_on, begun, calendar)
        else:
            found = self._limit(clock, referral)
            if found is None:
                return None
            rule, due_at = f"{found[0]} {found[1]}", found[1].after(begun, calendar)
        row = ReferralClock(
            referral_id=referral.id, clock=clock, rule=rule, started_at=begun, due_at=due_at,
            reminders=0, paused_seconds=0,
        )  # fmt: skip
        row.act_at = _acts_at(row, referral, due_at, calendar)
        self._session.add(row)
        return row

    def _go_on(self, row: ReferralClock, referral: Referral, calendar: WorkCalendar) -> None:
        """Let a clock that begins again end no earlier than the last one that ended for the same
        wait would have, and let pauses take no longer than for one."""
        with self._session.no_autoflush:
            last = self._session.scalars(
                select(ReferralClock)
                .where(
                    ReferralClock.referral_id == referral.id,
                    ReferralClock.clock == row.clock,
                    ReferralClock.ended_at.is_not(None),
                )
                .order_by(ReferralClock.started_at.desc(), ReferralClock.ended_at.desc())
                .limit(1)
            ).first()
        if last is None or last.ended_at is None:
            return
        due_at, row.paused_seconds = last.due_at, last.paused_seconds
        if last.paused_at is not None:  # it stood still when the decision came
            pause = _the_pause(last)
            due_at = pause.due_if_resumed(last.ended_at, _limit_of(last), calendar)
            row.paused_seconds = pause.used_if_resumed(last.ended_at, calendar)
        if due_at > row.due_at:
            row.rule, row.due_at = last.rule, due_at
            row.act_at = _acts_at(row, referral, due_at, calendar)


def _end(row: ReferralClock, how: ClockEnd, at: datetime) -> None:
    row.ended_at = max(at, row.started_at)
    row.ended = ClockEnd.MISSED if _was_over(row, at) else how
    row.act_at = None


def _was_over(row: ReferralClock, at: datetime) -> bool:
    """Whether the time was over before. A clock that stands still is over where it was so when it
    was stopped, or where the pause grew too long. What the hub acts on is over in that moment."""
    over_at = row.due_at
    if row.paused_at is not None and (row.left_seconds or 0) > 0:
        if row.act_at is None:
            return False
        over_at = row.act_at
    return at >= over_at if row.clock in ACTS_BY_ITSELF else at > over_at


def _pause(row: ReferralClock, at: datetime, calendar: WorkCalendar) -> None:
    if row.paused_at is not None or row.rule == _DATE:
        return
    at = max(at, row.started_at)
    limit = _limit_of(row)
    row.paused_at = at
    row.left_seconds = limit.seconds_between(at, row.due_at, calendar)
    row.act_at = _the_pause(row).due_at_the_latest(limit, calendar)


def _resume(row: ReferralClock, referral: Referral, at: datetime, calendar: WorkCalendar) -> None:
    if row.paused_at is None:
        return
    pause = _the_pause(row)
    row.due_at = pause.due_if_resumed(at, _limit_of(row), calendar)
    row.paused_seconds = pause.used_if_resumed(at, calendar)
    row.paused_at = row.left_seconds = None
    row.act_at = _acts_at(row, referral, row.due_at, calendar)


def _the_pause(row: ReferralClock) -> Pause:
    return Pause(
        row.paused_at or row.started_at,
        row.left_seconds or 0,
        row.due_at,
        LONGEST_PAUSE.get(Clock(row.clock)),
        row.paused_seconds,
    )


def _limit_of(row: ReferralClock) -> Limit:
    return read_limit(row.rule.rpartition(" ")[2])


def _acts_at(
    row: ReferralClock, referral: Referral, due_at: datetime, calendar: WorkCalendar
) -> datetime | None:
    clock, priority = Clock(row.clock), Priority(referral.priority)
    return acts_at(clock, priority, due_at, row.reminders, calendar)


def _show(referral: Referral, running: Running) -> None:
    """Put the earliest time that the side with the next word must keep on the referral."""
    owed = [
        (row.due_at, clock)
        for clock, row in running.items()
        if clock in OWED[Status(referral.status)] and row.paused_at is None
    ]
    referral.due_at, referral.due_clock = min(owed, default=(None, None))


def _reached(referral: Referral) -> bool:
    return referral.first_contact_at is not None


def _met_at(clock: Clock, referral: Referral, event: ReferralEvent) -> datetime:
    """Work that begins after a contact was recorded with it was begun by that contact."""
    contact = referral.first_contact_at
    if clock is Clock.FIRST_CONTACT and event.kind == Move.START and contact is not None:
        return min(contact, event.occurred_at)
    return event.occurred_at
