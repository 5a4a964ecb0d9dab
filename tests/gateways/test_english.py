"""Right words of English, kept between processes."""

from pathlib import Path

import pytest

from referral_hub.gateways import english
from referral_hub.gateways.english import english_words
from referral_hub.gateways.search import SearchGateway
from search_index import right_words


def test_the_words_are_the_same_made_and_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = english_words()
    assert {"carpentry", "president"} <= words
    assert not {"shleter", "the"} & words
    assert english_words(tmp_path) == words

    def fail() -> frozenset[str]:
        raise AssertionError("read again from the package")

    monkeypatch.setattr(right_words, "english_words", fail)
    assert english_words(tmp_path) == words


def test_words_that_cannot_be_read_are_no_fault_of_the_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> frozenset[str]:
        raise FileNotFoundError("en.json.gz")

    monkeypatch.setattr(english.right_words, "english_words", fail)
    gateway = SearchGateway(tmp_path)
    with pytest.raises(FileNotFoundError):
        gateway.document_count()
