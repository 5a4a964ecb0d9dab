"""Which addresses the hub asks when somebody else named them: public servers, by https."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from urllib.parse import urlsplit

from referral_hub.rules.errors import FetchRefused

Address = IPv4Address | IPv6Address
HTTPS_PORT = 443

_GLOBAL_UNICAST = ip_network("2000::/3")
"""All that is handed out of IPv6. Translations of IPv4 (NAT64, mapped) lie outside of it."""
_NOT_FOR_SERVERS = tuple(
    map(
        ip_network,
        (
            "192.88.99.0/24",  # relays of 6to4
            "2001::/32",  # Teredo, an IPv4 address in disguise
            "2002::/16",  # 6to4, likewise
            "2001:db8::/32",  # documentation
            "3fff::/20",  # documentation
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """An address of the web that may be asked, taken apart."""

    scheme: str
    host: str
    port: int
    path: str
    allowed: bool

    @property
    def host_header(self) -> str:
        """What the Host header says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = {"https": HTTPS_PORT, "http": 80}[self.scheme]
        return host if self.port == default else f"{host}:{self.port}"


def is_public(address: Address) -> bool:
    """Whether the hub may connect to an address that somebody else named.

    `is_global` alone is not enough: it holds for multicast, and in older Pythons for IPv6
    addresses that are another way to write one of IPv4, such as 64:ff9b::7f00:1 for 127.0.0.1.
    """
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    return not any(address.version == net.version and address in net for net in _NOT_FOR_SERVERS)


def fault_of_exception(entry: str) -> str | None:
    """Why something cannot stand in `allow`, in a few words; None when it can."""
    try:
        parts = urlsplit(f"//{entry}")
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError:
        return "is no host:port"
    if not host or not port:
        return "is no host:port"
    if entry != _entry(host, port):
        return f"must be written {_entry(host, port)}"
    return None


def target_of(url: str, allow: frozenset[str]) -> Target:
    """The address in parts. Raises FetchRefused for one that is not to be asked.

    `allow` has host:port entries that may be asked by http too, on any port.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        default = 80 if parts.scheme == "http" else HTTPS_PORT
        port = default if parts.port is None else parts.port
    except ValueError as error:
        raise FetchRefused("This is not a web address.") from error
    allowed = _entry(host, port) in allow
    if not host or not url.isascii() or any(sign <= " " for sign in url):
        raise FetchRefused("This is not a web address.")
    if parts.scheme != "https" and not (allowed and parts.scheme == "http"):
        raise FetchRefused("Only addresses that begin with https:// are fetched.")
    if parts.username is not None or parts.password is not None:
        raise FetchRefused("An address with a user name or password in it is not fetched.")
    if port != HTTPS_PORT and not allowed:
        raise FetchRefused("Only addresses without a port of their own are fetched.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, allowed)


def _entry(host: str, port: int) -> str:
    """A server in the form in which `allow` has it."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
