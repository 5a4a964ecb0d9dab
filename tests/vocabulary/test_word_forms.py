"""Forms of words: what a person may type where the glossary lists one form."""

import pytest

from referral_hub.vocabulary.word_forms import (
    english_forms,
    spanish_forms,
    spanish_forms_of_people,
)


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("vivienda", "viviendas"),
        ("bebé", "bebés"),
        ("hospital", "hospitales"),
        ("luz", "luces"),
        ("inyección", "inyecciones"),
        ("autobús", "autobuses"),
        ("clínica dental", "clínicas dentales"),
        ("banco de alimentos", "bancos de alimentos"),
        ("mujer sin hogar", "mujeres sin hogar"),
    ],
)
def test_spanish_plurals_end_before_the_preposition(singular: str, plural: str) -> None:
    assert spanish_forms(singular) == (singular, plural)


def test_spanish_words_whose_plural_is_the_same_are_said_once() -> None:
    assert spanish_forms("diálisis") == ("diálisis",)


@pytest.mark.parametrize(
    ("masculine", "others"),
    [
        ("abogado", {"abogada", "abogados", "abogadas"}),
        ("trabajador", {"trabajadora", "trabajadores", "trabajadoras"}),
        ("musulmán", {"musulmana", "musulmanes", "musulmanas"}),
        ("bilingüe", {"bilingües"}),
    ],
)
def test_people_are_said_in_both_genders(masculine: str, others: set[str]) -> None:
    assert set(spanish_forms_of_people(masculine)) == {masculine, *others}


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("kid", "kids"),
        ("baby", "babies"),
        ("birthday", "birthdays"),
        ("couch", "couches"),
        ("bus pass", "bus passes"),
    ],
)
def test_english_plurals(singular: str, plural: str) -> None:
    assert english_forms(singular) == (singular, plural)
