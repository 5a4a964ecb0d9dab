"""Records and fields of listings in the words of their forms."""

from collections.abc import Mapping
from functools import cache

from referral_hub.rules.listing_sections import SECTIONS, Lines, MainAddress, Own, Rows
from referral_hub.rules.listings import LISTING_TABLES

TABLE_LABEL: Mapping[str, str] = {
    "organization": "Organization",
    "program": "Program",
    "service": "Service",
    "location": "Place",
    "service_at_location": "Given at",
    "address": "Address",
    "phone": "Phone",
    "contact": "Contact",
    "url": "Web address",
    "language": "Language",
    "accessibility": "Accessibility",
    "schedule": "Hours",
    "service_area": "Area",
    "service_capacity": "Capacity",
    "cost_option": "Price",
    "funding": "Funding",
    "required_document": "Paper to bring",
    "organization_identifier": "Identifier",
    "attribute": "Need",
    "service_criterion": "Condition",
    "intake_question": "Question",
}
_MORE: Mapping[tuple[str, str], str] = {
    ("service", "status"): "Status",
    ("service", "visibility"): "Seen by",
    ("service", "minimum_age"): "Age from",
    ("service", "maximum_age"): "Age up to",
    ("service", "verified_on"): "Checked on",
    ("service", "assured_date"): "Checked on",
    ("service", "organization_id"): "Organization",
    ("service", "program_id"): "Program",
    ("organization", "visibility"): "Seen by",
    ("program", "visibility"): "Seen by",
    ("location", "visibility"): "Seen by",
    ("location", "time_zone"): "Time zone",
    ("service_criterion", "values"): "Values",
    ("service_criterion", "required"): "Decides",
    ("service_at_location", "vanished_at"): "Not there any more since",
    **{(table, "vanished_at"): "Not sent any more since" for table in LISTING_TABLES},
}
UNTOLD = frozenset({
    "id", "position", "source_id", "source_record_id", "created_at", "updated_at", "incomplete",
    "last_modified", "point_latitude", "point_longitude", "point_basis", "owner_table",
    "link_entity", "link_type", "link_id",
})  # fmt: skip
"""Fields that say nothing to people."""
_VALUES: Mapping[str, str] = {
    "public": "everybody", "hidden": "your agency only", "network": "the network",
}  # fmt: skip


def field_label(table: str, field: str = "") -> str:
    """A field of a record as people call it; without a field the kind of record; empty for what
    is not told."""
    if field in UNTOLD:
        return ""
    own = _labels().get((table, field)) or _MORE.get((table, field))
    what = TABLE_LABEL.get(table, table)
    if not field:
        return what
    if field.endswith("_id"):
        return own or ""
    name = own or field.replace("_", " ").capitalize()
    if table in SECTIONS:
        return name
    return f"{what}: {name if name[:2].isupper() else name[:1].lower() + name[1:]}"


def value_words(field: str, value: object) -> str:
    """A value in words; empty for none."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list):
        return ", ".join(value_words("", each) or "any" for each in value)
    return _VALUES.get(str(value), str(value)) if field == "visibility" else str(value)


@cache
def _labels() -> Mapping[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for table, sections in SECTIONS.items():
        for section in sections:
            for part in section.parts:
                match part:
                    case Own(fields):
                        found |= {(table, each.name): each.label for each in fields}
                    case Rows(own, _, _, fields):
                        found |= {(own, each.name): each.label for each in fields}
                    case MainAddress(fields):
                        found |= {
                            ("address", each.name.partition(".")[2]): each.label for each in fields
                        }
                    case Lines():
                        pass
    return found
