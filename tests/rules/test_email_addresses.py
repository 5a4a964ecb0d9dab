"""Only addresses that mail can be sent to are taken."""

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.gateways.mail_message import Mail, message_of
from referral_hub.rules.email_addresses import folded, is_email, sent_domain
from tests.conftest import NOW

TYPED = st.text(
    alphabet=st.sampled_from("ab.-_@ü\u0660,;<>()[]\\\"' \n\x00\u200b") | st.characters(),
    max_size=20,
)


@pytest.mark.parametrize(
    "address",
    [
        "ana@example.org", "Ana.Gomez+hub@mail.example.org", "o'neil@example.co", "a@b.cd",
        "ana@bücher.example", "ana@example.xn--p1ai", "ana@1and1.example",
        "x" * 64 + "@example.org",
    ],
)  # fmt: skip
def test_an_address_that_can_be_mailed_is_taken(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "@", "ana", "ana@", "@example.org", "ana@example", "ana@localhost", "ana@10.0.0.1",
        "ana..gomez@example.org", ".ana@example.org", "ana.@example.org", "añá@example.org",
        "ana@example..org", "ana@.example.org", "ana@example.org.", "ana@-example.org",
        "ana@exam_ple.org", "ana@example-.org", "ana@[10.0.0.1]", "ana b@example.org",
        '"ana"@example.org', "ana@example.org, eve@example.org", "ana@example.org\n",
        "ana@example.org\r\nBcc: eve@example.org", "ana@\u200bexample.org", "ana@ex ample.org",
        "ana\x00@example.org", "ana@eve@example.org", "Ana <ana@example.org>",
        "x" * 65 + "@example.org", "ana@" + "x" * 64 + ".org", "ana@" + "x." * 130 + "org",
        "ana@" + "üé" * 10 + ("." + "üé" * 10) * 9 + ".org", "ana@example.12",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_mailed_is_not(address: str) -> None:
    assert not is_email(address)


@pytest.mark.parametrize(
    "written",
    [
        "u@münchen.example", " U@MÜNCHEN.Example ", "u@xn--mnchen-3ya.example",
        "u@XN--MNCHEN-3YA.EXAMPLE", "u@mu\u0308nchen.example", "u@münchen\uff0eexample",
        "u@münchen\u3002example", "u@münchen\uff61example", "u＠xn--mnchen-3ya\u3002example",
    ],
)  # fmt: skip
def test_however_an_address_is_written_it_is_one(written: str) -> None:
    assert folded(written) == "u@xn--mnchen-3ya.example"


@given(TYPED)
def test_what_is_folded_stays_so_whatever_was_typed(typed: str) -> None:
    for text in (typed, f"u@{typed}", f"u@{typed}.org"):
        if is_email(text):
            assert folded(folded(text)) == folded(text)
            assert is_email(folded(text))
        assert isinstance(folded(text), str)


def test_a_domain_is_measured_before_it_is_encoded() -> None:
    long = "a." * 130 + "org"
    with pytest.raises(ValueError, match="longer"):
        sent_domain(long)
    assert folded(f"U@{long}") == f"u@{long}"


@given(local=TYPED, domain=TYPED)
def test_whatever_is_taken_can_be_written_on_a_mail(local: str, domain: str) -> None:
    for address in (f"{local}@{domain}", f"{local}@{domain}.org"):
        if is_email(address):
            written = message_of(a_mail(address, NOW), "hub@example.org")
            assert written["To"].addresses[0].username == local
            written["To"].encode("ascii")


def a_mail(to: str, at: datetime) -> Mail:
    return Mail(UUID(int=1), to, "Hello", "Hello", at)
