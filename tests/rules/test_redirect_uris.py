"""Which addresses an application can be registered with, and which are then the same."""

import pytest

from referral_hub.rules.redirect_uris import fault_of, form_targets_of, is_registered, origin_of

GOOD = [
    "https://partner.example/back",
    "https://partner.example:8443/back?x=1",
    "http://127.0.0.1/back",
    "http://127.0.0.1:5000/back",
    "http://[::1]/back",
    "http://localhost:3000/back",
    "http://localhost",
]
BAD = [
    "http://partner.example/back",
    "https://*.partner.example/back",
    "https://partner.example/*",
    "https://partner.example/back#part",
    "https://user@partner.example/back",
    "https:///back",
    "https://",
    "https://[",
    "https://partner.example:port/",
    "partner.example/back",
    "/back",
    "javascript:alert(1)",
    "com.example.app:/back",
    "https://partner.example/ back",
    'https://partner.example/"',
    "https://partner.example\\@evil.example/",
    "https://pärtner.example/",
    "http://127.0.0.1.evil.example/back",
    "http://127.0.0.1@evil.example/back",
    "http://localhost.evil.example/",
    "https://partner.example/" + "x" * 500,
    "",
]


@pytest.mark.parametrize("uri", GOOD)
def test_these_can_be_registered(uri: str) -> None:
    assert fault_of(uri) is None
    assert is_registered(uri, (uri,))


@pytest.mark.parametrize("uri", BAD)
def test_these_cannot(uri: str) -> None:
    assert fault_of(uri) is not None


def test_addresses_are_compared_letter_by_letter() -> None:
    registered = ("https://partner.example/back",)
    for other in (
        "https://partner.example/back/", "https://partner.example/Back",
        "https://PARTNER.example/back", "https://partner.example:443/back",
        "https://partner.example/back?x=1", "https://partner.example/x/../back",
    ):  # fmt: skip
        assert not is_registered(other, registered)


def test_only_the_port_of_the_own_machine_may_change() -> None:
    registered = ("http://127.0.0.1/back", "http://[::1]:1/back")
    assert is_registered("http://127.0.0.1:50000/back", registered)
    assert is_registered("http://[::1]:50000/back", registered)
    for other in (
        "http://localhost:50000/back", "http://127.0.0.1:50000/other",
        "http://127.0.0.1:50000/back?x=1", "https://127.0.0.1:50000/back",
        "http://127.0.0.1:99999/back", "http://127.0.0.1:50000@evil.example/back",
        "http://127.0.0.2:50000/back",
    ):  # fmt: skip
        assert not is_registered(other, registered)


def test_where_forms_may_lead_in_the_words_of_a_content_security_policy() -> None:
    assert form_targets_of("https://partner.example:8443/back?x=1") == "https:"
    assert form_targets_of("http://127.0.0.1:5/x") == "http://127.0.0.1:5 https:"
    assert form_targets_of("http://[::1]:5/x") == "http: https:"
    assert origin_of("https://partner.example:8443/back?x=1") == "https://partner.example:8443"
