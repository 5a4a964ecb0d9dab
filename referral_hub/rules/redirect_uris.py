"""Addresses to which the hub sends people back to an application.

They are compared letter by letter. Only a loopback address may have another port each time: an
application on a person's own machine takes the port that is free (RFC 8252).
"""

import re
from urllib.parse import urlsplit

MOST_LETTERS = 500
_ALLOWED = re.compile(r"[!#-\[\]-~]+")  # printable ASCII without blank, quote and backslash
_LOOPBACK = re.compile(
    r"http://(?P<host>127\.0\.0\.1|\[::1\]|localhost)(?::(?P<port>\d{1,5}))?(?P<rest>[/?].*)?"
)


def fault_of(uri: str) -> str | None:
    """Why an address cannot be registered, in a sentence; None when it can."""
    if len(uri) > MOST_LETTERS or not _ALLOWED.fullmatch(uri):
        return f"Use at most {MOST_LETTERS} plain letters, without blanks."
    if "*" in uri:
        return "Write each address in full: a wildcard would let others in."
    if "#" in uri:
        return "An address may not have a fragment (#)."
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "This is not an address."
    if not host or "@" in parts.netloc:
        return "This is not an address of a server."
    if parts.scheme != "https" and not is_loopback(uri):
        return "Use https. Plain http is only for http://127.0.0.1, http://[::1] and localhost."
    return None


def is_loopback(uri: str) -> bool:
    """Whether an address is one of the person's own machine."""
    return _LOOPBACK.fullmatch(uri) is not None


def is_registered(uri: str, registered: list[str] | tuple[str, ...]) -> bool:
    """Whether an address is one of those registered."""
    return any(uri == known or _same_loopback(uri, known) for known in registered)


def origin_of(uri: str) -> str:
    """Scheme and server of an address, to show people where they go."""
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def form_targets_of(uri: str) -> str:
    """Where a form may lead that ends at an address, as a content security policy names it.

    Any https site: browsers hold the whole chain of redirects against the form's page, and an
    application's own may go from one of its sites to another.
    """
    if uri.startswith("http://["):  # a policy has no words for IPv6 addresses
        return "http: https:"
    return "https:" if uri.startswith("https://") else f"{origin_of(uri)} https:"


def _same_loopback(uri: str, known: str) -> bool:
    asked, held = _LOOPBACK.fullmatch(uri), _LOOPBACK.fullmatch(known)
    return (
        asked is not None
        and held is not None
        and (asked["host"], asked["rest"]) == (held["host"], held["rest"])
        and int(asked["port"] or 80) < 65536
        and _ALLOWED.fullmatch(uri) is not None
    )
