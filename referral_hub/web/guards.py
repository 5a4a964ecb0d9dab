"""Who may come in at all: every route says so, and one that says nothing lets nobody in.

A guard opens the door of a route; what may be done behind it the use cases decide.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, current_app, request

from referral_hub.rules.actor import Anonymous, Application
from referral_hub.rules.errors import (
    NotPermitted,
    ScopeMissing,
    SecondFactorNeeded,
    SignInNeeded,
)
from referral_hub.rules.permissions import Permission, require
from referral_hub.rules.scopes import Scope
from referral_hub.rules.sign_in import require_proof
from referral_hub.web.form_tokens import require_own_form
from referral_hub.web.hub import actor, now, partner, person

ACCESS = "referral_hub_access"
BEFORE_SECOND_FACTOR = "referral_hub_before_second_factor"
ASKS_ONLY = "referral_hub_asks_only"
SCOPE = "referral_hub_scope"
PERMISSION = "referral_hub_permission"
OPEN_ENDPOINTS = frozenset({"static", "api-docs.openapi_json"})
"""Routes of the framework that everybody may reach."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """Who gets through the door of a route."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PROVED = "signed in, proved anew"
    APPLICATION = "application with a token"
    PROGRAM = "program that proves itself inside"


def public(view: View) -> View:
    """Everybody; forms must come from the hub's own pages."""
    return _marked(view, Access.PUBLIC)


def signed_in(view: View) -> View:
    """People who are signed in."""
    return _marked(view, Access.SIGNED_IN)


def proved(view: View) -> View:
    """People who are signed in and proved who they are within the last minutes.

    The one place that asks for that: use cases do not (docs/decisions/0030).
    """
    return _marked(view, Access.PROVED)


def before_second_factor(view: View) -> View:
    """Besides a guard: also for people whose role needs a second factor that is still missing."""
    setattr(view, BEFORE_SECOND_FACTOR, True)
    return view


def asks_only(view: View) -> View:
    """Besides a guard: what is sent by POST changes nothing, so that it may come from anywhere."""
    setattr(view, ASKS_ONLY, True)
    return view


def application(view: View) -> View:
    """Applications with a valid token; cookies count for nothing."""
    return _marked(view, Access.APPLICATION)


def program(view: View) -> View:
    """Programs that prove in the request itself who they are, as at the token endpoint."""
    return _marked(view, Access.PROGRAM)


def needs_scope(*scopes: Scope) -> Callable[[View], View]:
    """Besides a guard: a token that comes along must be good, and have one of the scopes."""

    def mark(view: View) -> View:
        setattr(view, SCOPE, scopes)
        return view

    return mark


def needs(permission: Permission) -> Callable[[View], View]:
    """Besides a guard: who sends the form must hold the permission, whatever they sent."""

    def mark(view: View) -> View:
        setattr(view, PERMISSION, permission)
        return view

    return mark


def access_of(endpoint: str | None, view: Callable[..., Any] | None) -> Access | None:
    """What a route says of who may come in; None when it says nothing."""
    if endpoint in OPEN_ENDPOINTS:
        return Access.PUBLIC
    return getattr(view, ACCESS, None)


def register_guards(app: Flask) -> None:
    """Stand at the door of every route."""
    app.before_request(_guard)


def _guard() -> None:
    if request.endpoint is None:
        return
    access = access_of(request.endpoint, current_app.view_functions.get(request.endpoint))
    if access is None:
        raise NotPermitted("Nobody may come in here.")
    if access in (Access.SIGNED_IN, Access.PROVED):
        if isinstance(actor(), Anonymous):
            raise SignInNeeded("Sign in to go on.")
        if person().second_factor_missing and not _is_before_second_factor():
            raise SecondFactorNeeded("Your role needs a second step to sign in. Set one up first.")
        if access is Access.PROVED:
            require_proof(person().proved_at, now())
    if access is Access.APPLICATION:
        partner()
    _require_scope(getattr(current_app.view_functions[request.endpoint], SCOPE, ()))
    view = current_app.view_functions[request.endpoint]
    if (
        request.method not in SAFE
        and access in (Access.PUBLIC, Access.SIGNED_IN, Access.PROVED)
        and not getattr(view, ASKS_ONLY, False)
    ):
        require_own_form()
        permission = getattr(view, PERMISSION, None)
        if permission is not None:
            require(actor(), permission)


def _is_before_second_factor() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, BEFORE_SECOND_FACTOR, False))


def _require_scope(scopes: tuple[Scope, ...]) -> None:
    acting = actor() if scopes else None
    if isinstance(acting, Application) and acting.scopes.isdisjoint(scopes):
        listed = " or ".join(scopes)
        raise ScopeMissing(f"This needs a token with the scope {listed}.", " ".join(scopes))


def _marked(view: View, access: Access) -> View:
    setattr(view, ACCESS, access)
    return view
