"""Every page that needs no parameter, as each role of the demo network, at desk and phone size."""

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from seed.demo_people import PASSWORD
from tests.browser.conftest import SIZES

pytestmark = pytest.mark.browser

NOBODY = "nobody"
PAGES_OF = {
    NOBODY: {"/", "/find", "/sign-in", "/sign-in/sso", "/forgot-password", "/demo/mail"},
    "intake": {"/account", "/account/security", "/account/sessions", "/agency", "/clients"},
    "casemanager": {
        "/agency", "/agency/agreement", "/account/applications", "/find/client", "/clients",
        "/clients/new", "/clients/import", "/clients/tasks", "/notices", "/account/notices",
        "/inbox", "/referrals",
    },
    "supervisor": {"/agency/teams", "/clients"},
    "agencyadmin": {
        "/agency/people", "/agency/people/invite", "/agency/teams", "/agency/agreement/sign",
        "/agency/applications", "/agency/applications/new", "/agency/single-sign-on",
        "/agency/working-time", "/agency/webhooks", "/agency/webhooks/add",
        "/listings", "/listings/import",
    },
    "steward": {
        "/network", "/network/agencies/add", "/network/applications", "/network/audit",
        "/network/listings", "/network/settings", "/network/stewards", "/network/stewards/invite",
        "/network/feeds", "/network/feeds/add", "/network/sources", "/listings/import",
    },
}  # fmt: skip
"""Pages that must be among those that somebody sees."""

FAULTS = """() => {
  const found = [];
  const main = document.querySelector("main");
  const isSeen = (element) => element.checkVisibility() && !element.closest(".usa-sr-only");
  if (document.documentElement.scrollWidth > innerWidth) found.push("sticks out at the side");
  const levels = [...document.querySelectorAll("h1, h2, h3, h4")].map((each) => +each.tagName[1]);
  if (levels.filter((level) => level === 1).length !== 1) found.push("has not one h1");
  const skips = levels.some((level, at) => level > (levels[at - 1] ?? 0) + 1);
  if (skips) found.push(`headings ${levels}`);
  for (const field of main.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    if (isSeen(field) && !field.labels.length) found.push(`no label: ${field.name}`);
  }
  for (const button of document.querySelectorAll(".usa-button, button, summary")) {
    const { height } = button.getBoundingClientRect();
    if (isSeen(button) && height < 43.5) found.push(`${height}px: ${button.textContent.trim()}`);
  }
  return found;
}"""


@pytest.mark.parametrize("who", PAGES_OF)
def test_every_page_fits_and_is_quiet(who: str, browser: Browser, site: tuple[Flask, str]) -> None:
    app, address = site
    context = browser.new_context(base_url=address)
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []

    def on_console(said: ConsoleMessage) -> None:
        complaints.append(f"{page.url}: {said.text}")

    def on_request(sent: Request) -> None:
        if not sent.url.startswith((address, "data:")):
            complaints.append(f"{page.url} asked another host: {sent.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", on_request)
    if who != NOBODY:
        sign_in(page, f"{who}@demo.example")
    seen = set()
    for path in addresses(app):
        answer = context.request.get(path, max_redirects=0)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            seen.add(path)
            complaints += faults_of(page, path)
    context.close()
    assert complaints == []
    assert PAGES_OF[who] <= seen


def addresses(app: Flask) -> list[str]:
    """The addresses of all pages that need no parameter."""
    found = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments
    ]
    return sorted(
        path for path in found if not path.startswith(("/api/v1", "/hsds")) and "." not in path
    )


def faults_of(page: Page, path: str) -> list[str]:
    """What is wrong with a page, at each of the sizes."""
    found: list[str] = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(path)
        found += [f"{path} ({size}): {fault}" for fault in page.evaluate(FAULTS)]
    return found


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in", exact=True).click()
