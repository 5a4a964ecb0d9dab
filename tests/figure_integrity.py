"""What must hold of figures whatever happened: checked against the events alone."""

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.choosing import ever_sent, everything, stock
from referral_hub.gateways.figures.counting import (
    Terms,
    count_parts,
    flows,
    parts,
    reached,
    standings,
)
from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.models import ReferralEvent
from referral_hub.rules.actor import System
from referral_hub.rules.figure_query import FigureQuery, Oversight
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measures import ACCEPTED, STILL_OPEN, Measure, Stage, Standing, standing_of
from referral_hub.rules.reason_codes import CLOSURE, DECLINE, OUTCOME
from referral_hub.rules.referral_state import Happening, replay
from referral_hub.use_cases.keep_figures import recount_figures
from referral_hub.use_cases.steps.figure_rows import Places
from referral_hub.use_cases.steps.referrals import happening_of

ALL = FigureQuery(date(2001, 1, 1), date(2100, 1, 1))
NETWORK = Oversight(None)
AGO = (0, 3, 30, 120, 300)


def require_true_figures(session: Session, places: Places, folder: Path, now: datetime) -> None:
    """Sums and balances hold, and every time of the past is told as its events had it."""
    events = _events(session)
    recount_figures(session, System("test"), FigureWriter(FigureFolder(folder)), places, now=now)
    columns = FigureColumns(FigureFolder(folder))
    for days in AGO:
        at = now - timedelta(days=days)
        _require_as_known(columns, events, at, now)
    _require_balance(columns, now)


def _events(session: Session) -> dict[UUID, list[Happening]]:
    found = defaultdict(list)
    for event in session.scalars(select(ReferralEvent).order_by(ReferralEvent.seq)):
        found[event.referral_id].append(happening_of(event))
    return found


def _require_as_known(
    columns: FigureColumns, events: dict[UUID, list[Happening]], at: datetime, now: datetime
) -> None:
    expected: Counter[Standing] = Counter()
    for happened in events.values():
        known = [event for event in happened if event.recorded_at <= at]
        state = replay(known) if known else None
        if state is None or state.first_sent_at is None:
            continue
        standing = standing_of(state.status, state.closed_from, accepted=bool(state.accepted_at))
        if standing is None:
            continue
        expected[standing] += 1
        assert all(e.occurred_at <= e.recorded_at for e in known)
        coded = {
            Standing.DECLINED: DECLINE, Standing.UNMET: CLOSURE, Standing.COMPLETED: OUTCOME,
        }.get(standing)  # fmt: skip
        assert coded is None or state.reason_code in coded
    view = columns.view(at, now)
    rows = everything(view, ALL, NETWORK)
    assert standings(view, rows) == dict(expected)
    assert int(reached(view, rows, Stage.ACCEPTED).sum()) == sum(expected[s] for s in ACCEPTED)
    assert len(stock(view, ALL, NETWORK)) == sum(expected[each] for each in STILL_OPEN)
    for measure in Measure:
        assert sum(count_parts(parts(view, rows, measure, Terms(90, 2))).values()) == len(rows)


def _require_balance(columns: FigureColumns, now: datetime) -> None:
    """Opening + sent + reopened - closed - entered in error = closing, week by week."""
    edges = [now - timedelta(weeks=weeks) for weeks in range(20, -1, -1)]
    view = columns.view(None, now)
    rows = ever_sent(view, ALL, NETWORK)
    just_before = timedelta(microseconds=1)
    opening = len(stock(columns.view(edges[0] - just_before, now), ALL, NETWORK))
    for end, flow in zip(edges[1:], flows(view, rows, edges), strict=True):
        come = flow.get(Flow.SENT, 0) + flow.get(Flow.REOPENED, 0)
        gone = flow.get(Flow.CLOSED, 0) + flow.get(Flow.VOIDED, 0)
        closing = len(stock(columns.view(end - just_before, now), ALL, NETWORK))
        assert opening + come - gone == closing
        opening = closing
