"""Names of places: found however they are spelt, completed from their beginnings."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.documents import NamedPlace, PlaceKind
from search_index.gazetteer import EMPTY, Gazetteer, fold_name


def city(label: str, latitude: float = 40.0, longitude: float = -90.0, weight: float = 1.0):
    name, state = label.split(", ")
    key = f"{state}:some county"
    return NamedPlace(
        fold_name(name), label, PlaceKind.CITY, latitude, longitude, 5.0, weight, state, key
    )


def state(label: str, name: str, code: str, weight: float = 500.0):
    return NamedPlace(name, label, PlaceKind.STATE, 40.0, -90.0, 300.0, weight, code)


CHICAGO = (41.88, -87.63)
CICERO_IL, CICERO_NY = city("Cicero, IL", 41.84, -87.76), city("Cicero, NY", 43.17, -76.06)
ZIP = NamedPlace(
    "60804", "Cicero, IL 60804", PlaceKind.ZIP, 41.84, -87.76, 3.0, 1.0, "IL", None, "60804"
)
PLACES = (
    CICERO_IL,
    CICERO_NY,
    ZIP,
    city("Cincinnati, OH", 39.13, -84.51, 40.0),
    city("San Francisco, CA", 37.76, -122.44, 30.0),
    city("St. Louis, MO", 38.64, -90.3, 47.0),
    city("Stockton, CA", 37.97, -121.3, 11.0),
    city("Mc Henry, IL", 42.34, -88.26),
    city("North Canton, OH", 40.87, -81.4),
    city("Peñuelas, PR", 18.06, -66.72),
    state("Illinois", "illinois", "IL"),
    state("Illinois", "il", "IL"),
)
GAZETTEER = Gazetteer.of(PLACES)


def labels(places):
    return [place.label for place in places]


def test_a_place_is_found_as_it_was_put_in():
    assert GAZETTEER.find("60804") == (ZIP,)
    assert GAZETTEER.find("Cicero") == (CICERO_IL, CICERO_NY)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("st louis", "St. Louis, MO"),
        ("SAINT  LOUIS", "St. Louis, MO"),
        ("St. Louis", "St. Louis, MO"),
        ("McHenry", "Mc Henry, IL"),
        ("mc henry", "Mc Henry, IL"),
        ("N. Canton", "North Canton, OH"),
        ("penuelas", "Peñuelas, PR"),
        ("PEÑUELAS", "Peñuelas, PR"),
        ("IL", "Illinois"),
    ],
)
def test_a_name_is_found_however_it_is_spelt(name, label):
    assert labels(GAZETTEER.find(name)) == [label]


@pytest.mark.parametrize("name", ["", "Cicer", "Ciceros", "louis", "6080", "x" * 500, "\0", "北京"])
def test_what_is_no_whole_name_is_not_found(name):
    assert GAZETTEER.find(name) == ()


def test_the_largest_kind_comes_first_then_the_heaviest():
    names = Gazetteer.of([city("New York, IA"), city("New York, NY", weight=90.0)])
    assert labels(names.find("new york")) == ["New York, NY", "New York, IA"]
    with_state = Gazetteer.of([city("Iowa, LA", weight=900.0), state("Iowa", "iowa", "IA")])
    assert labels(with_state.find("iowa")) == ["Iowa", "Iowa, LA"]


def test_a_gazetteer_can_be_made_from_its_columns():
    columns = {field.name: getattr(GAZETTEER, field.name) for field in fields(Gazetteer)}
    assert labels(Gazetteer(**columns).find("st louis")) == ["St. Louis, MO"]


def test_the_empty_gazetteer_knows_nothing():
    assert EMPTY.find("Chicago") == EMPTY.completing("chi", 5) == ()


def test_a_name_is_completed_the_heaviest_first():
    assert labels(GAZETTEER.completing("ci", 9)) == ["Cincinnati, OH", "Cicero, IL", "Cicero, NY"]
    assert labels(GAZETTEER.completing("ci", 1)) == ["Cincinnati, OH"]


def test_what_is_near_comes_before_what_is_heavy_and_far():
    found = labels(GAZETTEER.completing("cic", 9, (43.0, -76.0)))
    assert found == ["Cicero, NY", "Cicero, IL"]


def test_a_later_word_is_completed_too_but_counts_less():
    assert labels(GAZETTEER.completing("fran", 9)) == ["San Francisco, CA"]
    places = Gazetteer.of([city("York, PA"), city("New York, IA", weight=2.0)])
    assert labels(places.completing("yo", 9)) == ["York, PA", "New York, IA"]


@pytest.mark.parametrize("begun", ["san f", "San Fr", "sanfran"])
def test_several_words_are_completed(begun):
    assert labels(GAZETTEER.completing(begun, 9)) == ["San Francisco, CA"]


def test_a_short_form_at_the_end_may_also_begin_another_word():
    assert labels(GAZETTEER.completing("st", 9)) == ["St. Louis, MO", "Stockton, CA"]
    assert labels(GAZETTEER.completing("st. l", 9)) == ["St. Louis, MO"]


def test_a_place_of_several_names_is_completed_once():
    assert labels(GAZETTEER.completing("il", 9)) == ["Illinois"]


def test_a_zip_code_is_completed():
    assert GAZETTEER.completing("608", 9) == (ZIP,)


@pytest.mark.parametrize("begun", ["", " ", ".", "zz", "inn"])
def test_what_begins_no_word_is_not_completed(begun):
    assert GAZETTEER.completing(begun, 9) == ()


@pytest.mark.parametrize(
    ("word", "known"), [("louis", True), ("saint", True), ("loui", False), ("zz", False)]
)
def test_whole_words_of_names_are_known(word, known):
    assert GAZETTEER.has_word(word) is known


@given(st.text(), st.one_of(st.none(), st.just(CHICAGO)))
def test_any_text_may_be_looked_up_and_completed(text, near):
    assert all(fold_name(place.name) for place in GAZETTEER.find(text))
    assert len(GAZETTEER.completing(text, 3, near)) <= 3


@given(st.lists(st.text(st.characters(categories=["L", "Nd"]), min_size=1), min_size=1))
def test_every_place_is_found_by_its_name_and_completed_from_it(names):
    folded = [name for name in names if fold_name(name)]
    places = [NamedPlace(n, n, PlaceKind.CITY, 0.0, 0.0, 1.0, 1.0) for n in folded]
    gazetteer = Gazetteer.of(places)
    for name in folded:
        assert name in labels(gazetteer.find(name))
        assert name in labels(gazetteer.completing(name, len(folded)))
        assert all(map(gazetteer.has_word, fold_name(name).split()))
