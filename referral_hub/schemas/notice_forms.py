"""The form by which people say how they want to hear of news."""

from marshmallow import Schema

from referral_hub.rules.notices import Frequency, NoticeKind
from referral_hub.schemas import form_fields

NoticesForm = Schema.from_dict(
    {kind.value: form_fields.choice(Frequency, "Choose one.") for kind in NoticeKind},
    name="NoticesForm",
)
"""A frequency for each kind of news."""
