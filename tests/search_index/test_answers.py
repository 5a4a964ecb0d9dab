"""What a search answers besides its hits: why, what relaxing gives, how to go on typing."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import (
    CompletionKind,
    Concept,
    Document,
    Gazetteer,
    IndexUnreadable,
    NamedPlace,
    PlaceKind,
    Population,
    Relaxation,
    SearchIndex,
    SearchRequest,
    Vocabulary,
)

VOCABULARY = Vocabulary(
    (
        Concept("food", "Food", ("comida",)),
        Concept("food.pantry", "Food pantry", ("food bank", "despensa"), ("food",)),
    ),
    populations=(Population("seniors", "Seniors", ("elderly",), ("seniors",)),),
)
PLACES = Gazetteer.of(
    [NamedPlace("Fort Worth", "Fort Worth, TX", PlaceKind.CITY, 32.75, -97.33, 9.0, 40.0, "TX")]
)
CENTRE = {"latitude": 41.0, "longitude": -87.0}
NOW = datetime(2026, 7, 1, tzinfo=UTC)


def north(kilometres: float) -> dict[str, float]:
    """A point so far north of the centre."""
    return {"latitude": 41.0 + kilometres / 111.07, "longitude": -87.0}


def relaxed(index, **asked) -> set[Relaxation]:
    return set(index.search(SearchRequest(**asked)).relax)


@pytest.fixture(scope="module")
def pantries(document, index_of):
    return index_of(
        [
            document("near", "l", name="Food pantry", languages=("es",), cost="free", **north(3)),
            document("far", "l", name="Food pantry", languages=("en",), cost="free", **north(30)),
            document("clinic", "l", name="Clinic", languages=("vi",), cost="paid", **north(1)),
        ],
        VOCABULARY,
    )


def test_nothing_found_tells_which_filter_empties_the_list(pantries):
    asked = {"words": "pantry", "languages": ("vi",), "cost": ("free",)}
    assert relaxed(pantries, **asked) == {Relaxation("languages", 2)}


def test_nothing_found_nearby_tells_what_a_wider_radius_gives(pantries):
    asked = {"words": "pantry", "languages": ("en",), "radius_km": 10.0, **CENTRE}
    assert relaxed(pantries, **asked) == {
        Relaxation("languages", 1),
        Relaxation("radius_km", 1, 40.0),
        Relaxation("radius_km", 1),
    }


def test_nothing_found_for_words_tells_what_there_is_without_them(pantries):
    asked = {"words": "zzzz", "languages": ("vi",), "correct": False}
    assert relaxed(pantries, **asked) == {Relaxation("words", 1)}


def test_filters_that_only_together_find_nothing_may_be_left_out_together(pantries):
    asked = {"words": "pantry", "languages": ("vi",), "cost": ("sliding",)}
    assert relaxed(pantries, **asked) == {Relaxation("filters", 2)}


def test_where_neither_filters_nor_distance_alone_help_both_may_be_left_out(pantries):
    asked = {"words": "pantry", "languages": ("xx",), "radius_km": 1.0, **CENTRE}
    assert relaxed(pantries, **asked) == {Relaxation("filters", 2, anywhere=True)}


def test_a_place_in_the_words_may_be_left_alone_gone_out_from_or_read_as_words(document, index_of):
    place = NamedPlace("Alsip", "Alsip, IL", PlaceKind.CITY, 41.0, -87.0, 5.0, 1.0, "IL")
    documents = [
        document("clinic", "l", name="Clinic", **north(1)),
        document("far", "l", name="Pantry of Alsip", **north(100)),
        document("farther", "l", name="Pantry", **north(200)),
    ]
    index = index_of(documents, VOCABULARY, Gazetteer.of([place]))
    assert relaxed(index, words="pantry in Alsip", radius_km=30.0) == {
        Relaxation("radius_km", 1, 120.0),
        Relaxation("radius_km", 2),
        Relaxation("words", 1, words="in Alsip"),
        Relaxation("place_in_words", 2),
    }


def test_what_was_found_needs_no_relaxing(pantries):
    assert relaxed(pantries, words="pantry", languages=("es",)) == set()


def test_what_no_single_change_can_give_is_not_promised(pantries):
    assert relaxed(pantries, words="zzzz", languages=("xx",), correct=False) == set()


def test_the_parts_of_a_score_add_up_to_it(document, index_of):
    raised = {"accepting": True, "partner": True, "verified": date(2026, 6, 1)}
    food = {"name": "Food pantry", "description": "for seniors", "categories": ("food.pantry",)}
    clinic = {"name": "Clinic", "description": "and a food shelf"}
    documents = [
        document("s", "l", **food, **raised, **north(10)),
        document("t", "l", **clinic, **north(2)),
    ]
    words = "food bank and dentures for the elderly"
    request = SearchRequest(words=words, now=NOW, explain=True, **CENTRE)
    index = index_of(documents, VOCABULARY)
    hits = index.search(request).hits
    assert {hit.service_id for hit in hits} == {"s", "t"}
    for hit in hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score, rel=1e-4)
    assert set(hits[0].parts) == {
        "words", "needs", "complete", "for seniors", "distance", "verified", "takes referrals",
        "in the network",
    }  # fmt: skip
    assert hits[0].parts["distance"] < 0 < hits[0].parts["for seniors"]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]),
            st.sampled_from([0, 3, 30, None]),
            st.sampled_from(["", "food bank", "seniors dentures", "food and more and more of it"]),
            st.booleans(),
        ),
        max_size=6,
    ),
    st.booleans(),
    st.sampled_from([None, 20.0]),
)
def test_the_parts_add_up_where_several_locations_of_a_service_match(
    document, index_of, sites, with_point, radius
):
    documents = [
        document(
            service, f"l{number}", name="Food pantry", description=said, accepting=accepting,
            verified=date(2026, 6, 1 + number), **({} if km is None else north(km)),
        )
        for number, (service, km, said, accepting) in enumerate(sites)
    ]  # fmt: skip
    place = {**CENTRE, "radius_km": radius} if with_point else {}
    request = SearchRequest(words="food bank for seniors", now=NOW, explain=True, **place)
    for hit in index_of(documents, VOCABULARY).search(request).hits:
        assert sum(hit.parts.values()) == pytest.approx(hit.score, rel=1e-4)


def test_parts_are_told_of_who_was_asked_for_only(pantries):
    assert pantries.search(SearchRequest(words="pantry")).hits[0].parts == {}


@pytest.mark.parametrize(
    "better",
    [{"accepting": True}, {"partner": True}, {"verified": date(2026, 6, 20)}],
)
def test_small_things_decide_between_equals_and_no_more(document, found, better):
    plain = document("a", name="Food pantry")
    raised = document("b", name="Food pantry", **better)
    weaker = document("c", name="Food and clothes pantry of the town", **better)
    assert found([plain, raised, weaker], words="food pantry", now=NOW) == ["b", "a", "c"]


def test_who_was_verified_lately_comes_before_who_was_long_ago(document, found):
    documents = [
        document("a", name="Pantry", verified=date(2025, 9, 1)),
        document("b", name="Pantry", verified=date(2026, 6, 1)),
        document("c", name="Pantry", verified=date(2020, 1, 1)),
        document("d", name="Pantry"),
    ]
    assert found(documents, words="pantry", now=NOW) == ["b", "a", "c", "d"]


def test_typing_goes_on_to_needs_services_organizations_and_places(document, index_of):
    index = index_of(
        [
            document("s", name="Forty winks shelter", organization="Food for Fort Worth"),
            document("t", name="Food van", organization="Agency"),
        ],
        VOCABULARY,
        PLACES,
    )
    found = [(one.kind, one.text, one.code) for one in index.complete("fo", 8)]
    assert found == [
        (CompletionKind.NEED, "Food", "food"),
        (CompletionKind.NEED, "Food pantry", "food.pantry"),
        (CompletionKind.SERVICE, "Food van", ""),
        (CompletionKind.SERVICE, "Forty winks shelter", ""),
        (CompletionKind.ORGANIZATION, "Food for Fort Worth", ""),
        (CompletionKind.PLACE, "Fort Worth, TX", ""),
    ]


def test_names_are_completed_over_all_segments_and_gone_services_are_not_needed(document, index_of):
    index = index_of([document("a", name="Food van")], VOCABULARY)
    index.apply([document("b", name="Food truck")], ())
    texts = {one.text for one in index.complete("food t", 8)}
    assert texts == {"Food truck"}


def test_an_index_of_another_vocabulary_is_built_anew(document, index_of):
    index = index_of([document("a", name="Food van")], VOCABULARY)
    with pytest.raises(IndexUnreadable, match="vocabulary"):
        SearchIndex.open(index.folder)


def test_a_document_without_anything_is_found_by_everything(index_of):
    empty = Document(id="e", service_id="e", organization_id="", name="", organization="")
    assert index_of([empty], VOCABULARY, PLACES).search(SearchRequest()).total == 1
