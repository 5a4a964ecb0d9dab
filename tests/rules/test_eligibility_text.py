"""What is read out of a listing's text, and what of it stays for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.eligibility import Kind, Source
from referral_hub.rules.eligibility_answers import is_sound
from referral_hub.rules.eligibility_text import MOST_QUOTED, conditions_of_text

COUNTIES = frozenset({"IL:cook county", "IL:lake county", "IL:dupage county", "IL:will county"})


def read(text: str) -> dict[Kind, tuple[object, ...]]:
    found = conditions_of_text(text, "IL", COUNTIES)
    return {each.kind: each.values for each in found}


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("Ages 60+", Kind.AGE, (60.0, None)),
        ("60 years or older.", Kind.AGE, (60.0, None)),
        ("People aged 18 and over", Kind.AGE, (18.0, None)),
        ("Individuals aged 16 to 24", Kind.AGE, (16.0, 24.0)),
        ("Youth ages 12-17.", Kind.AGE, (12.0, 17.0)),
        ("Ages 17 and under", Kind.AGE, (None, 17.0)),
        ("Residents of Cook County", Kind.RESIDENCE, ("county:IL:cook county",)),
        ("Cook County residents", Kind.RESIDENCE, ("county:IL:cook county",)),
        ("People living in Illinois.", Kind.RESIDENCE, ("state:IL",)),
        (
            "Residents of Cook, Lake and DuPage Counties",
            Kind.RESIDENCE,
            ("county:IL:cook county", "county:IL:lake county", "county:IL:dupage county"),
        ),
        (
            "People who live in Cook or Lake County",
            Kind.RESIDENCE,
            ("county:IL:cook county", "county:IL:lake county"),
        ),
        ("Veterans", Kind.VETERAN, (True,)),
        ("U.S. veterans only", Kind.VETERAN, (True,)),
        ("Pregnant women", Kind.PREGNANCY, (True,)),
        ("People with disabilities", Kind.DISABILITY, (True,)),
        ("Women", Kind.GENDER, ("women",)),
        ("Medicaid recipients", Kind.INSURANCE, ("medicaid",)),
        ("Uninsured adults", Kind.INSURANCE, ("none",)),
        ("By referral only.", Kind.REFERRAL, (True,)),
        (
            "Household income at or below 200% of the federal poverty level",
            Kind.INCOME,
            (200.0, 2026),
        ),
        ("Income up to twice the federal poverty level", Kind.INCOME, (200.0, 2026)),
    ],
)
def test_a_text_that_says_one_thing_plainly_is_read_whole(
    text: str, kind: Kind, values: tuple[object, ...]
) -> None:
    assert read(text) == {kind: values}


def test_what_is_read_is_marked_as_inferred_and_keeps_its_sentence() -> None:
    (found,) = conditions_of_text("Ages 60+", "IL", COUNTIES)
    assert (found.source, found.quote) == (Source.INFERRED, "Ages 60+")


def test_several_conditions_are_read_from_one_text() -> None:
    found = read("Veterans aged 60 and older. Residents of Cook County.")
    assert found.keys() == {Kind.VETERAN, Kind.AGE, Kind.RESIDENCE}


@pytest.mark.parametrize("text", ["Anyone", "Open to everyone.", "No restrictions", "None", ""])
def test_a_text_that_lets_everybody_in_states_nothing(text: str) -> None:
    assert read(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "Not for veterans",
        "People without a disability",
        "Everyone except residents of Cook County",
        "Parents of children under 13",
        "Children from 2 months to 5 years",
        "Families with a child under 4",
        "Pregnant women come first",
        "Residents of the south suburbs",
        "Anyone in suburban Cook County",
        "Income below 80 percent of the area median",
    ],
)
def test_what_would_be_misread_is_left_to_people(text: str) -> None:
    assert read(text) == {Kind.OTHER: ()}


def test_what_a_sentence_says_besides_is_left_to_people_too() -> None:
    found = conditions_of_text("Cook County residents with a car. Ages 60+.", "IL", COUNTIES)
    assert [each.kind for each in found] == [Kind.RESIDENCE, Kind.AGE, Kind.OTHER]
    assert found[-1].quote == "Cook County residents with a car"


def test_a_text_of_which_nothing_is_read_is_kept_as_it_is_written() -> None:
    (found,) = conditions_of_text("Anyone hungry; come early. No papers!", "IL", COUNTIES)
    assert found.quote == "Anyone hungry; come early. No papers!"


def test_a_county_that_several_states_have_is_read_with_the_state_of_the_service() -> None:
    counties = COUNTIES | {"IN:lake county"}
    assert conditions_of_text("Lake County residents", None, counties)[0].kind is Kind.OTHER
    read_there = conditions_of_text("Lake County residents", "IN", counties)
    assert read_there[0].values == ("county:IN:lake county",)


def test_what_is_very_long_is_left_to_people() -> None:
    long_sentence = f"Veterans {'Aa ' * 200}who"
    assert read(long_sentence) == {Kind.OTHER: ()}
    assert read(f"{long_sentence}. Ages 60+.").keys() == {Kind.AGE, Kind.OTHER}
    assert read("Ages 60+. " * 1_000) == {Kind.OTHER: ()}


PIECES = (
    "ages", "60", "+", "or older", "and", "veterans", "not", "residents of", "Cook County", "in",
    "Illinois", "women", "men", "under", "200%", "of the federal poverty level", "income", ".",
    ";", ",", "pregnant", "medicaid recipients", "uninsured",
)  # fmt: skip
WORDS = st.sampled_from(PIECES)


@given(st.one_of(st.text(max_size=400), st.lists(WORDS, max_size=40).map(" ".join)))
def test_any_text_is_read_without_fault_into_sound_conditions(text: str) -> None:
    for each in conditions_of_text(text, "IL", COUNTIES):
        assert is_sound(each)
        assert len(each.quote) <= MOST_QUOTED
        assert each.source is Source.INFERRED or each.kind is Kind.OTHER
