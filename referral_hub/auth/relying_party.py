"""The hub as relying party of agencies' own OpenID providers.

Authorization code with PKCE, state and nonce. What a provider sends is believed only if it comes
from the very provider that the browser was sent to: each has a redirect URI of its own, and the
issuer is compared in the discovery document, in the answer (RFC 9207) and in the id token.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeGuard
from urllib.parse import quote_plus, urlencode, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from referral_hub.auth.provider_discovery import (
    BASIC,
    ProviderDocument,
    discover,
    json_object,
    published_keys,
    refused,
)
from referral_hub.auth.received_id_token import verified_proof
from referral_hub.gateways.outgoing_http import Fetched
from referral_hub.rules.errors import FetchRefused
from referral_hub.rules.sign_in import SESSION_LENGTH
from referral_hub.rules.single_sign_on import Answer, Proof, ProviderAccount, Refusal, Secrets

_RANDOM = 48
_MOST_BYTES = 200_000
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class Fetch(Protocol):
    """The one door for outgoing fetches (`gateways.outgoing_http.fetch`). Raises FetchRefused."""

    def __call__(
        self,
        url: str,
        *,
        allow: frozenset[str],
        most_bytes: int,
        method: str = ...,
        body: bytes | None = ...,
        headers: Mapping[str, str] | None = ...,
    ) -> Fetched:
        """What an address answers."""


class OpenIdRelyingParty:
    """Speaks with providers, as `rules.single_sign_on.RelyingParty` has it.

    It keeps nothing: what a provider says of itself, and its keys, are read anew each time.
    """

    def __init__(self, fetch: Fetch, allow: frozenset[str]) -> None:
        self._allow = allow
        self._fetch = partial(fetch, allow=allow, most_bytes=_MOST_BYTES)

    def check(self, issuer: str) -> None:
        """Find out whether a provider can be used. Raises SingleSignOnRefused."""
        published_keys(self._discover(issuer), self._fetch)

    def begin(self, account: ProviderAccount, *, anew: bool) -> tuple[str, Secrets]:
        """The address at the provider where a sign-in begins. Raises SingleSignOnRefused.

        `anew` asks that people prove who they are also where the provider knows them already.
        """
        document = self._discover(account.issuer)
        state, nonce, verifier = (generate_token(_RANDOM) for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": account.client_id,
            "redirect_uri": account.redirect_uri,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            # To be asked for an age obliges providers to say when people proved who they are.
            "max_age": "0" if anew else str(int(SESSION_LENGTH.total_seconds())),
        }
        address = document.authorization_endpoint
        joint = "&" if urlsplit(address).query else "?"
        return f"{address}{joint}{urlencode(asked)}", Secrets(state, nonce, verifier)

    def finish(
        self, account: ProviderAccount, answer: Answer, secrets: Secrets, *, now: datetime
    ) -> Proof:
        """Who has signed in. Raises SingleSignOnRefused."""
        document = self._discover(account.issuer)
        _check_answer(document, answer)
        tokens = self._trade(document, account, answer.code, secrets.verifier)
        access_token, id_token = tokens.get("access_token", ""), tokens.get("id_token")
        if not _is_ascii(id_token) or not _is_ascii(access_token):
            raise refused(Refusal.TOKEN, "The provider's answer holds no id token.")
        return verified_proof(
            id_token,
            published_keys(document, self._fetch),
            issuer=account.issuer,
            client_id=account.client_id,
            nonce=secrets.nonce,
            access_token=access_token,
            now=now,
        )

    def _discover(self, issuer: str) -> ProviderDocument:
        return discover(issuer, self._fetch, self._allow)

    def _trade(
        self, document: ProviderDocument, account: ProviderAccount, code: str, verifier: str
    ) -> dict[str, Any]:
        """What the token endpoint gives for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": account.redirect_uri,
            "code_verifier": verifier,
        }
        headers = dict(_FORM)
        if document.authentication == BASIC:
            pair = f"{quote_plus(account.client_id)}:{quote_plus(account.client_secret)}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": account.client_id, "client_secret": account.client_secret}
        try:
            fetched = self._fetch(
                document.token_endpoint,
                method="POST",
                body=urlencode(form).encode(),
                headers=headers,
            )
        except FetchRefused as error:
            raise refused(Refusal.UNREACHABLE, error.message) from error
        return json_object(fetched, Refusal.CODE)


def _check_answer(document: ProviderDocument, answer: Answer) -> None:
    """The answer is of this provider, and is a code."""
    is_silent = not answer.issuer and not document.sends_issuer
    if not is_silent and answer.issuer != document.issuer:
        raise refused(Refusal.ANSWER_ISSUER, "The answer came from another provider.")
    if answer.error == "access_denied":
        raise refused(Refusal.DECLINED, "The sign-in was cancelled, or your agency refused it.")
    if answer.error or not answer.code:
        raise refused(Refusal.ANSWER, "The provider could not sign you in just now.")


def _is_ascii(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value.isascii()
