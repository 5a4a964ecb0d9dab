"""What an application may be registered as."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from referral_hub.rules.applications import may_be_allowed
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.public_keys import fault_of_keys
from referral_hub.rules.registration import Registration, check_registration
from referral_hub.rules.scopes import Scope

EC = {"kty": "EC", "crv": "P-256", "x": "x" * 43, "y": "y" * 43}
RSA = {"kty": "RSA", "n": "n" * 342, "e": "AQAB"}
GOOD = Registration(
    name="Case Tracker",
    purpose="",
    authentication="client_secret_basic",
    grants=frozenset({"authorization_code", "refresh_token"}),
    scopes=frozenset({Scope.OPENID}),
    redirect_uris=("https://partner.example/back",),
)


def test_this_is_a_good_one() -> None:
    check_registration(GOOD)
    check_registration(replace(GOOD, purpose="Reads what you do.\r\nNothing else."))
    check_registration(replace(GOOD, authentication="private_key_jwt", jwks={"keys": [EC]}))
    check_registration(
        replace(GOOD, authentication="private_key_jwt", jwks_uri="https://partner.example/keys")
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "line\nbreak"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"purpose": "x" * 501}, "purpose"),
        ({"purpose": "a\x00b"}, "purpose"),
        ({"authentication": "client_secret_post"}, "authentication"),
        ({"id_token_algorithm": "none"}, "id_token_algorithm"),
        ({"scopes": frozenset()}, "scopes"),
        ({"grants": frozenset()}, "grants"),
        ({"grants": frozenset({"password"})}, "grants"),
        ({"grants": frozenset({"refresh_token"})}, "grants"),
        ({"redirect_uris": ()}, "redirect_uris"),
        ({"redirect_uris": ("http://partner.example/",)}, "redirect_uris"),
        ({"logout_uris": ("http://partner.example/",)}, "logout_uris"),
        ({"redirect_uris": ("https://a.example/",) * 21}, "redirect_uris"),
        ({"jwks": {"keys": [EC]}}, "jwks"),
        ({"authentication": "private_key_jwt"}, "jwks"),
        ({"authentication": "private_key_jwt", "jwks": {"keys": []}}, "jwks"),
        ({"authentication": "private_key_jwt", "jwks_uri": "http://127.0.0.1/keys"}, "jwks_uri"),
        ({"grants": frozenset({"client_credentials"})}, "scopes"),
        ({"grants": frozenset({"client_credentials", "authorization_code"}),
          "authentication": "none"}, "grants"),
    ],
)  # fmt: skip
def test_each_fault_is_named(changed: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_registration(replace(GOOD, **changed))
    assert set(caught.value.fields) == {field}


@pytest.mark.parametrize(
    "keys",
    [
        None,
        [],
        {"keys": "x"},
        {"keys": [EC | {"d": "x" * 43}]},
        {"keys": [{"kty": "oct", "k": "secret"}]},
        {"keys": [EC | {"crv": "P-521"}]},
        {"keys": [EC | {"x": "short"}]},
        {"keys": [RSA | {"n": "n" * 171}]},
        {"keys": [RSA | {"e": "!"}]},
        {"keys": [EC | {"use": "enc"}]},
        {"keys": [EC | {"kid": 7}]},
        {"keys": [EC, RSA]},
        {"keys": [EC | {"kid": "a"}, RSA | {"kid": "a"}]},
        {"keys": [EC] * 11},
        {"keys": ["x"]},
    ],
)
def test_only_public_strong_and_named_keys_are_taken(keys: object) -> None:
    assert fault_of_keys(keys) is not None


def test_several_keys_with_names_are_taken() -> None:
    assert fault_of_keys({"keys": [EC | {"kid": "a"}, RSA | {"kid": "b"}]}) is None


def test_what_an_agency_holds_only_its_own_people_open() -> None:
    own, other = UUID(int=1), UUID(int=2)
    public = frozenset({Scope.OPENID, Scope.PROFILE, Scope.OFFLINE_ACCESS, Scope.DIRECTORY_READ})
    assert may_be_allowed(public, own, other)
    assert may_be_allowed(public, own, None)
    for scope in set(Scope) - public:
        assert may_be_allowed(frozenset({scope}), own, own)
        assert not may_be_allowed(frozenset({scope}), own, other)
        assert not may_be_allowed(frozenset({scope}), own, None)
