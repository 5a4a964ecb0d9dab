"""Which numbers can be listed, and for whom."""

from datetime import date

import pytest

from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.figure_list_words import behind_words
from referral_hub.rules.figure_lists import Behind, OfNeeds, Told, check_behind
from referral_hub.rules.measured_state import Flow
from referral_hub.rules.measured_times import Wait
from referral_hub.rules.measures import Measure, Part, Stage, Standing
from referral_hub.rules.reason_codes import Attribution
from referral_hub.rules.referral_lifecycle import Side

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(("behind", "field"), [
    (Behind(part=Part.MET), "measure"),
    (Behind(part=Part.MET, of_needs=OfNeeds.REFERRED), "measure"),
    (Behind(wait=Wait.DECISION), "wait"), (Behind(by_day=7), "wait"),
    (Behind(is_reached=True), "wait"),
    (Behind(flow=Flow.SENT), "flow"), (Behind(week=MONDAY), "flow"),
    (Behind(flow=Flow.NONE, week=MONDAY), "flow"), (Behind(flow=Flow.NONE), "flow"),
    (Behind(flow=Flow.SENT, week=MONDAY, is_open=True), "flow"),
    (Behind(of_needs=OfNeeds.MET, is_overdue=True), "flow"),
    (Behind(tried=1, flow=Flow.SENT, week=MONDAY), "flow"),
    (Behind(measure=Measure.COMPLETION, of_needs=OfNeeds.MET), "flow"),
    (Behind(measure=Measure.COMPLETION, flow=Flow.VOIDED, week=MONDAY), "flow"),
    (Behind(standing=Standing.DECLINED, flow=Flow.SENT, week=MONDAY), "flow"),
    (Behind(told=Told.REVERSED, flow=Flow.SENT, week=MONDAY), "flow"),
    (Behind(stage=Stage.ACCEPTED, is_open=True), "flow"),
])  # fmt: skip
def test_what_asks_for_half_or_for_two_things_is_refused(behind: Behind, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_behind(behind, Side.SENDER, is_network=False)
    assert refused.value.fields.keys() == {field}


@pytest.mark.parametrize("side", [None, Side.RECEIVER])
@pytest.mark.parametrize("behind", [Behind(of_needs=OfNeeds.REFERRED), Behind(tried=2)])
def test_needs_are_listed_for_those_who_refer(behind: Behind, side: Side | None) -> None:
    check_behind(behind, Side.SENDER, is_network=False)
    with pytest.raises(InvalidInput) as refused:
        check_behind(behind, side, is_network=False)
    assert refused.value.fields.keys() == {"side"}


@pytest.mark.parametrize("behind", [
    Behind(reason="no_capacity"), Behind(due_to=Attribution.CLIENT), Behind(told=Told.MISSED),
    Behind(measure=Measure.CLIENT_CONFIRMED),
    Behind(measure=Measure.COMPLETION, part=Part.STOPPED), Behind(of_needs=OfNeeds.NO_PLACE),
])  # fmt: skip
def test_whoever_oversees_the_network_lists_nothing_of_reasons_workers_and_needs(
    behind: Behind,
) -> None:
    check_behind(behind, Side.SENDER, is_network=False)
    with pytest.raises(InvalidInput):
        check_behind(behind, Side.SENDER, is_network=True)
    check_behind(Behind(flow=Flow.CLOSED, week=MONDAY), None, is_network=True)


def test_what_one_side_alone_knows_is_not_listed_of_the_other() -> None:
    answers, nobody = Behind(measure=Measure.CLIENT_CONFIRMED), Behind(is_unassigned=True)
    for behind, side in ((answers, Side.RECEIVER), (nobody, Side.SENDER)):
        with pytest.raises(InvalidInput) as refused:
            check_behind(behind, side, is_network=False)
        assert refused.value.fields.keys() == {"side"}
    check_behind(nobody, Side.RECEIVER, is_network=False)
    with pytest.raises(InvalidInput):
        check_behind(nobody, None, is_network=True)


@pytest.mark.parametrize(("behind", "told"), [
    (Behind(of_needs=OfNeeds.AGAIN, part=Part.MET),
     "Came back with the same need: yes; each need by its first referral"),
    (Behind(of_needs=OfNeeds.NO_PLACE),
     "Needs for which no agency had a place; each need by its first referral"),
    (Behind(tried=1), "1 agency tried until one accepted; each need by its first referral"),
    (Behind(flow=Flow.CLOSED, week=MONDAY), "Ended in the week of November 2, 2026"),
    (Behind(told=Told.MISSED), "the client missed an appointment, once for each"),
    (Behind(due_to=Attribution.PROVIDER), "declined, due to: the receiver"),
    (Behind(is_open=True, is_unassigned=True), "Open; nobody works on it yet"),
])  # fmt: skip
def test_a_list_says_what_it_holds(behind: Behind, told: str) -> None:
    assert behind_words(behind) == told


@pytest.mark.parametrize("behind", [
    Behind(of_needs=each, part=part)
    for each in OfNeeds for part in (None, Part.MET) if part is None or each in (
        OfNeeds.MET, OfNeeds.MET_OR_PARTLY, OfNeeds.FIRST_CHOICE, OfNeeds.AGAIN)
] + [Behind(told=each) for each in Told] + [Behind(due_to=each) for each in Attribution]
  + [Behind(flow=each, week=MONDAY) for each in Flow if each is not Flow.NONE])  # fmt: skip
def test_every_list_that_may_be_asked_for_has_words(behind: Behind) -> None:
    check_behind(behind, Side.SENDER, is_network=False)
    assert behind_words(behind)
