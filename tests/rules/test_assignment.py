"""Whom a case may fit, and why."""

from dataclasses import replace
from uuid import UUID

from referral_hub.rules.assignment import Candidate, Suggestion, Wanted, suggest
from referral_hub.rules.caseload_weights import Band

BAND = Band(90, 150)
ANA = Candidate(UUID(int=1), "Ana", frozenset(), 0, 100.0, knows_client=False, in_team=True)
BEN = replace(ANA, person_id=UUID(int=2), name="Ben")
WANTED = Wanted(("es", "en"), "Housing")


def best(*candidates: Candidate, wanted: Wanted = WANTED, median: float = 100) -> Suggestion:
    return suggest(wanted, candidates, median, BAND)[0]


def test_whoever_speaks_the_preferred_language_comes_first_and_it_is_said() -> None:
    found = best(BEN, replace(ANA, languages=frozenset({"es"}), points=140))
    assert found.name == "Ana"
    assert found.reasons == ("speaks Spanish", "load 140, 40 above the team's median")


def test_everybody_speaks_english_and_a_second_language_is_no_reason() -> None:
    speaks = replace(ANA, languages=frozenset({"es", "en"}))
    for languages in (("en", "es"), ()):
        assert "speaks" not in " ".join(best(speaks, wanted=Wanted(languages)).reasons)


def test_all_that_speaks_for_somebody_stands_in_one_line() -> None:
    found = best(replace(ANA, languages=frozenset({"es"}), done=7, points=88, knows_client=True))
    assert found.reasons == (
        "speaks Spanish", "has worked with this client before", "7 housing cases done",
        "load 88, 12 below the team's median",
    )  # fmt: skip
    assert best(replace(ANA, done=1)).reasons[0] == "1 housing case done"


def test_who_knows_the_client_comes_before_who_only_has_room() -> None:
    assert best(replace(BEN, points=20), replace(ANA, knows_client=True)).name == "Ana"


def test_experience_counts_up_to_a_bound() -> None:
    scores = [best(replace(ANA, done=done)).score for done in (0, 1, 2, 3, 6, 100)]
    assert scores == [2, 3, 3, 4, 5, 5]


def test_who_is_above_the_band_comes_last_unless_very_much_speaks_for_them() -> None:
    full = replace(ANA, points=151, knows_client=True)
    assert best(full, BEN).name == "Ben"
    assert "above the band already" in suggest(WANTED, [full], 100, BAND)[0].reasons
    assert best(replace(full, languages=frozenset({"es"})), BEN).name == "Ana"


def test_who_is_of_another_team_comes_after_and_it_is_said() -> None:
    other = replace(ANA, in_team=False)
    assert best(other, BEN).name == "Ben"
    assert "of another team" in suggest(WANTED, [other], 100, BAND)[0].reasons


def test_among_equals_who_carries_least_comes_first_then_by_name() -> None:
    light = replace(BEN, points=110)
    assert best(replace(ANA, points=120), light).name == "Ben"
    assert best(BEN, ANA).name == "Ana"


def test_five_are_shown_and_without_a_team_no_median_is_named() -> None:
    many = [replace(ANA, person_id=UUID(int=number), name=str(number)) for number in range(9)]
    found = suggest(Wanted(), many, None, BAND)
    assert len(found) == 5
    assert found[0].reasons == ("load 100",)
