"""Somebody opens the link of an invitation: the page takes the token out of the address."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from referral_hub.use_cases.invitations import invite_to_agency
from referral_hub.web.hub import EXTENSION
from tests.network import ADMINISTRATOR, CASE_MANAGER, Network

pytestmark = pytest.mark.browser


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of a running hub of this test's own."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def token(app: Flask, sqlite_session: Session) -> str:
    """The token of an invitation to an agency."""
    network = Network(sqlite_session, app.extensions[EXTENSION].vault, datetime.now(UTC))
    agency = network.agency()
    admin = network.person("Ada Admin", agency, ADMINISTRATOR)
    invite_to_agency(
        sqlite_session, admin, agency, "Nia New", "nia@agency.example", [CASE_MANAGER],
        network.vault, now=network.now,
    )  # fmt: skip
    return network.invited_token()


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A page at phone size, with and without JavaScript."""
    context = browser.new_context(
        viewport={"width": 375, "height": 800}, java_script_enabled=request.param
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def test_the_link_leads_to_the_offer_and_leaves_no_token_in_the_address(
    request: pytest.FixtureRequest, phone: Page, address: str, token: str
) -> None:
    phone.goto(f"{address}/invitation#{token}")
    if request.node.callspec.id == "no scripts":
        phone.get_by_label("Link from the e-mail").fill(f"{address}/invitation#{token}")
        phone.get_by_role("button", name="Open the invitation").click()
    expect(phone.get_by_role("heading", name="Join Harbor House")).to_be_visible()
    assert phone.url == f"{address}/invitation"
    phone.get_by_label("Password").fill("too short")
    phone.get_by_role("button", name="Make my account").click()
    expect(phone.locator("#password-error")).to_be_visible()
    assert token not in phone.url


def test_a_link_that_is_no_good_says_what_to_do(
    phone: Page, address: str, request: pytest.FixtureRequest
) -> None:
    phone.goto(f"{address}/invitation#{'x' * 43}")
    if request.node.callspec.id == "no scripts":
        phone.get_by_label("Link from the e-mail").fill("x" * 43)
        phone.get_by_role("button", name="Open the invitation").click()
    expect(phone.get_by_text("Ask who invited you for a new one.")).to_be_visible()
