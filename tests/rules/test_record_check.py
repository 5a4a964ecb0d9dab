"""What an import accepts, repairs and refuses, field by field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.hsds import TABLES
from referral_hub.rules.record_check import check_record


def codes(table: str, **values: object) -> list[str]:
    return [fault.code for fault in check_record(table, values).faults]


def test_a_complete_record_has_no_faults() -> None:
    checked = check_record("organization", {"name": "Harbor House", "description": "Beds."})
    assert checked.values == {"name": "Harbor House", "description": "Beds."}
    assert checked.faults == []


def test_a_service_without_a_name_is_refused() -> None:
    checked = check_record("service", {"status": "active", "name": "  "})
    assert not checked.usable
    assert [(fault.field, fault.fatal) for fault in checked.faults] == [("name", True)]


def test_a_missing_status_means_active_and_is_said() -> None:
    checked = check_record("service", {"name": "Meals"})
    assert checked.usable
    assert checked.values["status"] == "active"
    assert [fault.filled for fault in checked.faults] == [True]


def test_an_unknown_status_never_makes_a_service_look_open() -> None:
    checked = check_record("service", {"name": "Meals", "status": "shut for good"})
    assert checked.values["status"] == "inactive"
    assert [fault.code for fault in checked.faults] == ["bad-text"]


@pytest.mark.parametrize("written", ["Active", "ACTIVE", "active"])
def test_a_status_is_understood_whatever_its_case(written: str) -> None:
    assert check_record("service", {"name": "x", "status": written}).values["status"] == "active"


def test_temporarily_closed_is_understood_with_an_underscore() -> None:
    values = {"name": "x", "status": "temporarily_closed"}
    assert check_record("service", values).values["status"] == "temporarily closed"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("09:00", "09:00"),
        ("10:00:00", "10:00:00"),
        ("18:00Z", "18:00Z"),
        ("07:30+01:00", "07:30+01:00"),
        ("9am", "09:00"),
        ("5:30 PM", "17:30"),
        ("12 a.m.", "00:00"),
        ("9:00", "09:00"),
    ],
)
def test_a_time_keeps_its_spelling_or_is_repaired(written: str, kept: str) -> None:
    assert check_record("schedule", {"opens_at": written}).values["opens_at"] == kept


@pytest.mark.parametrize("written", ["25:00", "noonish", "9", "13 pm", "09:75"])
def test_what_is_no_time_is_left_out_and_said(written: str) -> None:
    checked = check_record("schedule", {"opens_at": written})
    assert "opens_at" not in checked.values
    assert [fault.field for fault in checked.faults] == ["opens_at"]


@pytest.mark.parametrize("number", ["x12", "NaN", "inf", "1e999", "", True])
def test_what_is_no_number_is_no_number(number: object) -> None:
    assert "extension" not in check_record("phone", {"number": "1", "extension": number}).values


def test_a_latitude_of_zero_is_a_number() -> None:
    assert check_record("location", {"latitude": "0"}).values["latitude"] == 0


def test_a_web_address_without_its_scheme_is_mended_and_said() -> None:
    checked = check_record("service", {"name": "x", "status": "active", "url": "www.example.org/a"})
    assert checked.values["url"] == "http://www.example.org/a"
    assert [fault.repaired for fault in checked.faults] == [True]


@pytest.mark.parametrize("email", ["a@b", "a b@c.org", "a@b.org, c@d.org", "none"])
def test_what_is_not_one_address_is_left_out(email: str) -> None:
    values = {"name": "x", "description": "y", "email": email}
    assert "email" not in check_record("organization", values).values


def test_characters_that_no_database_keeps_are_taken_out() -> None:
    checked = check_record("organization", {"name": "Har\x00bor\ud800", "description": "d"})
    assert checked.values["name"] == "Harbor"


JSON_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text())


@given(st.sampled_from(sorted(TABLES)), st.lists(JSON_SCALARS, min_size=1, max_size=8))
def test_whatever_is_written_the_check_answers_with_storable_values(
    table: str, written: list[object]
) -> None:
    names = [field.name for field in TABLES[table].fields]
    values = dict(zip(names, written * len(names), strict=False))
    checked = check_record(table, values)
    choices = {field.name: field.choices for field in TABLES[table].fields}
    for name, value in checked.values.items():
        assert isinstance(value, str | float)
        assert not choices[name] or value in choices[name]
        str(value).encode("utf-8")
        assert "\x00" not in str(value)
    required = {field.name for field in TABLES[table].fields[1:] if field.required}
    keys = {field.name for field in TABLES[table].references}
    if checked.usable:
        assert required - keys <= checked.values.keys()


def test_a_text_that_nobody_reads_is_left_out_but_a_shape_may_be_long() -> None:
    endless = "x" * 200_000
    checked = check_record("service", {"name": "Meals", "status": "active", "description": endless})
    assert "description" not in checked.values
    assert [fault.code for fault in checked.faults] == ["too-long"]
    assert not check_record("service", {"name": endless, "status": "active"}).usable
    assert check_record("service_area", {"extent": endless}).values["extent"] == endless
