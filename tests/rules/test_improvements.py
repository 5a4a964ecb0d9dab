"""What an improvement may say, and of which weeks and months it is."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_query import Oversight
from referral_hub.rules.improvements import (
    MEASURED_LABEL,
    UNIT,
    Drawn,
    Every,
    Plan,
    Quantity,
    check_mark,
    check_plan,
    edges,
    measured_for,
    measured_of,
)
from referral_hub.rules.measures import Measure
from referral_hub.rules.referral_lifecycle import Side

TODAY = date(2026, 11, 30)
PLAN = Plan(
    "Call first", "More is completed.", "We call.", Measure.COMPLETION, Every.WEEK, Drawn.CONTROL,
    date(2026, 1, 1), None,
)  # fmt: skip

AGENCY, EVERYTHING = Oversight(UUID(int=1)), Oversight(None)


def checked(plan: Plan, oversight: Oversight = AGENCY, side: Side | None = None) -> Plan:
    return check_plan(plan, TODAY, oversight, side)


def test_every_measure_has_words_and_comes_back_from_its_code() -> None:
    assert set(MEASURED_LABEL) == {*Measure, *Quantity}
    assert [measured_of(each.value) for each in MEASURED_LABEL] == [*MEASURED_LABEL]
    assert set(UNIT) == set(Quantity)
    with pytest.raises(ValueError, match="heights"):
        measured_of("heights")


def test_a_plan_is_kept_trimmed() -> None:
    kept = checked(replace(PLAN, title=" Call \n first ", aim=" More. \r\n"))
    assert (kept.title, kept.aim) == ("Call first", "More.")


def test_all_that_is_wrong_with_a_plan_is_named_at_once() -> None:
    wrong = replace(PLAN, title="", aim=" ", change="x" * 2001, baseline_on=date(2023, 1, 1))
    with pytest.raises(InvalidInput) as refused:
        checked(wrong)
    assert set(refused.value.fields) == {"title", "aim", "change", "baseline_on"}


def test_what_clients_say_is_followed_by_the_agency_that_sent_them_alone() -> None:
    plan = replace(PLAN, measured=Measure.CLIENT_CONFIRMED)
    for side in (None, Side.SENDER):
        assert checked(plan, AGENCY, side) == plan
    for oversight, side in ((AGENCY, Side.RECEIVER), (EVERYTHING, None)):
        with pytest.raises(InvalidInput) as refused:
            checked(plan, oversight, side)
        assert set(refused.value.fields) == {"measured"}
        assert checked(PLAN, oversight, side) == PLAN


def test_nobody_is_offered_what_they_cannot_follow() -> None:
    assert [*measured_for(AGENCY)] == [*MEASURED_LABEL]
    offered = [each for each in MEASURED_LABEL if each is not Measure.CLIENT_CONFIRMED]
    assert [*measured_for(EVERYTHING)] == offered


@pytest.mark.parametrize("ends_on", [PLAN.baseline_on, TODAY + timedelta(days=4 * 365)])
def test_an_end_comes_after_the_baseline_and_not_too_late(ends_on: date) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked(replace(PLAN, ends_on=ends_on))
    assert set(refused.value.fields) == {"ends_on"}


@pytest.mark.parametrize("day", [date(2025, 12, 31), TODAY + timedelta(days=1), date(2026, 6, 2)])
def test_a_change_is_marked_between_the_baseline_and_today_and_before_the_end(day: date) -> None:
    end = date(2026, 6, 1) if day == date(2026, 6, 2) else None
    with pytest.raises(InvalidInput) as refused:
        check_mark("Begun", day, PLAN.baseline_on, end, TODAY)
    assert set(refused.value.fields) == {"day"}
    assert check_mark(" Begun ", date(2026, 6, 1), PLAN.baseline_on, end, TODAY) == "Begun"


def test_weeks_are_whole_ones_from_monday_to_monday() -> None:
    found = edges(Every.WEEK, date(2026, 11, 1), date(2026, 11, 29))  # from Sunday to Sunday
    assert found == [date(2026, 11, day) for day in (2, 9, 16, 23)]
    assert edges(Every.WEEK, date(2026, 11, 2), date(2026, 11, 9)) == [
        date(2026, 11, 2), date(2026, 11, 9),
    ]  # fmt: skip
    assert edges(Every.WEEK, date(2026, 11, 3), date(2026, 11, 15)) == []


def test_months_are_whole_ones() -> None:
    found = edges(Every.MONTH, date(2025, 11, 2), date(2026, 2, 28))
    assert found == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]
    assert edges(Every.MONTH, date(2026, 1, 1), date(2026, 1, 31)) == []
