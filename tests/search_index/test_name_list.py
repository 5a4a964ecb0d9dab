from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_index.name_list import MOST_LETTERS, NameList, folded_name

NAMES = st.text(st.sampled_from("abcÁé '-"), max_size=8)


def names(typed: str, *listed: str, limit: int = 10) -> list[str]:
    return [name for name, _ in NameList.build(listed).starting(typed, limit)]


@pytest.mark.parametrize(
    "typed",
    ["c", "Comm", "community foo", "foo comm", "bank food community", "  food,", "c f b"],
)
def test_each_word_typed_starts_a_word_of_the_name_in_any_order(typed):
    assert names(typed, "Community Food Bank") == ["Community Food Bank"]


@pytest.mark.parametrize("typed", ["ood", "food pantry", "communityfood", "food x", "", "!", "🍞"])
def test_a_name_without_such_words_is_not_found(typed):
    assert names(typed, "Community Food Bank") == []


def test_capitals_and_accents_make_no_difference():
    assert names("nino", "Casa del Niño", "CASA DEL NINO") == ["CASA DEL NINO"]
    assert names("NIÑO", "Casa del Nino") == ["Casa del Nino"]


def test_names_that_start_as_typed_come_first_then_what_counts_most_then_the_alphabet():
    listed = ["Free food", "Free food", "Food bank", "Food pantry", "Food pantry", "Food aid"]
    assert names("food", *listed) == ["Food pantry", "Food aid", "Food bank", "Free food"]


def test_no_more_than_asked_are_returned():
    assert names("a", "Aid", "All", "Ask", limit=2) == ["Aid", "All"]
    assert names("a", "Aid", limit=0) == []


def test_spellings_of_one_name_are_counted_together_and_the_commonest_shows():
    listed = ["FOOD BANK", "Food  Bank", "Food  Bank", "food-bank"]
    assert NameList.build(listed).starting("food", 10) == [("Food Bank", 4)]


def test_a_name_without_letters_is_left_out():
    assert len(NameList.build(["", "!!!", "🍞"])) == 0


def test_text_longer_than_a_name_finds_nothing():
    name = "a " * MOST_LETTERS
    assert names(name, name) == []


def test_a_list_written_to_files_and_mapped_answers_the_same(tmp_path):
    made = NameList.build(["Casa Niño", "Food bank", "Food \ud800 bank", "食物銀行"])
    for name, array in made.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = NameList.from_arrays(
        {path.stem: np.load(path, mmap_mode="r") for path in tmp_path.iterdir()}
    )
    assert list(mapped) == list(made)
    assert mapped.starting("food", 9) == made.starting("food", 9) != []


@given(st.lists(NAMES), NAMES, st.integers(1, 5))
@example(["ab c"] * 2 + ["c ab", "b"] + [f"c a{number}" for number in range(40)], "c a", 3)
@example(["z a", "z a", "z ab", *(f"b{number}" for number in range(40))], "a", 2)
@example(["aa", "ab", "ab"], "a", 1)
def test_the_best_names_are_those_that_a_plain_search_finds(listed, typed, limit):
    counts = Counter(map(folded_name, listed))
    asked = folded_name(typed)
    matching = [
        name
        for name in counts
        if asked
        and all(any(word.startswith(start) for word in name.split()) for start in asked.split())
    ]
    best = sorted(matching, key=lambda name: (not name.startswith(asked), -counts[name], name))
    found = NameList.build(listed).starting(typed, limit)
    assert [(folded_name(name), count) for name, count in found] == [
        (name, counts[name]) for name in best[:limit]
    ]


@given(st.lists(st.text()), st.text())
def test_any_text_is_read(listed, typed):
    assert len(NameList.build(listed).starting(typed, 3)) <= 3
