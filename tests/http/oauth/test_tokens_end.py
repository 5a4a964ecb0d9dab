"""A token counts no more at the next request, once one of its reasons is gone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from referral_hub.models import (
    Agency,
    Application,
    ApplicationGrant,
    Membership,
    Person,
    SignInSession,
    Token,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.actor import System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.use_cases.applications import revoke_application
from referral_hub.use_cases.grants import list_grants, withdraw_grant
from tests.http.hub_browser import form_token
from tests.http.oauth.world import App, World, present


def disable_person(world: World, app: App) -> None:
    world.change(Person, world.person_id, disabled_at=present())


def end_membership(world: World, app: App) -> None:
    with world.session() as session:
        row_id = session.query(Membership).filter_by(person_id=world.person_id).one().id
    world.change(Membership, row_id, until=present())


def suspend_agency(world: World, app: App) -> None:
    world.change(Agency, world.agency_id, status=AgencyStatus.SUSPENDED)


def revoke_app(world: World, app: App) -> None:
    with world.session() as session:
        revoke_application(session, System(), app.id, now=present())


def close_app_row(world: World, app: App) -> None:
    world.change(Application, app.id, status="revoked")


def withdraw(world: World, app: App) -> None:
    me = PersonActing(world.person_id, world.agency_id, frozenset({"case_manager"}))
    with world.session() as session:
        (held,) = list_grants(session, me)
        withdraw_grant(session, me, held.id, now=present())


def close_grant_row(world: World, app: App) -> None:
    with world.session() as session:
        row_id = session.query(ApplicationGrant).one().id
    world.change(ApplicationGrant, row_id, withdrawn_at=present())


def let_time_pass(world: World, app: App) -> None:
    with world.session() as session:
        ids = [row.id for row in session.query(Token)]
    for row_id in ids:
        world.change(Token, row_id, expires_at=present() - timedelta(seconds=1))


END = [
    disable_person, end_membership, suspend_agency, revoke_app, close_app_row, withdraw,
    close_grant_row, let_time_pass,
]  # fmt: skip


@pytest.mark.parametrize("end", END, ids=lambda end: end.__name__)
def test_both_tokens_end_at_once(any_world: World, end: Callable[[World, App], None]) -> None:
    app = any_world.register()
    tokens = any_world.tokens(app)
    assert any_world.search(tokens["access_token"]).status_code != 401
    end(any_world, app)
    answer = any_world.search(tokens["access_token"])
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert answer.get_json()["code"] == "token-invalid"
    assert any_world.refresh(app, tokens["refresh_token"]).status_code in (400, 401)


def test_a_code_ends_as_tokens_do(world: World, partner: App) -> None:
    code, verifier = world.code(partner)
    disable_person(world, partner)
    assert world.trade(partner, code, verifier).get_json()["error"] == "invalid_grant"


@pytest.mark.parametrize(("scope", "stays"), [("openid", False), ("openid offline_access", True)])
def test_only_offline_access_outlives_signing_out(
    world: World, partner: App, scope: str, stays: bool
) -> None:
    tokens = world.tokens(partner, scope=scope)
    world.change(SignInSession, world.session_id(), ended_at=present())
    assert world.is_active(partner, tokens["access_token"]) is stays
    assert (world.refresh(partner, tokens["refresh_token"]).status_code == 200) is stays


def test_an_application_ends_its_own_tokens(world: World, partner: App) -> None:
    first = world.tokens(partner)
    assert world.post("/oauth/revoke", partner, token=first["access_token"]).status_code == 200
    assert not world.is_active(partner, first["access_token"])
    assert world.is_active(partner, first["refresh_token"])
    second = world.refresh(partner, first["refresh_token"]).get_json()
    world.post("/oauth/revoke", partner, token=second["refresh_token"], token_type_hint="nonsense")
    assert not world.is_active(partner, second["access_token"])
    assert world.refresh(partner, second["refresh_token"]).status_code == 400


def test_tokens_of_others_are_neither_shown_nor_ended(world: World, partner: App) -> None:
    other = world.register()
    token = world.tokens(partner)["access_token"]
    assert not world.is_active(other, token)
    assert world.post("/oauth/revoke", other, token=token).status_code == 200
    assert world.is_active(partner, token)
    assert world.post("/oauth/revoke", other, token="nothing").status_code == 200


def test_a_person_sees_who_has_access_and_takes_it_back(world: World, partner: App) -> None:
    tokens = world.tokens(partner)
    browser = world.client()
    page = browser.get("/account/applications")
    for words in ("Case Tracker", "Fair Homes Legal Aid", "Keep this access while you are away"):
        assert words in page.text
    action = page.text.partition('action="/account/applications')[2].partition('"')[0]
    action = f"/account/applications{action}"
    done = browser.post(action, data={"form_token": form_token(page.text)})
    assert done.headers["Location"] == "/account/applications"
    assert not world.is_active(partner, tokens["access_token"])
    assert "No application has access" in browser.get("/account/applications").text
    again = browser.post(action, data={"form_token": form_token(page.text)})
    assert again.status_code == 404
    assert world.ask(partner)[0].status_code == 200


def test_nobody_takes_back_the_access_that_another_gave(world: World, partner: App) -> None:
    world.tokens(partner)
    with world.session() as session:
        grant_id = session.query(ApplicationGrant).one().id
    stranger = world.client(world.sign_in(world.add_person()))
    token = form_token(stranger.get("/oauth/logout").text)
    answer = stranger.post(f"/account/applications/{grant_id}/withdraw", data={"form_token": token})
    assert answer.status_code == 404
