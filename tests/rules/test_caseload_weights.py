"""What cases weigh, where a load lies, and how evenly a team shares it."""

import pytest

from referral_hub.rules.caseload_weights import (
    Band,
    CaseFacts,
    Load,
    Place,
    Weights,
    band_of,
    check_case,
    equity_in_words,
    equity_of,
    formula,
    in_numbers,
    load_of,
    weight_of,
    weights_of,
)
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.network_settings import SETTINGS, read_settings

DEFAULTS = {name: setting.default for name, setting in SETTINGS.items()}
WEIGHTS = Weights(1, 1, 0.5, 0.5)
UNSAID = CaseFacts(None, None, 0, travels=False)


@pytest.mark.parametrize(
    ("case", "points"),
    [
        (CaseFacts(3, 2, 2, travels=False), 6),
        (CaseFacts(5, 3, 4, travels=True), 10.5),
        (CaseFacts(1, 1, 0, travels=False), 2),
        (UNSAID, 5),
    ],
)
def test_a_case_weighs_the_sum_of_its_parts(case: CaseFacts, points: float) -> None:
    assert weight_of(case, WEIGHTS) == points


def test_a_case_without_open_needs_still_weighs() -> None:
    assert weight_of(CaseFacts(5, 3, 0, travels=False), WEIGHTS) == 8


def test_each_part_counts_by_the_weight_that_the_network_gives_it() -> None:
    case = CaseFacts(2, 3, 4, travels=True)
    for name, points in (("acuity", 2), ("intensity", 3), ("open_need", 4), ("travel", 1)):
        only = dict.fromkeys(("acuity", "intensity", "open_need", "travel"), 0.0)
        assert weight_of(case, Weights(**(only | {name: 1.0}))) == points


def test_the_formula_and_a_case_are_shown_with_the_numbers_of_the_network() -> None:
    assert formula(WEIGHTS) == (
        "1 × acuity (1 to 5) + 1 × intensity (1 to 3) + 0.5 × open needs + "
        "0.5 if the worker travels"
    )
    case = CaseFacts(4, 2, 3, travels=True)
    assert in_numbers(case, WEIGHTS) == "1 × 4 + 1 × 2 + 0.5 × 3 + 0.5 = 8"
    assert in_numbers(UNSAID, WEIGHTS) == "1 × 3 + 1 × 2 + 0.5 × 0 = 5"


def test_the_defaults_of_a_network_put_twenty_usual_cases_into_the_band() -> None:
    weights, band = weights_of(DEFAULTS), band_of(DEFAULTS)
    usual = [CaseFacts(3, 2, 2, travels=False)]
    assert weights == WEIGHTS
    assert band == Band(90, 150)
    for cases, place in ((14, Place.BELOW), (15, Place.WITHIN), (25, Place.WITHIN),
                         (26, Place.ABOVE)):  # fmt: skip
        assert band.place(load_of(usual * cases, weights).points) is place


def test_a_band_whose_ends_cross_is_refused() -> None:
    sent = {
        name: [str(value) for value in each.default]
        if isinstance(each.default, tuple)
        else [str(each.default)]
        for name, each in SETTINGS.items()
    }
    with pytest.raises(InvalidInput) as refused:
        read_settings(sent | {"caseload_low": ["150"], "caseload_high": ["150"]})
    assert set(refused.value.fields) == {"caseload_high"}
    assert read_settings(sent | {"caseload_low": ["149"]})["caseload_low"] == 149


def test_a_load_counts_cases_points_and_what_nobody_has_said() -> None:
    hard = CaseFacts(5, 3, 1, travels=False, trauma=True)
    load = load_of([hard, UNSAID, CaseFacts(1, None, 1, travels=False)], WEIGHTS)
    assert load == Load(cases=3, points=17.0, not_weighed=2, trauma=1)
    assert load.trauma_share == pytest.approx(1 / 3)
    assert Load().trauma_share == 0


def test_what_weighs_on_a_worker_is_in_no_points_and_in_nothing_for_others() -> None:
    plain, hard = (CaseFacts(3, 2, 2, travels=False, trauma=each) for each in (False, True))
    assert weight_of(plain, WEIGHTS) == weight_of(hard, WEIGHTS)
    assert load_of([hard], WEIGHTS).for_others == load_of([plain], WEIGHTS)


def test_tenths_add_up_without_dust() -> None:
    tenth = Weights(0.1, 0.1, 0.1, 0.1)
    assert load_of([CaseFacts(1, 1, 1, travels=False)] * 7, tenth).points == 2.1


@pytest.mark.parametrize(
    ("points", "middle", "to_move", "highest"),
    [
        ([10, 10, 10], 10, 0, 1),
        ([0, 30], 15, 0.5, 2),
        ([10, 20, 60], 20, 1 / 3, 3),
        ([0, 0, 30], 0, 2 / 3, None),
    ],
)
def test_equity_is_the_part_of_all_points_that_would_have_to_move(
    points: list[float], middle: float, to_move: float, highest: float | None
) -> None:
    found = equity_of(points)
    assert found is not None
    assert found.median == middle
    assert found.to_move == pytest.approx(to_move)
    assert found.highest == highest


def test_one_worker_or_no_load_compares_with_nothing() -> None:
    assert equity_of([12]) is None
    assert equity_of([0, 0]) is None


@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([10, 10], "Everybody carries the same."),
        ([10, 20, 60], "The highest load is 3.0 times the middle one; 33% of all points would have "
                       "to change hands for equal loads."),
        ([0, 0, 30], "67% of all points would have to change hands for equal loads; at least half "
                     "of the workers carry nothing."),
    ],
)  # fmt: skip
def test_equity_reads_as_one_sentence(points: list[float], words: str) -> None:
    found = equity_of(points)
    assert found is not None
    assert equity_in_words(found) == words


@pytest.mark.parametrize(
    ("acuity", "intensity", "wrong"),
    [(0, 2, {"acuity"}), (6, None, {"acuity"}), (None, 4, {"intensity"}),
     (9, 0, {"acuity", "intensity"})],
)  # fmt: skip
def test_what_a_case_cannot_weigh_by_is_refused(
    acuity: int | None, intensity: int | None, wrong: set[str]
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_case(acuity, intensity)
    assert set(refused.value.fields) == wrong
    check_case(5, 3)
    check_case(None, None)
