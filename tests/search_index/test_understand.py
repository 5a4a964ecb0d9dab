from dataclasses import replace

import pytest

from search_index import (
    Concept,
    Equivalent,
    NamedPlace,
    PlaceKind,
    Population,
    SearchRequest,
    Vocabulary,
)
from search_index.gazetteer import Gazetteer
from search_index.understand import Understanding

VOCABULARY = Vocabulary(
    (
        Concept("rent", "Rent assistance", ("help with rent", "pay my rent", "ayuda con la renta")),
        Concept("food", "Food", ("comida",)),
        Concept("pantry", "Food pantry", ("food bank",), ancestors=("food",)),
        Concept("unemployment", "Unemployment benefits", ("out of work", "lost my job")),
        Concept("shelter", "Shelter", ("sin hogar", "bed for the night")),
        Concept("day-shelter", "Drop-in center", ("shelter",)),
    ),
    (
        Equivalent("inquilinos", ("tenant", "renter")),
        Equivalent("asistencia", ("assistance",)),
        Equivalent("alquiler", ("rent",)),
    ),
    (Population("seniors", "Seniors", ("seniors", "elderly"), ("older adults", "seniors")),),
)
PLACES = Gazetteer.of(
    [
        NamedPlace("Cicero", "Cicero, IL", PlaceKind.CITY, 41.845, -87.754, 5.0, 40.0, "IL"),
        NamedPlace("IL", "Illinois", PlaceKind.STATE, 39.75, -89.49, 330.0, 600.0, "IL"),
    ]
)


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("help with rent", ("rent",)),
        ("Help with my rent, please!", ("rent",)),
        ("pay the rent", ("rent",)),
        ("ayuda con mi renta", ("rent",)),
        ("FOOD BANKS", ("pantry",)),
        ("food", ("food",)),
        ("Cómida", ("food",)),
        ("i am out of work", ("unemployment",)),
        ("work", ()),
        ("hogar", ()),
        ("shelter", ("shelter", "day-shelter")),
        ("comida y food pantries", ("food", "pantry")),
        ("rent assistance or help with rent", ("rent",)),
        ('"help with rent"', ()),
        ("help -with rent", ()),
        ('help "now" with rent', ()),
        ("-food", ()),
        ("", ()),
    ],
)
def test_needs_are_understood_in_words(words, codes):
    assert Understanding(VOCABULARY).meaning(words).concepts == codes


def test_the_longest_phrase_wins_wherever_it_stands():
    vocabulary = Vocabulary((Concept("ab", "a1 b1", ()), Concept("bcd", "b1 c1 d1", ())))
    assert Understanding(vocabulary).meaning("a1 b1 c1 d1").concepts == ("bcd",)


def test_spanish_phrases_are_understood_in_other_forms_and_other_words():
    house, hits = ("me quieren quitar la casa",), ("me golpea",)
    vocabulary = Vocabulary(
        (
            Concept("mortgage", "Mortgage help", house, spanish=house),
            Concept("dv", "Domestic violence", hits, spanish=hits),
        ),
        alike=(("quitar", "cancelar"),),
    )
    meaning = Understanding(vocabulary).meaning
    assert meaning("nos van a quitar la casa").concepts == ("mortgage",)
    assert meaning("me cancelaron la casa").concepts == ("mortgage",)
    assert meaning("me está golpeando").concepts == ("dv",)
    assert meaning("golpear").concepts == ()


def test_two_words_may_be_typed_as_one_though_some_listing_does_so():
    meaning = Understanding(VOCABULARY).meaning("foodbank")
    assert meaning.concepts == ("pantry",)
    assert meaning.plain == ()


def test_what_leads_to_a_thing_is_less_than_the_thing():
    vocabulary = Vocabulary((Concept("car", "Need a car", ()), Concept("repair", "Car repair", ())))
    assert Understanding(vocabulary).meaning("need car repair").concepts == ("repair",)
    assert Understanding(vocabulary).meaning("need a car").concepts == ("car",)


def test_words_that_are_alike_make_one_phrase_as_people_type_it():
    vocabulary = Vocabulary(
        (Concept("aide", "Aide for my mother", ()), Concept("mom", "mother", ())),
        english_alike=(("mother", "dad", "mom"),),
    )
    understanding = Understanding(vocabulary)
    assert understanding.meaning("aide for dad").concepts == ("aide",)
    assert understanding.meaning("dad").concepts == ()
    texts = dict.fromkeys(("name", "terms", "organization", "description", "eligibility"), ())
    assert understanding.about(texts | {"name": ("aid", "for", "dad")}, ()) == ()


def test_alike_words_do_not_take_a_phrase_from_its_need():
    vocabulary = Vocabulary(
        (Concept("a", "kid care", ()), Concept("b", "child care", ())),
        english_alike=(("child", "kid"),),
    )
    assert Understanding(vocabulary).meaning("kid care").concepts == ("a",)
    assert Understanding(vocabulary).meaning("child care").concepts == ("b",)


def test_two_words_of_a_phrase_may_stand_apart_when_nothing_else_is_understood():
    vocabulary = Vocabulary(
        (Concept("water", "shut off my water", ()), Concept("food", "Food", ()))
    )
    meaning = Understanding(vocabulary).meaning
    assert meaning("they shut my water off").concepts == ("water",)
    assert meaning("shut down, very little water").concepts == ("water",)
    assert meaning("water and food, shut").concepts == ("food",)


def test_a_phrase_may_be_nothing_without_its_pronoun():
    vocabulary = Vocabulary((Concept("dv", "Violence at home", ("hits me",)),))
    assert Understanding(vocabulary).meaning("my husband hits me").concepts == ("dv",)
    assert Understanding(vocabulary).meaning("greatest hits").concepts == ()


def test_kinds_of_people_that_name_a_need_only_say_whom_another_need_is_for():
    vocabulary = Vocabulary(
        (
            Concept("services", "Services", ("veterans",), ancestors=("family",)),
            Concept("dv", "Domestic violence", (), ancestors=("safety",)),
            Concept("furniture", "Furniture", (), ancestors=("housing",)),
            Concept("housing", "Housing", ()),
        ),
        populations=(
            Population("veterans", "Veterans", ("veterans",), ()),
            Population("dv", "Survivors", ("domestic violence",), (), trouble=True),
        ),
    )
    meaning = Understanding(vocabulary).meaning
    assert meaning("veterans").concepts == ("services",)
    assert meaning("furniture for veterans").concepts == ("furniture",)
    assert meaning("furniture for veterans").people == ("veterans",)
    assert meaning("furniture domestic violence").concepts == ("furniture", "dv")
    assert meaning("housing for veterans").concepts == ("housing", "services")


def test_words_outside_of_an_understood_phrase_are_asked_for_themselves():
    meaning = Understanding(VOCABULARY).meaning("food bank for veterans")
    assert [[word[0] for word in unit.words] for unit in meaning.units] == [
        ["food", "bank"],
        ["veteran"],
    ]
    assert meaning.plain == ("veterans",)


def test_words_in_another_order_name_the_same_need():
    assert Understanding(VOCABULARY).meaning("rent assistance").concepts == ("rent",)
    assert Understanding(VOCABULARY).meaning("assistance rent").concepts == ("rent",)


def test_a_word_of_the_glossary_is_searched_with_what_listings_write():
    (unit,) = Understanding(VOCABULARY).meaning("inquilinos").units
    assert [word[0] for word in unit.words] == ["inquilino"]
    assert unit.instead == (("tenant",), ("renter",))


def test_words_of_the_glossary_may_name_a_need_together():
    assert Understanding(VOCABULARY).meaning("asistencia alquiler").concepts == ("rent",)


def test_who_has_a_phrase_in_other_words_for_some_of_its_own_is_found_too(document, found):
    vocabulary = Vocabulary(
        (Concept("clinic", "Community clinic", (), spanish=("clinica sin seguro",)),),
        (Equivalent("clinica", ("clinic",)), Equivalent("seguro", ("insurance",))),
    )
    documents = [
        document("named", name="Clinica sin seguro"),
        document("said", name="Health clinic", description="No insurance needed"),
        document("other", name="Library"),
    ]
    assert found(documents, vocabulary, words="clinica sin seguro") == ["named", "said"]


def test_people_are_named_and_do_not_narrow_the_search(document, found):
    documents = [
        document("all", name="Food pantry"),
        document("older", name="Food pantry", eligibility="for older adults only"),
        document("club", name="Older adults club"),
    ]
    asked = {"words": "food bank for the elderly"}
    assert found(documents, VOCABULARY, **asked) == ["older", "all"]
    assert Understanding(VOCABULARY).meaning("food for seniors").people == ("seniors",)


def test_who_names_people_alone_asks_for_what_is_for_them(document, found):
    documents = [document("other"), document("club", name="Club for seniors")]
    assert found(documents, VOCABULARY, words="seniors") == ["club"]


def test_a_place_in_the_words_is_told_with_the_words_that_name_it():
    meaning = Understanding(VOCABULARY, PLACES).meaning("food bank in Cicero")
    assert meaning.where is not None
    assert (meaning.where.place.label, meaning.where.words) == ("Cicero, IL", "in Cicero")
    assert meaning.concepts == ("pantry",)


def test_a_place_in_the_words_may_be_refused():
    meaning = Understanding(VOCABULARY, PLACES).meaning("food bank in Cicero", None, False)
    assert meaning.where is None
    assert meaning.plain == ("cicero",)


def test_what_is_in_the_place_named_comes_first_and_nothing_is_left_out(document, index_of):
    near, far = {"latitude": 41.84, "longitude": -87.75}, {"latitude": 34.0, "longitude": -118.0}
    documents = [
        document("far", "l", name="Food pantry", **far),
        document("unknown", name="Food pantry"),
        document("near", "l", name="Pantry", description="food", place="Cicero IL 60804", **near),
    ]
    results = index_of(documents, VOCABULARY, PLACES).search(
        SearchRequest(words="food pantry Cicero")
    )
    assert [hit.service_id for hit in results.hits] == ["near", "unknown", "far"]
    assert (results.place.label, results.place_words) == ("Cicero, IL", "Cicero")
    assert results.hits[0].distance_km < 2


def test_a_radius_is_one_around_the_place_named(document, index_of):
    near, far = {"latitude": 41.84, "longitude": -87.75}, {"latitude": 34.0, "longitude": -118.0}
    documents = [
        document("far", "l", name="Food pantry", **far),
        document("near", "l", name="Food pantry", **near),
    ]
    request = SearchRequest(words="food pantry Cicero", radius_km=10.0)
    results = index_of(documents, VOCABULARY, PLACES).search(request)
    assert [hit.service_id for hit in results.hits] == ["near"]


CICERO, AFAR = {"latitude": 41.84, "longitude": -87.75}, {"latitude": 34.0, "longitude": -118.0}


@pytest.mark.parametrize("words", ["Cicero", "in Cicero", "services in Cicero", "help near Cicero"])
def test_a_place_alone_asks_for_all_that_is_near_it_the_nearest_first(document, index_of, words):
    documents = [
        document("away", "l", name="Help", latitude=41.9, longitude=-87.75),
        document("far", "l", name="Cicero services", **AFAR),
        document("there", "l", name="Clinic", **CICERO),
    ]
    results = index_of(documents, VOCABULARY, PLACES).search(
        SearchRequest(words=words, radius_km=20.0, explain=True)
    )
    assert [hit.service_id for hit in results.hits] == ["there", "away"]
    assert results.place.label == "Cicero, IL"


def test_people_in_a_place_are_asked_for_what_is_for_them(document, index_of):
    documents = [document("other", **CICERO), document("club", name="Club for seniors", **CICERO)]
    results = index_of(documents, VOCABULARY, PLACES).search(
        SearchRequest(words="seniors in Cicero")
    )
    assert [hit.service_id for hit in results.hits] == ["club"]


def test_words_of_a_leading_place_find_nobody_but_rank_who_is_called_so(document, index_of):
    documents = [
        document("pantry", "l", name="Food bank", organization="Helpers", **CICERO),
        document("called", "l", name="Food bank", organization="Cicero Helpers", **CICERO),
        document("club", "l", name="Club", organization="Cicero Helpers", **CICERO),
    ]
    results = index_of(documents, VOCABULARY, PLACES).search(
        SearchRequest(words="Cicero food bank helpers")
    )
    assert results.place.label == "Cicero, IL"
    assert [hit.service_id for hit in results.hits][:1] == ["called"]
    food = index_of(documents, VOCABULARY, PLACES).search(SearchRequest(words="Cicero food bank"))
    assert [hit.service_id for hit in food.hits] == ["called", "pantry"]


@pytest.mark.parametrize(
    ("words", "believed"),
    [
        ("Cicero food bank", False),
        ("food bank Cicero", False),
        ("food bank in Cicero", True),
        ("food bank Cicero IL", True),
        ("Cicero", True),
    ],
)
def test_a_place_with_nothing_there_needs_words_that_leave_no_doubt(
    document, index_of, words, believed
):
    index = index_of([document("far", "l", name="Food bank", **AFAR)], VOCABULARY, PLACES)
    results = index.search(SearchRequest(words=words, radius_km=20.0))
    assert (results.place is not None) is believed
    assert results.total == (0 if believed else 1)


def test_who_is_far_away_means_no_place_that_may_be_somebody(document, index_of):
    index = index_of([document("there", "l", name="Food bank", **CICERO)], VOCABULARY, PLACES)
    near = SearchRequest(words="Cicero food bank", latitude=41.9, longitude=-87.7)
    assert index.search(near).place is not None
    assert index.search(replace(near, latitude=34.0, longitude=-118.0)).place is None
    sure = replace(near, words="food bank in Cicero", latitude=34.0, longitude=-118.0)
    assert index.search(sure).place is not None


def test_the_name_of_a_place_is_no_mistake(document, index_of):
    documents = [document(name, name="Food in Circero") for name in ("a", "b", "c")]
    index = index_of(documents, VOCABULARY, PLACES)
    request = SearchRequest(words="food cicero", place_in_words=False)
    assert index.search(request).did_you_mean is None
    assert index.search(replace(request, words="food cirsero")).did_you_mean == "food circero"


def test_the_words_of_a_name_of_several_are_no_mistake_even_beside_their_neighbours(
    document, index_of
):
    ridge = NamedPlace("Park Ridge", "Park Ridge, NJ", PlaceKind.CITY, 41.0, -74.0, 5.0, 1.0, "NJ")
    vocabulary = Vocabulary((Concept("transit", "Transit", ("park and ride", "ride")),))
    documents = [document("s", name="Park and ride")]
    request = SearchRequest(words="park ridge food")
    index = index_of(documents, vocabulary, Gazetteer.of([ridge]))
    assert index.search(request).did_you_mean is None
    assert index_of(documents, vocabulary).search(request).did_you_mean == "park ride food"


def test_a_word_is_not_corrected_to_one_that_finds_nothing(document, index_of):
    index = index_of([document("s", name="Food pantry")], VOCABULARY)
    assert index.search(SearchRequest(words="sheltr")).did_you_mean is None
    assert index.search(SearchRequest(words="pantrey")).did_you_mean == "pantry"


def test_a_word_is_corrected_to_one_whose_need_is_answered(document, index_of):
    index = index_of([document("s", name="Service", categories=("pantry",))], VOCABULARY)
    results = index.search(SearchRequest(words="food bankk"))
    assert (results.did_you_mean, results.total) == ("food bank", 1)


def test_a_word_that_nothing_knows_is_searched_as_it_was_probably_meant(document, index_of):
    index = index_of([document("s", name="Food pantry")], VOCABULARY)
    results = index.search(SearchRequest(words="food pantrey"))
    assert (results.did_you_mean, results.corrected) == ("food pantry", True)
    assert results.total == 1


def test_a_word_that_some_listing_has_is_not_corrected(document, index_of):
    index = index_of(
        [document("s", name="Panttry Smith"), document("t", name="Pantry")], VOCABULARY
    )
    results = index.search(SearchRequest(words="panttry"))
    assert results.did_you_mean is None
    assert [hit.service_id for hit in results.hits] == ["s"]


def test_concepts_understood_are_told_even_if_no_listing_has_them(document, index_of):
    index = index_of([document("s")], VOCABULARY)
    results = index.search(SearchRequest(words="help with rent"))
    assert (results.concepts, results.total) == (("rent",), 0)


def test_a_need_is_found_by_category_though_no_listing_says_the_words(document, found):
    listing = document("s", name="Emergency funds", categories=("money", "rent"))
    assert found([listing], VOCABULARY, words="help with rent") == ["s"]


def test_a_listing_that_says_one_phrase_of_a_need_is_found_by_another(document, found):
    listing = document("s", name="Tenants", description="We pay my rent when you cannot.")
    assert found([listing], VOCABULARY, words="ayuda con la renta") == ["s"]


def test_words_by_which_people_ask_find_nothing_by_themselves(document, found):
    documents = [
        document("help", name="Help center", description="help, help and more help"),
        document("words", name="Rent", description="we help tenants"),
        document("need", name="Emergency funds", categories=("rent",)),
    ]
    assert set(found(documents, VOCABULARY, words="help with rent")) == {"need", "words"}
    assert found(documents, VOCABULARY, words="help") == ["help", "words"]


def test_an_asked_parent_finds_its_children(document, found):
    listing = document("s", categories=("food", "pantry"))
    assert found([listing], VOCABULARY, words="comida") == ["s"]


def test_both_needs_come_before_one(document, found):
    documents = [
        document("rent", categories=("rent",)),
        document("both", categories=("food", "rent")),
        document("food", categories=("food",)),
    ]
    assert found(documents, VOCABULARY, words="food and help with rent")[0] == "both"


def test_what_is_called_by_all_words_comes_first(document, found):
    documents = [
        document("legal", name="Legal aid", description="At Riverside there is a legal clinic."),
        document("named", name="Intake", organization="Riverside Legal Clinic"),
    ]
    assert found(documents, words="riverside legal clinic") == ["named", "legal"]
