"""The forms of consent, and the span of days of a list."""

from marshmallow import EXCLUDE, Schema, fields, pre_load, validate

from referral_hub.rules.consent import Category, Method, RevokedBy, Signer
from referral_hub.rules.consent_checks import MOST_WORDS
from referral_hub.schemas import form_fields

_NOBODY = "Choose somebody from the list."
_NO_AGENCY = "Choose agencies from the list."


def _text_or_none() -> fields.String:
    most = validate.Length(max=MOST_WORDS, error=f"Use at most {MOST_WORDS} characters.")
    return fields.String(load_default="", validate=most)


class ConsentForm(Schema):
    """What a client agrees to share, in the order of the page; what fits together the rules say."""

    purpose = form_fields.text(MOST_WORDS, "Say what the client agrees to, in a sentence.")
    categories = fields.List(
        form_fields.choice(Category, "Choose from the list."), load_default=list
    )
    recipients = fields.List(form_fields.record_id(_NO_AGENCY), load_default=list)
    any_partner = fields.Boolean(load_default=False)
    forwarders = fields.List(form_fields.record_id(_NO_AGENCY), load_default=list)
    given_on = form_fields.day("Enter the day on which consent was given.")
    last_on = form_fields.day_or_none()
    method = form_fields.choice(Method, "Choose how consent was given.")
    witness_id = fields.UUID(load_default=None, error_messages={"invalid_uuid": _NOBODY})
    signer = form_fields.choice(Signer, "Choose who gave consent.")
    signer_basis = _text_or_none()
    language = form_fields.text(3, "Choose the language in which you spoke with the client.")
    document = _text_or_none()


class RevokeForm(Schema):
    """How a client took consent back."""

    revoked_by = form_fields.choice(RevokedBy, "Choose how the client took it back.")


class SpanArguments(Schema):
    """A span of days; what is empty has no end."""

    class Meta:
        """Other parameters are not this page's business."""

        unknown = EXCLUDE

    since = form_fields.day_or_none()
    until = form_fields.day_or_none()

    @pre_load
    def leave_out_the_empty(self, values: dict[str, str], **_: object) -> dict[str, str]:
        """A field that is left empty is not sent."""
        return {name: text.strip() for name, text in values.items() if text.strip()}
