"""What a supervisor of the demo network tries and notes, once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from referral_hub.gateways.figures.folder import FigureFolder
from referral_hub.gateways.figures.reading import FigureColumns
from referral_hub.rules.improvements import Stage
from referral_hub.use_cases.figure_links import list_links
from referral_hub.use_cases.figure_notes import list_notes
from referral_hub.use_cases.show_improvements import list_cycles
from seed.demo_supervision import AGENCY, EMAIL, load_supervision, supervisor_of_demo
from tests.network import SUPERVISOR, VAULT, Network


@pytest.mark.parametrize("times", [1, 2])
def test_there_is_an_open_and_a_closed_improvement_a_note_and_a_link(
    sqlite_session: Session, now: datetime, tmp_path: Path, times: int
) -> None:
    session = sqlite_session
    network = Network(session)
    network.person("Solomon Pryce", network.agency(AGENCY), SUPERVISOR, email=EMAIL)
    for _ in range(times):
        load_supervision(session, VAULT, now=now)
    supervisor = supervisor_of_demo(session, VAULT, now)
    figures = FigureColumns(FigureFolder(tmp_path / "figures"))
    cycles = list_cycles(session, supervisor, VAULT, figures, now=now)
    assert [cycle.stage for cycle in cycles] == [Stage.STUDY, Stage.CLOSED]
    assert len(list_notes(session, supervisor, VAULT)) == 1
    assert len(list_links(session, supervisor, VAULT)) == 1


@pytest.mark.parametrize("hour", [0, 5, 6, 23])
def test_it_is_tried_at_any_hour_also_where_the_network_has_another_day(
    sqlite_session: Session, hour: int
) -> None:
    network = Network(sqlite_session)
    network.person("Solomon Pryce", network.agency(AGENCY), SUPERVISOR, email=EMAIL)
    load_supervision(sqlite_session, VAULT, now=datetime(2026, 12, 1, hour, 20, tzinfo=UTC))
