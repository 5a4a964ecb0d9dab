"""Room for referrals on a phone: one tap, with the browser's scripts switched off; and the link of
a mail, which its script reads."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.web.cookies import SESSION_COOKIE
from referral_hub.web.hub import EXTENSION
from tests.browser.conftest import serving
from tests.http.test_listing_pages_of_agencies import BEDS, Listed
from tests.network import Network

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 800}


@pytest.fixture
def there(
    sqlite_template: Path, tmp_path: Path, gazetteer_folder: Path
) -> Iterator[tuple[str, str, str]]:
    """A running hub: its address, a session of an intake worker, and the secret of a link."""
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    shutil.copy(sqlite_template, tmp_path / "hub.sqlite3")
    made = create_app(
        {
            "REFERRAL_HUB_MODE": "demo",
            "REFERRAL_HUB_DATABASE_URL": f"sqlite:///{tmp_path / 'hub.sqlite3'}",
            "REFERRAL_HUB_DATA_DIR": str(tmp_path),
        }
    )
    hub = made.extensions[EXTENSION]
    with made.app_context():
        listed = Listed(Network(db.session(), hub.vault, datetime.now(UTC)))
        session = listed.network.sign_in(listed.worker.person_id, listed.agency)
        token = listed.token()
        db.session.remove()
    with serving(made) as port:
        yield f"http://localhost:{port}", session, token
    hub.tally.close()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    hub.searcher.close()


def test_one_tap_on_a_phone_without_scripts(browser: Browser, there: tuple[str, str, str]) -> None:
    address, session, _ = there
    context = browser.new_context(viewport=PHONE, java_script_enabled=False, base_url=address)
    context.set_default_timeout(10_000)
    context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": address}])
    page = context.new_page()
    page.goto("/listings/capacity")
    buttons = page.locator("button.tap")
    assert buttons.count() == 4
    for button in buttons.all():
        box = button.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        assert min(box["width"], box["height"]) >= 44
    page.get_by_role("button", name="Waiting list").click()
    expect(page.locator("button[aria-pressed=true]")).to_contain_text("Waiting list")
    page.get_by_role("button", name="Open").click()
    expect(page.locator("button[aria-pressed=true]")).to_contain_text("Open")
    context.close()


def test_the_link_of_a_mail_opens_by_its_script_and_leaves_the_address(
    browser: Browser, there: tuple[str, str, str]
) -> None:
    address, _, token = there
    context = browser.new_context(viewport=PHONE, base_url=address)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"/v/#{token}")
    expect(page.get_by_role("heading", name=BEDS)).to_be_visible()
    assert token not in page.url
    page.get_by_role("button", name="Still true").click()
    expect(page.get_by_text("Confirmed with this link")).to_be_visible()
    context.close()
