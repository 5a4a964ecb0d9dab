"""Whatever is sent to the server, it answers; it never breaks."""

import string
from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.http.oauth.world import BACK, ISSUER, OUT, SCOPES, App, World

NAMES = [
    "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge",
    "code_challenge_method", "prompt", "max_age", "response_mode", "request", "request_uri",
    "grant_type", "code", "code_verifier", "refresh_token", "token", "token_type_hint",
    "client_secret", "client_assertion", "client_assertion_type", "id_token_hint",
    "post_logout_redirect_uri", "registration", "login_hint", "claims", "decision", "agency",
]  # fmt: skip
GOOD = [
    "code", "S256", "plain", BACK, OUT, SCOPES, "openid", "none", "login", "consent", "0", "60",
    "authorization_code", "refresh_token", "client_credentials", "a" * 43, ISSUER, "allow",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", "e30.e30.e30", "query",
]  # fmt: skip
VALUES = st.one_of(
    st.sampled_from(GOOD),
    st.text(max_size=30),
    st.text(alphabet=string.printable, max_size=30),
    st.sampled_from(['"', "\\", "\0", "é", "\ud7ff", "http://[", "https://a@b", "%", "{}", "[]"]),
)
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=14)
KINDS = ("token", "introspect", "revoke")
HEADERS = st.one_of(
    st.none(),
    st.text(alphabet=string.ascii_letters + string.digits + " =+/:.", max_size=40),
    st.sampled_from(["Basic", "Basic Og==", "Basic gA==", "Bearer e30.e30.e30", "Basic \u00ff"]),
)
many = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def own(app: App, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """With the client id of a real application, more often than chance would have it."""
    return [(name, app.client_id if name == "client_id" else value) for name, value in pairs]


@many
@given(pairs=PAIRS, signed_in=st.booleans(), real=st.booleans())
def test_authorize_answers_whatever_is_asked(
    world: World, partner: App, pairs: list[tuple[str, str]], signed_in: bool, real: bool
) -> None:
    sent = own(partner, pairs) if real else pairs
    if real:
        sent = [*sent, ("client_id", partner.client_id), ("redirect_uri", BACK)]
    browser = world.client(None if signed_in else "")
    for path in ("/oauth/authorize", "/oauth/logout"):
        answer = browser.get(f"{path}?{urlencode(sent, errors='surrogatepass')}")
        assert answer.status_code in (200, 302, 303, 400, 422), answer.text
        where = answer.headers.get("Location", BACK)
        assert where.startswith((BACK, OUT, "/sign-in"))


@many
@given(pairs=PAIRS, header=HEADERS, real=st.booleans(), kind=st.sampled_from(KINDS))
def test_program_endpoints_answer_whatever_is_sent(
    world: World, partner: App, pairs: list[tuple[str, str]], header: str | None, real: bool,
    kind: str,
) -> None:  # fmt: skip
    headers: dict[str, Any] = partner.headers() if real else {}
    if header is not None and not real:
        headers = {"Authorization": header.strip()}
    answer = world.client("").post(
        f"/oauth/{kind}",
        data=urlencode(pairs, errors="surrogatepass"),
        content_type="application/x-www-form-urlencoded",
        headers=headers,
    )
    assert answer.status_code in (200, 400, 401, 429), answer.text
    assert answer.is_json
    assert answer.headers["Cache-Control"] == "no-store"


@many
@given(header=HEADERS)
def test_userinfo_answers_whatever_is_sent(world: World, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header.strip()}
    assert world.client("").get("/oauth/userinfo", headers=headers).status_code == 401
