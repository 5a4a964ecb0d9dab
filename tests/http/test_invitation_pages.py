"""Accepting an invitation: the token is in no address, and to look at a page does nothing."""

import pytest
from sqlalchemy import func, select

from referral_hub.models import Person
from referral_hub.rules.roles import Role
from referral_hub.use_cases.invitations import invite_to_agency
from referral_hub.use_cases.steps.people import person_with_email
from tests.http.conftest import Opener
from tests.http.hub_browser import text_of
from tests.network import ADMINISTRATOR, CASE_MANAGER, INTAKE, Network

PASSWORD = "seven brown otters"


class Invited:
    """An agency that has invited somebody."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.agency = network.agency()
        self.admin = network.person("Ada Admin", self.agency, ADMINISTRATOR)

    def token(self, email: str = "nia@agency.example", role: Role = CASE_MANAGER) -> str:
        invite_to_agency(
            self.network.session, self.admin, self.agency, "Nia New", email, [role],
            self.network.vault, now=self.network.now,
        )  # fmt: skip
        return self.network.invited_token()

    def people(self) -> int:
        self.network.session.rollback()
        return self.network.session.scalar(select(func.count()).select_from(Person)) or 0


@pytest.fixture
def invited(network: Network) -> Invited:
    return Invited(network)


def test_the_page_explains_and_works_without_scripts(browse: Opener) -> None:
    html = browse().page("/invitation")
    assert 'name="link"' in html
    assert "js/invitation.js" in html
    assert "<script>" not in html


@pytest.mark.parametrize("form", ["{}", "https://hub.example.org/invitation#{}", "  {} "])
def test_a_link_is_opened_however_it_is_pasted(browse: Opener, invited: Invited, form: str) -> None:
    html = text_of(browse().post("/invitation", link=form.format(invited.token())))
    assert "Join Harbor House" in html
    assert "nia@agency.example" in html
    assert "case manager" in html
    assert 'value="Nia New"' in html


def test_somebody_new_makes_an_account_and_signs_in(browse: Opener, invited: Invited) -> None:
    token, browser = invited.token(), browse()
    browser.post("/invitation", link=token)
    assert (
        browser.done("/invitation/new-account", token=token, name="Nia N.", password=PASSWORD)
        == "/sign-in"
    )
    session = invited.network.session
    session.rollback()
    person = person_with_email(session, invited.network.vault, "nia@agency.example")
    assert person is not None
    assert str(person.password_hash).startswith("$argon2id$")
    assert invited.network.roles(person.id, invited.agency) == {CASE_MANAGER}
    again = browser.post("/invitation", link=token)
    assert again.status_code == 404


def test_a_password_that_is_too_short_is_asked_for_again_and_never_shown(
    browse: Opener, invited: Invited
) -> None:
    token, before = invited.token(), invited.people()
    html = browse().wrong("/invitation/new-account", token=token, name="Nia B.", password="short-1")
    assert 'id="password-error"' in html
    assert 'value="Nia B."' in html
    assert "short-1" not in html
    assert invited.people() == before


def test_looking_at_the_page_takes_no_token_from_the_address(
    browse: Opener, invited: Invited
) -> None:
    token = invited.token()
    html = browse().page("/invitation", link=token, token=token)
    assert token not in html
    assert "Harbor House" not in html


def test_links_that_are_not_valid_are_answered_alike(browse: Opener, invited: Invited) -> None:
    used = invited.token()
    browser = browse()
    browser.done("/invitation/new-account", token=used, name="Nia", password=PASSWORD)
    pages = {text_of(browser.post("/invitation", link=link)) for link in (used, "x" * 43, "#")}
    assert len(pages) == 1
    assert browser.wrong("/invitation", link="")
    assert browser.wrong("/invitation", link="x" * 501)


def test_somebody_with_an_account_signs_in_first_and_then_joins(
    browse: Opener, invited: Invited
) -> None:
    network = invited.network
    known = network.person("Kim Known", network.agency("Other"), INTAKE)
    token = invited.token("kim@agency.example")
    stranger = text_of(browse().post("/invitation", link=token))
    assert "/sign-in?next=/invitation" in stranger
    assert 'name="password"' not in stranger
    kim = browse(known)
    assert 'action="/invitation/join"' in text_of(kim.post("/invitation", link=token))
    assert "You have joined." in kim.done("/invitation/join", token=token)
    assert network.roles(known.person_id, invited.agency) == {CASE_MANAGER}


def test_who_is_signed_in_as_somebody_else_does_not_join(browse: Opener, invited: Invited) -> None:
    token, admin = invited.token(), browse(invited.admin)
    assert "another account" in text_of(admin.post("/invitation", link=token))
    assert admin.post("/invitation/join", token=token).status_code == 409
    assert browse().post("/invitation/join", token=token).status_code == 401


def test_no_token_is_kept_by_caches(browse: Opener, invited: Invited) -> None:
    answer = browse().post("/invitation", link=invited.token())
    assert "no-store" in answer.headers.get("Cache-Control", "")
