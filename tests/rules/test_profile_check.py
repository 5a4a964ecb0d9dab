"""What a profile may hold: all faults at once, and what is kept."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.client_profile import FIELDS, Profile, from_json, to_json
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.phone_numbers import e164
from referral_hub.rules.profile_check import check_profile

TODAY = date(2026, 11, 18)
ANA = Profile(given_name="Ana")


def faults(**values: Any) -> set[str]:
    with pytest.raises(InvalidInput) as error:
        check_profile(replace(ANA, **values), TODAY)
    return set(error.value.fields)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", ""), ("given_name", "  "), ("given_name", "A\x00"),
        ("given_name", "a" * 121),
        ("birth_date", date(2026, 11, 19)), ("birth_date", date(1900, 1, 1)),
        ("zip", "6060"), ("zip", "60608-12"), ("zip", "٦٠٦٠٨"), ("state", "ZZ"),
        ("state", "Illinoi"),
        ("phone", "555-0143"), ("phone", "773-155-0143"), ("phone", "1"), ("phone", "call me"),
        ("other_phone", "+1 773 555 014"), ("phone", "+0 123 4567 890"), ("phone", "٧٧٣٥٥٥٠١٤٣"),
        ("email", "ana"), ("email", "ana@example"), ("email", "a b@example.org"),
        ("languages", ("xx",)), ("languages", ("en", "klingon")), ("household_size", 0),
        ("household_size", 51), ("children", -1), ("income", -1), ("income", 1_000_001),
        ("health", "a" * 2001), ("health", "a\x07"), ("never", "\ud800"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(field: str, value: object) -> None:
    assert faults(**{field: value}) == {field}


def test_all_faults_are_named_at_once() -> None:
    assert faults(given_name="", zip="1", phone="2", email="3", languages=("4",), income=-5) == {
        "given_name", "zip", "phone", "email", "languages", "income",
    }  # fmt: skip


def test_what_is_kept_is_trimmed_and_in_one_form() -> None:
    kept = check_profile(
        Profile(
            family_name="  Vega  Luna ", phone="(773) 555-0143", other_phone="+52 55 1234 5678",
            state="illinois", zip=" 60608 ", languages=("ES", "en", "es"), health="a\r\nb ",
            street="1 Main\nSt", birth_date=TODAY,
        ),
        TODAY,
    )  # fmt: skip
    assert kept == Profile(
        family_name="Vega Luna", phone="+17735550143", other_phone="+525512345678", state="IL",
        zip="60608", languages=("es", "en"), health="a\nb", street="1 Main St", birth_date=TODAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "7735550143", "17735550143", "+17735550143", "773.555.0143", "773 555 0143",
        "+1 (773) 555-0143",
    ],
)  # fmt: skip
def test_one_number_has_one_form(text: str) -> None:
    assert e164(text) == "+17735550143"


@given(st.text(max_size=25))
def test_a_number_that_is_kept_is_kept_the_same_again(text: str) -> None:
    kept = e164(text)
    assert kept is None or e164(kept) == kept


texts = st.text(max_size=30)


@given(
    st.fixed_dictionaries(
        {name: texts for name in FIELDS if isinstance(getattr(Profile(), name), str)}
    ),
    st.none() | st.dates(),
    st.none() | st.integers(-5, 10**9),
)
def test_a_checked_profile_is_good_again_and_survives_being_sealed(
    values: dict[str, str], birth: date | None, income: int | None
) -> None:
    profile = Profile(**values, birth_date=birth, income=income)
    try:
        kept = check_profile(profile, TODAY)
    except InvalidInput as error:
        named = set(error.fields)
    else:
        named = None
    if named is not None:
        assert named
        assert named <= set(FIELDS)
        return
    assert check_profile(kept, TODAY) == kept
    assert from_json(to_json(kept)) == kept
