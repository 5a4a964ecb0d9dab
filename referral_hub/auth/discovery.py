"""What the hub tells clients about itself (OpenID Connect Discovery, RFC 8414)."""

from typing import Any

from referral_hub.auth.pkce import METHOD
from referral_hub.auth.provider import (
    AUTHORIZE,
    INTROSPECT,
    JWKS,
    LOGOUT,
    REVOKE,
    TOKEN,
    USERINFO,
    Provider,
)
from referral_hub.rules.applications import SIGNING_ALGORITHMS, ClientAuthentication, GrantType
from referral_hub.rules.scopes import Scope

PROMPTS = ("none", "login", "consent", "select_account")


def metadata(provider: Provider) -> dict[str, Any]:
    """The document at both of its addresses."""
    methods = list(ClientAuthentication)
    confidential = [name for name in methods if name is not ClientAuthentication.NONE]
    algorithms = sorted(SIGNING_ALGORITHMS)
    return {
        "issuer": provider.issuer,
        "authorization_endpoint": provider.address(AUTHORIZE),
        "token_endpoint": provider.address(TOKEN),
        "userinfo_endpoint": provider.address(USERINFO),
        "jwks_uri": provider.address(JWKS),
        "introspection_endpoint": provider.address(INTROSPECT),
        "revocation_endpoint": provider.address(REVOKE),
        "end_session_endpoint": provider.address(LOGOUT),
        "scopes_supported": list(Scope),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GrantType),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "code_challenge_methods_supported": [METHOD],
        "authorization_response_iss_parameter_supported": True,
        "prompt_values_supported": list(PROMPTS),
        "claim_types_supported": ["normal"],
        "claims_supported": [
            "iss", "sub", "aud", "iat", "exp", "auth_time", "amr", "nonce", "at_hash", "name",
            "agency", "agency_id", "roles",
        ],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }  # fmt: skip
