"""The forms on the page of an invitation."""

from marshmallow import Schema

from referral_hub.schemas import form_fields

MOST_LINK = 500
MOST_TYPED_PASSWORD = 1000
"""More than any password may have, so that the rule on passwords gives the reason."""


class OpenForm(Schema):
    """The link of an invitation, or the token in it."""

    link = form_fields.text(MOST_LINK, "Paste the link from the e-mail.")


class JoinForm(Schema):
    """An invitation that somebody accepts with the account that they have."""

    token = form_fields.text(MOST_LINK, "Open the link again.")


class NewAccountForm(JoinForm):
    """An invitation that somebody accepts with a new account."""

    name = form_fields.name()
    password = form_fields.text(MOST_TYPED_PASSWORD, "Choose a password.")


def token_of(link: str) -> str:
    """The token of a link, however it was pasted."""
    return link.strip().rpartition("#")[2]
