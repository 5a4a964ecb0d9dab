"""The parameters of the page on the quality of the directory."""

from marshmallow import EXCLUDE, Schema, fields, validate

from referral_hub.rules.completeness import Part
from referral_hub.rules.quality import Age, Measure


class QualityArguments(Schema):
    """What to look at, and what the map shows; what is empty is no condition."""

    class Meta:
        """Other parameters are not this page's business."""

        unknown = EXCLUDE

    need = fields.String(
        load_default="", validate=validate.Regexp(r"[a-z-]{0,40}\Z", error="Choose a need.")
    )
    area = fields.String(
        load_default="", validate=validate.Length(max=80, error="Choose an area of the list.")
    )
    show = fields.Enum(
        Measure, by_value=True, load_default=Measure.UNFOUND,
        error_messages={"unknown": "Choose what the map shows."},
    )  # fmt: skip


class QualityServicesArguments(QualityArguments):
    """Which services behind a number."""

    age = fields.Enum(
        Age, by_value=True, load_default=None, error_messages={"unknown": "Choose an age."}
    )
    missing = fields.Enum(
        Part, by_value=True, load_default=None, error_messages={"unknown": "Choose a fact."}
    )
    incomplete = fields.Boolean(load_default=False, error_messages={"invalid": "Use 1, or none."})
    duplicate = fields.Boolean(load_default=False, error_messages={"invalid": "Use 1, or none."})
    correction = fields.Boolean(load_default=False, error_messages={"invalid": "Use 1, or none."})
    page = fields.Integer(
        load_default=1,
        validate=validate.Range(1, 10_000, error="There is no such page."),
        error_messages={"invalid": "There is no such page."},
    )
