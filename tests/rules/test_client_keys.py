"""By what a client is found, and what a text in the search box means."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.client_keys import folded, rank, read_query, tokens_of
from referral_hub.rules.client_profile import Profile

ROSA = Profile(
    given_name="Rosa María",
    family_name="Quintero-Vega",
    preferred_name="Rosie",
    birth_date=date(1988, 4, 17),
    phone="+17735550143",
    other_phone="+525512345678",
)


def finds(text: str, profile: Profile = ROSA) -> bool:
    """Whether a text finds a client, by the stored tokens and by the profile itself."""
    query = read_query(text)
    held = tokens_of(profile)
    by_tokens = not query.is_empty and all(held & some for some in query.tokens())
    fits = rank(query, profile) is not None
    assert by_tokens or not fits or query.is_empty, "the tokens miss what the profile fits"
    return by_tokens and fits


@pytest.mark.parametrize(
    "text",
    [
        "ro", "Rosa", "rosa maria", "ROSA MARÍA", "maria rosa", "rosamaria", "rosie", "quint",
        "Quintero", "vega", "Quintero-Vega", "quinterovega", "Quintero Vega", "vega, rosa",
        "ro q", "Quintero‑Vega", "quin-vega",
        "4/17/1988", "04/17/1988", "1988-04-17", "4-17-1988", "4/17/88", "April 17, 1988",
        "apr 17 1988", "rosa 4/17/1988",
        "0143", "555-0143", "5550143", "(773) 555-0143", "773.555.0143", "+1 773 555 0143",
        "17735550143", "7735550143", "rosa 0143", "55 1234 5678", "+52 55 1234 5678", "50143",
    ],
)  # fmt: skip
def test_a_client_is_found_by(text: str) -> None:
    assert finds(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "'", "?!", "r", "osa", "rosb", "rosa lopez", "rosa z", "quintero-vegan",
        "4/18/1988", "17/4/1988", "1988", "4/17", "rosa 4/18/1988", "0144", "555-0144", "143",
        "312-555-0143", "40143", "\x00", "a" * 500,
    ],
)  # fmt: skip
def test_a_client_is_not_found_by(text: str) -> None:
    assert not finds(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Seán O’Brien", "obrien"), ("Seán O'Brien", "o'brien"), ("Sean OBrien", "o’brien"),
        ("Sean O'Brien", "sean o"), ("李 明", "李"), ("李明", "李明"),
        ("Łukasz Øster", "lukasz oster"),
        ("Ngọc Trần", "tran ngoc"), ("De la Cruz", "delacruz"), ("De la Cruz", "de la cruz"),
        ("Weiß", "weiss"), ("Bartholomew-Featherstonehaugh", "featherstonehaugh"),
        ("김민준", "김민"), ("İpek", "ipek"), ("D'Angelo", "dang"), ("Þóra", "thora"),
    ],
)  # fmt: skip
def test_names_of_all_kinds_are_found(name: str, text: str) -> None:
    assert finds(text, Profile(given_name=name))


def test_what_lies_behind_the_stored_starts_counts_too() -> None:
    long = Profile(family_name="Featherstonehaugh")
    assert finds("featherstoneh", long)
    assert not finds("featherstonex", long)


def test_whole_words_come_before_words_that_are_only_begun() -> None:
    query = read_query("ana")
    assert rank(query, Profile(given_name="Ana")) == 0
    assert rank(query, Profile(given_name="Anastasia")) == 1


def test_a_year_of_two_digits_means_either_century() -> None:
    assert read_query("1/2/05").births == {date(1905, 1, 2), date(2005, 1, 2)}


names = st.text(max_size=30)
profiles = st.builds(
    Profile,
    given_name=names,
    family_name=names,
    preferred_name=names,
    birth_date=st.none() | st.dates(),
    phone=st.sampled_from(["", "+17735550143", "+4930123456", "+13125550100"]),
)


@given(profiles)
def test_every_client_is_found_by_each_of_their_own_facts(profile: Profile) -> None:
    for name in (profile.given_name, profile.family_name, profile.preferred_name):
        words = name.split()[:4]
        text = " ".join(word for word in words if word.isalpha())
        if text:
            assert finds(text, profile), text
    if profile.birth_date is not None:
        assert finds(profile.birth_date.isoformat(), profile)
    if profile.phone:
        assert finds(profile.phone, profile)
        assert finds(profile.phone[-4:], profile)


@given(st.text(max_size=60), profiles)
def test_any_text_can_be_looked_for_and_the_tokens_miss_nothing(
    text: str, profile: Profile
) -> None:
    finds(text, profile)


@given(st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(profiles)
def test_the_number_of_tokens_is_bounded(profile: Profile) -> None:
    assert len(tokens_of(profile)) <= 12 * 120
