"""The door to the search index: what the index is told of how people speak."""

from pathlib import Path

from referral_hub.gateways.search import SearchGateway, SearchRequest, vocabulary


def test_the_index_is_told_of_needs_other_words_and_kinds_of_people() -> None:
    known = vocabulary()
    assert "housing.keep.rent-assistance" in {concept.code for concept in known.concepts}
    assert ("dv", ("domestic violence",)) in {
        (entry.said, entry.meant) for entry in known.equivalents
    }
    assert "veterans" in {population.code for population in known.populations}


def test_the_index_knows_places_when_it_is_given_the_folder_of_the_gazetteer(
    tmp_path: Path, gazetteer_folder: Path
) -> None:
    gateway = SearchGateway(tmp_path / "index", gazetteer_folder)
    gateway.rebuild(())
    assert gateway.search(SearchRequest("dentist in Cicero, IL")).place is not None
    near = (41.84, -87.76)
    assert [way.text for way in gateway.complete("cicero", 1, near)] == ["Cicero, IL"]
    gateway.close()
