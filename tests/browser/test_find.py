"""A case manager searches, filters, opens a service and goes back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def total(page: Page) -> int:
    heading = page.get_by_role("heading", name=re.compile(r"^\d+ services?")).inner_text()
    return int(heading.split()[0].replace(",", ""))


def heading(page: Page, number: int) -> Locator:
    """The heading that counts this many services; it comes with the new list."""
    return page.get_by_role("heading", name=re.compile(rf"^{number:,} services?\b"))


def search(page: Page, words: str, near: str) -> None:
    page.goto("/")
    page.get_by_label("What do you need?").fill(words)
    page.get_by_label("Where?").fill(near)
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(re.compile(r"/find\?"))


def open_filters(page: Page) -> None:
    """On a phone the filters wait behind a button."""
    button = page.get_by_role("button", name="Filters")
    if button.is_visible():
        button.click()


def tick_spanish(page: Page) -> None:
    """The design system draws the box as part of its label."""
    page.locator('label[for="language-Spanish"]').click()


def test_search_filter_open_and_go_back(page: Page) -> None:
    search(page, "eviction", "60608")
    everything = total(page)
    open_filters(page)
    tick_spanish(page)
    expect(page).to_have_url(re.compile("language=Spanish"))
    expect(heading(page, everything)).to_have_count(0)
    narrowed = total(page)
    assert 0 < narrowed < everything
    first = page.locator('#find a[href^="/services/"]').first
    name = first.inner_text().strip()
    first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.go_back()
    expect(page).to_have_url(re.compile("language=Spanish"))
    expect(heading(page, narrowed)).to_be_visible()


def test_a_filter_can_be_taken_away_again(page: Page) -> None:
    page.goto("/find?q=eviction&near=60608")
    everything = total(page)
    page.goto("/find?q=eviction&near=60608&language=Spanish")
    page.get_by_role("link", name=re.compile("Spanish")).first.click()
    expect(page).not_to_have_url(re.compile("language=Spanish"))
    expect(heading(page, everything)).to_be_visible()


def test_the_map_shows_the_numbers_of_the_list(page: Page) -> None:
    page.goto("/find?q=eviction&near=60608")
    show = page.get_by_role("button", name="Show map")
    if show.is_visible():
        show.click()
    expect(page.locator(".leaflet-marker-icon").first).to_be_visible()


def test_no_page_is_wider_than_the_screen(page: Page) -> None:
    page.goto("/find?q=eviction&near=60608")
    service = page.locator('#find a[href^="/services/"]').first.get_attribute("href")
    for path in ("/", "/find?q=eviction&near=60608", service, "/api/docs"):
        page.goto(str(path))
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= page.viewport_size["width"]


def test_everything_but_the_map_works_without_javascript(plain_page: Page) -> None:
    search(plain_page, "eviction", "60608")
    everything = total(plain_page)
    tick_spanish(plain_page)
    plain_page.get_by_role("button", name=re.compile("Search|Apply")).first.click()
    assert 0 < total(plain_page) < everything
    plain_page.locator('a[href^="/services/"]').first.click()
    expect(plain_page.get_by_role("heading", name="Hours")).to_be_visible()


def test_a_wrong_place_keeps_the_words(plain_page: Page) -> None:
    search(plain_page, "food pantry", "Zzyzxville")
    expect(plain_page.get_by_label("What do you need?")).to_have_value("food pantry")
    expect(plain_page.get_by_text("No place found").first).to_be_visible()
