import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Area, AreaKind, SearchRequest, SortOrder

HERE = {"latitude": 40.0, "longitude": -75.0}
offices = st.tuples(st.floats(-90, 90), st.floats(-180, 180)) | st.sampled_from(
    [(40.0, -75.0), (40.001, -75.0), (40.0, -74.999)]
)
sentences = st.sampled_from(["food", "food pantry", "pantry for food and more", "rent", ""])


def north_of_here(km: float) -> dict[str, float]:
    return {"latitude": 40.0 + km / 111.03, "longitude": -75.0}


@settings(max_examples=40)
@given(st.lists(st.tuples(offices, sentences), max_size=15))
def test_nearest_is_by_geodesic_distance_with_unknown_places_last(document, index_of, listings):
    documents = [
        document(f"s{number}", "l", latitude=at[0], longitude=at[1], name=name)
        for number, (at, name) in enumerate(listings)
    ]
    request = SearchRequest(**HERE, sort=SortOrder.NEAREST, limit=99)
    hits = index_of([*documents, document("phone")]).search(request).hits
    # To the millimetre: nobody walks less.
    distances = sorted(geodesic((40.0, -75.0), at).km for at, _ in listings)
    assert [hit.distance_km for hit in hits[:-1]] == pytest.approx(distances, abs=2e-6)
    assert hits[-1].service_id == "phone"


@settings(max_examples=40)
@given(
    st.lists(st.tuples(offices, sentences), max_size=15),
    st.sampled_from(SortOrder),
    st.sampled_from(["", "food", "food pantry"]),
    st.integers(1, 6),
    st.booleans(),
)
def test_pages_make_up_the_whole_list_without_gaps_or_duplicates(
    document, index_of, listings, sort, words, size, with_point
):
    index = index_of(
        document(f"s{number % 9}", f"l{number}", latitude=at[0], longitude=at[1], name=name)
        for number, (at, name) in enumerate(listings)
    )
    place = HERE if with_point else {}
    whole = index.search(SearchRequest(**place, words=words, sort=sort, limit=99))
    pages = [
        hit
        for offset in range(0, whole.total + 1, size)
        for hit in index.search(
            SearchRequest(**place, words=words, sort=sort, offset=offset, limit=size)
        ).hits
    ]
    assert pages == list(whole.hits)
    assert len({hit.service_id for hit in pages}) == whole.total


def test_ties_are_in_the_order_of_service_ids_however_they_were_indexed(document, index_of):
    index = index_of([document("b")])
    index.apply([document("c")], ())
    index.apply([document("a")], ())
    assert [hit.service_id for hit in index.search(SearchRequest()).hits] == ["a", "b", "c"]


def test_equally_good_services_come_nearest_first(document, found):
    documents = [
        document("far", "l", **north_of_here(9), name="food"),
        document("near", "l", **north_of_here(3), name="food"),
    ]
    assert found(documents, words="food", **HERE) == ["near", "far"]


def test_equally_near_services_come_best_first(document, found):
    documents = [
        document("a", "l", **HERE, description="food, and many other things for all"),
        document("b", "l", **HERE, name="food"),
    ]
    assert found(documents, words="food", **HERE, sort=SortOrder.NEAREST) == ["b", "a"]


def test_without_words_best_first_is_nearest_first(document, found):
    documents = [document(f"{km}", "l", **north_of_here(km)) for km in (5, 1, 30)]
    assert found(documents, **HERE) == ["1", "5", "30"]


def test_a_much_better_match_a_little_farther_comes_first(document, found):
    documents = [
        document("weak", "l", **north_of_here(1), description="rent, and now and then food"),
        document("strong", "l", **north_of_here(4), name="food", terms="food"),
    ]
    assert found(documents, words="food", **HERE) == ["strong", "weak"]


def test_a_slightly_better_match_much_farther_comes_last(document, found):
    documents = [
        document("near", "l", **north_of_here(1), name="food for all"),
        document("far", "l", **north_of_here(90), name="food for all people"),
    ]
    assert found(documents, words="food", **HERE) == ["near", "far"]


def test_distance_takes_a_quarter_of_the_score_at_20_km(document, index_of):
    index = index_of([document("s", "l", **north_of_here(20), name="food")])
    plain = index.search(SearchRequest(words="food")).hits[0]
    far = index.search(SearchRequest(words="food", **HERE)).hits[0]
    assert 0.745 < far.score / plain.score < 0.755


def test_who_covers_the_point_counts_as_at_most_20_km_away(document, found):
    state = (Area(AreaKind.STATE, "NJ"),)
    documents = [
        document("office", "l", **north_of_here(60), name="food"),
        document("covers", "l", **north_of_here(70), name="food", coverage=state),
        document("nearer", "l", **north_of_here(10), name="food"),
    ]
    asked = {**HERE, "radius_km": 100.0, "state": "NJ"}
    assert found(documents, words="food", **asked) == ["nearer", "covers", "office"]
