"""Codes of authenticator apps, against the RFC's own example and around the edges of a step."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pyotp import TOTP

from referral_hub.gateways.authenticator_codes import (
    as_picture,
    matching_step,
    new_secret,
    setup_address,
)

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
AT = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
STEP = int(AT.timestamp()) // 30


def test_the_example_of_the_standard_matches() -> None:
    """RFC 6238, appendix B: the last six digits at 59 s and at 1111111109 s."""
    at = datetime(1970, 1, 1, tzinfo=UTC)
    assert matching_step(RFC_SECRET, "287082", 0, at + timedelta(seconds=59)) == 1
    assert matching_step(RFC_SECRET, "081804", 0, at + timedelta(seconds=1111111109)) == 37037036


@pytest.mark.parametrize(
    ("drift", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_one_step_off(drift: int, is_taken: bool) -> None:
    code = TOTP(RFC_SECRET).at(AT + timedelta(seconds=30 * drift))
    assert matching_step(RFC_SECRET, code, 0, AT) == (STEP + drift if is_taken else None)


def test_a_step_that_was_taken_and_those_before_match_no_more() -> None:
    code = TOTP(RFC_SECRET).at(AT)
    assert matching_step(RFC_SECRET, code, STEP - 1, AT) == STEP
    assert matching_step(RFC_SECRET, code, STEP, AT) is None
    assert matching_step(RFC_SECRET, code, STEP + 1, AT) is None


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\udcff", "-12345"]
)
def test_what_is_no_code_matches_nothing(code: str) -> None:
    assert matching_step(RFC_SECRET, code, 0, AT) is None


def test_secrets_have_160_bits_and_differ() -> None:
    assert len(new_secret()) == 32
    assert new_secret() != new_secret()


def test_the_picture_holds_the_address_and_loads_from_nowhere() -> None:
    address = setup_address(RFC_SECRET, "ana@example.org", "Referral Hub")
    parts = urlsplit(address)
    assert (parts.scheme, unquote(parts.path)) == ("otpauth", "/Referral Hub:ana@example.org")
    assert parse_qs(parts.query)["secret"] == [RFC_SECRET]
    picture = as_picture(address)
    assert picture.startswith("data:image/svg+xml")
    assert "script" not in unquote(picture)
