"""Settings are read once, checked, and never leak a secret."""

from base64 import b64encode, urlsafe_b64encode
from pathlib import Path

import pytest

from referral_hub.config import DEVELOPMENT_KEY, MEANING, describe_settings, read_settings
from referral_hub.rules.errors import SettingsInvalid

PRODUCTION = {
    "REFERRAL_HUB_SECRET_KEY": "a-long-random-secret-of-32-characters!",
    "REFERRAL_HUB_FIELD_KEYS": "k1:" + "QUJD" * 10 + "QUI=",
    "REFERRAL_HUB_AUDIT_KEY": "QUJD" * 10 + "REI=",
    "REFERRAL_HUB_PUBLIC_URL": "https://hub.example.org",
}


def faults(**environment: str) -> set[str]:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(environment)
    return set(caught.value.fields)


def test_production_is_the_default_and_refuses_to_start_without_secrets() -> None:
    assert faults() == {
        "REFERRAL_HUB_SECRET_KEY",
        "REFERRAL_HUB_PUBLIC_URL",
        "REFERRAL_HUB_FIELD_KEYS",
        "REFERRAL_HUB_AUDIT_KEY",
    }


def test_production_starts_with_what_it_needs() -> None:
    assert read_settings(PRODUCTION).mode == "production"


def test_production_refuses_the_development_secret() -> None:
    secret = read_settings({"REFERRAL_HUB_MODE": "demo"}).secret_key
    assert "REFERRAL_HUB_SECRET_KEY" in faults(**PRODUCTION | {"REFERRAL_HUB_SECRET_KEY": secret})


def test_every_wrong_setting_is_named_at_once() -> None:
    wrong = {"REFERRAL_HUB_MODE": "play", "REFERRAL_HUB_TRUSTED_PROXIES": "many"}
    assert faults(**wrong) == set(wrong)


@pytest.mark.parametrize(
    "address",
    ["http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://localhost@evil.example",
     "http://hub.example", "https://", "http://[", "ftp://localhost"],
)  # fmt: skip
def test_only_this_machine_goes_without_https(address: str) -> None:
    assert faults(**PRODUCTION | {"REFERRAL_HUB_PUBLIC_URL": address}) == {
        "REFERRAL_HUB_PUBLIC_URL"
    }


@pytest.mark.parametrize(
    "address",
    ["https://hub.example", "http://localhost:8000", "http://127.0.0.1", "http://[::1]:80"],
)
def test_https_and_this_machine_can_be_the_public_address(address: str) -> None:
    settings = read_settings(PRODUCTION | {"REFERRAL_HUB_PUBLIC_URL": address})
    assert settings.public_url == address


def test_a_misspelt_setting_is_named() -> None:
    assert "REFERRAL_HUB_DATABSE_URL" in faults(**PRODUCTION, REFERRAL_HUB_DATABSE_URL="x")


def test_secrets_are_masked_when_settings_are_printed() -> None:
    environment = PRODUCTION | {
        "REFERRAL_HUB_DATABASE_URL": "postgresql+psycopg://hub:hunter2@db/hub"
    }
    printed = str(describe_settings(read_settings(environment), environment))
    assert "hunter2" not in printed
    assert "a-long-random-secret" not in printed
    assert "@db/hub" in printed


def test_every_setting_has_a_meaning() -> None:
    rows = describe_settings(read_settings(PRODUCTION), PRODUCTION)
    assert len(rows) == len(MEANING)


def a_key(fill: str) -> str:
    return b64encode(fill.encode() * 32).decode()


K1, K2 = a_key("1"), a_key("2")
OTHER_ALPHABET = urlsafe_b64encode(b"\xfb\xef\xff" * 10 + b"\xff\xff").decode()


def ring(written: str) -> dict[str, bytes]:
    return dict(read_settings(PRODUCTION | {"REFERRAL_HUB_FIELD_KEYS": written}).field_keys)


def test_keys_are_read_the_newest_first() -> None:
    assert list(ring(f"k2:{K2},k1:{K1}").items()) == [("k2", b"2" * 32), ("k1", b"1" * 32)]
    assert ring(f" k1:{K1} , ") == {"k1": b"1" * 32}
    assert ring(f"k1:{K1.rstrip('=')}") == {"k1": b"1" * 32}
    assert ring(f"k1:{OTHER_ALPHABET}") == ring(f"k1:{OTHER_ALPHABET.translate(SWAPPED)}")


SWAPPED = str.maketrans("-_", "+/")


def test_keys_may_stand_in_a_file_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text(f"k2:{K2}\n\nk1:{K1}\n")
    assert list(ring(f"@{path}")) == ["k2", "k1"]


@pytest.mark.parametrize(
    "written",
    [
        f"k1:{K1},k1:{K2}", f"k1:{K1},k2", f"k1:{K1},k2:", f":{K1}", K1, "k1:short", f"k1:{K1}x",
        "k1:" + b64encode(b"x" * 31).decode(), "k1:" + b64encode(b"x" * 33).decode(),
        f"k1:{K1[:-3]}é==", "k1:" + b64encode(DEVELOPMENT_KEY).decode(),
        f"k1:{K1},old:" + b64encode(DEVELOPMENT_KEY).decode(), "@/nowhere/keys", "@",
        f"{'k' * 300}:{K1}", ",",
    ],
)  # fmt: skip
def test_a_ring_that_cannot_be_used_is_refused_without_showing_it(written: str) -> None:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(PRODUCTION | {"REFERRAL_HUB_FIELD_KEYS": written})
    assert set(caught.value.fields) == {"REFERRAL_HUB_FIELD_KEYS"}
    assert K1 not in caught.value.message


def test_a_file_of_keys_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_bytes(b"\xff\xfe")
    assert faults(**PRODUCTION | {"REFERRAL_HUB_FIELD_KEYS": f"@{path}"}) == {
        "REFERRAL_HUB_FIELD_KEYS"
    }


@pytest.mark.parametrize(
    "written", ["short", K1 + "x", b64encode(DEVELOPMENT_KEY).decode(), "é" * 44]
)
def test_an_audit_key_that_cannot_be_used_is_refused(written: str) -> None:
    assert faults(**PRODUCTION | {"REFERRAL_HUB_AUDIT_KEY": written}) == {"REFERRAL_HUB_AUDIT_KEY"}


def test_demo_mode_has_keys_of_its_own() -> None:
    settings = read_settings({"REFERRAL_HUB_MODE": "demo"})
    assert list(settings.field_keys.values()) == [settings.audit_key] == [DEVELOPMENT_KEY]


def test_keys_are_masked_when_settings_are_printed() -> None:
    environment = PRODUCTION | {
        "REFERRAL_HUB_FIELD_KEYS": f"k2:{K2},k1:{K1}",
        "REFERRAL_HUB_AUDIT_KEY": a_key("3"),
        "REFERRAL_HUB_SMTP_URL": "smtp://user:hunter2@mail.example.org:587",
        "REFERRAL_HUB_MAIL_FROM": "hub@example.org",
    }
    rows = describe_settings(read_settings(environment), environment)
    shown = {name: value for name, value, _, _ in rows}
    assert shown["REFERRAL_HUB_FIELD_KEYS"] == "k2:***, k1:***"
    assert shown["REFERRAL_HUB_AUDIT_KEY"] == "***"
    assert shown["REFERRAL_HUB_SMTP_URL"] == "smtp://***@mail.example.org:587"
    for secret in (K1, K2, a_key("3"), "hunter2", "111", "222", "333"):
        assert secret not in str(rows)
