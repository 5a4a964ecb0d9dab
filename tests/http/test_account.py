"""One's own account."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from pyotp import TOTP
from sqlalchemy import select

from referral_hub.models import Agency, Membership, Person, SignInSession
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.roles import Role
from referral_hub.web.hub import now
from tests.accounts import EMAIL, PASSWORD, a_person, mails, rows, vault_of
from tests.http.hub_browser import Browser

NEW = "seven lamps by the sea"


@pytest.fixture
def ana(app: Flask) -> Browser:
    """Ana, signed in."""
    with app.app_context():
        a_person(rows(app), vault=vault_of(app), now=now())
    visitor = Browser(app.test_client())
    visitor.sign_in()
    return visitor


def second_agency(app: Flask, status: AgencyStatus = AgencyStatus.PARTNER) -> UUID:
    with app.app_context():
        at = now()
        agency = Agency(name="Health First", status=status, created_at=at, status_since=at)
        rows(app).add(agency)
        rows(app).flush()
        person = rows(app).scalars(select(Person)).first()
        assert person is not None
        rows(app).add(
            Membership(person_id=person.id, agency_id=agency.id, role=Role.INTAKE_WORKER, since=at)
        )
        rows(app).commit()
        return agency.id


def test_the_profile_tells_name_address_and_roles_in_plain_words(ana: Browser) -> None:
    page = ana.page("/account")
    for shown in ("Ana Gomez", EMAIL, "Fair Homes", "Case manager", "sends referrals for clients"):
        assert shown in page


def test_one_acts_for_another_of_ones_agencies(app: Flask, ana: Browser) -> None:
    agency = second_agency(app)
    assert "Act for Health First" in ana.page("/account")
    ana.send("/account/agency", "/account", agency=str(agency))
    assert '<span class="account-agency">Health First</span>' in ana.page("/")


@pytest.mark.parametrize("agency", [str(UUID(int=5)), "network", "", "x"])
def test_for_an_agency_that_is_not_ones_own_there_is_nothing(ana: Browser, agency: str) -> None:
    assert ana.send("/account/agency", "/account", agency=agency).status_code == 404


def test_an_agency_that_takes_no_part_is_shown_but_not_acted_for(app: Flask, ana: Browser) -> None:
    agency = second_agency(app, AgencyStatus.SUSPENDED)
    page = ana.page("/account")
    assert "does not take part" in page
    assert "Act for Health First" not in page
    assert ana.send("/account/agency", "/account", agency=str(agency)).status_code == 404


def test_sessions_are_listed_and_ended_one_by_one(app: Flask, ana: Browser) -> None:
    phone = Browser(app.test_client())
    phone.sign_in()
    page = ana.page("/account/sessions")
    assert page.count("Firefox on Linux</span>") + page.count("Firefox on Linux,") >= 2
    assert "This browser" in page
    with app.app_context():
        held = rows(app).scalars(select(SignInSession).order_by(SignInSession.created_at)).all()
        ids = [str(row.id) for row in held]
    ana.send(f"/account/sessions/{ids[1]}/end", "/account/sessions")
    assert phone.get("/account").status_code == 302
    out = ana.send(f"/account/sessions/{ids[0]}/end", "/account/sessions")
    assert out.location == "/"
    assert ana.get("/account").status_code == 302


def test_all_other_sessions_are_ended_at_once(app: Flask, ana: Browser) -> None:
    others = [Browser(app.test_client()), Browser(app.test_client())]
    for other in others:
        other.sign_in()
    ana.send("/account/sessions/end-others", "/account/sessions")
    assert "Signed out in 2 other browsers." in ana.page("/account/sessions")
    assert [other.get("/account").status_code for other in others] == [302, 302]


def test_a_session_of_somebody_else_is_not_there(app: Flask, ana: Browser) -> None:
    with app.app_context():
        a_person(rows(app), "ben@example.org", vault=vault_of(app), now=now())
        held = rows(app).scalars(select(SignInSession)).one().id
    ben = Browser(app.test_client())
    ben.sign_in("ben@example.org")
    theirs = ben.send(f"/account/sessions/{held}/end", "/account/sessions")
    nobodys = ben.send(f"/account/sessions/{uuid4()}/end", "/account/sessions")
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.get_data() == nobodys.get_data()
    assert ana.get("/account").status_code == 200


def test_one_changes_ones_own_name(ana: Browser) -> None:
    assert "/account/profile" in ana.page("/account")
    wrong = ana.send("/account/profile/name", "/account/profile", name=" ")
    assert wrong.status_code == 422
    assert 'id="name-error"' in wrong.get_data(as_text=True)
    ana.send("/account/profile/name", "/account/profile", name="Ana Lopez")
    page = ana.page("/account")
    assert "Your name is changed." in page
    assert "<dd>Ana Lopez</dd>" in page


def test_a_new_address_is_confirmed_by_the_link_that_was_sent_to_it(
    app: Flask, ana: Browser
) -> None:
    wrong = ana.send("/account/profile/email", "/account/profile", email="ana at new")
    assert wrong.status_code == 422
    assert 'id="email-error"' in wrong.get_data(as_text=True)
    new = "ana@new.example"
    ana.send("/account/profile/email", "/account/profile", email=new)
    page = ana.page("/account")
    assert "until then nothing changes" in page
    assert new not in page
    with app.app_context():
        link = next(mail["link"] for mail in mails(rows(app), vault_of(app)) if mail["to"] == new)
    path, _, token = link.partition("#")
    stranger = Browser(app.test_client()).get(path)
    assert stranger.location == "/sign-in?next=%2Faccount%2Fprofile%2Fconfirm"
    bad = ana.send(path, token="x")
    assert bad.status_code == 422
    assert 'id="token-error"' in bad.get_data(as_text=True)
    for pasted in (link, token):
        assert ana.page(path)  # opening it changes nothing
        done = ana.send(path, token=pasted)
        assert done.status_code == (303 if pasted == link else 422)
    assert f"<dd>{new}</dd>" in ana.page("/account")
    assert Browser(app.test_client()).sign_in(new).location == "/"


def test_a_new_password_counts_at_once(app: Flask, ana: Browser) -> None:
    weak = ana.send("/account/password", "/account/security", password="short")
    assert weak.status_code == 422
    assert "at least 12" in weak.get_data(as_text=True)
    ana.send("/account/password", "/account/security", password=NEW)
    assert "Your new password is set." in ana.page("/account/security")
    assert Browser(app.test_client()).sign_in(password=NEW).status_code == 303
    assert Browser(app.test_client()).sign_in(password=PASSWORD).status_code == 422


def set_up_app(ana: Browser) -> tuple[TOTP, str]:
    page = ana.page(ana.send("/account/security/app/begin", "/account/security").location)
    assert 'src="data:image/svg+xml' in page
    key = page.partition('<code class="key">')[2].partition("<")[0]
    totp = TOTP(key.replace(" ", ""))
    codes = ana.send("/account/security/app", code=totp.at(now())).get_data(as_text=True)
    return totp, codes.partition("<li><code>")[2].partition("<")[0]


def test_an_app_is_set_up_and_recovery_codes_are_shown_once(app: Flask, ana: Browser) -> None:
    _, code = set_up_app(ana)
    security = ana.page("/account/security")
    assert "10 codes" in security
    assert code not in security
    assert ana.get("/account/security/app").location == "/account/security"
    elsewhere = Browser(app.test_client())
    assert elsewhere.sign_in().location == "/sign-in/code"
    assert elsewhere.send("/sign-in/recovery", code=code).status_code == 303
    assert "9 codes" in elsewhere.page("/account/security")


def test_a_wrong_first_code_keeps_the_picture(ana: Browser) -> None:
    first = ana.page(ana.send("/account/security/app/begin", "/account/security").location)
    again = ana.send("/account/security/app", code="000000")
    assert again.status_code == 422
    key = first.partition('<code class="key">')[2].partition("<")[0]
    assert key in again.get_data(as_text=True)


def test_the_app_is_removed_and_new_codes_are_made(app: Flask, ana: Browser) -> None:
    set_up_app(ana)
    renewed = ana.send("/account/security/recovery-codes", "/account/security")
    assert renewed.get_data(as_text=True).count("<li><code>") == 10
    ana.send("/account/security/app/remove", "/account/security")
    assert "Recovery codes" not in ana.page("/account/security")
    assert Browser(app.test_client()).sign_in().location == "/"


def test_the_forgotten_password_is_set_by_the_link_in_the_mail(app: Flask, ana: Browser) -> None:
    visitor = Browser(app.test_client())
    sent = visitor.send("/forgot-password", email=EMAIL)
    unknown = Browser(app.test_client()).send("/forgot-password", email="ana@example.net")
    assert sent.status_code == unknown.status_code == 200
    theirs = unknown.get_data(as_text=True).replace("ana@example.net", EMAIL)
    assert sent.get_data(as_text=True) == theirs
    with app.app_context():
        (mail,) = mails(rows(app), vault_of(app))
    weak = visitor.send("/set-password", token=mail["link"], password="short")
    assert weak.status_code == 422
    assert mail["link"].partition("#")[2] in weak.get_data(as_text=True)
    assert weak.headers["Cache-Control"] == "no-store"
    done = visitor.send("/set-password", token=mail["link"], password=NEW)
    assert done.location == "/sign-in"
    assert "Your new password is set." in visitor.page("/sign-in")
    assert ana.get("/account").status_code == 302
    assert visitor.sign_in(password=NEW).status_code == 303
    again = visitor.send("/set-password", "/account", token=mail["link"], password=NEW + "!")
    assert again.status_code == 422
    assert "used already" in again.get_data(as_text=True)


def test_opening_the_link_changes_nothing(app: Flask, ana: Browser) -> None:
    Browser(app.test_client()).send("/forgot-password", email=EMAIL)
    with app.app_context():
        (mail,) = mails(rows(app), vault_of(app))
    path, _, token = mail["link"].partition("#")
    for _ in range(3):
        assert Browser(app.test_client()).get(path).status_code == 200
    assert ana.get("/account").status_code == 200
    assert Browser(app.test_client()).send(path, token=token, password=NEW).location == "/sign-in"


def test_passkeys_are_offered_only_where_browsers_make_them(app: Flask, ana: Browser) -> None:
    assert "Make a passkey" in ana.page("/account/security")
    with app.test_client() as client:
        page = client.get("/sign-in", base_url="http://127.0.0.1").get_data(as_text=True)
    assert "passkey-form" not in page


def test_options_for_a_passkey_are_asked_for_by_a_form_of_the_hub(app: Flask) -> None:
    visitor = Browser(app.test_client())
    visitor.get("/sign-in")
    assert visitor.forge("/sign-in/passkey/options").status_code == 400
    options = visitor.send("/sign-in/passkey/options", "/sign-in")
    assert options.get_json()["rpId"] == "localhost"
    assert options.headers["Cache-Control"] == "no-store"
    refused = visitor.send("/sign-in/passkey", "/sign-in", answer="{}", next="/find")
    assert refused.location == "/sign-in?next=%2Ffind"
    assert "The passkey did not work here" in visitor.page("/sign-in")
