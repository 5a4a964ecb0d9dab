"""The door to the search index: what the index is told of how people speak."""

import errno
from pathlib import Path

import pytest

from referral_hub.gateways.search import SearchGateway, SearchRequest, vocabulary
from referral_hub.rules.errors import IndexNotReady
from search_index.folder import IndexFolder


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


@pytest.mark.parametrize(
    ("fault", "may_help"),
    [(errno.ELOOP, True), (errno.EACCES, True), (errno.EIO, True), (errno.EMFILE, False)],
)
def test_an_index_that_cannot_be_read_is_not_ready_whatever_the_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int, may_help: bool
) -> None:
    gateway = SearchGateway(tmp_path)
    gateway.rebuild(())

    def fail(*_: object, **__: object) -> str:
        raise OSError(fault, "no")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "read_text", fail)
        broken.setattr(IndexFolder, "stamp", lambda *_: None)
        for ask in (
            lambda: gateway.search(SearchRequest()),
            lambda: gateway.complete("food", 8),
            gateway.document_count,
        ):
            with pytest.raises(IndexNotReady, match="index rebuild"):
                ask()
    assert (gateway.fault() is not None) is may_help
    assert gateway.search(SearchRequest()).total == 0
    gateway.close()
