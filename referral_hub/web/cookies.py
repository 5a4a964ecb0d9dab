"""The hub's own cookies: never read by scripts, never sent with forms that other sites post."""

from datetime import timedelta

from flask import Response, current_app, request

SESSION_COOKIE = "hub_session"
FORM_COOKIE = "hub_form"
KNOWN_COOKIE = "hub_known"
"""Says in whose account this browser has signed in before (`use_cases.steps.browsers`)."""


def cookie(name: str) -> str:
    """The value of a cookie that came along, or an empty text."""
    return request.cookies.get(_name(name), "")


def set_cookie(response: Response, name: str, value: str, keep: timedelta | None = None) -> None:
    """Give the browser a cookie: for a length of time, or until it is closed."""
    response.set_cookie(
        _name(name),
        value,
        max_age=keep,
        path="/",
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: Response, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(
        _name(name), path="/", secure=_is_secure(), httponly=True, samesite="Lax"
    )


def _name(name: str) -> str:
    """With the prefix by which browsers keep other hosts from setting it, where there is TLS."""
    return f"__Host-{name}" if _is_secure() else name


def _is_secure() -> bool:
    return bool(current_app.config["COOKIES_SECURE"])
