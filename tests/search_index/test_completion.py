from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.completion import NeedList, complete
from search_index.documents import Completion, CompletionKind, Concept
from search_index.name_list import NameList, folded_name

PANTRY = Concept("food.pantry", "Food pantry", ("food bank", "despensa", "despensa de comida"))
MEALS = Concept("food.meals", "Free meals", ("soup kitchen", "comida caliente", "food"))
RENT = Concept("money.rent", "Help with rent", ("rent assistance", "renta"))
NEEDS = NeedList([PANTRY, MEALS, RENT], {})


def no_places(_: str) -> Sequence[str]:
    return ()


def needs_for(typed: str, limit: int = 9, **services: int) -> list[tuple[str, str]]:
    concepts = NeedList(
        [PANTRY, MEALS, RENT], {code.replace("_", "."): n for code, n in services.items()}
    )
    return [(need.code, need.text) for need in concepts.starting(typed, limit)]


def completed(
    typed: str,
    needs: NeedList = NEEDS,
    services: Sequence[str] = (),
    organizations: Sequence[str] = (),
    places: Sequence[str] = (),
    limit: int = 8,
) -> tuple[Completion, ...]:
    return complete(
        typed,
        needs=needs,
        services=NameList.build(services).starting,
        organizations=NameList.build(organizations).starting,
        places=lambda _: places,
        limit=limit,
    )


def kinds(found: Sequence[Completion]) -> str:
    return "".join(completion.kind[0] for completion in found)


def test_a_need_shows_once_by_its_label_where_that_goes_on_as_typed():
    assert needs_for("food") == [("food.pantry", "Food pantry"), ("food.meals", "food")]


def test_a_need_shows_by_the_phrase_that_goes_on_as_typed():
    assert needs_for("food b") == [("food.pantry", "food bank")]


def test_a_need_typed_in_spanish_shows_in_spanish():
    assert needs_for("DESP") == [("food.pantry", "despensa")]


def test_needs_that_more_services_answer_come_first():
    typed_first = needs_for("f", food_pantry=1, food_meals=7)
    assert [code for code, _ in typed_first] == ["food.meals", "food.pantry"]


def test_a_phrase_of_two_needs_completes_both():
    both = NeedList([Concept("a", "One", ("shower",)), Concept("b", "Shower", ())], {"a": 5})
    assert [need.code for need in both.starting("sho", 9)] == ["a", "b"]


@pytest.mark.parametrize("typed", ["", " ", "f", "-f-", "¿", "x" * 300])
def test_too_little_or_too_much_typed_gives_nothing(typed):
    assert completed(typed, services=["Food f", "x" * 300], places=["F"]) == ()


def test_needs_come_first_then_services_organizations_and_places():
    found = completed("fo", services=["Food van"], organizations=["Fox Aid"], places=["Fort Bragg"])
    assert [(completion.kind, completion.text) for completion in found] == [
        (CompletionKind.NEED, "Food pantry"),
        (CompletionKind.NEED, "food"),
        (CompletionKind.SERVICE, "Food van"),
        (CompletionKind.ORGANIZATION, "Fox Aid"),
        (CompletionKind.PLACE, "Fort Bragg"),
    ]


def test_needs_are_at_most_half_and_the_other_kinds_share_the_rest():
    many = [f"re {number}" for number in range(9)]
    needs = NeedList([Concept(name, name, ()) for name in many], {})
    other = [f"rest {number}" for number in range(9)]
    last = [f"reno {number}" for number in range(9)]
    towns = [f"Reading {number}" for number in range(9)]
    assert kinds(completed("re", needs, other, last, towns, limit=10)) == "nnnnnssoop"
    assert kinds(completed("re", needs, other, (), towns, limit=10)) == "nnnnnssspp"
    assert kinds(completed("re", needs, (), last[:1], towns, limit=5)) == "nnnop"
    assert kinds(completed("re", needs, limit=1)) == "n"


def test_one_text_shows_once_as_what_comes_first():
    found = completed(
        "food",
        services=["FOOD PANTRY", "Food for all"],
        organizations=["Food for All", "Food Trust"],
        places=["food trust"],
    )
    assert [completion.text for completion in found] == [
        "Food pantry",
        "food",
        "Food for all",
        "Food Trust",
    ]


def test_a_need_carries_its_code_and_nothing_else_does():
    found = completed("fo", services=["Food van"], places=["Fort Bragg"])
    assert [completion.code for completion in found] == ["food.pantry", "food.meals", "", ""]


@given(st.text())
def test_any_text_is_read(typed):
    completed(typed, services=["Food van"], organizations=["Æ Œ ½"])


@given(st.text(st.sampled_from("frcods e-É"), max_size=8))
def test_all_that_is_completed_starts_as_typed(typed):
    for completion in completed(typed, services=["Food or else", "Écoles"]):
        shown = folded_name(completion.text).split()
        for start in folded_name(typed).split():
            assert any(word.startswith(start) for word in shown)
