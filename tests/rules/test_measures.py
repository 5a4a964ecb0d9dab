"""What becomes of referrals: each figure says what it is of, and silence flatters nobody."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.measures import (
    ACCEPTED,
    PLACED_IN_LINE,
    STILL_OPEN,
    Cohort,
    Measure,
    Part,
    Rate,
    Standing,
    part_by_answer,
    part_by_decision,
    part_by_standing,
    standing_of,
)
from referral_hub.rules.reason_codes import DECLINE, SUPERSEDED, WITHDRAWAL, Attribution
from referral_hub.rules.referral_lifecycle import OPEN, TERMINAL, Status
from referral_hub.rules.referrals import ClientAnswer

REASONS = (*WITHDRAWAL, *DECLINE, None)
BY_STANDING = tuple(set(Measure) - {Measure.RESPONSE, Measure.ON_TIME, Measure.CLIENT_CONFIRMED})
cohorts = st.lists(st.tuples(st.sampled_from(Standing), st.sampled_from(REASONS))).map(Cohort.of)


def exactly(rate: Rate) -> Fraction:
    return Fraction(rate.share.met, rate.share.of)


def worked_example() -> Cohort:
    """Twelve referrals: of the six accepted nobody has said yet what came of them."""
    return Cohort.of(
        [(Standing.UNDER_WAY, None)] * 6
        + [(Standing.DECLINED, "no_capacity")] * 2
        + [(Standing.EXPIRED, None), (Standing.WITHDRAWN, "client_request")]
        + [(Standing.UNDECIDED, None)] * 2
    )


def test_the_worked_example() -> None:
    cohort = worked_example()
    assert cohort.sent == 12
    assert exactly(cohort.rate(Measure.ACCEPTANCE_OF_DECIDED)) == Fraction(3, 4)
    assert exactly(cohort.rate(Measure.ACCEPTANCE)) == Fraction(2, 3)
    assert cohort.rate(Measure.ACCEPTANCE).left_out == {"undecided": 2, "withdrawn": 1}
    assert Fraction(cohort.number(*ACCEPTED), cohort.sent) == Fraction(1, 2)
    without_withdrawn = cohort.sent - cohort.number(Standing.WITHDRAWN)
    assert Fraction(cohort.number(*ACCEPTED), without_withdrawn) == Fraction(6, 11)


@pytest.mark.parametrize("status", Status)
def test_everything_that_was_sent_and_counts_stands_somewhere(status: Status) -> None:
    left = None if status in TERMINAL else "any"
    for accepted, closed_from in product((True, False), (*OPEN, left)):
        found = standing_of(status, closed_from, accepted=accepted)
        assert (found is None) == (status in (Status.DRAFT, Status.VOIDED))
        assert found is None or (found in STILL_OPEN) == (status in OPEN)


def test_a_draft_that_was_thrown_away_was_never_sent() -> None:
    assert standing_of(Status.WITHDRAWN, Status.DRAFT, accepted=False) is None


def test_who_waited_and_was_never_accepted_is_told_by_who_ended_it() -> None:
    def ended(status: Status) -> Standing | None:
        return standing_of(status, Status.WAITLISTED, accepted=False)

    assert ended(Status.CLOSED_UNMET) is Standing.WAITED_IN_VAIN
    assert ended(Status.WITHDRAWN) is Standing.STOPPED_WAITING
    assert standing_of(Status.WITHDRAWN, Status.ON_HOLD, accepted=True) is Standing.WITHDRAWN_LATER


@given(cohorts)
def test_all_that_was_sent_is_accounted_for(cohort: Cohort) -> None:
    others = (Standing.DECLINED, Standing.EXPIRED, Standing.WITHDRAWN, Standing.UNDECIDED)
    parts = (cohort.number(*ACCEPTED), cohort.number(*PLACED_IN_LINE), *map(cohort.number, others))
    assert sum(parts) == cohort.sent
    for measure in BY_STANDING:
        rate = cohort.rate(measure)
        assert rate.share.of + sum(rate.left_out.values()) == cohort.sent


@given(cohorts)
def test_closed_loops_are_known_outcomes_and_completions_are_both(cohort: Cohort) -> None:
    assert cohort.rate(Measure.LOOP_CLOSED).share.of == cohort.rate(Measure.KNOWN_OUTCOME).share.of
    assert cohort.rate(Measure.COMPLETION).share.met <= cohort.rate(Measure.LOOP_CLOSED).share.met
    assert (
        cohort.rate(Measure.LOOP_CLOSED).share.met <= cohort.rate(Measure.KNOWN_OUTCOME).share.met
    )


def test_silence_lowers_acceptance_and_is_no_closed_loop() -> None:
    answered = Cohort.of([(Standing.COMPLETED, "need_met"), (Standing.DECLINED, "no_capacity")])
    silent = Cohort.of([(Standing.COMPLETED, "need_met"), (Standing.EXPIRED, None)])
    assert (
        exactly(answered.rate(Measure.ACCEPTANCE))
        == exactly(silent.rate(Measure.ACCEPTANCE))
        == Fraction(1, 2)
    )
    assert exactly(answered.rate(Measure.LOOP_CLOSED)) == 1
    assert exactly(silent.rate(Measure.LOOP_CLOSED)) == Fraction(1, 2)
    assert exactly(silent.rate(Measure.KNOWN_OUTCOME)) == 1
    assert exactly(silent.rate(Measure.ACCEPTANCE_OF_DECIDED)) == 1


def test_never_closing_does_not_raise_the_completion_rate() -> None:
    lingering = Cohort.of([(Standing.COMPLETED, "need_met"), (Standing.UNDER_WAY, None)])
    assert exactly(lingering.rate(Measure.COMPLETION)) == Fraction(1, 2)
    assert lingering.rate(Measure.COMPLETION).still_open == 1
    assert exactly(lingering.rate(Measure.COMPLETION_OF_CLOSED)) == 1


@pytest.mark.parametrize(
    ("reason", "counts"),
    [("client_request", False), ("sent_in_error_other_agency", False), (SUPERSEDED, False),
     ("risk_changed", True), ("sender_closed_case", True)],
)  # fmt: skip
def test_only_what_no_receiver_could_help_is_left_out_of_completion(
    reason: str, counts: bool
) -> None:
    cohort = Cohort.of([(Standing.COMPLETED, "need_met"), (Standing.WITHDRAWN, reason)])
    assert cohort.rate(Measure.COMPLETION).share.of == 1 + counts


def test_whom_another_agency_helped_first_is_left_out_though_they_waited() -> None:
    cohort = Cohort.of([(Standing.STOPPED_WAITING, SUPERSEDED), (Standing.COMPLETED, "need_met")])
    assert (
        cohort.rate(Measure.COMPLETION).share.of == cohort.rate(Measure.KNOWN_OUTCOME).share.of == 1
    )
    assert cohort.rate(Measure.KNOWN_OUTCOME).share.met == 1


def test_who_accepted_is_not_blamed_for_what_others_stopped() -> None:
    cohort = Cohort.of([(Standing.COMPLETED, "need_met"), (Standing.WITHDRAWN_LATER, "other")])
    assert exactly(cohort.rate(Measure.COMPLETION_OF_ACCEPTED)) == 1
    assert cohort.rate(Measure.COMPLETION_OF_ACCEPTED).left_out == {"withdrawn": 1}


def test_declines_are_told_by_who_they_are_due_to() -> None:
    cohort = Cohort.of(
        [(Standing.DECLINED, "no_capacity"), (Standing.DECLINED, "client_declined_before_accept")]
    )
    assert cohort.declined_for == {Attribution.PROVIDER: 1, Attribution.CLIENT: 1}


@given(cohorts)
def test_a_figure_never_counts_more_as_open_than_is_open(cohort: Cohort) -> None:
    for measure in BY_STANDING:
        assert cohort.rate(measure).still_open <= cohort.number(*STILL_OPEN)


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("decided", "closed", "standing", "by", "part"),
    [
        (-5, None, Standing.UNDER_WAY, -4, Part.MET),
        (-4, None, Standing.WAITLISTED, -4, Part.MET),
        (-5, -5, Standing.DECLINED, -4, Part.MET),
        (-3, None, Standing.UNDER_WAY, -4, Part.MISSED),
        (None, -1, Standing.EXPIRED, -4, Part.MISSED),
        (None, None, Standing.UNDECIDED, -4, Part.MISSED),
        (None, -5, Standing.WITHDRAWN, -4, Part.WITHDRAWN),
        (None, -3, Standing.WITHDRAWN, -4, Part.MISSED),
        (-2, None, Standing.UNDER_WAY, 1, Part.MATURING),
        (-2, None, Standing.UNDER_WAY, None, Part.MATURING),
    ],
)
def test_an_answer_counts_when_its_time_has_passed_and_it_came_before(
    decided: int | None, closed: int | None, standing: Standing, by: int | None, part: Part
) -> None:
    def at(days: int | None) -> datetime | None:
        return None if days is None else NOW + days * DAY

    assert part_by_decision(at(decided), at(closed), standing, at(by), NOW) is part


def test_every_measure_has_a_part_for_all_that_can_be() -> None:
    for measure, standing, reason in product(BY_STANDING, Standing, ("", *WITHDRAWAL, *DECLINE)):
        assert part_by_standing(measure, standing, reason) in Part


def test_what_clients_say_is_of_all_who_were_asked() -> None:
    said = [*ClientAnswer, None]
    assert [part_by_answer(answer) for answer in said] == [
        Part.MET, Part.MISSED, Part.MISSED, Part.OPEN, Part.NOT_ASKED,
    ]  # fmt: skip
