"""Signing in and out, as a browser without scripts does it."""

from datetime import timedelta

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from referral_hub.models import NetworkSetting, Person, SignInSession
from referral_hub.rules.roles import Role
from referral_hub.web.guards import signed_in
from referral_hub.web.hub import now
from tests.accounts import EMAIL, PASSWORD, a_person, an_app, rows, vault_of
from tests.http.hub_browser import FORM_TOKEN, Browser, form_token


@pytest.fixture
def ana(app: Flask) -> Browser:
    """Ana, with an account, in front of her browser."""
    with app.app_context():
        a_person(rows(app), vault=vault_of(app), now=now())
    return Browser(app.test_client())


@pytest.fixture
def careful(app: Flask) -> tuple[Browser, TOTP]:
    """Ana with an authenticator app."""
    with app.app_context():
        person = a_person(rows(app), vault=vault_of(app), now=now())
        totp = an_app(rows(app), person, vault=vault_of(app))
    return Browser(app.test_client()), totp


def change_session(app: Flask, **values: object) -> None:
    with app.app_context():
        rows(app).execute(update(SignInSession).values(**values))
        rows(app).commit()


def test_a_closed_page_asks_to_sign_in_and_goes_on_to_where_one_wanted(ana: Browser) -> None:
    answer = ana.get("/account/sessions", page="2")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=%2Faccount%2Fsessions%3Fpage%3D2"
    form = ana.page(answer.location)
    assert 'value="/account/sessions?page=2"' in form
    done = ana.sign_in(next="/account/sessions?page=2")
    assert (done.status_code, done.location) == (303, "/account/sessions?page=2")


def test_every_page_says_who_is_signed_in_and_for_which_agency(ana: Browser) -> None:
    assert "Sign out" not in ana.page("/")
    ana.sign_in()
    for path in ("/", "/account"):
        page = ana.page(path)
        assert "Ana Gomez" in page
        assert "Fair Homes" in page
        assert "Sign out" in page


def test_the_session_cookie_is_for_the_hub_alone(ana: Browser) -> None:
    answer = ana.sign_in()
    (sent,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("hub_session=")]
    assert "HttpOnly" in sent
    assert "SameSite=Lax" in sent
    assert "Path=/" in sent
    assert "Expires" not in sent


def test_only_the_hash_of_the_session_is_stored(app: Flask, ana: Browser) -> None:
    ana.sign_in()
    with app.app_context():
        held = rows(app).scalars(select(SignInSession)).one()
        assert ana.cookie("hub_session").encode() not in held.token_hash


def test_each_sign_in_gets_a_new_session_and_the_old_one_ends(app: Flask, ana: Browser) -> None:
    ana.client.set_cookie("hub_session", "planted by somebody else")
    ana.sign_in()
    first = ana.cookie("hub_session")
    assert first != "planted by somebody else"
    ana.send("/sign-in", "/account", email=EMAIL, password=PASSWORD)
    second = ana.cookie("hub_session")
    assert second not in ("", first)
    copied = Browser(app.test_client())
    copied.client.set_cookie("hub_session", first)
    assert copied.get("/account").status_code == 302


def test_a_copied_cookie_is_refused_after_signing_out(app: Flask, ana: Browser) -> None:
    ana.sign_in()
    thief = Browser(app.test_client())
    thief.client.set_cookie("hub_session", ana.cookie("hub_session"))
    assert thief.get("/account").status_code == 200
    out = ana.send("/sign-out", "/account")
    assert (out.status_code, out.location) == (303, "/")
    assert ana.cookie("hub_session") == ""
    assert thief.get("/account").status_code == 302
    assert ana.get("/account").status_code == 302


def test_somebody_whose_account_is_closed_is_out_at_the_next_request(
    app: Flask, ana: Browser
) -> None:
    ana.sign_in()
    with app.app_context():
        rows(app).execute(update(Person).values(disabled_at=now()))
        rows(app).commit()
    assert ana.get("/account").status_code == 302
    assert "Ana Gomez" not in ana.page("/")


def test_an_hour_without_activity_ends_the_session(app: Flask, ana: Browser) -> None:
    ana.sign_in()
    change_session(app, seen_at=now() - timedelta(minutes=58))
    assert ana.get("/account").status_code == 200
    change_session(app, seen_at=now() - timedelta(minutes=60))
    assert ana.get("/account").status_code == 302


def test_a_session_ends_after_twelve_hours_though_it_is_used(app: Flask, ana: Browser) -> None:
    ana.sign_in()
    with app.app_context():
        held = rows(app).scalars(select(SignInSession)).one()
        assert held.expires_at - held.created_at == timedelta(hours=12)
    change_session(app, expires_at=now())
    assert ana.get("/account").status_code == 302


def test_wrong_password_and_unknown_account_read_the_same(app: Flask, ana: Browser) -> None:
    wrong = ana.sign_in(password="wrong")
    unknown = Browser(app.test_client()).sign_in("ana@example.net", "wrong")
    assert wrong.status_code == unknown.status_code == 422

    def neutral(answer: TestResponse) -> str:
        text = answer.get_data(as_text=True)
        return FORM_TOKEN.sub("", text.replace("ana@example.net", EMAIL))

    assert "The e-mail address or the password is not right." in wrong.get_data(as_text=True)
    assert neutral(wrong) == neutral(unknown)


def test_a_form_that_was_wrong_keeps_the_address_and_never_the_password(ana: Browser) -> None:
    page = ana.sign_in("ana@example.org", "a wrong password").get_data(as_text=True)
    assert 'value="ana@example.org"' in page
    assert "a wrong password" not in page
    assert 'id="error-summary" tabindex="-1" autofocus' in page
    assert 'aria-describedby=" password-error"' in page
    assert "<title>Error: Sign in" in page


def test_fields_left_blank_are_named(ana: Browser) -> None:
    page = ana.sign_in(" ", "")
    assert page.status_code == 422
    assert "Enter your e-mail address." in page.get_data(as_text=True)
    assert "Enter your password." in page.get_data(as_text=True)


def test_the_try_after_the_last_gets_429_and_when_to_come_back(ana: Browser) -> None:
    for _ in range(5):
        assert ana.sign_in(password="wrong").status_code == 422
    answer = ana.sign_in()
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 901
    assert "Wait" in answer.get_data(as_text=True)


def test_one_locked_account_locks_no_other_at_the_same_address(app: Flask, ana: Browser) -> None:
    with app.app_context():
        a_person(rows(app), "ben@example.org", vault=vault_of(app))
    for _ in range(6):
        ana.sign_in(password="wrong")
    assert ana.sign_in("ben@example.org").status_code == 303


def test_a_browser_that_signed_in_before_is_not_locked_by_others(app: Flask, ana: Browser) -> None:
    ana.sign_in()
    ana.send("/sign-out", "/account")
    for _ in range(6):
        Browser(app.test_client()).sign_in(password="wrong")
    assert Browser(app.test_client()).sign_in().status_code == 429
    assert ana.sign_in().status_code == 303


@pytest.mark.parametrize(
    "aim",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "/\r\nLocation: //evil.example", "javascript:alert(1)", "evil.example",
        "http:evil.example", "///evil.example", "/sign-in", "/sign-out", "",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(ana: Browser, aim: str) -> None:
    answer = ana.sign_in(next=aim)
    assert (answer.status_code, answer.location) == (303, "/")
    assert ana.get("/sign-in", next=aim).location == "/"


def test_a_form_without_its_token_is_refused(ana: Browser) -> None:
    ana.get("/sign-in")
    answer = ana.forge("/sign-in", email=EMAIL, password=PASSWORD)
    assert answer.status_code == 400
    assert ana.cookie("hub_session") == ""


def test_a_form_with_the_token_of_another_browser_is_refused(app: Flask, ana: Browser) -> None:
    ana.get("/sign-in")
    other = Browser(app.test_client())
    page = other.page("/sign-in")
    token = form_token(page)
    assert (
        ana.forge("/sign-in", email=EMAIL, password=PASSWORD, form_token=token).status_code == 400
    )


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Origin", "https://evil.example", 400), ("Origin", "null", 400),
        ("Origin", "http://[", 400), ("Origin", "https://localhost", 400),
        ("Sec-Fetch-Site", "cross-site", 400), ("Sec-Fetch-Site", "same-site", 400),
        ("Origin", "http://localhost", 303), ("Sec-Fetch-Site", "same-origin", 303),
    ],
)  # fmt: skip
def test_a_form_from_another_site_is_refused_though_it_has_the_token(
    ana: Browser, header: str, value: str, status: int
) -> None:
    token = form_token(ana.page("/sign-in"))
    answer = ana.forge(
        "/sign-in", {header: value}, email=EMAIL, password=PASSWORD, form_token=token
    )
    assert answer.status_code == status


def test_signing_out_takes_a_form_of_this_session(app: Flask, ana: Browser) -> None:
    before = form_token(ana.page("/sign-in"))
    ana.sign_in()
    assert ana.get("/sign-out").status_code == 405
    assert ana.forge("/sign-out").status_code == 400
    assert ana.forge("/sign-out", form_token=before).status_code == 400
    assert ana.get("/account").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/account", "/account/security", "/account/sessions", "/find", "/sign-in", "/x"],
)
def test_nothing_that_somebody_signed_in_sees_is_stored(ana: Browser, path: str) -> None:
    ana.sign_in()
    assert ana.get(path).headers["Cache-Control"] == "no-store"


def test_pages_for_everybody_may_be_stored(ana: Browser) -> None:
    assert "no-store" not in ana.get("/").headers.get("Cache-Control", "")


def test_a_right_password_alone_opens_nothing_where_a_code_is_needed(
    careful: tuple[Browser, TOTP],
) -> None:
    ana, totp = careful
    answer = ana.sign_in(next="/account/sessions")
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")
    assert ana.cookie("hub_session") == ""
    assert ana.get("/account").status_code == 302
    wrong = ana.send("/sign-in/code", code="000000")
    assert wrong.status_code == 422
    assert "This code is not right" in wrong.get_data(as_text=True)
    done = ana.send("/sign-in/code", code=totp.at(now()))
    assert (done.status_code, done.location) == (303, "/account/sessions")
    assert ana.get("/account").status_code == 200


def test_the_second_step_without_the_first_leads_back(app: Flask) -> None:
    for path in ("/sign-in/code", "/sign-in/recovery"):
        visitor = Browser(app.test_client())
        answer = visitor.get(path)
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert "Start again" in visitor.page("/sign-in")


def test_the_waiting_sign_in_is_bound_to_its_browser(
    app: Flask, careful: tuple[Browser, TOTP]
) -> None:
    ana, totp = careful
    ana.sign_in()
    thief = Browser(app.test_client())
    answer = thief.send("/sign-in/code", "/sign-in", code=totp.at(now()))
    assert answer.location == "/sign-in"
    assert thief.cookie("hub_session") == ""


def test_a_role_that_needs_a_second_step_leads_to_setting_it_up_and_nowhere_else(
    app: Flask,
) -> None:
    with app.app_context():
        a_person(rows(app), roles=(Role.AGENCY_ADMINISTRATOR,), vault=vault_of(app))
    ana = Browser(app.test_client())

    @app.get("/a-page-of-work")
    @signed_in
    def work() -> str:
        return "work"

    ana.sign_in()
    assert ana.get("/").location == "/account/security"
    assert ana.get("/a-page-of-work").location == "/account/security"
    assert "Your role needs a second step" in ana.page("/account/security")
    begun = ana.send("/account/security/app/begin", "/account/security")
    key = ana.page(begun.location).partition('<code class="key">')[2].partition("<")[0]
    totp = TOTP(key.replace(" ", ""))
    shown = ana.send("/account/security/app", code=totp.at(now()))
    assert "shown only once" in shown.get_data(as_text=True)
    assert ana.page("/a-page-of-work") == "work"


def test_a_network_that_asks_for_none_lets_administrators_go_on(app: Flask) -> None:
    with app.app_context():
        setting = NetworkSetting(
            name="second_factor_roles", value=[], changed_by="test", changed_at=now()
        )
        rows(app).add(setting)
        a_person(rows(app), roles=(Role.AGENCY_ADMINISTRATOR,), vault=vault_of(app))
    ana = Browser(app.test_client())
    ana.sign_in()
    assert "needs a second step" not in ana.page("/account/security")


def test_the_right_password_proves_anew_who_one_is(app: Flask, ana: Browser) -> None:
    ana.sign_in()
    change_session(app, proved_at=now() - timedelta(minutes=11))
    security = ana.page("/account/security")
    assert "Confirm that it is you" in security
    assert 'action="/account/password"' not in security
    refused = ana.forge("/account/password", password="seven lamps by the sea")
    assert refused.status_code == 401
    assert 'href="/sign-in/confirm"' in refused.get_data(as_text=True)
    asked = ana.get("/account/security/app")
    assert asked.location == "/sign-in/confirm?next=%2Faccount%2Fsecurity%2Fapp"
    assert ana.send("/sign-in/confirm", password="wrong").status_code == 422
    done = ana.send("/sign-in/confirm", password=PASSWORD, next="//evil.example")
    assert (done.status_code, done.location) == (303, "/")
    assert 'action="/account/password"' in ana.page("/account/security")
