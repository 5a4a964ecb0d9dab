"""Small cells stay hidden: an attacker who solves for them finds that they may be anything."""

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from referral_hub.rules.suppression import Cell, Cuts, publish

Counts = Mapping[tuple[str, ...], int]
A, B, C = "abc"


def line(*counts: int) -> tuple[Cuts, Counts]:
    names = [f"agency {number}" for number in range(len(counts))]
    return Cuts([names]), {(name,): count for name, count in zip(names, counts, strict=True)}


def truth(cuts: Cuts, counts: Counts, cell: Cell) -> int:
    """The count of a cell or total, added up plainly."""
    return sum(
        count
        for names, count in counts.items()
        if all(wanted in (None, name) for wanted, name in zip(cell, names, strict=True))
    )


def number_behind(cuts: Cuts, counts: Counts, cell: Cell) -> int | None:
    """On how many the rate is to which a cell belongs, if it does."""
    if cuts.outcome is None or cell[cuts.outcome] is None:
        return None
    total = list(cell)
    total[cuts.outcome] = None
    return truth(cuts, counts, tuple(total))


class Attacker:
    """Knows every shown cell and that counts are whole numbers from 0 on, and solves for others."""

    def __init__(self, cuts: Cuts, shown: Mapping[Cell, int | None]) -> None:
        self.combinations = list(product(*cuts.dimensions))
        self.known = [(self.row(cell), count) for cell, count in shown.items() if count is not None]

    def row(self, cell: Cell) -> "np.typing.NDArray[np.float64]":
        return np.array(
            [
                float(all(wanted in (None, n) for wanted, n in zip(cell, names, strict=True)))
                for names in self.combinations
            ]
        )

    def _solve(self, cell: Cell, sign: int, *, exactly: int | None = None) -> float | None:
        facts = [*self.known] + ([] if exactly is None else [(self.row(cell), exactly)])
        constraints = [
            LinearConstraint(
                np.array([row for row, _ in facts]),
                [count for _, count in facts],
                [count for _, count in facts],
            )
        ] if facts else []  # fmt: skip
        found = milp(
            sign * self.row(cell),
            constraints=constraints,
            integrality=np.ones(len(self.combinations)),
            bounds=Bounds(0, 60),
        )
        return sign * round(found.fun) if found.success else None

    def may_be(self, cell: Cell, count: int) -> bool:
        return self._solve(cell, 1, exactly=count) is not None

    def range_of(self, cell: Cell) -> tuple[float, float]:
        low, high = self._solve(cell, 1), self._solve(cell, -1)
        assert low is not None
        assert high is not None
        return low, high


def attack(cuts: Cuts, counts: Counts, random: Random, most: int = 6) -> None:
    """Nothing small is shown, and of some hidden cells all that must be possible is.

    Small sums of what is shown must not be told either, where they are not shown themselves.
    """
    shown = publish(cuts, counts)
    crossings = [set(range(len(cuts.dimensions)))] if cuts.shown is None else cuts.shown
    hidden = [
        cell
        for cell in product(*([*names, None] for names in cuts.dimensions))
        if shown.get(cell) is None and (cell in shown or 0 < truth(cuts, counts, cell) < 5)
        if any({p for p, name in enumerate(cell) if name} <= set(each) for each in crossings)
    ]
    for cell, count in shown.items():
        true, behind = truth(cuts, counts, cell), number_behind(cuts, counts, cell)
        if count is not None:
            assert count == true
            assert not 0 < count < 5
            assert behind is None or behind == 0 or behind >= 10
    attacker = Attacker(cuts, shown)
    for cell in random.sample(hidden, min(most, len(hidden))):
        true, behind = truth(cuts, counts, cell), number_behind(cuts, counts, cell)
        if 0 < true < 5:
            assert [value for value in range(1, 5) if not attacker.may_be(cell, value)] == []
            continue
        low, high = attacker.range_of(cell)
        assert high - low >= (3 if behind is not None and 0 < behind < 10 else 1), cell


def tables(
    sizes: tuple[int, ...], number: int, seed: int
) -> Iterator[tuple[list[list[str]], Counts, Random]]:
    random = Random(seed)
    names = [[f"{place}.{at}" for at in range(size)] for place, size in enumerate(sizes)]
    for _ in range(number):
        most = random.choice([1, 2, 4, 9, 20])
        empty = random.choice([0, 0.3, 0.7])
        yield (
            names,
            {
                each: 0 if random.random() < empty else random.randint(0, most)
                for each in product(*names)
            },
            random,
        )


@pytest.mark.parametrize(
    "sizes",
    [(1,), (2,), (6,), (2, 2), (4, 3), (7, 4), (2, 2, 2), (3, 3, 2), (2, 2, 2, 2)],
    ids=str,
)
def test_no_hidden_cell_is_recovered(sizes: tuple[int, ...]) -> None:
    for names, counts, random in tables(sizes, 12, seed=sum(sizes)):
        attack(Cuts(names), counts, random)


@pytest.mark.parametrize("sizes", [(5, 2), (4, 3, 2)], ids=str)
def test_no_hidden_rate_is_recovered(sizes: tuple[int, ...]) -> None:
    for names, counts, random in tables(sizes, 15, seed=sum(sizes)):
        attack(Cuts(names, outcome=len(sizes) - 1), counts, random)


@pytest.mark.parametrize("outcome", [None, 2])
def test_tables_that_are_shown_alone_do_not_tell_together(outcome: int | None) -> None:
    for names, counts, random in tables((4, 3, 2), 15, seed=5):
        cuts = Cuts(names, shown=[(0,), (0, 2), (1, 2), (2,)], outcome=outcome)
        attack(cuts, counts, random, most=9)


def test_a_lonely_count_does_not_hide_the_grand_total() -> None:
    cuts = Cuts([list("abcd"), list("wxyz")])
    counts = {("a", "w"): 2, ("b", "x"): 40, ("c", "y"): 50, ("d", "z"): 60}
    shown = publish(cuts, counts)
    assert shown[None, None] == 152
    attack(cuts, counts, Random(1), most=25)


def test_a_small_cell_is_hidden_and_another_with_it() -> None:
    shown = publish(*line(20, 3, 30, 0))
    assert shown[("agency 1",)] is None
    assert sum(count is None for count in shown.values()) == 2
    assert shown[(None,)] == 53
    assert shown[("agency 3",)] == 0


def test_two_small_cells_need_a_third_where_their_sum_tells() -> None:
    shown = publish(*line(1, 1, 40, 50))
    assert sum(count is None for count in shown.values()) == 3
    two_large = publish(*line(4, 4, 40, 50))
    assert [count for count in two_large.values() if count is not None] == [40, 50, 98]


def test_what_has_no_small_cell_hides_nothing() -> None:
    assert None not in publish(*line(5, 0, 9)).values()


def test_a_total_of_a_few_is_hidden_too() -> None:
    assert set(publish(*line(2, 0, 1)).values()) <= {None, 0}


def test_how_large_a_count_is_does_not_decide_whether_it_is_hidden_along() -> None:
    one, other = publish(*line(3, 50, 9)), publish(*line(3, 9, 50))
    assert [count is None for count in one.values()] == [count is None for count in other.values()]


def test_a_rate_on_fewer_than_ten_is_hidden_with_its_numbers() -> None:
    cuts = Cuts([[A, B, C], ["yes", "no"]], outcome=1)
    counts = {(A, "yes"): 7, (A, "no"): 0, (B, "yes"): 30, (B, "no"): 12, (C, "yes"): 40}
    shown = publish(cuts, counts)
    assert (shown[A, None], shown[A, "yes"], shown[A, "no"]) == (7, None, None)
    assert (shown[None, "yes"], shown[None, "no"]) == (77, 12)
    without_rates = publish(Cuts(cuts.dimensions), counts)
    assert (without_rates[A, "yes"], without_rates[A, "no"]) == (7, 0)


def test_a_zero_that_is_hidden_with_its_number_is_not_told_by_others() -> None:
    cuts = Cuts([["x", "y"], ["v", "w"], ["yes", "no"]], outcome=2)
    counts = {("x", "w", "no"): 3, ("y", "v", "yes"): 12, ("y", "w", "no"): 17}
    assert publish(cuts, counts)["x", "w", None] is None
    attack(cuts, counts, Random(1), most=99)


def test_a_number_hidden_for_another_takes_its_zero_along() -> None:
    cuts = Cuts([[A, B, C], ["yes", "no"]], outcome=1)
    counts = {(A, "yes"): 2, (B, "yes"): 40, (C, "yes"): 10, (C, "no"): 40}
    shown = publish(cuts, counts)
    assert (shown[B, None], shown[B, "no"]) == (None, None)


def test_with_a_number_all_rates_on_it_are_hidden() -> None:
    cuts = Cuts([[A, B], ["yes", "no"]], outcome=1)
    counts = {(A, "yes"): 1, (A, "no"): 1, (B, "yes"): 30, (B, "no"): 30}
    shown = publish(cuts, counts)
    assert [shown[cell] for cell in product([A, B], ["yes", "no", None])] == [None] * 6


def test_a_table_of_rates_shows_the_numbers_that_they_are_of() -> None:
    shown = publish(Cuts([[A], ["yes", "no"]], [(0, 1)], outcome=1), {(A, "yes"): 10})
    assert shown == {(A, "yes"): 10, (A, "no"): 0, (A, None): 10}


@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.randoms(use_true_random=False))
def test_the_same_counts_hide_the_same(counts: list[int], random: Random) -> None:
    cuts = Cuts([[A, B, C], ["x", "y"]])
    by_name = dict(zip(product(*cuts.dimensions), counts, strict=True))
    shuffled = dict(random.sample(list(by_name.items()), len(by_name)))
    without_zeros = {names: count for names, count in shuffled.items() if count}
    assert publish(cuts, by_name) == publish(cuts, shuffled) == publish(cuts, without_zeros)


@pytest.mark.parametrize("bad", [{(A,): -1}, {(A, B): 1}, {("unknown",): 1}])
def test_what_is_no_count_of_the_table_is_refused(bad: Counts) -> None:
    with pytest.raises(ValueError, match="categor"):
        publish(Cuts([[A]]), bad)


def test_a_table_without_categories_is_its_total() -> None:
    assert publish(Cuts([]), {(): 7}) == {(): 7}
    assert publish(Cuts([[]]), {}) == {(None,): 0}
