"""The texts of mail: complete, plain, and with links to the hub only."""

from pathlib import Path

import pytest

from referral_hub.gateways.mail_message import MailNotSent
from referral_hub.gateways.mail_templates import MailTemplates

FOLDER = Path(__file__).parent.parent.parent / "referral_hub" / "templates" / "mail"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))
VALUES = {
    "link": "/there#token", "agency": "Fair Homes", "notices": "3", "referrals": "2",
    "reason": "no answer for five days", "listings": "Winter Shelter", "listing": "Winter Shelter",
    "name": "County directory", "unanswered": "", "end_link": "/there/end",
}  # fmt: skip


def render(name: str, /, **values: str) -> tuple[str, str]:
    return MailTemplates(FOLDER, "https://hub.example.org").render(name, values)


def test_there_is_a_template_for_each_occasion() -> None:
    assert NAMES == [
        "agency_decided", "application_decided", "confirm_email", "confirm_listings",
        "email_change_asked", "email_changed", "feed_failing", "figure_link", "invitation",
        "linked_account_changed", "listing_returned", "new_sign_in", "notice", "notice_check_in",
        "notice_digest", "password_changed", "reset_password", "second_factor_changed",
        "second_factor_reset", "webhook_disabled",
    ]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_has_a_subject_and_a_link_to_the_hub(name: str) -> None:
    subject, text = render(name, **VALUES)
    assert subject
    assert "Referral Hub" in subject + text
    assert "https://hub.example.org/there#token" in text.splitlines()
    assert "{" not in subject + text
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    "name",
    sorted(
        set(NAMES)
        - {"confirm_email", "invitation", "reset_password", "notice", "notice_digest"}
        - {
            "webhook_disabled",
            "confirm_listings",
            "feed_failing",
            "listing_returned",
            "figure_link",
            "notice_check_in",
        }
    ),
)
def test_a_mail_that_only_tells_something_needs_no_link(name: str) -> None:
    assert "://" not in render(name, agency="Fair Homes")[1]


def test_a_mail_may_lead_to_a_second_page_of_the_hub_and_nowhere_else() -> None:
    text = render("figure_link", link="/there", end_link="/there/end")[1]
    assert "https://hub.example.org/there/end" in text.splitlines()
    with pytest.raises(MailNotSent):
        render("figure_link", link="/there", end_link="https://elsewhere.example/")


def test_the_hub_has_the_name_that_is_given() -> None:
    assert "Cook County Network" in render("password_changed", hub="Cook County Network")[0]


def test_a_mail_without_what_it_needs_is_not_sent() -> None:
    with pytest.raises(MailNotSent, match="UndefinedError"):
        render("reset_password")
    with pytest.raises(MailNotSent, match="TemplateNotFound"):
        render("greeting")


def test_a_link_to_elsewhere_is_not_sent() -> None:
    with pytest.raises(MailNotSent):
        render("reset_password", link="https://evil.example/")


def test_a_name_with_line_breaks_stays_in_its_line() -> None:
    subject, text = render("invitation", link="/x", agency="Fair\r\nBcc: a@b.example\n\nHomes")
    assert subject == "Join Fair Bcc: a@b.example Homes in Referral Hub"
    assert "\nBcc" not in text


def test_a_value_is_not_taken_for_a_template() -> None:
    assert "{{ 7 * 7 }}" in render("invitation", link="/x", agency="{{ 7 * 7 }}")[0]
