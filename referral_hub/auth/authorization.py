"""What an application asks when it sends a person to the hub, and what has to happen next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from authlib.oauth2.rfc6749 import AccessDeniedError, InvalidRequestError, OAuth2Error

from referral_hub.auth.clients import Client
from referral_hub.auth.messages import Answer, OAuthRequest
from referral_hub.auth.server import Server
from referral_hub.auth.token_sources import Consent
from referral_hub.rules.actor import Person
from referral_hub.rules.applications import ClientAuthentication
from referral_hub.rules.redirect_uris import is_loopback
from referral_hub.rules.scopes import Scope

FRESH = 60
"""Seconds that a proof is as good as new: people need some to come back from giving it."""
_NOT_OFFERED = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}
_ASKING = frozenset({"consent", "select_account"})
_MOST_DIGITS = 9


class Step(StrEnum):
    """What has to happen before a person is sent back."""

    SIGN_IN = "sign in"
    CONFIRM = "prove anew who they are"
    SECOND_FACTOR = "set up or use a second factor"
    CONSENT = "say whether they agree"
    GO_ON = "nothing"


_NOT_SILENT = {
    Step.SIGN_IN: "login_required",
    Step.CONFIRM: "login_required",
    Step.SECOND_FACTOR: "interaction_required",
    Step.CONSENT: "consent_required",
}
"""How an application that asked for silence learns that there is none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that can be answered. `max_age` is in seconds."""

    request: OAuthRequest
    grant: Any
    client: Client
    redirect_uri: str
    scopes: frozenset[Scope]
    prompts: frozenset[str]
    max_age: int | None


def read_authorization(server: Server, request: OAuthRequest) -> Asked:
    """The request, checked.

    Raises OAuth2Error, with a redirect_uri only if people may be sent there.
    """
    grant = server.get_consent_grant(request)
    sent = request.parameters
    for name, code in _NOT_OFFERED.items():
        if name in sent:
            raise _sent_back(request, OAuth2Error("This is not offered.", error=code))
    if sent.get("response_mode", "query") != "query":
        raise _sent_back(request, InvalidRequestError("The response_mode can only be query."))
    prompts = frozenset(sent.get("prompt", "").split())
    if "none" in prompts and len(prompts) > 1:
        raise _sent_back(request, InvalidRequestError("The prompt none stands alone."))
    max_age = sent.get("max_age")
    if max_age is not None and not (max_age.isdecimal() and len(max_age) <= _MOST_DIGITS):
        raise _sent_back(request, InvalidRequestError("The max_age is a number of seconds."))
    return Asked(
        request=request,
        grant=grant,
        client=request.client,
        redirect_uri=grant.redirect_uri,
        scopes=frozenset(map(Scope, request.scope.split())),
        prompts=prompts,
        max_age=int(max_age) if max_age is not None else None,
    )


def next_step(asked: Asked, person: Person | None, allowed: UUID | None, now: datetime) -> Step:
    """What has to happen next. `allowed` is what the person let the application do before.

    Raises OAuth2Error where something has to, but the application asked for silence.
    """
    step = _next_step(asked, person, allowed, now)
    if "none" in asked.prompts and step is not Step.GO_ON:
        raise _sent_back(
            asked.request, OAuth2Error(f"Somebody has to {step}.", error=_NOT_SILENT[step])
        )
    return step


def after_proof(parameters: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same request for when a person comes back from proving who they are.

    That they did is then seen from the age of the proof.
    """
    sent = dict(parameters)
    rest = [(name, value) for name, value in parameters if name not in ("prompt", "max_age")]
    prompts = sent.get("prompt", "").split()
    others = " ".join(value for value in prompts if value != "login")
    max_age = sent.get("max_age", str(FRESH) if "login" in prompts else "")
    if others:
        rest.append(("prompt", others))
    if max_age:
        rest.append(("max_age", str(max(int(max_age), FRESH))))
    return rest


def send_back_with_code(server: Server, asked: Asked, consent: Consent) -> Answer:
    """The person agreed."""
    return server.answer_authorization(asked.request, asked.grant, consent)


def send_back_refused(server: Server, asked: Asked) -> Answer:
    """The person did not agree."""
    return server.answer_error(_sent_back(asked.request, AccessDeniedError()))


def _next_step(asked: Asked, person: Person | None, allowed: UUID | None, now: datetime) -> Step:
    if person is None:
        return Step.SIGN_IN
    if _is_too_old(asked, person, now):
        return Step.CONFIRM
    if person.second_factor_missing:
        return Step.SECOND_FACTOR
    if allowed is None or asked.prompts & _ASKING or _could_be_anybody(asked):
        return Step.CONSENT
    return Step.GO_ON


def _is_too_old(asked: Asked, person: Person, now: datetime) -> bool:
    """Whether the last proof of who the person is does not do."""
    if "login" in asked.prompts or person.proved_at is None:
        return True
    return asked.max_age is not None and now - person.proved_at > timedelta(seconds=asked.max_age)


def _could_be_anybody(asked: Asked) -> bool:
    """Whether any program on the person's machine could pretend to be this application."""
    return asked.client.authentication is ClientAuthentication.NONE and is_loopback(
        asked.redirect_uri
    )


def _sent_back(request: OAuthRequest, error: OAuth2Error) -> OAuth2Error:
    """An error with which people go back: the address has been checked before."""
    error.redirect_uri = request.payload.redirect_uri
    error.state = request.payload.state
    return error
