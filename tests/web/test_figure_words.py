"""How questions for figures read, and where numbers lead."""

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from referral_hub.rules.figure_query import Dimension, FigureQuery
from referral_hub.rules.figure_whose import Whose
from referral_hub.rules.measures import Measure, Part
from referral_hub.rules.referral_lifecycle import Side
from referral_hub.rules.referrals import Priority
from referral_hub.use_cases.figure_views import Frame, Times
from referral_hub.web.figure_input import Shown
from referral_hub.web.figure_words import (
    behind_parameters,
    days,
    filter_words,
    group_link,
    list_link,
    need_choices,
)
from tests.conftest import NOW

AGENCY = UUID(int=7)
QUERY = FigureQuery(
    date(2026, 1, 1), date(2026, 4, 1), None, Side.SENDER, to_agency_id=AGENCY, need="food",
    area="IL:cook county", priority=Priority.URGENT,
)  # fmt: skip
FRAME = Frame(
    QUERY, NOW, False, False, 2, 90, 2,
    choices={
        "to_agency": [(str(AGENCY), "Full Table")], "domain": [("food", "Food")],
        "need": [("food", "Food"), ("food.pantry", "Food pantry")],
        "area": [("IL:cook county", "Cook County, IL")], "priority": [("urgent", "Urgent")],
    },
    whose=Whose("Full Table"),
)  # fmt: skip
SHOWN = Shown(Times(FRAME, ()), {"as_of": date(2026, 5, 1)}, {}, date(2026, 11, 30))
ASKED = {
    "since": "2026-01-01", "until": "2026-03-31", "as_of": "2026-05-01", "side": "sender",
    "to_agency_id": str(AGENCY), "need": "food", "area": "IL:cook county", "priority": "urgent",
}  # fmt: skip


def asked(address: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


def test_a_number_leads_to_its_list_under_the_same_conditions() -> None:
    assert asked(list_link(SHOWN)) == ASKED
    found = asked(list_link(SHOWN, measure=Measure.COMPLETION, part=Part.MET, age=0, open=True))
    assert found == {**ASKED, "measure": "completion", "part": "met", "age": "0", "open": "1"}


def test_a_group_is_a_condition_and_none_takes_one_away() -> None:
    assert asked(group_link(SHOWN, Dimension.NEED, "legal"))["need"] == "legal"
    pantry = replace(FRAME, query=replace(QUERY, need="food.pantry"))
    narrow = Shown(Times(pantry, ()), SHOWN.values, {}, SHOWN.today)
    assert asked(group_link(narrow, Dimension.DOMAIN, "food"))["need"] == "food.pantry"
    assert asked(list_link(SHOWN, area=None)) == {
        name: value for name, value in ASKED.items() if name != "area"
    }


def test_conditions_are_told_by_name() -> None:
    assert filter_words(FRAME) == [
        ("Sent", "January 1, 2026 to March 31, 2026"), ("Side", "Sent by us"),
        ("Receiving agency", "Full Table"), ("Priority", "Urgent"), ("Need", "Food"),
        ("Area", "Cook County, IL"),
    ]  # fmt: skip


def test_needs_and_their_domains_are_offered_once() -> None:
    assert need_choices(FRAME) == [("food", "Food"), ("food.pantry", "Food pantry")]


def test_a_list_keeps_what_it_is_a_list_of() -> None:
    values = {"part": Part.MET, "open": False, "age": 0, "age_of": "sent", "reason": ""}
    assert behind_parameters(values) == {"part": Part.MET, "age": 0, "age_of": "sent"}
    assert behind_parameters({**values, "age": None}) == {"part": Part.MET}


@pytest.mark.parametrize(("value", "told"), [
    (1 / 24, "1 hour"), (1.5, "36 hours"), (2, "2 days"), (2.14, "2.1 days"), (30, "30 days"),
])  # fmt: skip
def test_lengths_of_time_are_told_in_hours_or_days(value: float, told: str) -> None:
    assert days(value) == told
