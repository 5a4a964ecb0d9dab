"""Facts in words that people read."""

from hypothesis import given
from hypothesis import strategies as st

from referral_hub.use_cases.directory.wording import summary


@given(words=st.lists(st.text("ab,.", min_size=1, max_size=9), max_size=300), length=st.just(60))
def test_a_summary_is_the_beginning_of_the_text_up_to_a_word(words: list[str], length: int) -> None:
    whole = " ".join(words)
    short = summary((None, "", " \n ".join(words) + "\t"), length)
    assert len(short) <= length + 1
    if len(whole) <= length:
        assert short == whole
    else:
        assert short.endswith("…")
        assert whole.startswith(short[:-1])
        assert len(short) > length // 2


def test_a_summary_is_that_of_the_first_text_that_says_something() -> None:
    assert summary((None, "", "Food  for\nall", "Other")) == "Food for all"


def test_a_summary_of_many_short_words_has_single_spaces() -> None:
    assert summary(("a \n " * 300,), 60) == "a " * 29 + "a…"
