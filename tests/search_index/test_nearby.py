import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from search_index import Area, AreaKind, MatchedBy, SearchRequest

CITY = {"latitude": 37.56, "longitude": -122.32}
AREA = {"state": "CA", "county": "CA:san mateo county", "zip": "94063"}
HERE = {**CITY, **AREA, "radius_km": 10.0}

latitudes = st.sampled_from([-90.0, -89.99, 0.0, 0.01, 89.99, 90.0]) | st.floats(-90, 90)
longitudes = st.sampled_from([-180.0, -179.99, 0.0, 0.01, 179.99, 180.0]) | st.floats(-180, 180)
places = st.tuples(latitudes, longitudes)
radii = st.sampled_from([0.0, 0.5, 5.0, 500.0, 5000.0, 19000.0, 20004.0]) | st.floats(0, 20100)


@settings(max_examples=60)
@given(places, st.lists(places, max_size=12), radii)
def test_a_radius_finds_exactly_the_offices_within_the_geodesic_distance(
    document, index_of, here, offices, radius
):
    documents = [
        document(f"s{number}", "l", latitude=office[0], longitude=office[1])
        for number, office in enumerate(offices)
    ]
    request = SearchRequest(latitude=here[0], longitude=here[1], radius_km=radius)
    hits = index_of(documents).search(request).hits
    near = {f"s{number}" for number, at in enumerate(offices) if geodesic(here, at).km <= radius}
    assert {hit.service_id for hit in hits} == near
    assert all(hit.distance_km <= radius for hit in hits)


def test_latitude_0_and_longitude_0_are_a_place(document, found):
    documents = [document("gulf", "l", latitude=0.0, longitude=0.0)]
    assert found(documents, latitude=0.0, longitude=0.0, radius_km=0.0) == ["gulf"]


def test_a_service_without_a_place_is_not_found_nearby(document, found):
    assert found([document("phone")], **HERE) == []


def test_a_service_that_covers_the_asked_point_is_found_however_far_its_office(document, index_of):
    covering = {
        "nation": Area(AreaKind.NATION, "US"),
        "state": Area(AreaKind.STATE, "CA"),
        "county": Area(AreaKind.COUNTY, "CA:san mateo county"),
        "zip": Area(AreaKind.ZIP, "94063"),
        "circle": Area(AreaKind.CIRCLE, latitude=37.5, longitude=-122.3, radius_km=7.0),
    }
    elsewhere = {
        "other state": Area(AreaKind.STATE, "NV"),
        "other county": Area(AreaKind.COUNTY, "CA:alameda county"),
        "other zip": Area(AreaKind.ZIP, "94110"),
        "small circle": Area(AreaKind.CIRCLE, latitude=37.5, longitude=-122.3, radius_km=6.0),
    }
    documents = [
        document(name, "far", latitude=40.7, longitude=-74.0, coverage=(area,))
        for name, area in {**covering, **elsewhere}.items()
    ]
    hits = index_of(documents).search(SearchRequest(**HERE)).hits
    assert {hit.service_id for hit in hits} == set(covering)
    assert {hit.matched_by for hit in hits} == {MatchedBy.COVERAGE}
    assert all(4000 < hit.distance_km < 4200 for hit in hits)


def test_a_service_without_a_place_is_found_by_its_coverage_without_a_distance(document, index_of):
    phone = document("phone", coverage=(Area(AreaKind.NATION, "US"),))
    hit = index_of([phone]).search(SearchRequest(**HERE)).hits[0]
    assert (hit.matched_by, hit.distance_km, hit.location_id) == (MatchedBy.COVERAGE, None, None)


def test_the_nation_is_not_covered_where_the_state_is_unknown(document, found):
    phone = document("phone", coverage=(Area(AreaKind.NATION, "US"),))
    assert found([phone], **CITY, radius_km=10.0) == []


def test_coverage_can_be_left_aside(document, found):
    phone = document("phone", coverage=(Area(AreaKind.STATE, "CA"),))
    assert found([phone], **HERE, coverage=False) == []


def test_an_office_within_the_radius_matches_by_its_point_even_if_it_also_covers(
    document, index_of
):
    office = document("s", "l", **CITY, coverage=(Area(AreaKind.STATE, "CA"),))
    assert index_of([office]).search(SearchRequest(**HERE)).hits[0].matched_by is MatchedBy.POINT


def test_a_point_without_a_radius_restricts_nothing_but_tells_distances(document, index_of):
    documents = [document("far", "l", latitude=0.0, longitude=10.0), document("phone")]
    hits = index_of(documents).search(SearchRequest(**CITY)).hits
    assert [hit.service_id for hit in hits] == ["far", "phone"]
    distance = geodesic((37.56, -122.32), (0.0, 10.0)).km
    assert hits[0].distance_km == pytest.approx(distance, abs=2e-6)
    assert [hit.matched_by for hit in hits] == [MatchedBy.POINT, MatchedBy.NONE]


def test_without_a_point_there_are_no_distances(document, index_of):
    hit = index_of([document("s", "l", **CITY)]).search(SearchRequest(radius_km=5.0)).hits[0]
    assert (hit.distance_km, hit.matched_by) == (None, MatchedBy.NONE)


def test_the_nearest_location_is_shown_although_another_answers_the_words_better(
    document, index_of
):
    documents = [
        document("s", "far", latitude=37.62, longitude=-122.32, place="food food food"),
        document("s", "near", latitude=37.57, longitude=-122.32, description="food and more"),
    ]
    hits = index_of(documents).search(SearchRequest(**HERE, words="food")).hits
    assert [hit.location_id for hit in hits] == ["near"]


def test_a_service_shows_its_nearest_location_and_how_many_match(document, index_of):
    documents = [
        document("s", "far", latitude=37.62, longitude=-122.32),
        document("s", "near", latitude=37.57, longitude=-122.32),
        document("s", "too far", latitude=38.56, longitude=-122.32),
    ]
    results = index_of(documents).search(SearchRequest(**HERE))
    assert results.total == 1
    assert [(hit.location_id, hit.locations) for hit in results.hits] == [("near", 2)]
