"""Times to an end: right by fractions over rows, by another package, and in the worked example."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from referral_hub.rules.proportions import Share
from referral_hub.rules.time_to_event import (
    Curve,
    Estimate,
    Followed,
    Spell,
    share_by,
    time_to_end,
)
from tests.rules import survival_oracle as oracle
from tests.rules.survival_oracle import Row

EXAMPLE = "1A 1A 2A 2D 3A 5D 6A 9W 12A 14X 20 28"
"""Twelve referrals: the day, and accepted, declined, withdrawn, expired or still open."""


def spells(text: str) -> list[Spell]:
    return [
        Spell(int(word.rstrip("ADWX")), word.lstrip("0123456789") or None) for word in text.split()
    ]


def of_rows(rows: Sequence[Row]) -> Curve:
    return time_to_end(Spell(row.time, row.end or None, 1, row.entered or None) for row in rows)


def close(fraction: Fraction) -> object:
    return pytest.approx(float(fraction), rel=1e-9, abs=1e-12)


# The worked example of the definitions: one set of data, and what is asked decides the answer.


@pytest.mark.parametrize(
    ("day", "share"), [(0, "0"), (2, "1/4"), (6, "5/12"), (12, "1/2"), (28, "1/2")]
)
def test_the_example_accepts_a_half(day: int, share: str) -> None:
    found = time_to_end(spells(EXAMPLE)).incidence("A", day)
    assert found is not None
    assert found.value == close(Fraction(share))


def test_the_example_is_decided_after_five_days_not_two_and_a_half() -> None:
    decided = [
        Spell(each.time, "decided" if each.end in ("A", "D") else None) for each in spells(EXAMPLE)
    ]
    curve = time_to_end(decided)
    assert curve.median() == 5
    at_five = curve.still_open(5)
    assert at_five is not None
    assert at_five.value == close(Fraction(1, 2))


def test_acceptance_reaches_half_on_day_twelve_and_other_ends_never() -> None:
    curve = time_to_end(spells(EXAMPLE))
    assert curve.median("A") == 12
    assert [curve.median(end) for end in ("D", "W", "X", "never heard of")] == [None] * 4


def test_declines_that_merely_leave_overstate_acceptance() -> None:
    alone = [Spell(each.time, "A" if each.end == "A" else None) for each in spells(EXAMPLE)]
    found = time_to_end(alone).still_open(28)
    assert found is not None
    assert 1 - found.value == close(Fraction(151, 256))


def test_nothing_is_said_of_times_that_nobody_was_seen_for() -> None:
    curve = time_to_end(spells(EXAMPLE))
    assert curve.still_open(28) is not None
    assert curve.still_open(29) is None
    assert curve.incidence("A", 29) is None
    assert time_to_end([]).still_open(0) is None
    assert time_to_end([]).median() is None


def test_where_all_have_ended_later_times_are_known() -> None:
    curve = time_to_end([Spell(1, "A", 3), Spell(2, "B", 1)])
    assert curve.still_open(90) == Estimate(0, 0, 4)
    found = curve.incidence("A", 90)
    assert found is not None
    assert found.value == close(Fraction(3, 4))


def test_who_was_first_seen_late_is_at_risk_only_then() -> None:
    curve = time_to_end([Spell(1, "A"), Spell(4, None), Spell(3, "A", 1, entered=2)])
    assert [(step.time, step.at_risk) for step in curve.steps] == [(1, 2), (3, 2)]


def test_who_was_first_seen_at_the_end_says_nothing_and_is_counted() -> None:
    late = [Spell(3, "A", 2, entered=3), Spell(2, "A", 1, entered=5)]
    curve = time_to_end([Spell(3, "A"), Spell(4, None), *late])
    assert curve.left_out == 3
    assert [(step.at_risk, step.ended) for step in curve.steps] == [(2, {"A": 1})]


@pytest.mark.parametrize("bad", [Spell(-1, "A"), Spell(1, "A", -1), Spell(float("nan"), "A")])
def test_what_no_count_or_time_can_be_is_refused(bad: Spell) -> None:
    with pytest.raises(ValueError, match="from 0 on"):
        time_to_end([bad])


# Right by fractions over rows.

rows_of_time = st.builds(
    lambda time, end, entered: Row(time, end, entered if entered < time else 0),
    st.integers(0, 9),
    st.sampled_from(["", "A", "B", "C"]),
    st.sampled_from([0, 0, 0, 1, 2, 5]),
)
many_rows = st.lists(rows_of_time, min_size=1, max_size=25)


@given(many_rows, st.integers(0, 9))
def test_shares_and_variances_are_right_by_fractions(rows: list[Row], time: int) -> None:
    curve = of_rows(rows)
    still = curve.still_open(time)
    if still is None:
        assert time > max(row.time for row in rows)
        return
    assert still.value == close(oracle.still_open(rows, time))
    assert still.variance == close(oracle.greenwood(rows, time))
    for end in "ABC":
        found = curve.incidence(end, time)
        assert found is not None
        assert found.value == close(oracle.incidence(rows, end, time))
        assert found.variance == close(oracle.incidence_variance(rows, end, time))


@given(many_rows)
def test_the_median_is_right_by_fractions(rows: list[Row]) -> None:
    curve, times = of_rows(rows), range(10)
    half = Fraction(1, 2)
    assert curve.median() == next((t for t in times if oracle.still_open(rows, t) <= half), None)
    for end in "AB":
        reached = (t for t in times if oracle.incidence(rows, end, t) >= half)
        assert curve.median(end) == next(reached, None)


@given(many_rows)
def test_every_person_is_open_or_had_one_end(rows: list[Row]) -> None:
    curve = of_rows(rows)
    before = 1.0
    for step in curve.steps:
        assert step.open.value + sum(e.value for e in step.incidence.values()) == close(Fraction(1))
        assert 0 <= step.open.value <= before
        before = step.open.value
        for estimate in (step.open, *step.incidence.values()):
            interval = estimate.interval()
            assert -1e-12 <= interval.low <= estimate.value + 1e-12
            assert estimate.value - 1e-12 <= interval.high <= 1 + 1e-12


@given(many_rows, st.randoms(use_true_random=False))
def test_counts_may_come_in_any_order_and_in_any_portions(rows: list[Row], random: Random) -> None:
    shuffled = random.sample(rows, len(rows))
    assert of_rows(shuffled).steps == of_rows(rows).steps
    doubled = [Spell(r.time, r.end or None, 2, r.entered or None) for r in rows]
    assert time_to_end(doubled).steps == of_rows(rows + rows).steps


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from("AB")), min_size=1))
def test_where_all_are_seen_to_the_end_it_is_a_plain_share(ended: list[tuple[int, str]]) -> None:
    curve = time_to_end(Spell(time, end) for time, end in ended)
    for time in range(10):
        share = Fraction(sum(t <= time and end == "A" for t, end in ended), len(ended))
        found = curve.incidence("A", time)
        assert found is not None
        assert found.value == close(share)
        assert found.variance == close(share * (1 - share) / len(ended))
        assert found.known == len(ended)


def test_certainty_is_never_claimed_of_a_few() -> None:
    curve = time_to_end([Spell(5, "A", 4), Spell(9, None, 8)])
    before, other = curve.still_open(4), curve.incidence("B", 9)
    assert before is not None
    assert other is not None
    assert (before.value, before.interval()) == (1, Share(12, 12).interval())
    assert (other.value, other.interval()) == (0, Share(0, 12).interval())


# Another package finds the same.


@settings(max_examples=15)
@given(st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=2, max_size=30))
def test_the_product_limit_is_that_of_lifelines(people: list[tuple[int, bool]]) -> None:
    theirs = KaplanMeierFitter().fit([t for t, _ in people], [ended for _, ended in people])
    limits = theirs.confidence_interval_
    curve = time_to_end(Spell(time, "A" if ended else None) for time, ended in people)
    for step in curve.steps:
        assert step.open.value == pytest.approx(theirs.predict(step.time))
        if 0 < step.open.value < 1:
            low, high = limits.loc[step.time]
            assert step.open.interval().low == pytest.approx(low)
            assert step.open.interval().high == pytest.approx(high)
    if not any(step.open.value == pytest.approx(0.5) for step in curve.steps):  # it rounds
        median = theirs.median_survival_time_
        assert curve.median() == (None if median == float("inf") else median)


def test_late_entries_count_as_in_lifelines() -> None:
    random = Random(7)
    # lifelines has who enters at a time at risk then; halves keep entries and ends apart.
    people = [(random.randint(4, 15), random.randint(0, 3) + 0.5) for _ in range(60)]
    theirs = KaplanMeierFitter().fit(
        [time for time, _ in people], [True] * 60, entry=[entered for _, entered in people]
    )
    curve = time_to_end(Spell(time, "A", 1, entered) for time, entered in people)
    for step in curve.steps:
        assert step.open.value == pytest.approx(theirs.predict(step.time))


@pytest.mark.parametrize("seed", range(3))
def test_incidence_and_variance_are_those_of_lifelines(seed: int) -> None:
    random = Random(seed)  # no two times are the same: lifelines would move them apart at random
    times = random.sample(range(1, 500), 80)
    codes = [random.choice([0, 1, 1, 2]) for _ in times]
    times, codes = [*times, 600], [*codes, 0]  # it has no variance once nobody is left
    theirs = AalenJohansenFitter().fit(times, codes, event_of_interest=1)
    curve = time_to_end(
        Spell(time, f"end {code}" if code else None)
        for time, code in zip(times, codes, strict=True)
    )
    for step in curve.steps:
        found, row = step.incidence["end 1"], step.time
        assert found.value == pytest.approx(theirs.cumulative_density_.loc[row].item())
        if found.value:
            low, high = theirs.confidence_interval_.loc[row]
            assert found.variance == pytest.approx(theirs.variance_.loc[row].item())
            assert found.interval().low == pytest.approx(low)
            assert found.interval().high == pytest.approx(high)


def test_that_anything_ended_it_is_what_the_product_limit_leaves() -> None:
    curve = time_to_end(spells(EXAMPLE))
    for day in (2, 6, 28):
        still, any_end = curve.still_open(day), curve.incidence(None, day)
        assert still is not None
        assert any_end is not None
        each = [curve.incidence(end, day) for end in curve.ends]
        assert any_end.value == pytest.approx(sum(found.value for found in each if found))
        assert (any_end.variance, any_end.known) == (still.variance, still.known)
    assert curve.incidence(None, 99) is None


def test_where_all_end_alike_any_end_is_that_end() -> None:
    curve = time_to_end([Spell(1, "A", 3), Spell(2, None, 2), Spell(4, "A"), Spell(5, None)])
    for day in (1, 3, 5):
        one, any_end = curve.incidence("A", day), curve.incidence(None, day)
        assert one is not None
        assert any_end is not None
        assert any_end.value == pytest.approx(one.value)
        assert any_end.interval().low == pytest.approx(one.interval().low)
        assert any_end.interval().high == pytest.approx(one.interval().high)


# The companion that is always there.


def test_the_share_by_a_day_is_of_those_that_started_so_long_ago() -> None:
    followed = [
        Followed(age=10, time=2, number=3),
        Followed(age=10, time=9, number=1),
        Followed(age=7, time=None, number=4),
        Followed(age=7, time=7, number=2),
        Followed(age=6, time=1, number=100),  # quick, and too young to count
    ]
    assert share_by(7, followed) == Share(5, 10)
