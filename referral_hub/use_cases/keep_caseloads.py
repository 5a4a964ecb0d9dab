"""Keeping what each worker carried, day by day."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from referral_hub.models import Agency, CaseAssignment, CaseloadDay, CaseloadSignal
from referral_hub.rules.actor import Actor
from referral_hub.rules.case_flow import day_begins
from referral_hub.rules.caseload_signals import reasons_for
from referral_hub.rules.caseload_weights import Load
from referral_hub.rules.permissions import Permission, require
from referral_hub.use_cases.steps.agencies import zone_of
from referral_hub.use_cases.steps.caseloads import CaseloadRules, caseload_rules, cases_at, loads_of
from referral_hub.use_cases.steps.client_staff import workers_of
from referral_hub.use_cases.transaction import let_go, transaction

MOST_DAYS_BACK = 90
"""How far back days are reckoned that nobody kept."""


def keep_caseloads(session: Session, actor: Actor, *, now: datetime) -> int:
    """Keep what each worker carried at the end of each day that is over where they work and was not
    kept yet, and let go signals whose reason is no more; returns how many rows.

    A day that is reckoned late rests on who was responsible then, which is kept, and on how the
    cases weigh now.
    """
    require(actor, Permission.CASELOADS_KEEP)
    agencies = session.scalars(select(Agency.id).order_by(Agency.id)).all()
    return sum(_keep_agency(session, agency_id, now) for agency_id in agencies)


def _keep_agency(session: Session, agency_id: UUID, now: datetime) -> int:
    missing = _missing(session, agency_id, now) if _has_workers(session, agency_id) else []
    let_go(session)
    return sum(_keep_day(session, agency_id, day, now) for day in missing)


def _has_workers(session: Session, agency_id: UUID) -> bool:
    """Whether anybody carries, or could: without them there is nothing to keep of a day."""
    carried = select(
        exists().where(CaseAssignment.agency_id == agency_id, CaseAssignment.worker_id.is_not(None))
    )
    return bool(workers_of(session, agency_id)) or bool(session.scalar(carried))


def _keep_day(session: Session, agency_id: UUID, day: date, now: datetime) -> int:
    """Keep one day, in a transaction of its own: nobody who writes waits for many of them."""
    with transaction(session):
        session.get_one(Agency, agency_id, with_for_update={"key_share": True})
        if day not in _missing(session, agency_id, now):
            return 0
        rules = caseload_rules(session)
        rows = [
            CaseloadDay(
                agency_id=agency_id, day=day, worker_id=worker_id, cases=load.cases,
                points=load.points,
            )
            for worker_id, load in _carried(session, agency_id, day, rules)
        ]  # fmt: skip
        session.add_all(rows)
        if day == _last_day(session, agency_id, now):
            _let_go_signals(session, agency_id, rules, now)
    return len(rows)


def _last_day(session: Session, agency_id: UUID, now: datetime) -> date:
    """The last day that is over."""
    return now.astimezone(zone_of(session, agency_id)).date() - timedelta(days=1)


def _missing(session: Session, agency_id: UUID, now: datetime) -> list[date]:
    """The days that are over and were not kept, from the first case on, the earliest first."""
    last = session.scalar(
        select(func.max(CaseloadDay.day)).where(CaseloadDay.agency_id == agency_id)
    )
    begun = session.scalar(
        select(func.min(CaseAssignment.since)).where(CaseAssignment.agency_id == agency_id)
    )
    if begun is None:
        return []
    zone = zone_of(session, agency_id)
    today = now.astimezone(zone).date()
    first = last + timedelta(days=1) if last else begun.astimezone(zone).date()
    first = max(first, today - timedelta(days=MOST_DAYS_BACK))
    return [first + timedelta(days=number) for number in range((today - first).days)]


def _carried(
    session: Session, agency_id: UUID, day: date, rules: CaseloadRules
) -> Iterable[tuple[UUID, Load]]:
    """What each worker carried when a day ended; those who had nothing too."""
    end = day_begins(day + timedelta(days=1), zone_of(session, agency_id))
    loads = loads_of(cases_at(session, agency_id, end), rules.weights)
    everybody = workers_of(session, agency_id) | loads.keys()
    return ((worker_id, loads.get(worker_id, Load())) for worker_id in sorted(everybody))


def _let_go_signals(session: Session, agency_id: UUID, rules: CaseloadRules, now: datetime) -> None:
    held = session.scalars(
        select(CaseloadSignal).where(CaseloadSignal.agency_id == agency_id)
    ).all()
    loads = loads_of(cases_at(session, agency_id, now), rules.weights) if held else {}
    for signal in held:
        load = loads.get(signal.worker_id, Load())
        if signal.reason not in reasons_for(load, rules.band, rules.limits):
            session.delete(signal)
