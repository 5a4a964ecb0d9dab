"""What charts of caseloads draw, and when they draw no single workers."""

from datetime import date, timedelta

from referral_hub.rules.projection import Week, project
from referral_hub.use_cases.caseload_views import History, TeamFlow
from referral_hub.web.caseload_charts import (
    MOST_LINES,
    expected_chart,
    flow_chart,
    has_a_line_each,
    load_chart,
)
from referral_hub.web.chart_tables import chart_table
from referral_hub.web.figure_charts import Drawn

MONDAY = date(2026, 9, 7)


def team_flow(weeks: int) -> TeamFlow:
    mondays = [MONDAY + timedelta(weeks=at) for at in range(weeks)]
    found = [Week(20 - at, 2, 3) for at in range(weeks)]
    ahead = tuple(MONDAY + timedelta(weeks=weeks + at) for at in range(8))
    together = tuple(zip(mondays, found, strict=True))
    return TeamFlow(together, project(found, 20 - weeks), ahead, None, None)


def history(workers: int) -> History:
    days = (MONDAY, MONDAY + timedelta(weeks=1), MONDAY + timedelta(weeks=2))
    lines = tuple((f"Worker {at}", (None, 10.0 * at, 10.0 * at + 0.5)) for at in range(workers))
    return History(days, lines)


def read(drawn: Drawn) -> list[list[str]]:
    return [
        [cell.text for cell in row.cells] for row in chart_table(drawn.columns, drawn.rows).rows
    ]


def test_arrivals_and_closures_are_counts_by_week() -> None:
    assert read(flow_chart(team_flow(2))) == [
        ["September 7, 2026", "2", "3"], ["September 14, 2026", "2", "3"],
    ]  # fmt: skip


def test_what_is_expected_stands_in_whole_cases_with_its_interval() -> None:
    flow = team_flow(6)
    assert flow.projection
    rows = read(expected_chart(flow))
    assert len(rows) == len(flow.projection.ahead)
    last = flow.projection.last
    assert rows[-1][1:] == [f"{last.mean:.0f}", f"{last.low} to {last.high}"]
    assert expected_chart(team_flow(2)).rows == []


def test_each_worker_has_a_line_and_what_was_not_kept_is_a_gap() -> None:
    drawn = load_chart(history(2))
    assert [each["label"] for each in drawn.columns] == ["End of", "Worker 0", "Worker 1"]
    assert [row[1:] for row in read(drawn)] == [
        ["not kept", "not kept"], ["0.0", "10.0"], ["0.5", "10.5"],
    ]  # fmt: skip


def test_of_more_workers_than_can_be_told_apart_the_middle_is_drawn() -> None:
    assert has_a_line_each(history(MOST_LINES))
    many = history(MOST_LINES + 1)
    assert not has_a_line_each(many)
    assert [row[1:] for row in read(load_chart(many))] == [
        ["not kept", "not kept"], ["30.0", "0.0 to 60.0"], ["30.5", "0.5 to 60.5"],
    ]  # fmt: skip
