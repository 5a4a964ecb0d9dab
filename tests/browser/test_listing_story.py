"""An agency lists a service: begun, its hours said in words, published and found; then two edit it
at once and nothing that either typed is lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.use_cases.maintain_index import catch_up_index
from referral_hub.web.hub import EXTENSION
from tests.browser.conftest import SIZES
from tests.browser.test_every_page import FAULTS, sign_in

pytestmark = pytest.mark.browser
Site = tuple[Flask, str]


@contextmanager
def somebody(browser: Browser, address: str, who: str, size: str) -> Iterator[Page]:
    """Somebody of the demo network, signed in; what the browser complains of fails the test."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if "409" not in message.text:  # Chromium tells of every page that is answered so
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    sign_in(page, f"{who}@demo.example")
    yield page
    context.close()
    assert complaints == []


def is_sound(page: Page) -> None:
    """Nothing sticks out, everything has a label and can be pressed with a thumb."""
    page.wait_for_load_state("networkidle")
    assert page.evaluate(FAULTS) == [], page.url


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def open_section(page: Page, address: str, title: str) -> None:
    page.goto(address)
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    is_sound(page)


def index(app: Flask) -> None:
    """What the worker does within seconds."""
    hub = app.extensions[EXTENSION]
    with app.app_context():
        while catch_up_index(
            db.session(), System("test"), hub.searcher, hub.gazetteer, now=datetime.now(UTC)
        ):
            pass
        db.session.remove()


@pytest.mark.parametrize("size", SIZES)
def test_a_service_is_listed_found_and_edited_by_two(
    browser: Browser, site: Site, size: str
) -> None:
    app, address = site
    name = f"Xylophone Lessons {size}"
    with somebody(browser, address, "agencyadmin", size) as ada:
        ada.get_by_role("link", name="Listings", exact=True).click()
        is_sound(ada)
        ada.get_by_role("link", name="Add a service").click()
        is_sound(ada)
        ada.get_by_label("Name").fill(name)
        press(ada, "Go on")
        is_sound(ada)
        ada.get_by_label("What it does").fill("We teach the xylophone to anybody, free.")
        press(ada, "Save")
        is_sound(ada)
        listing = ada.url

        open_section(ada, listing, "Hours")
        ada.get_by_label("Hours", exact=True).fill("Mon-Fri 9am-5pm\n2nd Sat 10am-2pm")
        press(ada, "Check these hours")
        is_sound(ada)
        expect(ada.get_by_text("Second Saturday of the month")).to_be_visible()
        press(ada, "Save these hours")

        ada.get_by_role("link", name="See it as everybody does").click()
        expect(ada.get_by_text("This is how everybody would see it")).to_be_visible()
        is_sound(ada)
        ada.goto(listing)
        press(ada, "Publish")
        expect(ada.get_by_text("Everybody can find it now")).to_be_visible()
        index(app)
        ada.goto(f"/find?q=xylophone+{size}")
        expect(ada.get_by_role("link", name=name)).to_be_visible()

        with somebody(browser, address, "supervisor", size) as sol:
            open_section(sol, listing, "About")
            open_section(ada, listing, "About")
            ada.get_by_label("What it does").fill("Ada's words.")
            press(ada, "Save")
            sol.get_by_label("What it does").fill("Solomon's words.")
            sol.get_by_label("Usual wait").fill("2 weeks")
            press(sol, "Save")
            is_sound(sol)
            expect(sol.get_by_text("Ada's words.")).to_be_visible()
            expect(sol.get_by_label("What it does")).to_have_value("Solomon's words.")
            expect(sol.get_by_label("Usual wait")).to_have_value("2 weeks")
            press(sol, "Save")
            sol.get_by_role("link", name="History").click()
            is_sound(sol)
            expect(sol.get_by_text("Solomon's words.").first).to_be_visible()
        for section in ("Who it is for", "Contacts", "Cost", "Languages", "Papers", "Area",
                        "Places", "Questions"):  # fmt: skip
            open_section(ada, listing, section)

        open_section(ada, listing, "Area")
        ada.get_by_label("Miles around the middle").fill("3")
        ada.get_by_role("button", name="Add this circle").click()
        lines = ada.get_by_role("textbox", name="Area")
        expect(lines).to_have_value(re.compile(r"Within 3 miles of 39\.8000, -98\.6000"))
        is_sound(ada)
        press(ada, "Save")
        expect(ada.get_by_text("Saved.")).to_be_visible()
