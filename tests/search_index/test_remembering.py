"""Answers remembered by their size."""

from search_index.remembering import Remembered


def test_what_was_asked_lately_is_remembered_up_to_so_many_bytes():
    made = []

    def make(name, size):
        made.append(name)
        return size

    remembered = Remembered(make, int, 100_000)
    for name in "abcabcadab":
        assert remembered(name, 30_000) == 30_000
    assert "".join(made) == "abcdb"


def test_what_is_larger_than_all_that_may_be_kept_is_made_each_time():
    made = []
    remembered = Remembered(made.append, lambda _: 2_000, 1_500)
    remembered("a")
    remembered("a")
    assert made == ["a", "a"]
