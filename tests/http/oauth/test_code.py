"""A person lets an application in: from the consent page to tokens."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from referral_hub.models import ApplicationGrant, AuthorizationCode, Membership, Token
from referral_hub.rules.roles import Role
from referral_hub.rules.sign_in import Method
from tests.http.hub_browser import form_token
from tests.http.oauth.world import BACK, ISSUER, App, World, location, payload, present


def test_the_consent_page_says_who_asks_and_for_what(world: World, partner: App) -> None:
    page, _ = world.ask(partner)
    assert page.status_code == 200
    for words in (
        "Case Tracker", "Fair Homes Legal Aid", "It keeps cases in step.", "Casey Manager",
        "See the referrals that you may see", "https://partner.example",
    ):  # fmt: skip
        assert words in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_only_the_form_of_the_consent_page_may_lead_to_other_sites(
    world: World, partner: App
) -> None:
    page, _ = world.ask(partner)
    assert page.headers["Content-Security-Policy"].endswith("form-action 'self' https:")
    other = world.client().get("/").headers["Content-Security-Policy"]
    assert other.endswith("form-action 'self'")


def test_who_comes_from_the_sign_in_form_goes_on_by_a_page(world: World, partner: App) -> None:
    world.code(partner)
    back = location(world.ask(partner, cookie="")[0])["next"]
    page = world.client().get(back)
    assert page.status_code == 200
    assert f'http-equiv="refresh" content="0; url={BACK}?code=' in page.text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("kind", ["secret", "ES256", "RS256", "public"])
def test_a_person_agrees_and_the_application_gets_tokens(world: World, kind: str) -> None:
    app = world.register(kind)
    answer = world.tokens(app)
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 900
    assert set(answer["scope"].split()) >= {"openid", "referrals.read"}
    assert answer["refresh_token"] != answer["access_token"]


def test_state_and_issuer_come_back_with_the_code(world: World, partner: App) -> None:
    back = world.agree(partner, "v" * 43)
    assert back.status_code == 303
    assert back.headers["Location"].startswith(BACK)
    assert location(back)["state"] == "the state"
    assert location(back)["iss"] == ISSUER


def test_the_id_token_says_who_when_and_how(world: World, partner: App) -> None:
    token = world.tokens(partner)["id_token"]
    keys = KeySet.import_key_set(world.client("").get("/oauth/jwks").get_json())
    claims = jwt.decode(token, keys, algorithms=["RS256"]).claims
    assert claims["iss"] == ISSUER
    assert claims["aud"] == partner.client_id
    assert claims["sub"] == str(world.person_id)
    assert claims["nonce"] == "the nonce"
    assert claims["amr"] == ["pwd", "otp"]
    assert abs(claims["auth_time"] - present().timestamp()) < 60
    assert "name" not in claims


def test_an_application_chooses_how_id_tokens_are_signed(world: World) -> None:
    app = world.register(id_token_algorithm="ES256")
    token = world.tokens(app)["id_token"]
    keys = KeySet.import_key_set(world.client("").get("/oauth/jwks").get_json())
    assert jwt.decode(token, keys, algorithms=["ES256"]).claims["aud"] == app.client_id


def test_without_openid_there_is_no_id_token(world: World, partner: App) -> None:
    assert "id_token" not in world.tokens(partner, scope="directory.read")


def test_who_refuses_goes_back_without_a_code(world: World, partner: App) -> None:
    back = world.agree(partner, "v" * 43, decision="refuse")
    assert location(back)["error"] == "access_denied"
    assert location(back)["iss"] == ISSUER
    assert "code" not in location(back)


def test_who_agreed_before_is_not_asked_again_unless_the_application_wants_it(
    world: World, partner: App
) -> None:
    world.code(partner)
    again, _ = world.ask(partner)
    assert again.status_code == 302
    assert "code" in location(again)
    assert world.ask(partner, prompt="consent")[0].status_code == 200
    fewer, _ = world.ask(partner, scope="openid")
    assert "code" in location(fewer)


def test_more_than_was_agreed_to_is_asked_for(world: World, partner: App) -> None:
    world.code(partner, scope="openid")
    assert world.ask(partner)[0].status_code == 200


def test_a_public_application_on_the_own_machine_is_asked_for_each_time(world: World) -> None:
    app = world.register("public", redirect_uris=("http://127.0.0.1/cb",))
    first = world.agree(app, "v" * 43, redirect_uri="http://127.0.0.1:50123/cb")
    assert first.headers["Location"].startswith("http://127.0.0.1:50123/cb?code=")
    again, _ = world.ask(app, redirect_uri="http://127.0.0.1:50123/cb")
    assert again.status_code == 200


def test_who_is_not_signed_in_signs_in_first(world: World, partner: App) -> None:
    answer, _ = world.ask(partner, cookie="")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=%2Foauth%2Fauthorize%3F")


def test_prompt_none_never_shows_a_page(world: World, partner: App) -> None:
    nobody, _ = world.ask(partner, cookie="", prompt="none")
    assert location(nobody)["error"] == "login_required"
    unasked, _ = world.ask(partner, prompt="none")
    assert location(unasked)["error"] == "consent_required"
    world.code(partner)
    silent, _ = world.ask(partner, prompt="none")
    assert "code" in location(silent)
    mixed, _ = world.ask(partner, prompt="none login")
    assert location(mixed)["error"] == "invalid_request"


def test_prompt_none_goes_back_while_a_second_factor_is_missing(world: World, partner: App) -> None:
    weak = world.sign_in(world.person_id, Method.PASSWORD)
    world.code(partner, cookie=weak)
    with world.session() as session:
        row_id = session.query(Membership).filter_by(person_id=world.person_id).one().id
    world.change(Membership, row_id, role=Role.AGENCY_ADMINISTRATOR)
    silent, _ = world.ask(partner, cookie=weak, prompt="none")
    assert silent.headers["Location"].startswith(BACK)
    assert location(silent)["error"] == "interaction_required"
    assert location(silent)["state"] == "the state"
    spoken, _ = world.ask(partner, cookie=weak)
    assert spoken.headers["Location"] == "/account/security"
    strong, _ = world.ask(partner, prompt="none")
    assert "code" in location(strong)


def test_max_age_asks_for_a_new_proof_when_the_last_is_too_old(world: World, partner: App) -> None:
    old = world.sign_in(world.person_id, ago=timedelta(minutes=20))
    asked, _ = world.ask(partner, cookie=old, max_age="600")
    assert asked.headers["Location"].startswith("/sign-in/confirm?next=")
    silent, _ = world.ask(partner, cookie=old, max_age="600", prompt="none")
    assert location(silent)["error"] == "login_required"
    assert world.ask(partner, cookie=old, max_age="3600")[0].status_code == 200


def test_prompt_login_asks_for_a_new_proof_once(world: World, partner: App) -> None:
    answer, _ = world.ask(partner, prompt="login")
    assert answer.headers["Location"].startswith("/sign-in/confirm?next=")
    back = location(answer)["next"]
    assert "prompt" not in back
    assert "max_age=60" in back
    assert world.client().get(back).status_code == 200


def test_max_age_zero_does_not_go_round_in_circles(world: World, partner: App) -> None:
    back = location(world.ask(partner, max_age="0")[0])["next"]
    assert world.client().get(back).status_code == 200


def test_a_code_lives_for_a_minute(world: World, partner: App) -> None:
    code, verifier = world.code(partner)
    with world.session() as session:
        row = session.query(AuthorizationCode).one()
        assert row.expires_at - row.issued_at == timedelta(seconds=60)
        row_id = row.id
    world.change(AuthorizationCode, row_id, expires_at=present() - timedelta(seconds=1))
    answer = world.trade(partner, code, verifier)
    assert answer.status_code == 400
    assert answer.get_json()["error"] == "invalid_grant"


def test_a_code_that_is_used_twice_ends_the_tokens_that_came_of_it(
    world: World, partner: App
) -> None:
    code, verifier = world.code(partner)
    first = world.trade(partner, code, verifier).get_json()
    again = world.trade(partner, code, verifier)
    assert again.status_code == 400
    assert again.get_json()["error"] == "invalid_grant"
    assert not world.is_active(partner, first["access_token"])
    assert not world.is_active(partner, first["refresh_token"])


def test_a_code_is_good_only_for_its_application_and_address(world: World, partner: App) -> None:
    other = world.register()
    code, verifier = world.code(partner)
    assert world.trade(other, code, verifier).get_json()["error"] == "invalid_grant"
    elsewhere = world.trade(partner, code, verifier, redirect_uri=f"{BACK}/x")
    assert elsewhere.get_json()["error"] == "invalid_grant"
    assert world.trade(partner, code, verifier).status_code == 200


def test_a_code_counts_no_more_after_signing_out(world: World, partner: App) -> None:
    code, verifier = world.code(partner)
    page = world.client().get("/oauth/logout")
    assert "Sign out of the hub?" in page.text
    from_page = form_token(page.text)
    world.client().post("/oauth/logout", data={"form_token": from_page})
    assert world.trade(partner, code, verifier).get_json()["error"] == "invalid_grant"


def test_codes_and_tokens_are_stored_as_hashes_only(world: World, partner: App) -> None:
    code, verifier = world.code(partner)
    answer = world.trade(partner, code, verifier).get_json()
    with world.session() as session:
        path = session.get_bind().url.database  # type: ignore[union-attr]
    held = b"".join(Path(f"{path}{end}").read_bytes() for end in ("", "-wal"))
    for value in (code, answer["access_token"], answer["refresh_token"], partner.secret):
        assert value.encode() not in held


def test_people_of_another_agency_cannot_open_what_the_owner_holds(world: World) -> None:
    elsewhere = world.add_agency("Night Shelter")
    app = world.register(agency_id=elsewhere)
    page, _ = world.ask(app)
    assert "You cannot let it in" in page.text
    assert world.agree(app, "v" * 43).status_code == 403
    assert "code" in location(world.agree(app, "v" * 43, scope="openid profile"))


def test_a_person_of_two_agencies_chooses_for_which_they_act(world: World) -> None:
    elsewhere = world.add_agency("Night Shelter")
    world.join(world.person_id, elsewhere, Role.INTAKE_WORKER)
    app = world.register(agency_id=elsewhere)
    page, verifier = world.ask(app)
    assert "Act for another agency" in page.text
    token = form_token(page.text)
    address = page.request.full_path
    moved = world.client().post(
        address, data={"form_token": token, "decision": "switch", "agency": str(elsewhere)}
    )
    assert moved.status_code == 303
    done = world.client().post(address, data={"form_token": token, "decision": "allow"})
    tokens = world.trade(app, location(done)["code"], verifier).get_json()
    who = world.client("").get(
        "/oauth/userinfo", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert who.get_json() == {
        "sub": str(world.person_id), "name": "Casey Manager", "roles": ["intake_worker"],
        "agency": "Night Shelter", "agency_id": str(elsewhere),
    }  # fmt: skip


def test_without_a_role_nothing_can_be_let_in(world: World, partner: App) -> None:
    stranger = world.sign_in(world.add_person())
    assert "You cannot let it in" in world.ask(partner, cookie=stranger)[0].text
    assert world.agree(partner, "v" * 43, cookie=stranger, scope="openid").status_code == 403


def test_a_form_from_elsewhere_agrees_to_nothing(world: World, partner: App) -> None:
    page, _ = world.ask(partner)
    forged = world.client().post(page.request.full_path, data={"decision": "allow"})
    assert forged.status_code == 400
    with world.session() as session:
        assert session.query(ApplicationGrant).count() == 0


def test_the_refresh_token_keeps_what_was_agreed_the_access_token_may_have_less(
    world: World, partner: App
) -> None:
    first = world.tokens(partner)
    less = world.refresh(partner, first["refresh_token"], scope="openid").get_json()
    assert less["scope"] == "openid"
    whole = world.refresh(partner, less["refresh_token"]).get_json()
    assert set(whole["scope"].split()) == set(first["scope"].split())
    more = world.refresh(partner, whole["refresh_token"], scope="openid clients.read")
    assert more.get_json()["error"] == "invalid_scope"


def test_tokens_know_their_family(world: World, partner: App) -> None:
    first = world.tokens(partner)
    world.refresh(partner, first["refresh_token"])
    with world.session() as session:
        rows = session.query(Token).all()
        assert len(rows) == 4
        assert len({row.family for row in rows}) == 1
        assert all(row.expires_at <= row.family_expires_at for row in rows)
        assert payload(first["id_token"])["sub"] == str(UUID(str(world.person_id)))
