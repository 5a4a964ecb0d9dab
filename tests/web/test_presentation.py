import re
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from referral_hub.web.presentation import (
    KM_PER_MILE,
    ago,
    checked,
    counted,
    date_in_words,
    directions_link,
    link_with,
    link_without,
    mile_choice,
    miles,
    month_in_words,
    number,
    page_numbers,
    paragraphs,
    percent,
    phone_link,
    points,
    web_link,
    web_name,
)

TODAY = date(2026, 11, 22)
SEARCH = MultiDict(
    [("q", "food"), ("near", ""), ("cost", "free"), ("cost", "sliding"), ("page", "3")]
)


def test_points_of_a_score_have_their_sign() -> None:
    assert (points(1.204), points(-0.351), points(0)) == ("+1.20", "−0.35", "+0.00")


def test_figures_read_as_people_write_them() -> None:
    assert [number(1204), number(3.26), number(-0.5)] == ["1,204", "3.3", "−0.5"]
    assert [percent(0.634), percent(1), percent(0), percent(-0.1)] == [
        "63.4%", "100.0%", "0.0%", "−10.0%",
    ]  # fmt: skip
    assert month_in_words(TODAY) == "November 2026"


def test_a_figure_that_is_not_known_says_so_and_is_no_zero() -> None:
    assert (number(None), percent(None)) == ("–", "–")
    assert number(None, "not reached") == "not reached"


def test_one_is_counted_in_the_singular() -> None:
    assert counted(1, "service", "services") == "1 service"
    assert counted(0, "service", "services") == "0 services"
    assert counted(1204, "service", "services") == "1,204 services"


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (0.0, "less than 0.1 miles"),
        (0.44, "0.4 miles"),
        (1.0, "1 mile"),
        (1.04, "1 mile"),
        (9.94, "9.9 miles"),
        (9.96, "10 miles"),
        (24.9, "25 miles"),
    ],
)
def test_a_distance_is_said_in_miles(distance: float, words: str) -> None:
    assert miles(distance * KM_PER_MILE) == words


def test_an_unknown_distance_says_nothing() -> None:
    assert miles(None) == ""


@given(st.sampled_from([1, 2, 5, 10, 25, 50, 100]))
def test_a_chosen_radius_survives_kilometres(choice: int) -> None:
    assert mile_choice(choice * KM_PER_MILE) == str(choice)


def test_a_radius_of_40_kilometres_is_the_choice_of_25_miles() -> None:
    assert mile_choice(40.0) == "25"


def test_a_date_has_no_leading_zero() -> None:
    assert date_in_words(date(2026, 11, 3)) == "November 3, 2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 16), "6 days ago"),
        (date(2026, 11, 15), "1 week ago"),
        (date(2026, 11, 1), "3 weeks ago"),
        (date(2026, 10, 23), "1 month ago"),
        (date(2025, 11, 23), "12 months ago"),
        (date(2025, 11, 22), "1 year ago"),
        (date(2026, 12, 1), "on December 1, 2026"),
    ],
)
def test_a_day_lies_back_in_the_largest_unit_that_fits(day: date, words: str) -> None:
    assert ago(day, TODAY) == words


def test_a_listing_that_nobody_checked_says_so() -> None:
    assert checked(None, TODAY) == "Not checked yet"
    assert checked(date(2026, 11, 1), TODAY) == "Checked 3 weeks ago"


@pytest.mark.parametrize(
    ("number", "extension", "link"),
    [
        ("(650) 555-0100", "", "tel:+16505550100"),
        ("1 650 555 0100", "", "tel:+16505550100"),
        ("+44 20 7946 0958", "", "tel:+442079460958"),
        ("650-555-0100", "12", "tel:+16505550100;ext=12"),
        ("650-555-0100 ext. 12", "", "tel:+16505550100;ext=12"),
        ("650-555-0100 x12", "34", "tel:+16505550100;ext=34"),
        ("650-555-0100", "ask Ana", "tel:+16505550100"),
        ("1-800-555-HELP", "", "tel:+18005554357"),
        ("650-555-HELP", "", "tel:+16505554357"),
        ("650-555-0100 (Crisis line)", "", "tel:+16505550100"),
        ("211", "", "tel:211"),
        ("Call the office", "", ""),
        ("650-555-0100 or 650-555-0199", "", ""),
        ("", "", ""),
    ],
)
def test_a_number_is_dialled_as_people_wrote_it(number: str, extension: str, link: str) -> None:
    assert phone_link(number, extension) == link


@given(st.text(max_size=40), st.text(max_size=5))
def test_no_text_makes_a_malformed_phone_link(number: str, extension: str) -> None:
    assert re.fullmatch(r"(tel:\+?[0-9]{3,15}(;ext=\d+)?)?", phone_link(number, extension))


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://example.org/a", "https://example.org/a"),
        (" HTTP://example.org ", "HTTP://example.org"),
        ("www.example.org", "https://www.example.org"),
        ("javascript:alert(1)", ""),
        ("javascript://example.org/%0aalert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.org", ""),
        ("https://", ""),
        ("https://[example", ""),
        ("ask at the desk", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(address: str, link: str) -> None:
    assert web_link(address) == link


def test_a_web_address_is_shown_short() -> None:
    assert web_name("https://www.example.org/") == "example.org"
    assert web_name("http://food.example.org/help") == "food.example.org/help"


def test_directions_lead_to_the_point() -> None:
    link = directions_link(37.4796, -122.2119)
    assert link == "https://www.openstreetmap.org/directions?to=37.479600,-122.211900"


def test_blank_lines_part_paragraphs() -> None:
    assert paragraphs("\n one\r\ntwo \n \n\nthree\n") == [["one", "two"], ["three"]]
    assert paragraphs("") == []


def test_a_changed_search_starts_on_its_first_page_without_empty_parameters() -> None:
    assert link_with(SEARCH, sort="nearest") == "?q=food&cost=free&cost=sliding&sort=nearest"


def test_another_page_of_the_same_search() -> None:
    assert link_with(SEARCH, page=4) == "?q=food&cost=free&cost=sliding&page=4"


def test_a_set_parameter_takes_the_place_of_all_its_values() -> None:
    assert link_with(SEARCH, cost="paid", q=None) == "?cost=paid"


def test_one_value_of_a_filter_can_be_taken_off() -> None:
    assert link_without(SEARCH, "cost", value="free") == "?q=food&cost=sliding"


def test_whole_filters_can_be_taken_off() -> None:
    assert link_without(SEARCH, "cost", "q") == "?"


@given(st.text(min_size=1))
def test_what_was_typed_is_not_changed_by_a_link(words: str) -> None:
    text = words.encode("utf-8", "replace").decode()
    assert parse_qsl(link_with(MultiDict({"q": text}))[1:]) == [("q", text)]


@pytest.mark.parametrize(
    ("page", "pages", "shown"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (1, 9, [1, 2, 3, None, 9]),
        (5, 9, [1, None, 3, 4, 5, 6, 7, None, 9]),
        (9, 9, [1, None, 7, 8, 9]),
    ],
)
def test_distant_pages_are_left_out(page: int, pages: int, shown: list[int | None]) -> None:
    assert page_numbers(page, pages) == shown


@given(st.integers(1, 500), st.integers(1, 500))
def test_first_last_and_this_page_are_always_offered(page: int, pages: int) -> None:
    shown = page_numbers(min(page, pages), pages)
    assert {1, min(page, pages), pages} <= set(shown)
