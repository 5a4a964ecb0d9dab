from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from referral_hub.vocabulary import needs
from search_index.analysis import stem, words
from search_index.spelling import MOST_WORDS, Speller
from tests.search_index.typed_words import MISSPELT, NAMES, RIGHT

PHRASES = [phrase for need in needs().values() for phrase in need.phrases]
COUNTS = Counter(word for phrase in PHRASES for word in words(phrase))


def speller(counts: dict[str, int], preferred: tuple[str, ...] = ()) -> Speller:
    known = sorted(counts)
    return Speller(known, [counts[word] for word in known], preferred)


def nothing(_: str) -> bool:
    return False


@pytest.fixture(scope="module")
def vocabulary() -> Speller:
    return speller(COUNTS, tuple(PHRASES))


def test_nine_of_ten_misspelt_words_of_need_find_what_was_meant(vocabulary):
    # A word with the stem of what was meant finds it as it stands.
    found = [
        stem(vocabulary.correct(wrong) or wrong) == stem(meant) for wrong, meant in MISSPELT.items()
    ]
    assert sum(found) >= 0.9 * len(MISSPELT)


def test_of_right_words_that_no_listing_uses_hardly_any_is_touched(vocabulary):
    right = [*RIGHT, *NAMES]
    changed = [word for word in right if vocabulary.correct(word)]
    assert len(changed) <= 0.03 * len(right)


def test_known_words_stay(vocabulary):
    assert [word for word in COUNTS if vocabulary.correct(word)] == []


def test_names_in_the_index_stay_however_rare():
    index = speller(COUNTS | dict.fromkeys(NAMES, 1), tuple(PHRASES))
    assert [name for name in NAMES if index.correct(name)] == []


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("counciling", "counseling"),
        ("fisical", "physical"),
        ("imigration", "immigration"),
        ("shleter", "shelter"),
        ("sychiatrist", "psychiatrist"),
        ("despenza", "despensa"),
        ("foodpantry", "food pantry"),
        ("foodpantrys", "food pantry"),
    ],
)
def test_letters_sounds_and_missing_gaps(vocabulary, wrong, meant):
    assert vocabulary.correct(wrong) == meant


@pytest.mark.parametrize("form", ["shelters", "sheltered", "sheltering", "shelterer"])
def test_other_forms_of_a_known_word_stay(form):
    assert speller({"shelter": 9, "shelves": 9, "smelter": 9}).correct(form) is None


@pytest.mark.parametrize("form", ["liner", "lines", "lined"])
def test_forms_that_drop_a_letter_stay_too(form):
    assert speller({"line": 9}, ("linen", "linea", "diner")).correct(form) is None


def test_a_gap_beside_a_stop_word_is_missing_only_when_no_word_is_near():
    index = speller({"felons": 9}, ("fell on hard times", "jobs for felons", "move in costs"))
    assert index.correct("fellons") == "felons"
    assert index.correct("movein") == "move in"


def test_three_same_letters_are_no_plural():
    assert speller({"pass": 9}, ("bus pass",)).correct_text("bus passs", nothing) == "bus pass"


def test_the_plural_of_a_word_that_is_also_written_as_two_stays():
    assert speller({}, ("day care", "daycare")).correct("daycares") is None


@pytest.mark.parametrize("word", ["", "rnt", "rent2", "r3nt", "zzzzzz", "x" * 65, "rénta!"])
def test_short_words_words_with_digits_and_words_like_no_other_stay(word):
    assert speller({"rent": 50, "renta": 50}, ("rent", "renta")).correct(word) is None


def test_what_is_used_more_is_meant_more():
    assert speller({"salvation": 900, "salvotion": 3}).correct("salvition") == "salvation"
    assert speller({"salvation": 3, "salvotion": 900}).correct("salvition") == "salvotion"


def test_a_word_of_the_vocabulary_wins_over_one_as_rare():
    assert speller({"sheltor": 4}, ("shelter",)).correct("sheltar") == "shelter"


def test_a_word_outside_the_vocabulary_must_be_nearer():
    assert speller({"salvation": 50}).correct("selvition") is None
    assert speller({"salvation": 50}, ("salvation",)).correct("selvition") == "salvation"


def test_a_guess_that_stands_beside_its_neighbour_in_a_phrase_is_meant():
    index = speller({"set": 90, "seat": 9}, ("car seat", "set", "set up", "set of pans"))
    assert index.correct("seet") == "set"
    assert index.correct_text("car seet", nothing) == "car seat"
    assert index.correct_text("seet in my car", nothing) == "set in my car"


def test_a_word_of_three_letters_needs_its_neighbour():
    index = speller({}, ("lost my job", "find a job"))
    assert index.correct("jod") is None
    assert index.correct_text("lost my jod", nothing) == "lost my job"
    assert index.correct_text("my jod is bad", nothing) is None


def test_other_forms_of_spanish_words_stay():
    index = speller({}, ("me cortaron la luz", "cortar el agua", "cobarde"))
    assert [form for form in ("cortaran", "cortarme", "cortaba") if index.correct(form)] == []
    assert speller({}, ("con respeto", "respeto a todos")).correct("respeta") is None


def test_a_short_word_of_a_single_phrase_is_meant_only_when_it_sounds_the_same():
    index = speller({}, ("pizca de fruta", "un trato"))
    assert index.correct("pisca") == "pizca"
    assert index.correct("trata") is None


def test_words_that_hardly_any_listing_uses_are_no_guess():
    assert speller({"tuberculosis": 2}).correct("tuberculosus") is None
    assert speller({"tuberculosis": 3}).correct("tuberculosus") == "tuberculosis"


def test_a_short_word_that_starts_with_another_sound_is_not_meant(vocabulary):
    assert vocabulary.correct("bealth") is None
    assert vocabulary.correct("nmployment") == "employment"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Tonite: Emrgency SHLETER!", "Tonite: Emergency SHELTER!"),
        ("¿dónde hay  una «despenza»?", "¿dónde hay  una «despensa»?"),
        ("foodpantry/dentel near 60629", "food pantry/dental near 60629"),
        ("immi gration lawyer", "immigration lawyer"),
        ("Shel ter", "Shelter"),
        ("I'm homless", "I'm homeless"),
    ],
)
def test_only_the_mistyped_words_of_a_text_change(vocabulary, typed, meant):
    assert vocabulary.correct_text(typed, nothing) == meant


@pytest.mark.parametrize(
    "typed", ["", "food pantry", "day care", "daycare", "60629", "¡!", "could you"]
)
def test_a_text_without_mistakes_stays(vocabulary, typed):
    assert vocabulary.correct_text(typed, nothing) is None


def test_a_word_with_a_gap_in_it_is_one_word():
    index = speller({}, ("immigration", "grantion"))
    assert index.correct_text("immi gration", nothing) == "immigration"


def test_what_is_known_elsewhere_stays(vocabulary):
    assert vocabulary.correct_text("sheltar dentel", nothing) == "shelter dental"
    assert vocabulary.correct_text("sheltar dentel", {"sheltar"}.__contains__) == "sheltar dental"


def test_words_after_the_first_many_stay(vocabulary):
    assert vocabulary.correct_text("food " * MOST_WORDS + "shleter", nothing) is None


@pytest.mark.parametrize(
    "name",
    [
        *("hassan", "torres", "khan", "allen", "perry", "payne", "simmons", "castillo", "marion"),
        *("edison", "kumar", "nguyen", "desiree", "ahmed", "joyce", "tyler", "gloria", "benito"),
    ],
)
def test_names_of_people_are_no_mistakes(name):
    near = {"asian", "tires", "can", "alien", "perro", "pain", "summons", "cartilla", "marine"}
    assert speller(dict.fromkeys(near, 90), tuple(near)).correct(name) is None


@pytest.mark.parametrize(
    ("word", "near"),
    [
        *(("termites", "termitas"), ("mexican", "mexicano"), ("carpentry", "carpenter")),
        *(("sterilization", "stabilization"), ("beer", "ver"), ("tripped", "trapped")),
        *(("baking", "backing"), ("president", "resident"), ("creation", "cremation")),
    ],
)
def test_right_words_of_english_are_no_mistakes(word, near):
    assert speller({near: 90}, (near,)).correct(word) is None


def test_a_right_word_means_another_only_beside_its_neighbour_in_a_phrase():
    index = speller({}, ("food pantry", "pantry", "pantry hours"))
    assert index.correct_text("clean panty", nothing) is None
    assert index.correct_text("food panty", nothing) == "food pantry"


def test_the_name_of_a_place_means_a_word_only_beside_its_neighbour_in_a_phrase():
    index = speller({}, ("mental health", "health", "health care"))
    is_place = {"heelth"}.__contains__
    assert index.correct_text("heelth", nothing) == "health"
    assert index.correct_text("heelth", nothing, is_place) is None
    assert index.correct_text("mental heelth", nothing, is_place) == "mental health"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("adiction", "addiction"),
        ("adiction help", "addiction help"),
        ("ayuda con adiction", "ayuda con adiccion"),
        ("la adiction de mi hijo", "la adiccion de mi hijo"),
    ],
)
def test_a_guess_is_in_the_language_of_the_other_words(typed, meant):
    phrases = ("addiction", "adiccion", "adiccion al alcohol", "ayuda")
    index = Speller([], [], phrases, {"adiccion", "ayuda", "alcohol"})
    assert index.correct_text(typed, nothing) == meant


def test_among_english_words_no_spanish_one_is_meant():
    index = Speller([], [], ("comida", "shelter"), {"comida"})
    assert index.correct_text("comidda", nothing) == "comida"
    assert index.correct_text("shelter comidda", nothing) is None


def test_a_word_written_like_a_name_is_one_unless_it_is_plainly_a_word_of_need(vocabulary):
    index = speller({"salvation": 50, "motel": 9}, ("motel",))
    assert index.correct_text("help from salvetion", nothing) == "help from salvation"
    assert index.correct_text("help from Salvetion", nothing) is None
    assert index.correct_text("HELP FROM SALVETION", nothing) == "HELP FROM SALVATION"
    assert vocabulary.correct_text("looking for a Shleter", nothing) == "looking for a Shelter"
    assert vocabulary.correct_text("Dentel care", nothing) == "Dental care"


def test_what_finds_nothing_where_it_stands_is_not_meant():
    def finds(before: str, guess: str, after: str) -> bool:
        return (before, guess, after) == ("food", "pantry", "near")

    index = Speller([], [], ("food pantry", "pantry"), finds=finds)
    assert index.correct_text("pantrey", nothing) is None
    assert index.correct_text("food pantrey near", nothing) == "food pantry near"


@given(st.text() | st.lists(st.sampled_from(list(MISSPELT))).map(" ".join))
@example("\ud800 shleter \x00 ½shleter ŞHLETER ﬁsical")
@example("shleter" * 10_000)
@example("помощь 食物銀行 shleter")
def test_any_text_is_read_and_what_replaces_words_is_known(vocabulary, text):
    corrected = vocabulary.correct_text(text, nothing)
    added = set(words(corrected or "")) - set(words(text))
    assert all(map(vocabulary.known, added))


def test_an_empty_index_corrects_nothing():
    assert speller({}).correct_text("emergancy shleter", nothing) is None
