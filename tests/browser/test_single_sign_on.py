"""Single sign-on between two running hubs in a real browser, which holds both to their policies."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.accounts import PASSWORD
from tests.two_hubs import AGENCY, EMAIL, TwoHubs, link, two_running_hubs

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hubs(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, gazetteer_folder: Path
) -> Iterator[TwoHubs]:
    """Both hubs, with Ana's account at the one linked to hers at the other."""
    folder = tmp_path_factory.mktemp("two-hubs")
    with two_running_hubs(folder, sqlite_template, gazetteer_folder) as running:
        link(running)
        yield running


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_somebody_signs_in_with_their_agency(
    browser: Browser, hubs: TwoHubs, *, scripts: bool
) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        context.set_default_timeout(10_000)
        page = context.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.goto(f"{hubs.hub.address}/sign-in?next=/account/security")
        page.get_by_role("link", name="Sign in with your agency").click()
        page.get_by_label("Your agency").select_option(label=AGENCY)
        page.get_by_role("button", name="Go on").click()
        page.wait_for_url(f"{hubs.provider.address}/sign-in?**")
        page.get_by_label("E-mail address").fill(EMAIL)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{hubs.hub.address}/account/security")
        expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()
        page.get_by_role("link", name="See what is linked").click()
        expect(page.get_by_role("heading", name=AGENCY)).to_be_visible()
        assert [text for text in told if "Content Security Policy" in text] == []
