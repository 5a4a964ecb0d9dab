"""Each act of the audit is told in plain words."""

import pytest

from referral_hub.rules.audit_words import SENTENCES, sentence_of


def test_an_act_reads_as_a_sentence() -> None:
    assert sentence_of("team:add") == "Added a team"


def test_an_act_that_nobody_has_described_reads_as_its_code() -> None:
    assert sentence_of("moon:land") == "moon:land"


@pytest.mark.parametrize("sentence", SENTENCES.values())
def test_no_sentence_holds_a_code(sentence: str) -> None:
    assert sentence[0].isupper()
    assert not set(":_.") & set(sentence)
