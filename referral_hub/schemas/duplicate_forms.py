"""The pages on which somebody decides whether two records are one."""

from enum import StrEnum
from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate

from referral_hub.rules.duplicates import MATCHED_TABLES, PairState, choices
from referral_hub.schemas import form_fields

TAKE = "take_"


class Side(StrEnum):
    """The one record of a pair, or the other."""

    ONE = "one"
    OTHER = "other"


class DuplicatesArguments(Schema):
    """Which pairs to list."""

    class Meta:
        """Other parameters are not this page's business."""

        unknown = EXCLUDE

    state = fields.Enum(
        PairState, by_value=True, load_default=PairState.OPEN,
        error_messages={"unknown": "Choose one of the lists."},
    )  # fmt: skip
    kind = fields.String(
        load_default=None,
        validate=validate.OneOf(MATCHED_TABLES, error="Choose a kind of record."),
    )
    page = fields.Integer(
        load_default=1,
        validate=validate.Range(1, 10_000, error="There is no such page."),
        error_messages={"invalid": "There is no such page."},
    )


class NothingForm(Schema):
    """A form that is one button."""


def merge_form(table: str) -> Schema:
    """Which record stays, and of each field whose value does."""
    takes: dict[str, Any] = {
        f"{TAKE}{field}": fields.Enum(
            Side, by_value=True, load_default=None,
            error_messages={"unknown": "Choose one of the two."},
        )
        for field in choices(table)
    }  # fmt: skip
    survivor = form_fields.choice(Side, "Choose which record stays.")
    note = form_fields.text_or_none(500)
    return Schema.from_dict({"survivor": survivor, "note": note, **takes})()
