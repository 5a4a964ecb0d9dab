"""A place in the words of a search, in a small country made for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_index.analysis import words
from search_index.documents import NamedPlace, PlaceKind
from search_index.gazetteer import EMPTY, Gazetteer, fold_name
from search_index.place_text import as_written
from search_index.place_words import find_place

CHICAGO, NEW_YORK, BUFFALO, SEATTLE = (
    (41.88, -87.63),
    (40.71, -74.0),
    (42.88, -78.88),
    (47.6, -122.3),
)
MOBILE = (30.69, -88.04)
STATES = {
    "Alabama": ("AL", 32.6, -86.6, 250.0),
    "District of Columbia": ("DC", 38.9, -77.0, 10.0),
    "Illinois": ("IL", 39.75, -89.49, 330.0),
    "Indiana": ("IN", 39.8, -86.4, 230.0),
    "Louisiana": ("LA", 31.0, -91.5, 280.0),
    "Maine": ("ME", 45.2, -69.0, 250.0),
    "New York": ("NY", 42.75, -75.84, 370.0),
    "Ohio": ("OH", 40.2, -82.7, 270.0),
    "Oregon": ("OR", 44.1, -120.6, 380.0),
    "Texas": ("TX", 31.2, -99.9, 700.0),
    "Washington": ("WA", 47.3, -120.8, 320.0),
}
CITIES = (
    ("Akron, OH", 41.08, -81.52, 20),
    ("Center, TX", 31.79, -94.18, 1),
    ("Chicago, IL", 41.87, -87.68, 60),
    ("Chicago Heights, IL", 41.51, -87.64, 1),
    ("Chicago Heights, NY", 42.9, -75.6, 1),
    ("Cicero, IL", 41.84, -87.76, 1),
    ("Cicero, NY", 43.17, -76.06, 1),
    ("Columbus, IN", 39.2, -85.9, 2),
    ("Columbus, OH", 39.98, -82.98, 30),
    ("George, WA", 47.08, -119.86, 1),
    ("Hope, IN", 39.3, -85.77, 1),
    ("Kansas City, MO", 39.1, -94.58, 50),
    ("Kansas City, KS", 39.12, -94.7, 15),
    ("Jackson, MS", 32.3, -90.2, 15),
    ("Lansing, IL", 41.57, -87.54, 1),
    ("Lansing, MI", 42.73, -84.55, 14),
    ("Lakeview, OR", 42.19, -120.35, 1),
    ("Mc Henry, IL", 42.34, -88.27, 2),
    ("Mobile, AL", 30.69, -88.04, 19),
    ("New Orleans, LA", 29.96, -90.08, 18),
    ("New York, NY", 40.76, -73.98, 90),
    ("Portland, ME", 43.66, -70.26, 4),
    ("Portland, OR", 45.52, -122.66, 33),
    ("Renton, WA", 47.48, -122.2, 5),
    ("Saint Louis, MO", 38.64, -90.3, 47),
    ("Springfield, IL", 39.8, -89.65, 7),
    ("Springfield, OH", 39.92, -83.81, 5),
    ("Washington, DC", 38.91, -77.02, 30),
)


def gazetteer() -> Gazetteer:
    places = [
        NamedPlace(name, label, PlaceKind.STATE, latitude, longitude, radius, 600.0, code)
        for label, (code, latitude, longitude, radius) in STATES.items()
        for name in (fold_name(label), code.lower())
    ]
    places.append(NamedPlace("mo", "Missouri", PlaceKind.STATE, 38.4, -92.5, 300.0, 900.0, "MO"))
    for label, latitude, longitude, weight in CITIES:
        name, code = label.split(", ")
        place = (fold_name(name), label, PlaceKind.CITY, latitude, longitude, 8.0, weight, code)
        places.append(NamedPlace(*place))
    for code, latitude, longitude, weight in (("IL", 41.85, -87.77, 165), ("GA", 31.2, -83.4, 3)):
        key, label = f"{code}:cook county", f"Cook County, {code}"
        place = ("cook county", label, PlaceKind.COUNTY, latitude, longitude, 30.0, weight, code)
        places.append(NamedPlace(*place, key))
    zip_place = ("60629", "Chicago, IL 60629", PlaceKind.ZIP, 41.78, -87.71, 3.0, 1.0, "IL")
    return Gazetteer.of([*places, NamedPlace(*zip_place, None, "60629")])


GAZETTEER = gazetteer()
PHRASES = (
    *("food bank", "food pantry", "mobile pantry", "learn reading", "legal clinic", "shelter"),
    *("rent help", "medical center", "comida", "dentist"),
)


def taken_in(found):
    """Which words are part of a known phrase."""
    known = set()
    for phrase in map(str.split, PHRASES):
        for start in range(len(found)):
            if found[start : start + len(phrase)] == phrase:
                known.update(range(start, start + len(phrase)))
    return lambda start, end: not known.isdisjoint(range(start, end))


def found_in(text, near=None):
    """The words that name a place, its label, and "leading" if it is."""
    run = list(words(text))
    found = find_place(run, GAZETTEER, written=as_written(text), near=near, taken=taken_in(run))
    if found is None:
        return None
    named = " ".join(run[found.start : found.end]), found.place.label
    return (*named, "leading") if found.leading else named


# ZIP codes


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("dentist 60629", "60629"),
        ("food bank near 60629-1234 open now", "near 60629 1234"),
        ("zip code 60629 dentist", "zip code 60629"),
        ("Chicago, IL 60629 dentist", "chicago il 60629"),
        ("dentist 60629 Chicago Illinois", "60629 chicago illinois"),
    ],
)
def test_a_zip_code_is_found_anywhere_with_its_city(text, run):
    assert found_in(text) == (run, "Chicago, IL 60629")


@pytest.mark.parametrize("text", ["dentist 99999", "dentist 6062", "606290", "60 629"])
def test_another_number_is_no_zip_code(text):
    assert found_in(text) is None


# A name and its state


@pytest.mark.parametrize(
    ("text", "run", "label"),
    [
        ("shelter st louis mo", "st louis mo", "Saint Louis, MO"),
        ("food pantry near Akron Ohio tonight", "near akron ohio", "Akron, OH"),
        ("St. Louis, MO shelter", "st louis mo", "Saint Louis, MO"),
        ("clinic Washington D.C.", "washington d c", "Washington, DC"),
        ("McHenry IL", "mchenry il", "Mc Henry, IL"),
        ("Springfield, Ohio food bank", "springfield ohio", "Springfield, OH"),
        ("Cook County IL dentist", "cook county il", "Cook County, IL"),
        ("new york ny", "new york ny", "New York, NY"),
        ("shelter portland me", "portland me", "Portland, ME"),
        ("new orleans la shelter", "new orleans la", "New Orleans, LA"),
    ],
)
def test_a_name_before_its_state_is_a_place(text, run, label):
    assert found_in(text) == (run, label)


@pytest.mark.parametrize(
    ("text", "run"),
    [("shelter mobile al", "mobile al"), ("in Mobile, Alabama", "in mobile alabama")],
)
def test_a_state_is_evidence_for_an_everyday_word(text, run):
    assert found_in(text) == (run, "Mobile, AL")


def test_a_code_that_is_a_word_counts_for_little_in_the_middle():
    assert found_in("shelter in columbus in winter") == ("in columbus", "Columbus, OH")
    assert found_in("shelter in columbus in") == ("in columbus in", "Columbus, IN")
    assert found_in("shelter in Columbus IN tonight") == ("in columbus in", "Columbus, IN")


def test_a_code_that_is_a_word_is_no_evidence_for_another_word():
    assert found_in("give me hope in") is None
    assert found_in("shelter in hope in") == ("in hope in", "Hope, IN")


def test_part_of_another_name_is_no_place_even_before_a_state():
    assert found_in("crisis center tx") is None
    assert found_in("crisis line in center tx") == ("in center tx", "Center, TX")
    assert found_in("george washington") is None


def test_a_city_that_the_state_does_not_have_is_not_found():
    assert found_in("shelter akron tx") is None
    assert found_in("shelter akron texas") == ("texas", "Texas")


# Counties and states


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("legal aid Cook County", "cook county"),
        ("dentist in cook county with evening hours", "in cook county"),
        ("comida en el condado de Cook", "en el condado de cook"),
    ],
)
def test_a_county_is_found_by_its_full_name(text, run):
    assert found_in(text) == (run, "Cook County, IL")


def test_a_county_that_comes_first_may_be_part_of_a_name():
    assert found_in("Cook County legal clinic") == ("cook county", "Cook County, IL", "leading")
    assert found_in("in Cook County a legal clinic") == ("in cook county", "Cook County, IL")


@pytest.mark.parametrize(
    ("text", "run", "label"),
    [
        ("rent help Oregon", "oregon", "Oregon"),
        ("rent help in Maine for veterans", "in maine", "Maine"),
        ("rent help IL", "il", "Illinois"),
        ("rent help in il", "in il", "Illinois"),
        ("rent help in N.Y.", "in n y", "New York"),
        ("jobs in IN", "in in", "Indiana"),
        ("rent help for the state of Ohio", "for the state of ohio", "Ohio"),
    ],
)
def test_a_state_is_found_at_the_end_or_after_a_preposition(text, run, label):
    assert found_in(text) == (run, label)


@pytest.mark.parametrize(
    "text",
    [
        *("rent help il", "RENT HELP IL", "help me", "HELP ME", "near ME", "get help OR", "in me"),
        *("shelter or food", "work in la", "Oregon legal services", "help with OR without"),
    ],
)
def test_a_code_or_a_leading_state_alone_is_not_believed(text):
    assert found_in(text) is None


# A city alone


@pytest.mark.parametrize(
    ("text", "run", "label"),
    [
        ("comida en Chicago", "en chicago", "Chicago, IL"),
        ("comida cerca de chicago para niños", "cerca de chicago", "Chicago, IL"),
        ("dentist close to the city of chicago", "close to the city of chicago", "Chicago, IL"),
        ("shelter near downtown Chicago for women", "near downtown chicago", "Chicago, IL"),
        ("food pantry chicago area", "chicago area", "Chicago, IL"),
        ("food pantry chicago near me please", "chicago", "Chicago, IL"),
        ("food pantry at st louis", "at st louis", "Saint Louis, MO"),
        ("Salvation Army Chicago", "chicago", "Chicago, IL"),
        ("shelter renton", "renton", "Renton, WA"),
        ("renton", "renton", "Renton, WA"),
        ("dentist in kansas city", "in kansas city", "Kansas City, MO"),
    ],
)
def test_a_city_is_found_at_the_end_or_after_a_preposition(text, run, label):
    assert found_in(text) == (run, label)


@pytest.mark.parametrize(
    "text",
    [
        "chicago style pizza",
        "my chicago neighbors need food",
        "ask for renton",
        "rent on",
        "bus to Chicago",
        "moved from Chicago",
        "near Akron Elementary",
        "in Akron park",
    ],
)
def test_a_city_anywhere_else_is_not_believed(text):
    assert found_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("food for renton", "food for Akron", "comida para chicago", "rent help for my son Akron"),
        *("shelter for my friend Akron", "comida para mi hija Chicago"),
    ],
)
def test_somebody_is_no_city(text):
    assert found_in(text) is None


def test_even_for_somebody_a_city_with_its_state_is_one():
    assert found_in("rent help for Akron, Ohio")[1] == "Akron, OH"


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("dentist 60629", True),
        ("dentist akron oh", True),
        ("dentist in akron", True),
        ("cook county dentist", True),
        ("dentist ohio", True),
        ("akron", True),
        ("dentist akron", False),
        ("chicago legal clinic", False),
        ("jackson", False),
    ],
)
def test_a_place_is_sure_unless_it_may_be_somebody_or_a_quarter(text, sure):
    run = list(words(text))
    found = find_place(run, GAZETTEER, near=(32.3, -90.2), taken=taken_in(run))
    assert found.sure is sure


def test_who_is_beside_one_place_of_a_name_means_no_larger_one_far_away():
    near_lansing = (41.57, -87.54)
    assert found_in("food pantry lansing") == ("lansing", "Lansing, MI")
    assert found_in("food pantry lansing", near_lansing) == ("lansing", "Lansing, IL")
    assert found_in("food pantry chicago", near_lansing)[1] == "Chicago, IL"


def test_after_of_a_city_may_be_part_of_a_name():
    assert found_in("University of Chicago") == ("of chicago", "Chicago, IL", "leading")
    assert found_in("Friends of Cook County")[2] == "leading"


@pytest.mark.parametrize(
    ("near", "label"),
    [
        (CHICAGO, "Springfield, IL"),
        ((39.96, -83.0), "Springfield, OH"),
        (SEATTLE, None),
        (None, None),
    ],
)
def test_of_many_cities_the_one_nearby_is_meant_or_none(near, label):
    found = found_in("food pantry in springfield", near)
    assert (found and found[1]) == label


@pytest.mark.parametrize(
    ("near", "label"), [(None, "Portland, OR"), ((42.4, -71.1), "Portland, ME")]
)
def test_a_city_that_stands_out_is_meant_unless_another_is_nearby(near, label):
    assert found_in("food pantry portland", near) == ("portland", label)


def test_part_of_a_longer_name_is_not_meant():
    assert found_in("dentist in chicago heights") is None
    assert found_in("dentist in chicago heights", CHICAGO)[1] == "Chicago Heights, IL"


def test_a_small_city_far_away_is_not_meant():
    assert found_in("shelter in Lakeview") == ("in lakeview", "Lakeview, OR")
    assert found_in("shelter in Lakeview", CHICAGO) is None


@pytest.mark.parametrize(
    ("near", "label"),
    [(None, "New York, NY"), (NEW_YORK, "New York, NY"), (BUFFALO, "New York")],
)
def test_a_city_named_like_its_state_is_meant_by_all_but_those_far_from_it(near, label):
    assert found_in("food pantry new york", near) == ("new york", label)


@pytest.mark.parametrize(
    ("near", "label"),
    [(None, None), (SEATTLE, "Washington"), ((39.29, -76.61), "Washington, DC")],
)
def test_a_state_named_like_a_large_city_elsewhere_needs_the_person_to_be_near(near, label):
    found = found_in("food pantry washington", near)
    assert (found and found[1]) == label


# Everyday words


@pytest.mark.parametrize(
    "text",
    [
        *("mobile", "dentist mobile", "mobile pantry", "mobile dentist", "shelter in mobile"),
        *("SHELTER IN MOBILE", "Shelter in Mobile", "there is hope", "in need of hope"),
    ],
)
def test_an_everyday_word_alone_is_no_place(text):
    assert found_in(text) is None


def test_an_everyday_word_written_like_a_name_is_a_place_after_a_preposition():
    assert found_in("shelter in Mobile tonight") == ("in mobile", "Mobile, AL")
    assert found_in("Shelter in Mobile Tonight") is None


def test_who_is_there_means_the_place_by_an_everyday_word():
    assert found_in("shelter in mobile", MOBILE) == ("in mobile", "Mobile, AL")
    assert found_in("shelter in mobile", CHICAGO) is None
    assert found_in("mobile pantry", MOBILE) is None


@pytest.mark.parametrize("run", [["chicago", "il"], ["cook", "county"]])
def test_words_of_a_known_phrase_need_a_preposition_to_be_a_place(run):
    taken = {"taken": lambda start, end: start < 1}
    assert find_place(run, GAZETTEER) is not None
    assert find_place(run, GAZETTEER, **taken) is None
    assert find_place(["in", *run], GAZETTEER, taken=lambda start, end: True) is not None


# The name of an organization


def test_a_city_before_a_known_phrase_is_a_place_and_may_be_part_of_a_name():
    leading = ("chicago", "Chicago, IL", "leading")
    assert found_in("Chicago food bank") == leading
    assert found_in("Chicago Legal Clinic") == leading
    assert found_in("greater Chicago food bank") == ("greater chicago", "Chicago, IL", "leading")


@pytest.mark.parametrize(
    "text",
    ["Chicago Tribune", "Salvation Army", "Renton Brothers food bank", "Mobile food bank"],
)
def test_a_name_before_other_words_is_no_place(text):
    assert found_in(text) is None


def test_a_small_leading_city_needs_the_person_to_be_near():
    assert found_in("Cicero food bank") is None
    assert found_in("Cicero food bank", CHICAGO) == ("cicero", "Cicero, IL", "leading")
    assert found_in("Lakeview food bank") is None


# Words as they are written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("O'Fallon, IL", ["OFallon", "IL"]),
        ("Wilkes-Barre (PA)!", ["Wilkes", "Barre", "PA"]),
        ("Peñuelas PR", ["Peñuelas", "PR"]),
        ("San Jose\u0301e IL", ["San", "josee", "IL"]),
        ("½ Hope", ["1", "2", "Hope"]),
        ("", []),
    ],
)
def test_words_are_given_as_they_are_written(text, written):
    assert as_written(text) == written


@given(st.text())
def test_every_word_is_given_as_it_is_written(text):
    assert len(as_written(text)) == len(list(words(text)))


def test_written_words_of_another_number_are_refused():
    with pytest.raises(ValueError, match="2 words"):
        find_place(["in", "chicago"], GAZETTEER, written=["Chicago"])


# Any words


def test_an_empty_gazetteer_names_no_place():
    assert find_place(["in", "chicago", "il"], EMPTY) is None


SOME_WORDS = st.sampled_from(
    [
        *("chicago", "akron", "st", "louis", "new", "york", "mobile", "hope", "60629", "1234"),
        *("il", "in", "me", "oh", "la", "ohio", "cook", "county", "condado", "de", "of", "the"),
        *("near", "to", "close", "city", "zip", "code", "area", "food", "bank", "n", "d", "c"),
    ]
)


@given(
    st.lists(st.one_of(SOME_WORDS, st.text()), max_size=80),
    st.one_of(st.none(), st.tuples(st.floats(-90, 90), st.floats(-180, 180))),
    st.booleans(),
)
def test_any_words_may_be_asked_and_a_place_stands_among_them(run, near, known):
    found = find_place(run, GAZETTEER, written=run, near=near, taken=lambda start, end: known)
    if found is not None:
        assert 0 <= found.start < found.end <= len(run)
        assert found.place in GAZETTEER.find(found.place.name)
