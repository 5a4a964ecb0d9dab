"""The door to the search index: what the index is told of how people speak."""

from referral_hub.gateways.search import vocabulary


def test_the_index_is_told_of_needs_other_words_and_kinds_of_people() -> None:
    known = vocabulary()
    assert "housing.keep.rent-assistance" in {concept.code for concept in known.concepts}
    assert ("dv", ("domestic violence",)) in {
        (entry.said, entry.meant) for entry in known.equivalents
    }
    assert "veterans" in {population.code for population in known.populations}
