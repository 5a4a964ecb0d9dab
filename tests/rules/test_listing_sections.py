"""The texts of forms and the values that they stand for."""

from datetime import date

import pytest

from referral_hub.rules.listing_sections import (
    SECTIONS,
    FormField,
    Holds,
    Shape,
    list_names,
    section_of,
)
from referral_hub.rules.listing_words import field_label, value_words
from referral_hub.rules.listings import LISTING_TABLES


@pytest.mark.parametrize(
    ("holds", "text", "value"),
    [
        (Holds.TEXT, " Haven ", "Haven"),
        (Holds.NUMBER, "1,250.5", 1250.5),
        (Holds.DATE, "2026-05-31", date(2026, 5, 31)),
        (Holds.EMAIL, "help@agency.org", "help@agency.org"),
        (Holds.WEB, "agency.org/help", "https://agency.org/help"),
        (Holds.TEXT, "  ", None),
        (Holds.TEXT, "Night\nShelter", "Night Shelter"),
        (Holds.NUMBER, "-87.65", -87.65),
        (Holds.NUMBER, ".5", 0.5),
        (Holds.AMOUNT, "0", 0.0),
        (Holds.WHOLE, "104", 104.0),
        (Holds.YEAR, "1985", 1985.0),
        (Holds.CURRENCY, "usd", "USD"),
    ],
)
def test_a_text_stands_for_a_value(holds: Holds, text: str, value: object) -> None:
    assert FormField("f", "Field", holds=holds).read(text) == value


@pytest.mark.parametrize(
    ("holds", "text"),
    [
        (Holds.NUMBER, "41,8781"), (Holds.NUMBER, "1_000"), (Holds.NUMBER, "-."),
        (Holds.NUMBER, "٤"), (Holds.AMOUNT, "-1"), (Holds.WHOLE, "2.5"), (Holds.YEAR, "85"),
        (Holds.YEAR, "0999"), (Holds.CURRENCY, "$"), (Holds.NUMBER, "many"),
        (Holds.NUMBER, "nan"), (Holds.NUMBER, "1e99"),
        (Holds.DATE, "31.5.2026"), (Holds.EMAIL, "help"), (Holds.WEB, "javascript:alert(1)"),
        (Holds.WEB, "https://"), (Holds.WEB, "http://[1"), (Holds.TEXT, "x" * 301),
    ],
)  # fmt: skip
def test_what_stands_for_nothing_is_told_with_an_example(holds: Holds, text: str) -> None:
    with pytest.raises(ValueError, match="Use"):
        FormField("f", "Field", holds=holds).read(text)


def test_what_must_be_there_says_so() -> None:
    with pytest.raises(ValueError, match=r"Enter a name\."):
        FormField("name", "Name", missing="Enter a name.").read(" ")


def test_a_choice_is_one_of_the_list() -> None:
    each = FormField("f", "Field", Shape.CHOICE, options=(("voice", "Voice"),))
    assert each.read("voice") == "voice"
    with pytest.raises(ValueError, match="from the list"):
        each.read("pigeon")


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (2.0, "2"), (True, "yes"), (date(2026, 1, 2), "2026-01-02")]
)
def test_a_value_is_shown_as_it_would_be_typed(value: object, text: str) -> None:
    assert FormField("f", "Field").write(value) == text


def test_a_value_that_nobody_touches_comes_back_as_it_was_shown() -> None:
    passage = FormField("f", "Field", Shape.PASSAGE)
    shown = passage.write(" One \r\n\r\nTwo ")
    assert passage.write(passage.read(shown)) == shown == "One \n\nTwo"


def test_every_kind_of_listing_has_sections_with_keys_of_their_own() -> None:
    assert set(SECTIONS) == set(LISTING_TABLES)
    for table, sections in SECTIONS.items():
        assert len({each.key for each in sections}) == len(sections)
        assert section_of(table, "nothing") is None


def test_lists_are_known_by_name() -> None:
    who = section_of("service", "who")
    assert who is not None
    assert {"who.residence", "who.preferred"} <= list_names(who)
    assert "who.age_from" not in list_names(who)


@pytest.mark.parametrize(
    ("table", "field", "label"),
    [
        ("service", "application_process", "How to apply"),
        ("phone", "number", "Phone: number"),
        ("phone", "", "Phone"),
        ("address", "postal_code", "Address: ZIP code"),
        ("service", "position", ""),
        ("phone", "service_id", ""),
        ("service", "program_id", "Program"),
    ],
)
def test_fields_have_the_names_of_their_forms(table: str, field: str, label: str) -> None:
    assert field_label(table, field) == label


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("visibility", "hidden", "your agency only"), ("amount", 25.0, "25"),
        ("required", False, "no"), ("values", [18.0, None], "18, any"), ("name", None, ""),
    ],
)  # fmt: skip
def test_values_read_as_words(field: str, value: object, words: str) -> None:
    assert value_words(field, value) == words
