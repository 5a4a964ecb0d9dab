"""Who is signed in, at the head of every page."""

from flask import Flask
from sqlalchemy.exc import OperationalError

from referral_hub.rules.actor import Person
from referral_hub.rules.errors import HubError
from referral_hub.use_cases.account import Badge, show_badge
from referral_hub.use_cases.notices import count_unread
from referral_hub.web.hub import actor, session, vault


def signed_in_badge() -> Badge | None:
    """Who is signed in; None when nobody is, or when that cannot be found out for an error page."""
    try:
        return show_badge(session(), actor(), vault=vault()) if _is_person() else None
    except (OperationalError, HubError):
        return None


def unread_notices() -> int:
    """How much news there is that who is signed in has not read; 0 where that cannot be found out
    for an error page."""
    try:
        return count_unread(session(), actor()) if _is_person() else 0
    except (OperationalError, HubError):
        return 0


def register_account_bar(app: Flask) -> None:
    """Give templates `signed_in_badge()` and `unread_notices()`."""
    app.add_template_global(signed_in_badge)
    app.add_template_global(unread_notices)


def _is_person() -> bool:
    return isinstance(actor(), Person)
