"""Kinds of people: each known by its own phrases and by real signs."""

from collections import Counter, defaultdict

import pytest

from referral_hub.vocabulary import PopulationTerm, populations
from search_index.analysis import FILLERS, STOP_WORDS, stem, words

ALL = populations()


def as_searched(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text) if word not in FILLERS)


def as_indexed(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text) if word not in STOP_WORDS)


def named(text: str) -> set[str]:
    return {term.code for term in ALL if as_searched(text) in map(as_searched, term.phrases)}


def test_codes_and_labels_are_given_once() -> None:
    assert len({term.code for term in ALL}) == len({term.label for term in ALL}) == len(ALL)


def test_a_phrase_names_one_kind_of_people() -> None:
    codes: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for term in ALL:
        for phrase in term.phrases:
            codes[as_searched(phrase)].add(term.code)
    assert {phrase: kinds for phrase, kinds in codes.items() if len(kinds) > 1} == {}


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.code)
def test_each_kind_is_named_in_many_ways(term: PopulationTerm) -> None:
    assert len(term.phrases) >= 8
    assert len(term.signs) >= 3


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.code)
def test_no_phrase_or_sign_is_given_twice(term: PopulationTerm) -> None:
    phrases = Counter(tuple(words(phrase)) for phrase in term.phrases)
    signs = Counter(as_indexed(sign) for sign in term.signs)
    assert {*phrases.values(), *signs.values()} == {1}


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.code)
def test_no_phrase_is_one_common_word_or_number(term: PopulationTerm) -> None:
    single = [key[0] for key in map(as_searched, term.phrases) if len(key) == 1]
    assert [word for word in single if word in STOP_WORDS or word.isdigit()] == []


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.code)
def test_no_sign_is_only_numbers_to_the_index(term: PopulationTerm) -> None:
    assert [sign for sign in term.signs if all(map(str.isdigit, as_indexed(sign)))] == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("over 55", "seniors"),
        ("Veterano", "veterans"),
        ("no insurance", "uninsured"),
        ("without papers", "immigrants"),
        ("felon", "reentry"),
        ("sex offenders", "sex-offenders"),
        ("with my kids", "families"),
        ("para mujeres", "women"),
        ("madres solteras", "single-parents"),
        ("18 to 24", "transition-age-youth"),
        ("foster kids", "foster-youth"),
        ("in a wheelchair", "disability"),
        ("con mascotas", "pet-owners"),
    ],
)
def test_it_knows_how_people_are_named(said: str, code: str) -> None:
    assert named(said) == {code}


@pytest.mark.parametrize(
    "said", ["all welcome", "aging", "minor", "worker", "family", "poor", "60"]
)
def test_words_that_name_nobody_for_sure_name_nobody(said: str) -> None:
    assert named(said) == set()
