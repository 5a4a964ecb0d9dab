import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from search_index import SearchIndex, SearchRequest, SearchResults
from search_index.analysis import stems

ODD = [
    "word " * 10_000,
    " ".join(f"w{number}" for number in range(10_000)),
    '"',
    '"""',
    '""',
    "*:*",
    "AND OR NOT",
    "name:food",
    "(food [pantry} TO",
    "food^3~2",
    "-",
    "--",
    '-"',
    "\x00",
    "food\x00pantry",
    "🍞🥫",
    "\ud800 food \udfff",
    "x" * 100_000,
    "\\",
    "food?",
    "\u202efood",
]


@pytest.fixture(scope="module")
def pantry(document, index_of) -> SearchIndex:
    return index_of([document("pantry", name="Food pantry"), document("rent", name="Rent help")])


@given(st.text() | st.lists(st.sampled_from([*ODD, "food", "-food", '"food'])).map(" ".join))
@example(" ".join(ODD))
def test_odd_words_never_raise(pantry, words):
    assert isinstance(pantry.search(SearchRequest(words=words)), SearchResults)


@pytest.mark.parametrize("words", ODD)
def test_no_sign_is_a_query_language(pantry, words):
    hits = pantry.search(SearchRequest(words=words)).hits
    expected = ["pantry"] if "food" in words else []
    assert [hit.service_id for hit in hits] == expected


@pytest.mark.parametrize("words", ["", "  ", "\n\t"])
def test_blank_words_restrict_nothing(pantry, words):
    assert pantry.search(SearchRequest(words=words)).total == 2


@pytest.mark.parametrize("words", ["!!!", "the", "de la", "🍞", '""', '"the"', "-the"])
def test_words_of_which_nothing_is_usable_find_nothing(pantry, words):
    results = pantry.search(SearchRequest(words=words))
    assert (results.total, results.hits, results.facets["categories"]) == (0, (), {})


def test_words_find_nothing_in_an_empty_index(index_of):
    assert index_of().search(SearchRequest(words='food "food pantry" -rent')).total == 0


def test_any_word_will_do_and_more_words_come_first(document, found):
    documents = [
        document("one", description="diapers"),
        document("none", description="tutoring"),
        document("both", description="diapers and formula"),
    ]
    assert found(documents, words="formula diapers") == ["both", "one"]


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ("name", "organization"),
        ("alternate_name", "organization"),
        ("terms", "organization"),
        ("organization", "description"),
        ("description", "eligibility"),
        ("description", "place"),
    ],
)
def test_where_a_word_stands_decides(document, found, stronger, weaker):
    blank = dict.fromkeys(
        ("name", "organization", "terms", "description", "eligibility", "place"), "other"
    )
    documents = [
        document("a", **{**blank, weaker: "clinic"}),
        document("b", **{**blank, stronger: "clinic"}),
    ]
    assert found(documents, words="clinic") == ["b", "a"]


def test_a_word_weighs_more_in_a_short_text(document, found):
    documents = [
        document("long", description="diapers and many other things for families with babies"),
        document("short", description="diapers for babies"),
    ]
    assert found(documents, words="diapers") == ["short", "long"]


def test_a_rare_word_weighs_more_than_a_common_one(document, found):
    common = [document(f"food{number}", description="food") for number in range(9)]
    rare = document("naloxone", description="naloxone")
    assert found([*common, rare], words="food naloxone")[0] == "naloxone"


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Food pantries", "pantry"),
        ("Clínica de salud", "clinica"),
        ("Clinica de salud", "CLÍNICA"),
        ("Women's shelter", "womens"),
        ("Women’s shelter", "women's"),
        ("Ｆｕｌｌ width", "full"),
        ("HIV/AIDS testing", "aids"),
        ("Children, men and women", "womans child"),
        ("Section 8 vouchers", "8"),
        ("food_bank", "bank"),
    ],
)
def test_endings_accents_capitals_and_signs_make_no_difference(document, found, written, asked):
    assert found([document("s", name=written)], words=asked) == ["s"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("medical assistance", "medical assistant"),
        ("hospitality", "hospital"),
        ("immigration", "immigrants"),
        ("probation", "probate"),
        ("medications", "medical"),
        ("weatherization", "weather"),
        ("transitional", "transit"),
    ],
)
def test_words_that_only_begin_alike_stay_apart(one, other):
    assert stems(one) != stems(other)


def test_words_in_quotes_must_stand_together(document, found):
    documents = [
        document("together", description="free legal aid"),
        document("stop word between", description="the legal of aid"),
        document("apart", description="aid in legal matters"),
        document("two texts", name="legal", description="aid"),
        document("twice", description="legal legal aid"),
    ]
    assert sorted(found(documents, words="“legal aid”")) == [
        "stop word between",
        "together",
        "twice",
    ]


def test_beside_a_quoted_phrase_other_words_only_rank(document, found):
    documents = [
        document("a", description="legal aid for tenants of the city"),
        document("b", description="legal aid for tenants of the city, evictions"),
        document("c", description="evictions"),
    ]
    assert found(documents, words='"legal aid" eviction') == ["b", "a"]


def test_a_quoted_phrase_is_found_in_every_segment_and_not_in_what_was_removed(document, index_of):
    index = index_of([document("a", name="legal aid"), document("gone", name="legal aid")])
    index.apply([document("b", name="legal aid"), document("c", name="aid legal")], ["gone"])
    hits = index.search(SearchRequest(words='"legal aid"')).hits
    assert [hit.service_id for hit in hits] == ["a", "b"]


def test_a_minus_leaves_out_what_has_the_word(document, found):
    documents = [
        document("all", name="Dental clinic"),
        document("children", name="Dental clinic", eligibility="children"),
    ]
    assert found(documents, words="dental -child") == ["all"]
    assert found(documents, words="-children") == ["all"]
    assert found(documents, words='dental -"dental clinic"') == []


def test_a_hyphen_within_a_word_leaves_nothing_out(document, found):
    assert found([document("s", name="Walk-in clinic")], words="walk-in") == ["s"]


def test_only_the_first_64_different_words_count(document, found):
    listing = document("s", name="needle")
    hay = " ".join(f"hay{number}" for number in range(63))
    assert found([listing], words=f"{hay} {hay} needle") == ["s"]
    assert found([listing], words=f"{hay} straw needle") == []
    assert found([listing], words=f"needle {hay} straw".replace(" ", ",")) == ["s"]
