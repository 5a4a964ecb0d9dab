"""Signing in with scripts: passkeys on a virtual authenticator, and the link in a mail."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from referral_hub.web.hub import now
from tests.accounts import EMAIL, PASSWORD, a_person, mails, rows, vault_of
from tests.browser.conftest import SIZES, serving

pytestmark = pytest.mark.browser


@pytest.fixture(params=list(SIZES))
def account_page(request: pytest.FixtureRequest, browser: Browser, app: Flask) -> Iterator[Page]:
    """A page of a hub in which Ana has an account, under a name for which passkeys can be made."""
    with app.app_context():
        a_person(rows(app), vault=vault_of(app), now=now())
    width, height = SIZES[request.param]
    with serving(app) as port:
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=f"http://localhost:{port}"
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: _is_fault(said) and complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        context.close()
    assert complaints == []


def _is_fault(said: ConsoleMessage) -> bool:
    """Whether the browser complains of more than a form that came back with its errors."""
    return said.type == "error" and "status of 422" not in said.text


def add_authenticator(page: Page) -> None:
    """Give the browser a device that keeps passkeys and knows its user."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def sign_in(page: Page) -> None:
    page.goto("/sign-in?next=/account/security")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()


def fits(page: Page) -> bool:
    """Whether nothing sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_passkey_is_made_and_signs_in(account_page: Page) -> None:
    page = account_page
    add_authenticator(page)
    sign_in(page)
    assert fits(page)
    page.get_by_label("Name of the new passkey").fill("Work laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    assert fits(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("strong", has_text="Work laptop")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in?next=/account/sessions")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    expect(page.get_by_text("with passkey")).to_be_visible()
    assert fits(page)
    page.goto("/sign-in/confirm?next=/account")
    page.get_by_role("button", name="Confirm with a passkey").click()
    expect(page.get_by_role("heading", name="Your profile")).to_be_visible()


def test_without_a_passkey_the_page_says_what_to_do(account_page: Page) -> None:
    add_authenticator(account_page)
    account_page.goto("/sign-in")
    account_page.get_by_role("button", name="Sign in with a passkey").click()
    expect(account_page.get_by_text("Try again, or use another way.")).to_be_visible()
    expect(account_page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    assert fits(account_page)


def test_the_error_is_where_the_keyboard_is(account_page: Page) -> None:
    account_page.goto("/sign-in")
    account_page.get_by_label("E-mail address").fill(EMAIL)
    account_page.get_by_label("Password").fill("wrong")
    with account_page.expect_navigation():
        account_page.get_by_role("button", name="Sign in", exact=True).click()
    expect(account_page.locator("#error-summary")).to_be_focused()
    expect(account_page.get_by_label("E-mail address")).to_have_value(EMAIL)
    expect(account_page.get_by_label("Password")).to_have_value("")


def test_the_link_of_the_mail_fills_the_form_and_leaves_the_address(
    account_page: Page, app: Flask
) -> None:
    page = account_page
    page.goto("/forgot-password")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Look at your mail")).to_be_visible()
    with app.app_context():
        (mail,) = mails(rows(app), vault_of(app))
    page.goto(mail["link"])
    expect(page.get_by_label("Link from the mail")).to_be_hidden()
    assert "#" not in page.url
    page.get_by_label("New password").fill("seven lamps by the sea")
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your new password is set. Sign in with it.")).to_be_visible()


def test_the_code_of_the_app_is_asked_for_and_the_picture_can_be_scanned(
    account_page: Page,
) -> None:
    page = account_page
    sign_in(page)
    page.get_by_role("button", name="Set up an app").click()
    picture = page.get_by_alt_text("QR code with the key below")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert fits(page)
