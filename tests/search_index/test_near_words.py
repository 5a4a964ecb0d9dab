from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search_index.near_words import NearWord, NearWords

WORDS = st.text(st.sampled_from("abcehpsñф"), min_size=1, max_size=8)


def near(word: str, *others: str, edits: int = 1) -> list[str]:
    return [found.word for found in NearWords(others).of(word, edits)]


@given(st.lists(WORDS, min_size=1), WORDS, st.integers(1, 3))
def test_no_word_within_so_many_edits_is_missed(others, word, edits):
    within = {other for other in others if OSA.distance(word, other) <= edits}
    assert within <= set(near(word, *others, edits=edits))


def test_swapped_neighbours_are_one_edit():
    assert near("shleter", "shelter", "halter") == ["shelter"]


def test_a_word_that_sounds_the_same_may_be_written_with_one_more_edit():
    assert near("fisical", "physical", "medical", edits=2) == ["physical"]
    assert near("fone", "phone", "stone") == ["phone"]


def test_what_is_apart_is_told():
    assert NearWords(["dental"]).of("dentel", 1) == [
        NearWord("dental", letters=1, sounds=1, consonants=0, same_start=True, slip=False)
    ]
    assert NearWords(["psychiatrist"]).of("sychiatrist", 1) == [
        NearWord("psychiatrist", letters=1, sounds=0, consonants=0, same_start=True, slip=True)
    ]


def test_slips_are_letters_left_out_swapped_or_hit_beside():
    slips = {
        typed: NearWords(["shelter"]).of(typed, 1)[0].slip
        for typed in ("sheter", "shetler", "shelrer", "shelqer", "shellter")
    }
    assert slips == {
        "sheter": True, "shetler": True, "shelrer": True, "shelqer": False, "shellter": False,
    }  # fmt: skip


def test_in_a_short_word_a_key_hit_beside_is_no_slip():
    assert not NearWords(["mail"]).of("nail", 1)[0].slip


def test_of_no_words_none_is_near():
    assert near("shelter") == []
