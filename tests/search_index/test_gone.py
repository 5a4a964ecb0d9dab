"""What is deleted, renamed or withheld is never offered, corrected to, found or counted."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Concept, SearchIndex, SearchRequest, Vocabulary

HERE = {"latitude": 40.0, "longitude": -75.0}
WORDS = ("lantern", "lanterns", "lantana", "willow", "willows", "pillow")
NAMES = ("Lantern House", "Willow Project", "Willow House")


def offered(index: SearchIndex, *typed: str, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    return [
        (str(way.kind), way.text)
        for text in typed or ("lantern", "willow", "house", "project")
        for way in index.complete(text, without=frozenset(without))
    ]


def corrected(index: SearchIndex, words: str, without: Iterable[str] = ()) -> str | None:
    return index.search(SearchRequest(words=words, without=frozenset(without))).did_you_mean


def test_the_names_of_a_removed_service_and_of_its_organization_are_offered_no_more(
    document, index_of
):
    index = index_of(
        [document("a", name="Lantern House", organization="Lantern Trust"), document("b")]
    )
    assert offered(index, "lantern") == [
        ("service", "Lantern House"), ("organization", "Lantern Trust"),
    ]  # fmt: skip
    index.apply((), ["a"])
    assert offered(index, "lantern") == []
    assert offered(SearchIndex.open(index.folder), "lantern") == []


def test_a_renamed_service_is_offered_by_its_new_name_alone(document, index_of):
    index = index_of([document("a", name="Lantern House"), document("b")])
    index.apply([document("a", name="Willow House")], ())
    assert offered(index) == [("service", "Willow House")] * 2


def test_a_name_that_another_service_still_has_stays(document, index_of):
    index = index_of([document(one, name="Lantern House") for one in "abc"])
    index.apply((), ["a", "b"])
    assert offered(index, "lantern") == [("service", "Lantern House")]


def test_what_is_offered_in_place_of_a_removed_name_fills_the_list(document, index_of):
    names = [f"Lantern {number:02}" for number in range(40)]
    index = index_of([document(name, name=name) for name in names])
    index.apply((), names[:35])
    assert [text for _, text in offered(index, "lantern")] == names[35:]


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "withheld"])
def test_a_word_that_only_gone_services_have_is_no_guess(document, index_of, removed):
    services = [document(one, name="Marigold", description="Marigold marigold") for one in "abc"]
    index = index_of([*services, document("d", name="Library")])
    assert corrected(index, "marigodl") == "marigold"
    if removed:
        index.apply((), ["a", "b", "c"])
    assert corrected(index, "marigodl", () if removed else "abc") is None
    assert corrected(SearchIndex.open(index.folder), "marigodl", "abc") is None


def test_a_gone_word_is_no_guess_though_another_with_its_stem_stands(document, index_of):
    gone = [document(one, name="quilterings") for one in "abc"]
    index = index_of([*gone, document("d", name="quiltering"), document("e", name="Library")])
    assert corrected(index, "quilterinngs") == "quilterings"
    index.apply((), ["a", "b", "c"])
    assert corrected(index, "quilterinngs") != "quilterings"


def test_a_word_that_only_gone_services_had_is_corrected_like_any_other(document, index_of):
    lasting = [document(one, name="Marigold marigold marigold") for one in "ab"]
    index = index_of([*lasting, document("c", name="marigodl")])
    assert corrected(index, "marigodl") is None
    index.apply((), ["c"])
    assert corrected(index, "marigodl") == "marigold"


gardens = st.lists(
    st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(WORDS), max_size=3)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=40)
@given(gardens, st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5)))
def test_an_index_without_services_answers_like_one_that_never_had_them(
    document, index_of, gardens, removed, withheld
):
    documents = [
        document(
            f"s{number}", "l", name=name, description=" ".join(words), languages=("es",), **HERE
        )
        for number, (name, words) in enumerate(gardens)
    ]
    index = index_of(documents)
    index.apply((), [f"s{number}" for number in removed])
    without = frozenset(f"s{number}" for number in withheld)
    gone = without | {f"s{number}" for number in removed}
    anew = index_of(one for one in documents if one.service_id not in gone)
    assert sorted(offered(index, without=without)) == sorted(offered(anew))
    for asked in ({}, {"words": "lantern"}, {"radius_km": 5.0, **HERE}, {"words": "willow house"}):
        results = index.search(SearchRequest(without=without, **asked))
        plain = anew.search(SearchRequest(**asked))
        assert (results.total, results.facets) == (plain.total, plain.facets)
        assert {hit.service_id for hit in results.hits} == {hit.service_id for hit in plain.hits}


def test_what_is_withheld_is_neither_found_counted_nor_promised(document, index_of):
    index = index_of(
        [
            document("open", name="food", languages=("es",), **HERE),
            document("secret", name="food", languages=("es", "fr"), **HERE),
        ]
    )
    request = SearchRequest(words="food", radius_km=1.0, without=frozenset({"secret"}), **HERE)
    results = index.search(request)
    assert [hit.service_id for hit in results.hits] == ["open"]
    assert (results.total, results.facets["languages"]) == (1, {"es": 1})
    far = {"latitude": 40.1, "longitude": -75.0, "radius_km": 1.0}
    relaxed = index.search(SearchRequest(words="food", without=frozenset({"secret"}), **far))
    assert {way.total for way in relaxed.relax} == {1}
    assert index.search(SearchRequest(words="food")).total == 2


def test_withholding_more_and_less_is_answered_each_time(document, index_of):
    index = index_of([document(one, name="food") for one in "abc"])
    counts = [
        index.search(SearchRequest(words="food", without=frozenset(without))).total
        for without in ("a", "ab", "a", "", "abc")
    ]
    assert counts == [2, 1, 2, 3, 0]


def test_needs_are_offered_whoever_is_gone(document, index_of):
    vocabulary = Vocabulary((Concept("light", "Lantern lending", ()),))
    index = index_of([document("a", name="Lantern House", categories=("light",))], vocabulary)
    index.apply((), ["a"])
    assert offered(index, "lantern") == [("need", "Lantern lending")]


def test_needs_are_offered_by_how_many_answer_them_by_now(document, index_of):
    vocabulary = Vocabulary(
        (Concept("light", "Lantern lending", ()), Concept("wick", "Lantern mending", ()))
    )
    lenders = [document(one, categories=("light",)) for one in "ab"]
    index = index_of([*lenders, document("c", categories=("wick",))], vocabulary)
    lend, mend = ("need", "Lantern lending"), ("need", "Lantern mending")
    assert offered(index, "lantern") == [lend, mend]
    index.apply([document(one, categories=("wick",)) for one in "de"], ())
    assert offered(index, "lantern") == [mend, lend]
    assert offered(index, "lantern", without="de") == [lend, mend]
    index.apply((), ["d", "e"])
    assert offered(index, "lantern") == [lend, mend]


@pytest.mark.parametrize("removed", [True, False], ids=["removed", "withheld"])
def test_what_is_gone_is_near_no_place_and_about_no_need(document, index_of, removed):
    vocabulary = Vocabulary((Concept("light", "Lantern lending", ()),))
    index = index_of([document("a", "l", categories=("light",), **HERE), document("b")], vocabulary)

    def told(without: Iterable[str] = ()) -> tuple[bool, dict[str, int]]:
        index.document_count()
        snapshot = index._current().without(frozenset(without))
        return snapshot.is_near(40.0, -75.0, 5.0), snapshot.needs_ranked

    assert told() == (True, {"light": 1})
    if removed:
        index.apply((), ["a"])
    assert told("" if removed else "a") == (False, {})
