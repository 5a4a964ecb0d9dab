"""The browser of this request, as signing in knows it."""

import re

from flask import request

from referral_hub.use_cases.steps.browsers import Browser
from referral_hub.web.cookies import KNOWN_COOKIE, cookie
from referral_hub.web.form_tokens import browser_secret

_BROWSERS = (
    ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"),
    ("Firefox|FxiOS", "Firefox"), ("Chrome|Chromium|CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone|iPod", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Mac OS X|Macintosh", "Mac"), ("Linux|X11", "Linux"),
)  # fmt: skip


def browser() -> Browser:
    """Who asks, before anybody knows which person it is."""
    return Browser(
        secret=browser_secret(),
        label=label(request.user_agent.string),
        address=request.remote_addr or "",
        known=cookie(KNOWN_COOKIE),
    )


def label(user_agent: str) -> str:
    """A browser in a few words: "Firefox on Linux"."""
    name = _first(_BROWSERS, user_agent, "Browser")
    return f"{name} on {_first(_SYSTEMS, user_agent, 'unknown system')}"


def _first(known: tuple[tuple[str, str], ...], text: str, default: str) -> str:
    return next((name for pattern, name in known if re.search(rf"\b(?:{pattern})", text)), default)
