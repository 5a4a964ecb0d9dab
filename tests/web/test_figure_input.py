"""Questions for figures as addresses ask them."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from marshmallow import ValidationError

from referral_hub.rules.figure_lists import Since
from referral_hub.rules.measures import Measure, Part
from referral_hub.schemas.figure_arguments import (
    BehindArguments,
    FigureArguments,
    ReportArguments,
)
from referral_hub.web.figure_input import behind_of, figure_query
from referral_hub.web.input import load_arguments

CHICAGO = ZoneInfo("America/Chicago")
AT = datetime(2026, 11, 30, 22, 0, tzinfo=CHICAGO)


def values(**given: str) -> dict[str, Any]:
    found, faults = load_arguments(FigureArguments(), given)
    assert not faults
    return found


def test_nothing_asked_is_the_last_twelve_months_with_today() -> None:
    query = figure_query(values(), AT)
    assert (query.since, query.until, query.as_of) == (date(2025, 12, 1), date(2026, 12, 1), None)


def test_the_last_day_is_part_of_what_is_asked() -> None:
    query = figure_query(values(since="2026-03-01", until="2026-03-31"), AT)
    assert (query.since, query.until) == (date(2026, 3, 1), date(2026, 4, 1))


@pytest.mark.parametrize(("given", "moment"), [
    ("2026-03-07", datetime(2026, 3, 8, 6, tzinfo=UTC)),
    ("2026-07-01", datetime(2026, 7, 2, 5, tzinfo=UTC)),
    ("2026-07-01T10:00:00+02:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
    ("2026-07-01T10:00:00Z", datetime(2026, 7, 1, 10, tzinfo=UTC)),
    ("2026-11-30", None), ("", None),
])  # fmt: skip
def test_a_day_is_known_by_its_end_where_the_network_is(
    given: str, moment: datetime | None
) -> None:
    assert figure_query(values(as_of=given), AT).as_of == moment


@pytest.mark.parametrize(("name", "given"), [
    ("since", "2026-13-01"), ("since", "0001-01-01"), ("until", "9999-12-31"),
    ("as_of", "2026-07-01T10:00"), ("as_of", "soon"), ("as_of", "9999-12-31"), ("side", "both"),
    ("need", "<b>"), ("need", "food\n"), ("area", "x" * 81),
    ("priority", "high"), ("worker_id", "me"),
])  # fmt: skip
def test_what_cannot_be_used_is_named(name: str, given: str) -> None:
    _, faults = load_arguments(FigureArguments(), {name: given})
    assert set(faults) == {name}


def test_pages_leave_unknown_parameters_and_programs_are_told() -> None:
    _, faults = load_arguments(FigureArguments(), {"utm_source": "mail"})
    assert not faults
    with pytest.raises(ValidationError):
        ReportArguments().load({"utm_source": "mail"})


def test_a_number_is_asked_for_by_its_parts() -> None:
    given = {"measure": "completion", "part": "met", "age": "0", "age_of": "since", "open": "1"}
    found, faults = load_arguments(BehindArguments(), given)
    assert not faults
    behind = behind_of(found)
    assert (behind.measure, behind.part) == (Measure.COMPLETION, Part.MET)
    assert (behind.age, behind.since, behind.is_open) == (0, Since.STATUS, True)
