"""The hub fetches from public servers only, whatever address somebody writes."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.errors import FetchRefused
from referral_hub.rules.outgoing import is_public, target_of

PRIVATE_IPV4 = st.one_of(
    *(
        st.ip_addresses(v=4, network=network)
        for network in (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/4", "240.0.0.0/4",
        )
    )
)  # fmt: skip
NO_SERVERS_IPV6 = st.one_of(
    *(
        st.ip_addresses(v=6, network=network)
        for network in (
            "::/8", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/32", "2001:db8::/32",
            "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        )
    )
)  # fmt: skip


@given(PRIVATE_IPV4)
def test_private_special_and_multicast_addresses_are_not_public(address: IPv4Address) -> None:
    assert not is_public(address)


@given(NO_SERVERS_IPV6)
def test_ipv6_addresses_that_are_not_handed_out_to_servers_are_not_public(
    address: IPv6Address,
) -> None:
    assert not is_public(address)


@given(st.ip_addresses(v=4))
def test_no_other_way_to_write_an_ipv4_address_is_public(address: IPv4Address) -> None:
    number = int(address)
    for prefix, shift in (
        ("::", 0), ("::ffff:0:0", 0), ("::ffff:0:0:0", 0), ("64:ff9b::", 0), ("2002::", 80),
        ("2001::", 0),
    ):  # fmt: skip
        assert not is_public(IPv6Address(int(IPv6Address(prefix)) | number << shift))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700::6810:84e5"])
def test_addresses_of_public_servers_are_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "", "example.org", "ftp://example.org/", "file:///etc/passwd", "http://example.org/",
        "https://", "https:///path", "https://user@example.org/", "https://:secret@example.org/",
        "https://example.org:8443/", "https://example.org:80/", "https://example.org:0/",
        "https://example.org:99999/", "https://[::1", "https://exa mple.org/",
        "https://example.org/a\r\nHost: other", "https://example.org/ä", f"https://{'a' * 64}.org/",
        "https://good.example\\@10.0.0.1/",
    ],
)  # fmt: skip
def test_what_is_no_plain_https_address_is_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        target_of(url, frozenset())


@given(st.text(max_size=60))
def test_any_text_is_a_target_or_refused(text: str) -> None:
    for url in (text, f"https://{text}"):
        try:
            target = target_of(url, frozenset())
        except FetchRefused:
            continue
        assert (target.scheme, target.port, target.allowed) == ("https", 443, False)


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("http://jwks.internal:9000/keys", "jwks.internal:9000"),
        ("http://JWKS.internal/keys", "jwks.internal:80"),
        ("https://[fd00::1]:8443/keys", "[fd00::1]:8443"),
    ],
)
def test_what_is_allowed_by_name_may_be_asked_by_http_and_on_any_port(url: str, entry: str) -> None:
    target = target_of(url, frozenset({entry}))
    assert target.allowed
    assert target.path == "/keys"
    with pytest.raises(FetchRefused):
        target_of(url, frozenset({"elsewhere.internal:9000"}))


def test_the_path_keeps_its_query_and_loses_its_fragment() -> None:
    assert target_of("https://example.org/a?b=c#d", frozenset()).path == "/a?b=c"
    assert target_of("https://example.org", frozenset()).path == "/"
