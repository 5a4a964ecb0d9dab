"""What a browser gets when somebody has signed in, and what is taken from it at the end."""

from datetime import timedelta

from flask import Response, make_response, redirect

from referral_hub.use_cases.steps.signing_in import SignedIn
from referral_hub.web.cookies import KNOWN_COOKIE, SESSION_COOKIE, drop_cookie, set_cookie
from referral_hub.web.own_path import own_path

KEPT = timedelta(days=180)
"""How long a browser is known without another sign-in."""


def after_sign_in(signed: SignedIn) -> Response:
    """Go on to where the person wanted, with the new session."""
    response = to_page(own_path(signed.next_path))
    set_cookie(response, SESSION_COOKIE, signed.token)
    return with_marks(response, signed.known)


def after_sign_out() -> Response:
    """Go to the front page, without a session."""
    response = to_page("/")
    drop_cookie(response, SESSION_COOKIE)
    return response


def with_marks(response: Response, known: str) -> Response:
    """Let the browser keep its marks."""
    set_cookie(response, KNOWN_COOKIE, known, keep=KEPT)
    return response


def to_page(path: str) -> Response:
    """Go on to a page, with GET, after a form."""
    return make_response(redirect(path, 303))
