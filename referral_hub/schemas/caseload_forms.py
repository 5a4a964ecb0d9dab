"""The forms on the pages of caseloads."""

from marshmallow import Schema, fields

from referral_hub.rules.caseload_signals import Reason
from referral_hub.schemas import form_fields


class TeamArguments(Schema):
    """Which team is asked for."""

    team = fields.UUID(load_default=None, error_messages={"invalid_uuid": "Choose a team."})


class ReassignForm(Schema):
    """Cases, and who gets them."""

    client_id = fields.List(form_fields.record_id("Tick cases from the list."), load_default=list)
    worker_id = form_fields.record_id("Choose who gets them.")
    with_referrals = fields.Boolean(
        load_default=False, error_messages={"invalid": "Say yes or no."}
    )


class ShareForm(Schema):
    """Which signal is shared."""

    reason = form_fields.choice(Reason, "Choose what you share. Load the page again.")
