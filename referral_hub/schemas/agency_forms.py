"""The forms on the pages of an agency."""

from marshmallow import Schema, fields

from referral_hub.rules.recovery import ResetReason
from referral_hub.rules.teams import TeamPart
from referral_hub.schemas import form_fields

MOST_TEAM_NAME = 200
MOST_CODE = 60


class InviteForm(Schema):
    """Somebody to invite to an agency."""

    name = form_fields.name()
    email = form_fields.email()
    roles = form_fields.roles()


class RolesForm(Schema):
    """What somebody does for an agency."""

    roles = form_fields.roles()


class ResetForm(Schema):
    """Why somebody's second step is reset."""

    reason = form_fields.choice(ResetReason, "Choose a reason.")


class TeamForm(Schema):
    """A team's name."""

    name = form_fields.text(MOST_TEAM_NAME, "Enter a name for the team.")


class JoinTeamForm(Schema):
    """Somebody who joins a team."""

    person_id = form_fields.record_id("Choose a person.")
    part = form_fields.choice(TeamPart, "Choose member or supervisor.")
    since = form_fields.day("Enter the first day.")


class LeaveTeamForm(Schema):
    """When somebody leaves a team."""

    until = form_fields.day("Enter a day.")


class WorkingTimeForm(Schema):
    """Where an agency is, and whose holidays it keeps; left out: as the network does."""

    time_zone = form_fields.text_or_none(MOST_CODE)
    holiday_region = form_fields.text_or_none(MOST_CODE)


class SignForm(Schema):
    """The network agreement, signed."""

    starts_on = form_fields.day("Enter the first day.")
    ends_on = form_fields.day_or_none()
    agree = fields.Boolean(
        required=True,
        error_messages={
            "required": "Tick the box to sign.",
            "invalid": "Tick the box to sign.",
        },
        validate=lambda ticked: ticked,
    )
