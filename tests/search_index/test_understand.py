import pytest

from search_index import Concept, SearchRequest, Vocabulary
from search_index.understand import Understanding

VOCABULARY = Vocabulary(
    (
        Concept("rent", "Rent assistance", ("help with rent", "pay my rent", "ayuda con la renta")),
        Concept("food", "Food", ("comida",)),
        Concept("pantry", "Food pantry", ("food bank",), ancestors=("food",)),
        Concept("unemployment", "Unemployment benefits", ("out of work", "lost my job")),
        Concept("shelter", "Shelter", ("sin hogar", "bed for the night")),
        Concept("day-shelter", "Drop-in center", ("shelter",)),
    )
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


def test_words_outside_of_an_understood_phrase_stay_words():
    meaning = Understanding(VOCABULARY).meaning("food bank for veterans")
    assert meaning.words == ("veteran",)


def test_concepts_understood_are_told_even_if_no_listing_has_them(document, index_of):
    index = index_of([document("s")], VOCABULARY)
    results = index.search(SearchRequest(words="help with rent"))
    assert (results.concepts, results.total) == (("rent",), 0)


def test_a_need_is_found_by_category_though_no_listing_says_the_words(document, found):
    listing = document("s", name="Emergency funds", categories=("money", "rent"))
    assert found([listing], VOCABULARY, words="help with rent") == ["s"]


def test_help_with_rent_does_not_bring_all_that_says_help(document, found):
    documents = [
        document("help", name="Help center", description="help, help and more help"),
        document("words", name="Rent", description="we help tenants"),
        document("need", name="Emergency funds", categories=("rent",)),
    ]
    assert found(documents, VOCABULARY, words="help with rent") == ["need", "words"]


def test_an_asked_parent_finds_its_children(document, found):
    listing = document("s", categories=("food", "pantry"))
    assert found([listing], VOCABULARY, words="comida") == ["s"]


def test_other_words_rank_what_answers_the_need_and_bring_in_the_rest_last(document, found):
    documents = [
        document("veterans", name="Veterans club", terms="veterans"),
        document("pantry", categories=("food", "pantry")),
        document("both", categories=("food", "pantry"), description="for veterans"),
    ]
    asked = {"words": "food bank veterans"}
    assert found(documents, VOCABULARY, **asked) == ["both", "pantry", "veterans"]


def test_both_needs_come_before_one(document, found):
    documents = [
        document("rent", categories=("rent",)),
        document("both", categories=("food", "rent")),
        document("food", categories=("food",)),
    ]
    assert found(documents, VOCABULARY, words="food and help with rent")[0] == "both"


def test_no_distance_puts_mere_words_before_an_understood_need(document, found):
    documents = [
        document("words", "l", latitude=40.0, longitude=-75.0, name="comida comida"),
        document("need", "l", latitude=34.0, longitude=-118.0, categories=("food",)),
    ]
    asked = {"words": "comida", "latitude": 40.0, "longitude": -75.0}
    assert found(documents, VOCABULARY, **asked) == ["need", "words"]
