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
    ["https://ana@hub.example", "https://ana:secret@hub.example", "https://hub.example/hub",
     "https://hub.example?x=1", "https://hub.example#x", "https://hub.example//", "https://",
     "https://hub.example:99999", "https://hub.example:", "https://Hub.example", "hub.example",
     "https://:443", "https:///find", "https://hub.example\\@evil.example"],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["production", "demo"])
def test_the_public_address_is_that_of_a_whole_site(mode: str, address: str) -> None:
    environment = PRODUCTION | {"REFERRAL_HUB_PUBLIC_URL": address, "REFERRAL_HUB_MODE": mode}
    assert faults(**environment) == {"REFERRAL_HUB_PUBLIC_URL"}


@pytest.mark.parametrize(
    "address",
    [
        "https://hub.example",
        "https://hub.example/",
        "https://hub.example:8443",
        "http://localhost:8000",
        "http://127.0.0.1",
        "http://[::1]:80",
    ],
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


def reasons(**environment: str) -> dict[str, str]:
    with pytest.raises(SettingsInvalid) as caught:
        read_settings(PRODUCTION | environment)
    return {name.removeprefix("REFERRAL_HUB_"): text for name, text in caught.value.fields.items()}


def test_every_wrong_exception_for_outgoing_fetches_is_named() -> None:
    allow = "idp.local:8443,[::1]:80,idp.local,10.0.0.0/8,Idp.Local:80,::1:80,a:0,https://b:1,u@c:2"
    (reason,) = reasons(REFERRAL_HUB_OUTGOING_ALLOW=allow).values()
    wrong = ("idp.local is", "10.0.0.0/8 is", "a:0 is", "https://b:1 is", "Idp.Local:80 must",
             "::1:80 is", "u@c:2 must")  # fmt: skip
    assert all(part in reason for part in wrong)
    assert reason.count(", and ") == len(wrong) - 1


def test_right_exceptions_for_outgoing_fetches_are_taken() -> None:
    settings = read_settings(
        PRODUCTION | {"REFERRAL_HUB_OUTGOING_ALLOW": "idp.local:8443, [::1]:80,127.0.0.1:9"}
    )
    assert settings.outgoing_allow == {"idp.local:8443", "[::1]:80", "127.0.0.1:9"}


SMTP = {"REFERRAL_HUB_SMTP_URL": "smtp://mail.example.org"}
FROM = {"REFERRAL_HUB_MAIL_FROM": "hub@example.org"}


def test_mail_needs_both_a_server_and_a_sender() -> None:
    assert set(reasons(**SMTP)) == {"MAIL_FROM"}
    assert set(reasons(**FROM)) == {"MAIL_FROM"}
    assert read_settings(PRODUCTION | SMTP | FROM).mail_from == "hub@example.org"
    assert read_settings(FROM | {"REFERRAL_HUB_MODE": "demo"}).mail_from == "hub@example.org"


@pytest.mark.parametrize("sender", ["hub", "hub@", "Hub <hub@example.org>", "hub@example"])
def test_a_sender_is_an_address_that_mail_can_be_sent_to(sender: str) -> None:
    assert set(reasons(**SMTP, REFERRAL_HUB_MAIL_FROM=sender)) == {"MAIL_FROM"}


@pytest.mark.parametrize("url", ["smtp://", "http://mail", "mail.example.org", "smtp://m:port"])
def test_a_mail_server_has_a_host(url: str) -> None:
    assert set(reasons(**FROM, REFERRAL_HUB_SMTP_URL=url)) == {"SMTP_URL"}


def test_the_audit_is_not_sealed_with_a_key_that_seals_data() -> None:
    both = {
        "REFERRAL_HUB_FIELD_KEYS": f"k2:{K2},k1:{K1}",
        "REFERRAL_HUB_AUDIT_KEY": K1.rstrip("="),
    }
    assert set(reasons(**both)) == {"AUDIT_KEY"}
    assert set(reasons(**both, REFERRAL_HUB_MODE="demo")) == {"AUDIT_KEY"}


@pytest.mark.parametrize("proxies", ["-1", "10", "9" * 5000, "٣", "1.0", "many"])
def test_proxies_are_counted_in_one_digit(proxies: str) -> None:
    assert set(reasons(REFERRAL_HUB_TRUSTED_PROXIES=proxies)) == {"TRUSTED_PROXIES"}


def test_all_that_is_wrong_is_told_at_once() -> None:
    found = reasons(
        REFERRAL_HUB_OUTGOING_ALLOW="x",
        REFERRAL_HUB_SMTP_URL="smtp://",
        REFERRAL_HUB_MAIL_FROM="hub",
        REFERRAL_HUB_PUBLIC_URL="http://ana@hub.example/find",
        REFERRAL_HUB_AUDIT_KEY="short",
        REFERRAL_HUB_TRUSTED_PROXIES="x",
    )
    assert len(found) == 6
    assert "https address" in found["PUBLIC_URL"]
    assert "host and port alone" in found["PUBLIC_URL"]
