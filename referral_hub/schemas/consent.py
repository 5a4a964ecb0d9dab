"""Consents in JSON."""

from uuid import UUID

from marshmallow import Schema, fields, validate

from referral_hub.rules.consent import (
    SIGNED,
    Category,
    ConsentState,
    Method,
    RevokedBy,
    Signer,
)
from referral_hub.rules.consent_checks import MOST_WORDS
from referral_hub.rules.consent_words import CHOSEN_REVOCATIONS
from referral_hub.schemas.json_fields import Day, Text, YesOrNo, one_of

STATES = tuple(state.name.lower() for state in ConsentState)
_SPOKEN = "A partner system can record signed consent only. Record spoken consent in the hub."
_MOST_AGENCIES = 500


def _agencies(words: str) -> fields.List[UUID]:
    return fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=_MOST_AGENCIES),
        metadata={"description": words},
    )  # fmt: skip


class NewConsentSchema(Schema):
    """What a client agreed to share, and signed. Days are those where the agency is."""

    purpose = Text(MOST_WORDS, required=True)
    categories = fields.List(
        one_of(Category), required=True, validate=validate.Length(1, len(Category))
    )
    recipients = _agencies("Agencies by id")
    any_partner = YesOrNo(
        load_default=False, metadata={"description": "Every partner of the network"}
    )
    forwarders = _agencies("Recipients who may pass it on within the same terms")
    given_on = Day(required=True)
    last_on = Day(
        allow_none=True, load_default=None,
        metadata={"description": "The last day on which it counts"},
    )  # fmt: skip
    method = fields.String(
        required=True, validate=validate.OneOf(sorted(SIGNED), error=_SPOKEN),
        metadata={"description": "Spoken consent needs a witness, and is recorded in the hub"},
    )  # fmt: skip
    signer = one_of(Signer, load_default=Signer.CLIENT)
    signer_basis = Text(
        MOST_WORDS, load_default="",
        metadata={"description": "Why somebody else may decide for the client"},
    )  # fmt: skip
    language = fields.String(
        load_default="en", validate=validate.Regexp("^[a-z]{2,3}$"),
        metadata={"description": "ISO 639 code of the language in which one spoke with the client"},
    )  # fmt: skip
    document = Text(
        MOST_WORDS, load_default="", metadata={"description": "Where the signed paper is"}
    )


class RevocationSchema(Schema):
    """How a client took consent back."""

    revoked_by = fields.String(
        required=True, validate=validate.OneOf([each.value for each in CHOSEN_REVOCATIONS])
    )


class RecipientSchema(Schema):
    """An agency that a consent names."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    may_forward = fields.Boolean(required=True)


class ConsentSchema(Schema):
    """A consent, and where it stands now."""

    id = fields.UUID(required=True)
    client_id = fields.UUID(required=True)
    state = fields.Function(
        lambda view: view.state.name.lower(), required=True,
        metadata={"type": "string", "enum": list(STATES)},
    )  # fmt: skip
    purpose = fields.String(required=True)
    categories = fields.List(one_of(Category), required=True)
    recipients = fields.List(fields.Nested(RecipientSchema), required=True)
    any_partner = fields.Boolean(required=True)
    method = one_of(Method, required=True)
    signer = one_of(Signer, required=True)
    signer_basis = fields.String(required=True)
    document = fields.String(required=True)
    witness = fields.String(required=True)
    language = fields.String(required=True)
    given_on = fields.Date(required=True)
    last_on = fields.Date(required=True, allow_none=True)
    recorded_at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)
    revoked_by = one_of(RevokedBy, required=True, allow_none=True)


class ConsentListSchema(Schema):
    """The consents of a client, the newest first."""

    consents = fields.List(fields.Nested(ConsentSchema), required=True)


class RevokedSchema(Schema):
    """What taking back a consent did: referrals that were withdrawn, and accepted ones, which go
    on with what was shared before."""

    withdrawn = fields.List(fields.UUID(), required=True)
    kept = fields.List(fields.UUID(), required=True)
