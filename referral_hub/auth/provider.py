"""What the server is made of, beside the request and the database."""

from dataclasses import dataclass

from referral_hub.auth.remote_keys import RemoteKeys
from referral_hub.gateways.field_crypto import Vault

AUTHORIZE, TOKEN, INTROSPECT, REVOKE, USERINFO, JWKS, LOGOUT = (
    f"/oauth/{name}"
    for name in ("authorize", "token", "introspect", "revoke", "userinfo", "jwks", "logout")
)


@dataclass(frozen=True, slots=True)
class Provider:
    """The hub as an OpenID provider: its name (an address), its keys, and keys of others."""

    issuer: str
    vault: Vault
    remote_keys: RemoteKeys

    def address(self, path: str) -> str:
        """The public address of an endpoint."""
        return self.issuer + path

    @property
    def audiences(self) -> frozenset[str]:
        """By which names an application may call the hub when it signs who it is."""
        return frozenset({self.issuer, self.address(TOKEN)})
