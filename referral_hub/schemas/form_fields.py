"""Fields that forms of several pages share, with messages that people read."""

from enum import Enum
from typing import Any

from marshmallow import fields, validate

from referral_hub.rules.email_addresses import MOST_EMAIL
from referral_hub.rules.people import MOST_NAME
from referral_hub.rules.roles import AGENCY_ROLES, Role


def text(most: int, missing: str, **more: Any) -> fields.String:
    """A text that must be there."""
    return fields.String(
        required=True,
        validate=validate.Length(max=most, error=f"Use at most {most} characters."),
        error_messages={"required": missing, "invalid": "Use plain text."},
        **more,
    )


def text_or_none(most: int) -> fields.String:
    """A text that may be left out."""
    return fields.String(
        load_default=None,
        validate=validate.Length(max=most, error=f"Use at most {most} characters."),
        error_messages={"invalid": "Use plain text."},
    )


def name() -> fields.String:
    """The name of a person."""
    return text(MOST_NAME, "Enter a name.")


def email() -> fields.String:
    """An e-mail address; what it may be the rules say."""
    return text(MOST_EMAIL, "Enter an e-mail address.")


def roles() -> fields.List[Any]:
    """Roles in an agency."""
    message = "Choose at least one role."
    role = choice(Role, message)
    return fields.List(
        role,
        required=True,
        validate=[
            validate.Length(min=1, error=message),
            validate.ContainsOnly(AGENCY_ROLES, error=message),
        ],
    )


def choice(kind: type[Enum], missing: str) -> fields.Enum[Any]:
    """One of the values of an enumeration."""
    return fields.Enum(
        kind,
        by_value=True,
        required=True,
        error_messages={"required": missing, "unknown": missing},
    )


def day(missing: str) -> fields.Date:
    """A day that must be there."""
    return fields.Date(required=True, error_messages={"required": missing, **_NO_DAY})


def day_or_none() -> fields.Date:
    """A day that may be left out."""
    return fields.Date(load_default=None, error_messages=dict(_NO_DAY))


def record_id(missing: str) -> fields.UUID:
    """The id of something chosen from a list."""
    return fields.UUID(required=True, error_messages={"required": missing, "invalid_uuid": missing})


_NO_DAY = {"invalid": "Use a date such as 2026-05-31."}
