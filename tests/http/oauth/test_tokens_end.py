"""A token counts no more at the next request, once one of its reasons is gone."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from referral_hub.gateways.tokens import token_hash
from referral_hub.models import (
    Agency,
    Application,
    ApplicationGrant,
    Membership,
    NetworkSetting,
    Person,
    SignInSession,
    Token,
)
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.actor import System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import Method
from referral_hub.use_cases.applications import revoke_application
from referral_hub.use_cases.grants import list_grants, withdraw_grant
from referral_hub.use_cases.transaction import transaction
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


def become_administrator(world: World) -> None:
    with world.session() as session:
        row_id = session.query(Membership).filter_by(person_id=world.person_id).one().id
    world.change(Membership, row_id, role=Role.AGENCY_ADMINISTRATOR)


def let_the_network_ask_everybody(world: World) -> None:
    with world.session() as session, transaction(session):
        session.add(
            NetworkSetting(
                name="second_factor_roles",
                value=list(Role),
                changed_by="system:test",
                changed_at=present(),
            )
        )


@pytest.mark.parametrize(
    "come_to_need",
    [become_administrator, let_the_network_ask_everybody],
    ids=lambda it: it.__name__,
)
def test_what_came_of_a_password_alone_waits_once_a_second_factor_is_needed(
    any_world: World, come_to_need: Callable[[World], None]
) -> None:
    app = any_world.register()
    weak = any_world.sign_in(any_world.person_id, Method.PASSWORD)
    tokens = any_world.tokens(app, cookie=weak)
    code, verifier = any_world.code(app, cookie=weak)
    assert any_world.is_active(app, tokens["access_token"])
    come_to_need(any_world)
    assert any_world.search(tokens["access_token"]).status_code == 401
    assert not any_world.is_active(app, tokens["access_token"])
    assert not any_world.is_active(app, tokens["refresh_token"])
    assert any_world.trade(app, code, verifier).get_json()["error"] == "invalid_grant"
    refused = any_world.refresh(app, tokens["refresh_token"])
    assert (refused.status_code, refused.get_json()["error"]) == (400, "invalid_grant")
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert any_world.client("").get("/oauth/userinfo", headers=bearer).status_code == 401


def test_a_strong_sign_in_elsewhere_gives_strength_to_its_own_tokens_only(
    world: World, partner: App
) -> None:
    weak = world.tokens(partner, cookie=world.sign_in(world.person_id, Method.PASSWORD))
    become_administrator(world)
    strong = world.tokens(partner)
    assert world.is_active(partner, strong["access_token"])
    assert not world.is_active(partner, weak["access_token"])
    assert world.refresh(partner, strong["refresh_token"]).status_code == 200
    assert world.refresh(partner, weak["refresh_token"]).status_code == 400


def test_a_second_factor_in_the_same_sign_in_gives_its_tokens_back(
    world: World, partner: App
) -> None:
    cookie = world.sign_in(world.person_id, Method.PASSWORD)
    tokens = world.tokens(partner, cookie=cookie)
    become_administrator(world)
    assert world.refresh(partner, tokens["refresh_token"]).status_code == 400
    with world.session() as session:
        held = session.query(SignInSession).filter_by(token_hash=token_hash(cookie)).one().id
    world.change(SignInSession, held, methods="pwd passkey")
    assert world.is_active(partner, tokens["access_token"])
    assert world.refresh(partner, tokens["refresh_token"]).status_code == 200


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
