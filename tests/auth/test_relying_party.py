"""The hub at other people's providers: everything about an answer must hold, or nobody gets in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwk

from referral_hub.auth.relying_party import OpenIdRelyingParty
from referral_hub.gateways.outgoing_http import fetch
from referral_hub.rules.errors import SingleSignOnRefused
from referral_hub.rules.single_sign_on import Answer, Proof, ProviderAccount, Refusal
from tests.fake_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeProvider,
    a_key,
    public,
    running_provider,
)

BACK = "https://hub.example/sign-in/sso/1/answer"
NOW = datetime.now(UTC)
AT = int(NOW.timestamp())
WELL_KNOWN = "/.well-known/openid-configuration"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """A provider that answers."""
    with running_provider() as running:
        yield running


def party_for(*providers: FakeProvider) -> OpenIdRelyingParty:
    return OpenIdRelyingParty(fetch, frozenset(each.address for each in providers))


def account_at(provider: FakeProvider) -> ProviderAccount:
    return ProviderAccount(provider.issuer, CLIENT_ID, CLIENT_SECRET, BACK)


def as_answer(sent: dict[str, str]) -> Answer:
    return Answer(
        sent.get("state", ""), sent.get("code", ""), sent.get("iss", ""), sent.get("error", "")
    )


def sign_in(provider: FakeProvider, now: datetime = NOW) -> str:
    """From the first step to the last; who signed in."""
    return proof(provider, now).subject


def proof(provider: FakeProvider, now: datetime = NOW) -> Proof:
    party, account = party_for(provider), account_at(provider)
    address, secrets = party.begin(account, anew=False)
    return party.finish(account, as_answer(provider.sign_in(address)), secrets, now=now)


def refusal(provider: FakeProvider, now: datetime = NOW) -> str:
    with pytest.raises(SingleSignOnRefused) as caught:
        sign_in(provider, now)
    assert caught.value.message.endswith(".")
    return caught.value.reason


def test_an_honest_provider_says_who_signed_in(provider: FakeProvider) -> None:
    assert sign_in(provider) == "subject-1"


def test_the_question_carries_pkce_state_and_nonce_and_nothing_secret(
    provider: FakeProvider,
) -> None:
    provider.document_changes = {"authorization_endpoint": f"{provider.issuer}/authorize?tenant=7"}
    address, secrets = party_for(provider).begin(account_at(provider), anew=False)
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{provider.issuer}/authorize?tenant=7&")
    assert asked["response_type"] == ["code"]
    assert asked["scope"] == ["openid"]
    assert asked["redirect_uri"] == [BACK]
    assert asked["state"] == [secrets.state]
    assert asked["nonce"] == [secrets.nonce]
    assert asked["code_challenge_method"] == ["S256"]
    assert len(asked["code_challenge"][0]) == 43
    assert secrets.verifier not in address
    assert CLIENT_SECRET not in address
    assert len({secrets.state, secrets.nonce, secrets.verifier}) == 3
    assert min(map(len, (secrets.state, secrets.nonce, secrets.verifier))) >= 43


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (None, None),
        (AT - 100, datetime.fromtimestamp(AT - 100, UTC)),
        (AT + 50, NOW),
        (0, datetime.fromtimestamp(0, UTC)),
    ],
    ids=["nothing", "before", "to come", "long ago"],
)
def test_the_provider_says_when_people_proved_who_they_are(
    provider: FakeProvider, said: int | None, read: datetime | None
) -> None:
    provider.claim_changes = {"auth_time": said}
    assert proof(provider).proved_at == read


@pytest.mark.parametrize(("anew", "age"), [(False, "43200"), (True, "0")])
def test_the_provider_is_asked_how_long_ago_it_may_be(
    provider: FakeProvider, *, anew: bool, age: str
) -> None:
    address, _ = party_for(provider).begin(account_at(provider), anew=anew)
    assert parse_qs(urlsplit(address).query)["max_age"] == [age]


@pytest.mark.parametrize(
    ("kind", "algorithm"), [("EC", "ES256"), ("RSA", "RS256"), ("RSA", "PS256")]
)
def test_three_ways_to_sign_are_believed(provider: FakeProvider, kind: str, algorithm: str) -> None:
    provider.key, provider.algorithm = a_key(kind), algorithm
    assert sign_in(provider) == "subject-1"


@pytest.mark.parametrize("methods", [None, ["client_secret_basic"], ["client_secret_post"]])
def test_the_hub_proves_itself_as_the_provider_asks(
    provider: FakeProvider, methods: list[str] | None
) -> None:
    provider.document_changes = {"token_endpoint_auth_methods_supported": methods}
    assert sign_in(provider) == "subject-1"
    is_posted = "client_secret" in provider.stolen[-1]
    assert is_posted == (methods == ["client_secret_post"])


HOLDING: list[dict[str, Any]] = [
    {"aud": [CLIENT_ID]},
    {"aud": [CLIENT_ID, "other"], "azp": CLIENT_ID},
    {"azp": CLIENT_ID},
    {"at_hash": None},
    {"exp": int(NOW.timestamp()) - 50, "iat": int(NOW.timestamp()) - 300},
    {"iat": int(NOW.timestamp()) + 50},
    {"nbf": int(NOW.timestamp()) + 50},
]


@pytest.mark.parametrize("changes", HOLDING)
def test_claims_that_hold_are_believed(provider: FakeProvider, changes: dict[str, Any]) -> None:
    provider.claim_changes = changes
    assert sign_in(provider) == "subject-1"


LYING: list[tuple[dict[str, Any], Refusal]] = [
    ({"iss": "https://other.example"}, Refusal.ISSUER),
    ({"iss": None}, Refusal.ISSUER),
    ({"aud": "another application"}, Refusal.AUDIENCE),
    ({"aud": None}, Refusal.AUDIENCE),
    ({"aud": []}, Refusal.AUDIENCE),
    ({"aud": {CLIENT_ID: 1}}, Refusal.AUDIENCE),
    ({"aud": [CLIENT_ID, "other"]}, Refusal.AUDIENCE),
    ({"aud": [CLIENT_ID, "other"], "azp": "other"}, Refusal.AUDIENCE),
    ({"azp": "other"}, Refusal.AUDIENCE),
    ({"nonce": "of another sign-in"}, Refusal.NONCE),
    ({"nonce": None}, Refusal.NONCE),
    ({"nonce": "\ud800"}, Refusal.NONCE),
    ({"exp": AT - 61}, Refusal.TIME),
    ({"exp": None}, Refusal.TIME),
    ({"exp": "tomorrow"}, Refusal.TIME),
    ({"exp": True}, Refusal.TIME),
    ({"exp": float("nan")}, Refusal.TIME),
    ({"exp": 10**400}, Refusal.TIME),
    ({"exp": -(10**20)}, Refusal.TIME),
    ({"iat": AT + 90}, Refusal.TIME),
    ({"iat": AT - 700}, Refusal.TIME),
    ({"iat": None}, Refusal.TIME),
    ({"nbf": AT + 90}, Refusal.TIME),
    ({"at_hash": "of another token"}, Refusal.ACCESS_TOKEN),
    ({"at_hash": 7}, Refusal.ACCESS_TOKEN),
    ({"auth_time": "now"}, Refusal.TIME),
    ({"sub": None}, Refusal.SUBJECT),
    ({"sub": ""}, Refusal.SUBJECT),
    ({"sub": 7}, Refusal.SUBJECT),
    ({"sub": "x" * 256}, Refusal.SUBJECT),
    ({"sub": "nul\0byte"}, Refusal.SUBJECT),
    ({"sub": "\ud800"}, Refusal.SUBJECT),
]


@pytest.mark.parametrize(("changes", "reason"), LYING)
def test_claims_that_do_not_hold_are_refused(
    provider: FakeProvider, changes: dict[str, Any], reason: Refusal
) -> None:
    provider.claim_changes = changes
    assert refusal(provider) == reason


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512", "ES384"])
def test_other_ways_to_sign_are_refused(provider: FakeProvider, algorithm: str) -> None:
    """Among them no signature at all, and one with the public key as if it were a secret."""
    provider.algorithm = algorithm
    if algorithm == "RS512":
        provider.key = a_key("RSA")
    if algorithm == "ES384":
        provider.key = jwk.ECKey.generate_key("P-384", {"kid": "one"})
    assert refusal(provider) == Refusal.ALGORITHM


def test_other_keys_than_those_that_signed_are_refused(provider: FakeProvider) -> None:
    provider.published = [public(a_key())]
    assert refusal(provider) == Refusal.SIGNATURE
    provider.published = [public(a_key(kid="two"))]
    assert refusal(provider) == Refusal.KEY


def test_a_token_that_names_no_key_is_good_only_where_there_is_no_choice(
    provider: FakeProvider,
) -> None:
    provider.header_changes = {"kid": None}
    assert sign_in(provider) == "subject-1"
    provider.published = [public(provider.key), public(a_key(kid="two"))]
    assert refusal(provider) == Refusal.KEY


UNUSABLE: list[list[Any]] = [
    [],
    ["no key"],
    [{"kty": "EC", "kid": "one"}],
    [{"kty": "EC", "kid": "one", "crv": "P-256", "x": "AA", "y": "AA"}],
    [{"kty": "oct", "kid": "one", "k": "AAAA"}],
]


@pytest.mark.parametrize("keys", UNUSABLE)
def test_keys_that_cannot_be_used_are_refused(provider: FakeProvider, keys: list[Any]) -> None:
    provider.published = keys
    assert refusal(provider) == Refusal.KEY


@pytest.mark.parametrize(
    "changes", [{"use": "enc"}, {"alg": "ES512"}], ids=["for encryption", "for another algorithm"]
)
def test_a_key_for_something_else_is_refused(
    provider: FakeProvider, changes: dict[str, str]
) -> None:
    provider.published = [{**public(provider.key), **changes}]
    assert refusal(provider) == Refusal.KEY


def test_a_header_that_must_be_understood_is_refused(provider: FakeProvider) -> None:
    provider.header_changes = {"x5t": "known", "own": "ignored"}
    assert sign_in(provider) == "subject-1"
    provider.header_changes = {"own": "critical", "crit": ["own"]}
    assert refusal(provider) == Refusal.SIGNATURE


@pytest.mark.parametrize("token", [None, 7, "", "a.b", "a.b.c", "\ud800", "." * 300_000, "é.é.é"])
def test_what_is_no_id_token_is_refused(provider: FakeProvider, token: object) -> None:
    provider.token_changes = {"id_token": token}
    assert refusal(provider) in (Refusal.TOKEN, Refusal.UNREACHABLE)


@pytest.mark.parametrize("access_token", [7, "\ud800", "é"])
def test_an_access_token_that_is_none_is_refused(
    provider: FakeProvider, access_token: object
) -> None:
    provider.token_changes = {"access_token": access_token}
    assert refusal(provider) == Refusal.TOKEN


ANSWERS: list[tuple[dict[str, str | None], Refusal]] = [
    ({"iss": None}, Refusal.ANSWER_ISSUER),
    ({"iss": "https://other.example"}, Refusal.ANSWER_ISSUER),
    ({"error": "access_denied", "code": None}, Refusal.DECLINED),
    ({"error": "server_error", "code": None}, Refusal.ANSWER),
    ({"error": "access_denied", "iss": None}, Refusal.ANSWER_ISSUER),
    ({"code": None}, Refusal.ANSWER),
    ({"code": "guessed"}, Refusal.CODE),
]


@pytest.mark.parametrize(("changes", "reason"), ANSWERS)
def test_answers_that_do_not_hold_are_refused(
    provider: FakeProvider, changes: dict[str, str | None], reason: Refusal
) -> None:
    provider.answer_changes = changes
    assert refusal(provider) == reason


def test_a_provider_that_does_not_name_itself_may_leave_it_out_but_not_name_another(
    provider: FakeProvider,
) -> None:
    provider.document_changes = {"authorization_response_iss_parameter_supported": None}
    provider.answer_changes = {"iss": None}
    assert sign_in(provider) == "subject-1"
    provider.answer_changes = {"iss": "https://other.example"}
    assert refusal(provider) == Refusal.ANSWER_ISSUER


DOCUMENTS: list[dict[str, Any]] = [
    {"issuer": "https://other.example"},
    {"issuer": None},
    {"authorization_endpoint": None},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "http://insecure.example/authorize"},
    {"authorization_endpoint": "https://provider.example/authorize#fragment"},
    {"token_endpoint": "http://insecure.example/token"},
    {"token_endpoint": 7},
    {"jwks_uri": "file:///etc/passwd"},
    {"jwks_uri": None},
    {"response_types_supported": ["token"]},
    {"response_types_supported": "code"},
    {"code_challenge_methods_supported": ["plain"]},
    {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    {"token_endpoint_auth_methods_supported": ["tls_client_auth", 7]},
]


@pytest.mark.parametrize("changes", DOCUMENTS)
def test_a_description_that_cannot_be_used_is_told(
    provider: FakeProvider, changes: dict[str, Any]
) -> None:
    provider.document_changes = changes
    with pytest.raises(SingleSignOnRefused) as caught:
        party_for(provider).check(provider.issuer)
    assert caught.value.reason == Refusal.DISCOVERY
    assert refusal(provider) == Refusal.DISCOVERY


BROKEN = [(500, b""), (200, b"<html>"), (200, b"[]"), (200, b"[" * 100_000), (302, b"/keys")]


@pytest.mark.parametrize("path", [WELL_KNOWN, "/keys", "/token"])
@pytest.mark.parametrize(("status", "body"), BROKEN)
def test_a_provider_that_is_broken_or_sends_elsewhere_is_refused(
    provider: FakeProvider, path: str, status: int, body: bytes
) -> None:
    provider.broken[path] = (status, body)
    reasons = {WELL_KNOWN: Refusal.DISCOVERY, "/keys": Refusal.KEY, "/token": Refusal.CODE}
    assert refusal(provider) == reasons[path]
    assert provider.seen.count("/keys") <= 1


def test_an_answer_without_end_is_refused(provider: FakeProvider) -> None:
    provider.broken["/keys"] = (200, json.dumps({"keys": ["x" * 300_000]}).encode())
    assert refusal(provider) == Refusal.UNREACHABLE


def test_a_provider_that_the_hub_may_not_ask_is_not_asked(provider: FakeProvider) -> None:
    with pytest.raises(SingleSignOnRefused) as caught:
        OpenIdRelyingParty(fetch, frozenset()).check(provider.issuer)
    assert caught.value.reason == Refusal.UNREACHABLE
    assert provider.seen == []


def test_the_code_of_one_sign_in_is_no_good_for_another(provider: FakeProvider) -> None:
    """Somebody puts their own code into another browser's answer: PKCE and nonce both refuse."""
    party, account = party_for(provider), account_at(provider)
    theirs, _ = party.begin(account, anew=False)
    _, secrets = party.begin(account, anew=False)
    injected = as_answer(provider.sign_in(theirs))
    with pytest.raises(SingleSignOnRefused) as caught:
        party.finish(account, injected, secrets, now=NOW)
    assert caught.value.reason == Refusal.CODE


def test_a_sign_in_of_long_ago_is_refused(provider: FakeProvider) -> None:
    assert refusal(provider, NOW + timedelta(minutes=7)) == Refusal.TIME
