import pytest

from search_index import Vocabulary, understand
from search_index.compounds import Compounds
from search_index.understand import Understanding

COMPOUNDS = Compounds(
    [
        "food bank",
        "wheel",
        "chair",
        "wheelchair ramp",
        "day care",
        "daycare",
        "out of work",
        "carpet",
    ]
)


@pytest.mark.parametrize(
    ("phrase", "ways"),
    [
        ("food bank", ["foodbank"]),
        ("ramp for a wheelchair", ["ramp for a wheel chair"]),
        ("wheelchair", ["wheel chair"]),
        ("day care", []),
        ("daycare", []),
        ("food bank line", []),
        ("of work", []),
        ("carpet", []),
        ("", []),
    ],
)
def test_a_gap_may_be_missing_or_one_too_many(phrase, ways):
    assert list(COMPOUNDS.other_ways(phrase)) == ways


def test_an_index_made_with_other_everyday_words_is_another(monkeypatch):
    before = Understanding(Vocabulary()).digest
    assert Understanding(Vocabulary()).digest == before
    monkeypatch.setattr(understand, "EVERYDAY_WORDS", {*understand.EVERYDAY_WORDS, "lantern"})
    assert Understanding(Vocabulary()).digest != before
