"""What charts of figures draw, and what they leave open."""

from datetime import date

from referral_hub.rules.figure_query import Dimension, FigureQuery
from referral_hub.rules.figure_whose import Whose
from referral_hub.rules.funnel import Position
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.measures import Measure, Part, Stage, rate_of
from referral_hub.rules.time_to_event import Spell
from referral_hub.use_cases.figure_views import Comparison, Frame, Group, Overview, Period
from referral_hub.use_cases.steps.figure_curves import curve_view
from referral_hub.web.figure_charts import (
    curve_chart,
    curve_table,
    month_chart,
    stage_chart,
    young_months,
)
from referral_hub.web.figure_comparisons import (
    MOST_GROUPS,
    funnel_chart,
    listed_keys,
    not_drawn,
    range_chart,
    standing_out,
)
from referral_hub.web.figure_input import Shown
from tests.conftest import NOW

FRAME = Frame(
    FigureQuery(date(2026, 1, 1), date(2026, 3, 1)), NOW, False, False, 2, 90, 2, choices={},
    whose=Whose("Full Table"),
)  # fmt: skip
BY_MONTH = (Measure.COMPLETION, Measure.ACCEPTANCE, Measure.RESPONSE)


def overview(sent: int = 4) -> Overview:
    known = rate_of({Part.MET: 1, Part.MISSED: 3, Part.MATURING: 2})
    young = rate_of({Part.MATURING: 5})
    return Overview(
        FRAME, sent, {}, {Stage.SENT: sent, Stage.ACCEPTED: 1}, 0, {},
        (
            Period(date(2026, 1, 1), dict.fromkeys(BY_MONTH, known)),
            Period(date(2026, 2, 1), dict.fromkeys(BY_MONTH, young)),
        ),
        (0, 0),
    )  # fmt: skip


def shown(found: object) -> Shown[object]:
    return Shown(found, {"as_of": None}, {}, date(2026, 3, 1))


def test_a_month_that_is_too_young_is_a_gap_and_no_zero() -> None:
    found = overview()
    rows = month_chart(shown(found), found).rows
    assert [row["completion"] for row in rows] == [0.25, None]
    assert rows[0]["address"].endswith("since=2026-01-01&until=2026-01-31")
    assert rows[1]["address"].endswith("since=2026-02-01&until=2026-02-28")
    assert young_months(found) == [(date(2026, 1, 1), 2, 6), (date(2026, 2, 1), 5, 5)]


def test_stages_are_told_with_their_share_and_of_nothing_there_are_none() -> None:
    found = overview()
    assert [row["stage"] for row in stage_chart(shown(found), found).rows] == [
        "Sent, 100.0%", "Accepted, 25.0%",
    ]  # fmt: skip
    assert stage_chart(shown(found), overview(0)).rows == []


def test_a_curve_is_drawn_as_far_as_anybody_was_seen() -> None:
    view = curve_view(
        Wait.ACCEPTANCE,
        [Spell(1, End.ACCEPTED, 1), Spell(3, End.DECLINED, 1), Spell(12, None, 2)],
    )
    rows = curve_chart(view).rows
    assert [row["day"] for row in rows] == list(range(8))
    assert [row["accepted"] for row in rows[:3]] == [0, 0.25, 0.25]
    assert rows[3]["declined"] == 0.25
    assert [end for end, _ in curve_table(view)] == [End.ACCEPTED, End.DECLINED]
    assert curve_chart(curve_view(Wait.ACCEPTANCE, [])).rows == []


def group(key: str, met: int, of: int, place: Position | None = None) -> Group:
    rate = rate_of({Part.MET: met, Part.MISSED: of - met})
    return Group(key, key.title(), of, {Measure.COMPLETION: rate}, {Measure.COMPLETION: place})


def test_groups_without_a_rate_are_not_drawn_and_needs_with_others_below_lead_nowhere() -> None:
    groups = tuple(
        group(*each) for each in (("food", 1, 2), ("food.pantry", 2, 4), ("legal", 0, 0))
    )
    total = rate_of({Part.MET: 3, Part.MISSED: 3})
    found = Comparison(FRAME, Dimension.NEED, Measure.COMPLETION, groups, total, ())
    assert [row["name"] for row in funnel_chart(shown(found), found).rows] == [
        "Food", "Food.Pantry",
    ]  # fmt: skip
    assert listed_keys(found) == {"food.pantry", "legal"}


def test_what_stands_out_is_named_far_outside_first() -> None:
    groups = (
        group("a", 1, 2, Position.UNUSUAL), group("b", 1, 2, Position.INSIDE),
        group("c", 1, 2, Position.FAR_OUTSIDE), group("d", 0, 0),
    )  # fmt: skip
    total = rate_of({Part.MET: 3, Part.MISSED: 3})
    found = Comparison(FRAME, Dimension.TO_AGENCY, Measure.COMPLETION, groups, total, ())
    assert standing_out(found) == [(Position.FAR_OUTSIDE, ["C"]), (Position.UNUSUAL, ["A"])]


def test_a_chart_of_many_groups_says_how_many_it_leaves_out() -> None:
    sizes = range(1, MOST_GROUPS + 4)
    groups = (group("none", 0, 0), *(group(f"g{size:02}", 1, size) for size in sizes))
    total = rate_of({Part.MET: 3, Part.MISSED: 3})
    found = Comparison(FRAME, Dimension.AREA, Measure.COMPLETION, groups, total, ())
    rows = range_chart(shown(found), found).rows
    assert (len(rows), not_drawn(found)) == (MOST_GROUPS, 3)
    assert rows[0]["name"] == "G04"
