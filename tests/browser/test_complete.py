"""Ways to go on are offered while somebody types, to the keyboard as to the finger."""

import re
from urllib.parse import quote_plus

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

pytestmark = pytest.mark.browser

NEED = "What do you need?"


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name=NEED)


def ways(page: Page, kind: str = "") -> Locator:
    listed = page.get_by_role("listbox", name="Suggestions")
    return listed.get_by_role("option", name=re.compile(rf"{kind}$"))


def type_words(page: Page, text: str) -> None:
    """Type, until the ways for all of it have come."""
    with page.expect_response(re.compile(rf"/complete\?(.+&)?q={re.escape(quote_plus(text))}$")):
        page.keyboard.type(text)
    expect(ways(page).first).to_be_visible()


def start(page: Page, path: str) -> None:
    """Reach the search box with the keyboard alone."""
    page.goto(path)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    for _ in range(12):
        page.keyboard.press("Tab")
        if box(page).evaluate("box => box === document.activeElement"):
            return
    pytest.fail("The search box was not reached.")


def go_down_to(page: Page, way: Locator) -> None:
    """Press the arrow until a screen reader would read this way."""
    for _ in range(9):
        page.keyboard.press("ArrowDown")
        if box(page).get_attribute("aria-activedescendant") == way.get_attribute("id"):
            expect(way).to_have_attribute("aria-selected", "true")
            return
    pytest.fail("The way was not reached.")


def test_a_need_is_chosen_with_the_keyboard(page: Page) -> None:
    start(page, "/")
    type_words(page, "dental")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    need = ways(page, "Need").first
    text = need.locator(".way-text").inner_text()
    go_down_to(page, need)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/find\?"))
    expect(page.get_by_label(NEED)).to_have_value(text)
    expect(page.get_by_role("heading", name=re.compile(r"^\d+ services?"))).to_be_visible()


def test_the_list_of_results_changes_in_place(page: Page) -> None:
    start(page, "/find?q=eviction&near=60608")
    page.keyboard.press("Control+A")
    type_words(page, "choice food")
    go_down_to(page, ways(page, "Service").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"q=Choice\+Food\+Pantry&near=60608"))
    expect(page.locator(".card").first).to_contain_text("Choice Food Pantry")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(ways(page)).to_have_count(0)


def test_a_place_fills_where_and_waits_for_the_need(page: Page) -> None:
    start(page, "/")
    type_words(page, "60804")
    go_down_to(page, ways(page, "Place").first)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Where?")).to_have_value("Cicero, IL 60804")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()


def test_escape_leaves_what_was_typed(page: Page) -> None:
    start(page, "/")
    type_words(page, "dental")
    go_down_to(page, ways(page).first)
    page.keyboard.press("Escape")
    expect(ways(page)).to_have_count(0)
    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"[?&]q=dental(&|$)"))


def test_the_arrows_go_round_through_what_was_typed(page: Page) -> None:
    start(page, "/")
    type_words(page, "dental")
    page.keyboard.press("ArrowUp")
    expect(ways(page).last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    page.keyboard.press("ArrowDown")
    expect(ways(page).first).to_have_attribute("aria-selected", "true")


def test_a_way_is_chosen_by_pressing_it(page: Page) -> None:
    page.goto("/")
    box(page).press_sequentially("choice")
    ways(page, "Service").first.click()
    expect(page).to_have_url(re.compile(r"q=Choice\+Food\+Pantry"))


def test_the_latest_answer_wins(page: Page) -> None:
    late: list[Route] = []
    page.route(re.compile(r"complete\?q=cho$"), lambda route: late.append(route))
    start(page, "/")
    with page.expect_request(re.compile(r"complete\?q=cho$")):
        page.keyboard.type("cho")
    page.keyboard.type("ice foo")
    expect(ways(page, "Service").first).to_contain_text("Choice Food Pantry")
    late[0].fulfill(json={"completions": [{"kind": "need", "text": "Too late", "code": "x"}]})
    page.wait_for_timeout(300)
    expect(page.get_by_text("Too late")).to_have_count(0)
    expect(ways(page, "Service").first).to_contain_text("Choice Food Pantry")


def test_a_list_is_not_wider_than_the_screen(page: Page) -> None:
    page.goto("/find")
    box(page).press_sequentially("den")
    expect(ways(page).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_other_words_are_understood_afresh(page: Page) -> None:
    page.goto("/find?q=food+in+Cicero,+IL&words_only=1")
    box(page).fill("dentist in Cicero, IL")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Near Cicero, IL"))).to_be_visible()
    expect(page).not_to_have_url(re.compile("words_only"))


def test_a_place_that_is_half_typed_takes_no_way_away(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Where?").fill("Chica")
    box(page).press_sequentially("dental")
    expect(ways(page, "Need").first).to_be_visible()
    context.close()
