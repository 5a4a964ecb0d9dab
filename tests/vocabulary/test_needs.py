"""The taxonomy of needs is whole, plain and unambiguous."""

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from referral_hub.vocabulary import Need, children, english_alike, needs
from referral_hub.vocabulary.suggestions import _words
from search_index.lexicon import key_of

ALL = tuple(needs().values())
LEAVES = tuple(need for need in ALL if need.level == 3)


def test_it_has_three_levels_and_ten_domains() -> None:
    assert {need.level for need in ALL} == {1, 2, 3}
    assert len(children(None)) == 10
    assert len(LEAVES) >= 150


def test_the_four_domains_of_the_network_come_first() -> None:
    assert [need.code for need in children(None)][:4] == ["housing", "health", "education", "legal"]


@pytest.mark.parametrize("need", ALL, ids=lambda need: need.code)
def test_every_term_is_complete(need: Need) -> None:
    assert need.label
    assert need.label_es
    assert need.definition.endswith(".")
    assert need.parent is None or need.parent in needs()


@pytest.mark.parametrize("need", LEAVES, ids=lambda need: need.code)
def test_every_need_can_be_said_by_clients_professionals_and_in_spanish(need: Need) -> None:
    assert len(need.lay) >= 4
    assert len(need.professional) >= 2
    assert len(need.spanish) >= 3


def test_a_phrase_means_one_need_only() -> None:
    said = Counter(words for need in LEAVES for words in {_words(text) for text in need.phrases})
    assert [words for words, count in said.items() if count > 1] == []


def test_words_that_are_alike_make_no_two_needs_one_phrase() -> None:
    usual = {
        key_of(word): key_of(first)[0] for first, *others in english_alike() for word in others
    }
    meant: dict[tuple[str, ...], dict[str, tuple[str, ...]]] = defaultdict(dict)
    for need in LEAVES:
        for key in {key_of(phrase) for phrase in need.phrases}:
            meant[tuple(usual.get((part,), part) for part in key)][need.code] = key
    joined = [needs for needs in meant.values() if len(needs) > 1]
    assert [needs for needs in joined if len(set(needs.values())) > 1] == []


def test_every_level_above_has_terms_below() -> None:
    assert all(children(need.code) for need in ALL if need.level < 3)


def test_the_crosswalk_names_true_ids_each_once(test_data: Path) -> None:
    path = test_data / "data/open_eligibility/openeligibility-2.0.0.flat.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        known = {row["id"] for row in csv.DictReader(stream)}
    used = Counter(code for need in ALL for code in need.open_eligibility)
    assert set(used) <= known
    assert {code for code, count in used.items() if count > 1} == set()
    assert len(used) > 200


def test_ids_are_the_same_in_every_hub() -> None:
    assert str(needs()["housing"].id) == "f254d7b2-ba70-5d59-a565-6dff6626f1b0"
