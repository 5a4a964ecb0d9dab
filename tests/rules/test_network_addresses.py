"""Network addresses as they tell callers apart."""

import pytest

from referral_hub.rules.network_addresses import customer_network


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("", "unknown"),
        ("no address", "unknown"),
    ],
)
def test_an_address_is_known_by_its_customer(address: str, network: str) -> None:
    assert customer_network(address) == network
