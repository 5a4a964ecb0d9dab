"""What sources are called."""

from referral_hub.rules.sources import made_by_source, source_maker, source_words


def test_people_read_who_a_source_is() -> None:
    assert source_words("agency:1:2") == "A file of the agency"
    assert source_words("feed:County 211") == "County 211"
    assert source_words("legal_illinois") == "legal_illinois"


def test_a_source_is_told_from_people_whatever_it_is_called() -> None:
    assert made_by_source(source_maker("feed:Help for person:7")) == "Help for person:7"
    assert made_by_source(source_maker("agency:1:2")) == "a file of the agency"
    assert made_by_source("person:7") is None
