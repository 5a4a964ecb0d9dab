"""What is published tells nobody a small count, whatever they compute from all of it."""

from datetime import UTC, datetime, time, timedelta
from itertools import product
from pathlib import Path
from random import Random

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.gateways.figures.writing import FigureWriter
from referral_hub.models import Agency, Publication, Referral
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import NotPermitted
from referral_hub.rules.figure_query import SETTLED
from referral_hub.rules.published_figures import Cut, Outcome, Quarter, published_on
from referral_hub.rules.suppression import SMALLEST_COUNT
from referral_hub.use_cases.publish_figures import publish_figures, show_published
from tests.figure_world import WORKER, Counted
from tests.random_logs import AGENCIES, BEGIN, Log, counted, random_logs
from tests.referral_acts import CHICAGO, in_status
from tests.referral_world import NOW, VAULT

RIPE = datetime(2026, 12, 31, tzinfo=UTC)
QUARTERS = [Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)]


def logs_of(seed: int) -> list[Log]:
    return random_logs(Random(seed), 260, RIPE)


@pytest.fixture(params=[1, 2])
def figures(
    request: pytest.FixtureRequest, sqlite_session: Session, tmp_path: Path
) -> FigureColumns:
    """Random referrals of four agencies, all counted."""
    for number, agency_id in enumerate(AGENCIES):
        sqlite_session.add(
            Agency(
                id=agency_id, name=f"Agency {number}", status=AgencyStatus.PARTNER,
                created_at=BEGIN, status_since=BEGIN,
            )
        )  # fmt: skip
    played = in_status(sqlite_session, "sent")
    row = sqlite_session.get_one(Referral, played.referral_id)
    row.first_sent_at = BEGIN  # so that there is a first quarter
    sqlite_session.commit()
    writer = FigureWriter(FigureFolder(tmp_path))
    writer.put(writer.add(writer.begin(), counted(logs_of(request.param)), 1, RIPE))
    return FigureColumns(FigureFolder(tmp_path))


def publish_all(session: Session, figures: FigureColumns) -> None:
    while publish_figures(session, WORKER, VAULT, figures, now=RIPE):
        pass


class Attacker:
    """Knows everything that is published of a quarter, and that counts are whole numbers."""

    def __init__(self, cells: list[list[object]]) -> None:
        keys = [{cell[place] for cell in cells} - {None} for place in range(len(Cut))]
        self.combinations = [*product(*(sorted(map(str, each)) for each in keys), Outcome)]
        self.facts = [(self._row(cell), cell[-1]) for cell in cells if cell[-1] is not None]
        self.hidden = [cell for cell in cells if cell[-1] is None]

    def _row(self, cell: list[object]) -> "np.typing.NDArray[np.float64]":
        wanted = cell[:-1]
        return np.array(
            [
                float(all(w in (None, n) for w, n in zip(wanted, names, strict=True)))
                for names in self.combinations
            ]
        )

    def range_of(self, cell: list[object]) -> tuple[int, int]:
        """The least and the most that a hidden cell can be."""
        return self._solve(cell, 1), self._solve(cell, -1)

    def _solve(self, cell: list[object], sign: int) -> int:
        known = [LinearConstraint(row, count, count) for row, count in self.facts]
        answer = milp(
            sign * self._row(cell), constraints=known, bounds=Bounds(0, np.inf),
            integrality=np.ones(len(self.combinations)),
        )  # fmt: skip
        return round(sign * answer.fun) if answer.status == 0 else 10**9


def test_no_hidden_cell_is_recovered_from_all_that_is_published(
    sqlite_session: Session, figures: FigureColumns
) -> None:
    publish_all(sqlite_session, figures)
    hidden = 0
    for publication in sqlite_session.scalars(select(Publication)):
        attacker = Attacker(publication.cells)
        for cell in attacker.hidden:
            least, most = attacker.range_of(cell)
            assert most > least
            hidden += 1
        shown = [cell[-1] for cell in publication.cells if cell[-1] is not None]
        assert all(count == 0 or count >= SMALLEST_COUNT for count in shown)
    assert hidden > 10


def test_a_published_number_is_the_number_of_referrals(
    sqlite_session: Session, figures: FigureColumns, request: pytest.FixtureRequest
) -> None:
    """The totals of quarters, counted from the logs, as they stood when the quarter was ripe."""
    publish_all(sqlite_session, figures)
    logs = logs_of(request.node.callspec.params["figures"])
    for quarter in QUARTERS[:2]:
        row = sqlite_session.get_one(Publication, quarter.begins)
        ripe = datetime.combine(quarter.ends, time(), CHICAGO) + timedelta(days=90)
        there = [log.until(ripe) for log in logs if _was_sent_in(log, quarter)]
        states = [log.state for log in there if log.state and log.state.status != "voided"]
        completed = sum(state.status == "completed" for state in states)
        cells = {tuple(cell[:-1]): cell[-1] for cell in row.cells}
        assert cells[None, None, None, None] == len(states)
        assert cells[None, None, None, "completed"] in (completed, None)


def _was_sent_in(log: Log, quarter: Quarter) -> bool:
    return quarter.begins <= log.sent.sent_at.astimezone(CHICAGO).date() < quarter.ends


def test_a_quarter_is_published_once_and_never_changes(
    sqlite_session: Session, figures: FigureColumns
) -> None:
    publish_all(sqlite_session, figures)
    before = {p.quarter: p.cells for p in sqlite_session.scalars(select(Publication))}
    assert before
    assert publish_figures(sqlite_session, WORKER, VAULT, figures, now=RIPE) == 0
    after = {p.quarter: p.cells for p in sqlite_session.scalars(select(Publication))}
    assert after == before


def test_a_quarter_that_is_not_ripe_is_not_published(
    sqlite_session: Session, figures: FigureColumns
) -> None:
    young = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(days=80)
    assert publish_figures(sqlite_session, WORKER, VAULT, figures, now=young) == 0


def test_a_quarter_waits_until_all_that_was_recorded_before_it_was_ripe_can_be_read(
    sqlite_session: Session, figures: FigureColumns
) -> None:
    ripe = datetime.combine(published_on(QUARTERS[0], 90), time(), CHICAGO)
    for now in (ripe, ripe + SETTLED - timedelta(seconds=1)):
        assert publish_figures(sqlite_session, WORKER, VAULT, figures, now=now) == 0
    assert publish_figures(sqlite_session, WORKER, VAULT, figures, now=ripe + SETTLED) == 1


def test_a_quarter_waits_until_all_of_it_is_counted(session: Session, tmp_path: Path) -> None:
    in_status(session, "completed")
    figures = Counted(session, tmp_path)
    ripe = datetime.combine(published_on(Quarter(2026, 4), 90), time(), CHICAGO)
    now = ripe + timedelta(days=2)
    for counted_until, number in ((ripe + SETTLED / 2, 0), (ripe + 2 * SETTLED, 1)):
        figures.count(counted_until)
        found = publish_figures(session, WORKER, VAULT, figures.columns, now=now)
        assert found == number


def test_everybody_who_works_in_the_network_may_read_it_and_nobody_else(
    session: Session, tmp_path: Path
) -> None:
    played = in_status(session, "completed")
    figures = Counted(session, tmp_path)
    ripe = NOW + timedelta(days=200)
    figures.count(ripe)
    assert publish_figures(session, WORKER, VAULT, figures.columns, now=ripe) == 1
    world = played.world
    for actor in (world.sender.case_manager, world.stranger.administrator, world.steward):
        found = show_published(session, actor, None, now=ripe)
        assert found.quarters == [Quarter(2026, 4)]
        assert found.total is not None
        assert found.total.total is None  # one referral: hidden
        ripe_on = published_on(Quarter(2026, 4), 90)
        assert found.as_of == datetime.combine(ripe_on, time(), CHICAGO)
    with pytest.raises(NotPermitted):
        show_published(session, WORKER, None, now=ripe)
    with pytest.raises(NotPermitted):
        publish_figures(session, world.steward, VAULT, figures.columns, now=ripe)
