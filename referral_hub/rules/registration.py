"""What an application states when it is registered, and whether that can be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from referral_hub.rules.applications import (
    SIGNING_ALGORITHMS,
    ClientAuthentication,
    GrantType,
)
from referral_hub.rules.errors import InvalidInput
from referral_hub.rules.public_keys import fault_of_keys
from referral_hub.rules.redirect_uris import fault_of
from referral_hub.rules.scopes import MEANING, OF_PEOPLE, Scope
from referral_hub.rules.texts import is_line, is_passage

MOST_NAME, MOST_PURPOSE, MOST_URIS = 80, 500, 20


@dataclass(frozen=True, slots=True)
class Registration:
    """An application as its agency wants it. `purpose` is what people read before they agree."""

    name: str
    purpose: str
    authentication: str
    grants: frozenset[str]
    scopes: frozenset[Scope]
    redirect_uris: tuple[str, ...] = ()
    logout_uris: tuple[str, ...] = ()
    jwks: Mapping[str, Any] | None = field(default=None, repr=False)
    jwks_uri: str | None = None
    id_token_algorithm: str = SIGNING_ALGORITHMS[-1]


def check_registration(wanted: Registration) -> None:
    """Raise InvalidInput that names each fault."""
    faults = {
        **_faults_of_words(wanted),
        **_faults_of_grants(wanted),
        **_faults_of_addresses(wanted),
        **_faults_of_keys(wanted),
    }
    if faults:
        raise InvalidInput("The application cannot be registered like this.", faults)


def _faults_of_words(wanted: Registration) -> dict[str, str]:
    faults = {}
    if not is_line(wanted.name.strip(), MOST_NAME):
        faults["name"] = f"Give a name of at most {MOST_NAME} letters."
    if not is_passage(wanted.purpose, MOST_PURPOSE):
        faults["purpose"] = f"Say it in at most {MOST_PURPOSE} letters."
    if wanted.authentication not in set(ClientAuthentication):
        faults["authentication"] = "Choose how the application proves who it is."
    if wanted.id_token_algorithm not in SIGNING_ALGORITHMS:
        faults["id_token_algorithm"] = f"Choose from {', '.join(SIGNING_ALGORITHMS)}."
    if not wanted.scopes:
        faults["scopes"] = "Choose at least one thing that the application may do."
    return faults


def _faults_of_grants(wanted: Registration) -> dict[str, str]:
    grants = wanted.grants
    if not grants or grants - set(GrantType):
        return {"grants": "Choose at least one way in which it gets access."}
    if GrantType.REFRESH_TOKEN in grants and GrantType.AUTHORIZATION_CODE not in grants:
        return {"grants": "Only what a person gave is renewed: choose that as well."}
    if GrantType.CLIENT_CREDENTIALS in grants:
        if wanted.authentication == ClientAuthentication.NONE:
            return {"grants": "An application that acts by itself needs a key or a secret."}
        if GrantType.AUTHORIZATION_CODE not in grants and wanted.scopes & OF_PEOPLE:
            listed = "; ".join(MEANING[scope] for scope in sorted(wanted.scopes & OF_PEOPLE))
            return {"scopes": f"This needs a person who lets it in: {listed}."}
    return {}


def _faults_of_addresses(wanted: Registration) -> dict[str, str]:
    faults = {}
    for name, uris in (
        ("redirect_uris", wanted.redirect_uris),
        ("logout_uris", wanted.logout_uris),
    ):
        reasons = [reason for uri in uris if (reason := fault_of(uri))]
        if reasons:
            faults[name] = reasons[0]
        elif len(uris) > MOST_URIS:
            faults[name] = f"Give at most {MOST_URIS} addresses."
    if GrantType.AUTHORIZATION_CODE in wanted.grants and not wanted.redirect_uris:
        faults["redirect_uris"] = "Give the address to which people come back."
    return faults


def _faults_of_keys(wanted: Registration) -> dict[str, str]:
    if wanted.authentication != ClientAuthentication.PRIVATE_KEY_JWT:
        given = wanted.jwks is not None or wanted.jwks_uri
        return {"jwks": "Keys are only for a private key that signs."} if given else {}
    if (wanted.jwks is None) == (not wanted.jwks_uri):
        return {"jwks": "Give either public keys or the address of them."}
    if wanted.jwks_uri:
        reason = fault_of(wanted.jwks_uri)
        if reason is None and not wanted.jwks_uri.startswith("https://"):
            reason = "The address of the keys begins with https://."
        return {"jwks_uri": reason} if reason else {}
    reason = fault_of_keys(wanted.jwks)
    return {"jwks": reason} if reason else {}
