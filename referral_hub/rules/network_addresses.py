"""Network addresses as they tell callers apart."""

from ipaddress import IPv6Address, ip_address, ip_network

_CUSTOMER = 64
"""How many bits of an IPv6 address one customer shares: the rest is theirs to choose."""


def customer_network(address: str) -> str:
    """The address, or for IPv6 its network: in that, one customer has addresses without end."""
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ip_network((int(known), _CUSTOMER), strict=False))
    return str(known)
