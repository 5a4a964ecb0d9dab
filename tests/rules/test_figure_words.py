"""What figures are called: a word for each, and definitions that name what they are of."""

from enum import StrEnum

import pytest

from referral_hub.rules import figure_words as words
from referral_hub.rules.figure_list_words import behind_words
from referral_hub.rules.figure_lists import Behind, Since
from referral_hub.rules.figure_query import Dimension
from referral_hub.rules.funnel import Position
from referral_hub.rules.measured_times import End, Wait
from referral_hub.rules.measures import Measure, Part, Stage, Standing
from referral_hub.rules.reason_codes import Attribution
from referral_hub.rules.referral_waiting import Waits


@pytest.mark.parametrize(("kind", "labels"), [
    (Measure, words.MEASURE_LABEL), (Part, words.PART_LABEL), (Standing, words.STANDING_LABEL),
    (Stage, words.STAGE_LABEL), (Wait, words.WAIT_LABEL), (End, words.END_LABEL),
    (Dimension, words.DIMENSION_LABEL), (Attribution, words.ATTRIBUTION_LABEL),
    (Waits, words.WAITS_LABEL), (Position, words.POSITION_LABEL),
])  # fmt: skip
def test_each_has_a_word_of_its_own(kind: type[StrEnum], labels: dict[StrEnum, str]) -> None:
    assert set(labels) == set(kind)
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("measure", Measure)
def test_each_measure_is_defined_with_the_numbers_of_the_network(measure: Measure) -> None:
    told = words.definition(measure, 77, 5)
    assert "{" not in told
    assert told.endswith(".")
    assert ("77" in told) == ("77" in words.definition(measure, 77, 6))


def test_definitions_name_their_days() -> None:
    assert "at least 77 days ago" in words.definition(Measure.COMPLETION, 77, 2)
    assert "within 3 business days" in words.definition(Measure.RESPONSE, 90, 3)
    assert words.maturing_because(Measure.COMPLETION, 77) == "younger than 77 days"
    assert words.maturing_because(Measure.ACCEPTANCE, 77) == "whose time to expire is not over"
    assert "not over" in words.maturing_because(Measure.RESPONSE, 77)


@pytest.mark.parametrize(("behind", "told"), [
    (Behind(), "Sent"),
    (Behind(Measure.COMPLETION), "Completed: all that it is of"),
    (Behind(Measure.COMPLETION, Part.MATURING), "Completed: too young to count"),
    (Behind(standing=Standing.DECLINED, reason="no_capacity"),
     "Declined; for the reason: No place free"),
    (Behind(stage=Stage.ACCEPTED), "came as far as: accepted"),
    (Behind(is_open=True, waits=Waits.RECEIVER, age=2, since=Since.STATUS),
     "Open; waits on: the receiver; 8 to 14 days in its status"),
    (Behind(is_overdue=True), "Overdue"),
    (Behind(wait=Wait.COMPLETION, by_day=30), "accepted at least 30 days before"),
    (Behind(wait=Wait.ACCEPTANCE, by_day=7, is_reached=True),
     "sent at least 7 days before, and accepted within 7 days"),
])  # fmt: skip
def test_a_list_says_which_referrals_it_holds(behind: Behind, told: str) -> None:
    assert behind_words(behind) == told
