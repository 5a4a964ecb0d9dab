"""Who may be the same person, and whose records may be compared."""

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.client_matching import Likeness, likeness, may_compare
from referral_hub.rules.client_profile import Profile

BORN = date(1988, 4, 17)
ROSA = Profile(
    given_name="Rosa", family_name="Quintero-Vega", birth_date=BORN, phone="+17735550143"
)


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("Rosa", "Quintero-Vega"), ("rosa", "quintero vega"), ("Rosa María", "QuinteroVega"),
        ("Rosa", "Quintero"), ("Rosita", "Quintero-Vega"), ("Quintero-Vega", "Rosa"),
        ("Rosa", "Quintera-Vega"), ("Rosá", "Quintero Vega"), ("Rosa", ""),
    ],
)  # fmt: skip
def test_same_birth_date_and_similar_name_may_be_one_person(given: str, family: str) -> None:
    other = Profile(given_name=given, family_name=family, birth_date=BORN)
    assert likeness(ROSA, other) is likeness(other, ROSA)
    assert likeness(ROSA, other) is Likeness.BIRTH_DATE_AND_NAME


@pytest.mark.parametrize(
    "other",
    [
        Profile(given_name="Rosa", family_name="Quintero-Vega"),
        Profile(given_name="Rosa", family_name="Quintero-Vega", birth_date=date(1988, 4, 18)),
        Profile(given_name="Marta", family_name="Quintero-Vega", birth_date=BORN),
        Profile(given_name="Rosa", family_name="Lopez", birth_date=BORN),
        Profile(birth_date=BORN),
    ],
)
def test_these_are_two_people(other: Profile) -> None:
    assert likeness(ROSA, other) is None


def test_the_same_phone_may_be_one_person_in_either_field() -> None:
    assert likeness(ROSA, Profile(given_name="X", other_phone="+17735550143")) is Likeness.PHONE
    assert likeness(Profile(), Profile()) is None


@given(st.booleans(), st.booleans())
def test_records_are_compared_within_an_agency_and_with_victim_services_never_across(
    same: bool, victim_services: bool
) -> None:
    one = uuid4()
    other = one if same else uuid4()
    assert may_compare(one, other, victim_services=victim_services) is (same or not victim_services)
