"""Opening hours as people write them: understood wholly, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.formats.hours import openings_by_day, parse_hours


def written(text: str) -> list[str] | None:
    found = parse_hours(text)
    return None if found is None else [f"{o.byday} {o.opens_at}-{o.closes_at}" for o in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Saturday: 9:00:00-12:00:00, 9:00:00-12:00:00", ["SA 09:00-12:00"]),
        ("Monday: 9:00:00-11:30:00, 13:00:00-15:00:00", ["MO 09:00-11:30", "MO 13:00-15:00"]),
        ("Sunday: 13:00:00-15:00:00; Monday: 13:00:00-15:00:00", ["MO,SU 13:00-15:00"]),
        ("Mon-Fri 9am-5pm; Sat closed", ["MO,TU,WE,TH,FR 09:00-17:00"]),
        ("Monday: Closed Tuesday: 09:00 AM - 01:00 PM", ["TU 09:00-13:00"]),
        (
            "Every Monday 4:00 PM 7:00 PM \\n Every Tuesday 9:00 AM 12:00 PM",
            ["MO 16:00-19:00", "TU 09:00-12:00"],
        ),
        ("Weekly Saturday 9:30AM 10:30AM", ["SA 09:30-10:30"]),
        ("<tr><td>Monday</td><td><time>9:00 AM - 10:00 AM</time></td></tr>", ["MO 09:00-10:00"]),
        ("Mondays, Wednesdays &amp; Fridays 9am to 1pm", ["MO,WE,FR 09:00-13:00"]),
        ("Fri-Mon 10am–2pm", ["MO,FR,SA,SU 10:00-14:00"]),
        ("Daily noon-3pm", ["MO,TU,WE,TH,FR,SA,SU 12:00-15:00"]),
        ("Tues 9:30-11:30am, Thurs 1-3pm", ["TU 09:30-11:30", "TH 13:00-15:00"]),
        ("Wed 10-2pm", ["WE 10:00-14:00"]),
        ("Fri 9-12pm", ["FR 09:00-12:00"]),
        ("Sat 10pm-2am", ["SA 22:00-02:00"]),
        ("Lunes a viernes 9:00 a 17:00", ["MO,TU,WE,TH,FR 09:00-17:00"]),
        ("Monday: Closed", []),
    ],
)
def test_clear_hours_become_openings(text: str, expected: list[str]) -> None:
    assert written(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Call for hours",
        "9:00 am - 11:00 am",
        "Monday",
        "Monday 9am",
        "Monday 9-5",
        "Monday 1:00-3:00",
        "Monday 9am-5",
        "Monday 9am-9am",
        "Monday 25:00-26:00",
        "Monday 13pm-14pm",
        "1st and 3rd Monday 9am-12pm",
        "Monday 9am-5pm except holidays",
        "Monday: 9:00:00-12:00:00; Tuesday: 12:00:0",
        "M-S 9am-5pm",
        "(484) 720-8644",
    ],
)
def test_what_is_not_wholly_clear_is_not_guessed(text: str) -> None:
    assert written(text) is None


def test_a_text_without_a_day_belongs_to_the_day_of_its_column() -> None:
    found = openings_by_day({"MO": "9am-5pm", "TU": "closed", "WE": "9am-5pm"})
    assert found is not None
    assert [(o.byday, o.opens_at) for o in found] == [("MO,WE", "09:00")]


def test_one_unclear_day_leaves_the_week_unread() -> None:
    assert openings_by_day({"MO": "9am-5pm", "TU": "maybe"}) is None


@given(st.text(alphabet="MonTueSat 0123456789:-,;apm<>&to\\", max_size=60) | st.text(max_size=30))
def test_any_text_is_read_without_harm(text: str) -> None:
    for opening in parse_hours(text) or ():
        assert "00:00" <= opening.opens_at <= "23:59"
        assert opening.opens_at != opening.closes_at
