"""Id tokens: what the hub signs for an application about who has signed in, and how."""

from typing import Any

from authlib.oidc.core.util import create_half_hash
from joserfc import jwt

from referral_hub.auth.clients import Client
from referral_hub.auth.signing_keys import signing_key
from referral_hub.models import AuthorizationCode, SignInSession
from referral_hub.rules.actor import Person
from referral_hub.rules.applications import ID_TOKEN_LENGTH
from referral_hub.rules.scopes import Scope


class IdTokens:
    """Adds an id token to the answer to a code, when the scope `openid` was asked for.

    It says who, when and how; name and roles are for `userinfo`, which stops when access does.
    """

    def __call__(self, grant: Any) -> None:
        """Join a grant."""
        grant.register_hook("after_create_token_response", self.add_id_token)

    def add_id_token(self, grant: Any, response: tuple[int, dict[str, Any], object]) -> None:
        """Sign and add."""
        _, token, _ = response
        if Scope.OPENID not in token["scope"].split():
            return
        client: Client = grant.request.client
        key = signing_key(
            grant.server.session, grant.server.provider.vault, client.id_token_algorithm
        )
        header = {"alg": client.id_token_algorithm, "kid": key.kid}
        claims = _claims(grant, client, token["access_token"])
        token["id_token"] = jwt.encode(header, claims, key, [client.id_token_algorithm])


def _claims(grant: Any, client: Client, access_token: str) -> dict[str, Any]:
    code: AuthorizationCode = grant.request.authorization_code.row
    person: Person = grant.request.user
    held = grant.server.session.get_one(SignInSession, code.session_id)
    now = grant.server.now
    claims = {
        "iss": grant.server.provider.issuer,
        "sub": str(person.person_id),
        "aud": client.client_id,
        "iat": int(now.timestamp()),
        "exp": int((now + ID_TOKEN_LENGTH).timestamp()),
        "auth_time": int(held.proved_at.timestamp()),
        "amr": held.methods.split(),
        "at_hash": create_half_hash(access_token, client.id_token_algorithm).decode(),
    }
    return {**claims, "nonce": code.nonce} if code.nonce else claims
