"""For which site passkeys are made: the hub's public address, or this computer in demo mode."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from referral_hub.gateways.passkeys import Site
from referral_hub.rules.errors import InvalidInput
from referral_hub.web.hub import hub

LOCAL = "localhost"


def passkey_site() -> Site | None:
    """The site; None where browsers make no passkeys, as at an address of numbers."""
    parts = urlsplit(hub().settings.public_url)
    host, origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
    if hub().settings.mode != "production" and urlsplit(request.host_url).hostname == LOCAL:
        host, origin = LOCAL, request.host_url.rstrip("/")
    try:
        ip_address(host)
    except ValueError:
        return Site(host, origin)
    return None


def require_passkey_site() -> Site:
    """The site. Raises InvalidInput where browsers make no passkeys."""
    site = passkey_site()
    if site is None:
        raise InvalidInput("Passkeys do not work at this address of the site.")
    return site
