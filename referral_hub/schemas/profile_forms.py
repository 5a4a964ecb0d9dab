"""The forms on the pages of one's own profile."""

from marshmallow import Schema, fields

from referral_hub.schemas import form_fields
from referral_hub.schemas.invitation_forms import MOST_LINK


class NameForm(Schema):
    """One's own name."""

    name = form_fields.name()


class LanguagesForm(Schema):
    """Which languages one speaks with clients."""

    languages = fields.List(fields.String(), load_default=list)


class EmailForm(Schema):
    """A new e-mail address."""

    email = form_fields.email()


class ConfirmEmailForm(Schema):
    """The link that was mailed to a new address, or the token in it."""

    token = form_fields.text(MOST_LINK, "Paste the link from the e-mail.")
