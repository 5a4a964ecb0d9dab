"""Settings are read once, checked, and never leak a secret."""

import pytest

from referral_hub.config import MEANING, describe_settings, read_settings
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
