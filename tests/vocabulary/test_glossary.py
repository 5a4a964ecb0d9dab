"""The glossary: well formed, and careful with words of many senses."""

from collections import Counter, defaultdict

import pytest

from referral_hub.vocabulary import alike, equivalents
from search_index.analysis import FILLERS, STOP_WORDS, fold, stem, words
from search_index.spanish import root

MEANINGS = {entry.said: entry.meant for entry in equivalents()}


def as_searched(text: str) -> tuple[str, ...]:
    """The folded words of a text, without those that a search passes over."""
    return tuple(word for word in words(text) if word not in FILLERS)


def test_nothing_is_said_twice() -> None:
    said = Counter(as_searched(entry.said) for entry in equivalents())
    assert [key for key, count in said.items() if count > 1] == []


def test_forms_of_one_word_mean_the_same() -> None:
    meanings: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for said, meant in MEANINGS.items():
        meanings[tuple(map(stem, as_searched(said)))].add(meant)
    assert [stems for stems, several in meanings.items() if len(several) > 1] == []


def test_everything_said_has_a_word_that_a_search_heeds() -> None:
    assert [said for said in MEANINGS if not set(as_searched(said)) - STOP_WORDS] == []


def test_everything_meant_has_a_word_that_a_search_heeds() -> None:
    meant = {phrase for phrases in MEANINGS.values() for phrase in phrases}
    assert [phrase for phrase in meant if not set(words(phrase)) - STOP_WORDS] == []


def test_nothing_means_itself_or_the_same_twice() -> None:
    for said, meant in MEANINGS.items():
        read = [as_searched(text) for text in (said, *meant)]
        assert len(set(read)) == len(read), said


def test_words_that_stand_for_one_another_stand_in_one_group() -> None:
    roots = Counter(found for group in alike() for found in {root(fold(word)) for word in group})
    assert [found for found, count in roots.items() if count > 1] == []


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("inquilinas", "tenant"),
        ("abogada", "attorney"),
        ("desalojos", "eviction"),
        ("bancos de alimentos", "food bank"),
        ("embarazadas", "pregnant"),
        ("dientes", "dental"),
        ("gratis", "free"),
        ("sin papeles", "undocumented"),
        ("dv", "domestic violence"),
        ("ssdi", "disability benefits"),
        ("liheap", "energy assistance"),
        ("u visa", "immigrant crime victims"),
        ("kicked out", "eviction"),
        ("lawyers", "attorney"),
        ("kids", "child"),
        ("teeth", "dental"),
        ("cops", "police"),
        ("lights shut off", "utility assistance"),
        ("nappies", "diapers"),
    ],
)
def test_it_knows_how_people_say_it(said: str, meant: str) -> None:
    assert meant in MEANINGS[said]


@pytest.mark.parametrize(
    "word",
    [
        *("come", "once", "pan", "red", "pie", "mayor", "vista", "chico", "record", "boca"),
        *("set", "case", "bank", "flat", "prep", "aids", "va", "ship", "ice", "sane", "stamps"),
    ],
)
def test_words_of_many_senses_stay_out(word: str) -> None:
    assert word not in {" ".join(words(said)) for said in MEANINGS}
