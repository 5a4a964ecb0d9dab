"""What an agency's provider says of itself (OpenID Connect Discovery), read with care."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from referral_hub.gateways.outgoing_http import Fetched
from referral_hub.rules.errors import FetchRefused, SingleSignOnRefused
from referral_hub.rules.outgoing import target_of
from referral_hub.rules.single_sign_on import ALGORITHMS, Refusal

WELL_KNOWN = "/.well-known/openid-configuration"
BASIC, POST = "client_secret_basic", "client_secret_post"
_MOST_KEYS = 50
Get = Callable[[str], Fetched]


@dataclass(frozen=True, slots=True)
class ProviderDocument:
    """The parts of a provider's description that the hub uses.

    `sends_issuer`: every answer names its issuer (RFC 9207). `authentication` is how the hub
    proves itself at the token endpoint.
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    sends_issuer: bool
    authentication: str


def refused(reason: Refusal, words: str) -> SingleSignOnRefused:
    """The error for an answer that is not believed; `words` are a whole sentence."""
    return SingleSignOnRefused(words, reason)


def discover(issuer: str, get: Get, allow: frozenset[str]) -> ProviderDocument:
    """The description at an issuer's well-known address. Raises SingleSignOnRefused."""
    found = json_object(_get(get, issuer.rstrip("/") + WELL_KNOWN), Refusal.DISCOVERY)
    if found.get("issuer") != issuer:
        raise _fault("names another issuer. Type the issuer exactly as the provider states it")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _require_address(name, found.get(name), allow)
    if "code" not in _words(found, "response_types_supported", "code"):
        raise _fault("does not offer the authorization code flow")
    if "S256" not in _words(found, "code_challenge_methods_supported", "S256"):
        raise _fault("does not offer PKCE with S256")
    algorithms = _words(found, "id_token_signing_alg_values_supported", "RS256")
    if algorithms.isdisjoint(ALGORITHMS):
        raise _fault(f"signs with none of {', '.join(ALGORITHMS)}")
    ways = _words(found, "token_endpoint_auth_methods_supported", BASIC)
    way = next((way for way in (BASIC, POST) if way in ways), None)
    if way is None:
        raise _fault(f"lets applications prove themselves neither by {BASIC} nor by {POST}")
    return ProviderDocument(
        issuer,
        found["authorization_endpoint"],
        found["token_endpoint"],
        found["jwks_uri"],
        found.get("authorization_response_iss_parameter_supported") is True,
        way,
    )


def published_keys(document: ProviderDocument, get: Get) -> Sequence[Mapping[str, Any]]:
    """The keys that a provider publishes, as they came. Raises SingleSignOnRefused."""
    keys = json_object(_get(get, document.jwks_uri), Refusal.KEY).get("keys")
    usable = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    if not usable:
        raise refused(Refusal.KEY, "The provider publishes no keys to check its answers with.")
    return usable[:_MOST_KEYS]


def json_object(fetched: Fetched, reason: Refusal) -> dict[str, Any]:
    """The JSON object of an answer with status 200. Raises SingleSignOnRefused."""
    if fetched.status != 200:
        raise refused(reason, f"The provider answered with status {fetched.status}, not with 200.")
    try:
        found = json.loads(fetched.body)
    except (ValueError, RecursionError) as error:
        raise refused(reason, "The provider answered with something that is no JSON.") from error
    if not isinstance(found, dict):
        raise refused(reason, "The provider answered with something that is no JSON object.")
    return found


def _get(get: Get, url: str) -> Fetched:
    try:
        return get(url)
    except FetchRefused as error:
        raise refused(Refusal.UNREACHABLE, error.message) from error


def _require_address(name: str, value: object, allow: frozenset[str]) -> None:
    """People and secrets are sent there: the same rules as for what the hub fetches."""
    try:
        address = value if isinstance(value, str) and "#" not in value else ""
        target_of(address, allow)
    except FetchRefused as error:
        raise _fault(f"has no {name} that can be used. {error.message.rstrip('.')}") from error


def _words(found: Mapping[str, Any], name: str, default: str) -> frozenset[str]:
    """A list of words; the default where it is left out."""
    listed = found.get(name, [default])
    return frozenset(filter(_is_text, listed)) if isinstance(listed, list) else frozenset()


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _fault(words: str) -> SingleSignOnRefused:
    return refused(Refusal.DISCOVERY, f"The description of the provider {words}.")
