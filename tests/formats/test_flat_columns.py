"""Which column means what: guessed from its name, corrected by a mapping."""

from collections import Counter

import pytest

from referral_hub.formats.errors import BadMapping
from referral_hub.formats.flat_columns import TARGETS, guess_mapping, settled_mapping
from referral_hub.formats.text import fold


def test_names_are_compared_without_case_accents_and_punctuation() -> None:
    assert guess_mapping(["ORGANIZATION_NAME", "Dirección", "C.P.", "Código  Postal"]) == {
        "organization_name": "ORGANIZATION_NAME",
        "address_1": "Dirección",
        "postal_code": "Código  Postal",
    }


def test_a_spanish_table_is_understood() -> None:
    headers = ["Nombre", "Ciudad", "Estado", "Teléfono", "Horario", "Lunes", "Requisitos"]
    assert list(guess_mapping(headers)) == [
        "name",
        "city",
        "state_province",
        "phone",
        "hours",
        "eligibility",
        "monday",
    ]


def test_the_surer_name_wins() -> None:
    assert guess_mapping(["Address", "Address 1"])["address_1"] == "Address 1"


def test_a_mapping_takes_a_column_from_its_guessed_target() -> None:
    mapping = settled_mapping(["Agency", "Name"], {"alternate_name": "Agency"})
    assert mapping == {"alternate_name": "Agency", "name": "Name"}


def test_an_unknown_target_is_refused() -> None:
    with pytest.raises(BadMapping, match="“color” is no target"):
        settled_mapping(["Name"], {"color": "Name"})


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(BadMapping, match=r"no column “Nome” for “name”\. Columns are “Name”"):
        settled_mapping(["Name"], {"name": "Nome"})


def test_a_table_without_a_name_is_refused() -> None:
    with pytest.raises(BadMapping, match="No column holds a name"):
        settled_mapping(["City"], None)


def test_every_column_name_means_one_target_and_is_folded() -> None:
    names = [name for names in TARGETS.values() for name in names]
    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert [name for name in names if fold(name) != name] == []
