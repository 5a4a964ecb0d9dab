"""How the columns of older tables become fields of today's, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from referral_hub.rules.hsds import TABLES


@dataclass(frozen=True, slots=True)
class Join:
    """A column whose text is added to a field, after a word that says what it is."""

    into: str
    prefix: str = ""
    separator: str = "; "


@dataclass(frozen=True, slots=True)
class Spread:
    """A column that becomes records of their own: one, or one for each part of a list.

    `key` is their reference to the row they come from; attributes have an owner instead.
    """

    table: str
    into: str
    key: str = ""
    is_list: bool = True
    constants: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the rows of one source table become records of `table`."""

    table: str
    rename: Mapping[str, str] = field(default_factory=dict)
    join: Mapping[str, Join] = field(default_factory=dict)
    spread: Mapping[str, Spread] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    redundant: frozenset[str] = frozenset()
    """Columns that repeat what another column says."""
    left_out: frozenset[str] = frozenset()
    """Columns that the standard has no place for; their loss is said once."""
    owner: tuple[str, str] | None = None
    """For attributes: the table and the column of what they describe."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A small table that became one field of the service: its text column, the field, a prefix."""

    column: str
    into: str
    prefix: str = ""
    separator: str = "; "


_ADDRESS_LINES = {
    "address_3": Join("address_2", separator=", "),
    "address_4": Join("address_2", separator=", "),
}
_SITE = Spread("service_at_location", "location_id", "service_id", is_list=False)
_TERMS = Spread("attribute", "taxonomy_term_id")
_LANGUAGES_OF_PHONE = Spread("language", "name", "phone_id")

SHAPES: dict[str, Shape] = {name: Shape(name) for name in TABLES} | {
    "organization": Shape("organization", rename={"url": "website"}),
    "service": Shape(
        "service",
        rename={"fees": "fees_description", "accrediations": "accreditations"},
        spread={"location_id": _SITE, "taxonomy_ids": _TERMS},
    ),
    "phone": Shape(
        "phone",
        join={"department": Join("description")},
        spread={"language": _LANGUAGES_OF_PHONE},
    ),
    "language": Shape("language", rename={"language": "name"}),
    "service_area": Shape("service_area", rename={"service_area": "name"}),
    "taxonomy_term": Shape("taxonomy_term", rename={"term": "name"}),
    "address": Shape("address", join=_ADDRESS_LINES),
    "physical_address": Shape(
        "address", join=_ADDRESS_LINES, constants={"address_type": "physical"}
    ),
    "postal_address": Shape("address", join=_ADDRESS_LINES, constants={"address_type": "postal"}),
    "regular_schedule": Shape(
        "schedule", rename={"weekday": "byday"}, constants={"freq": "WEEKLY"}
    ),
    "holiday_schedule": Shape(
        "schedule", rename={"start_date": "valid_from", "end_date": "valid_to"}
    ),
    "older_taxonomy": Shape(
        "taxonomy_term",
        rename={"taxonomy_id": "id", "vocabulary": "taxonomy"},
        redundant=frozenset({"parent_name"}),
    ),
    "service_taxonomy": Shape(
        "attribute",
        rename={"taxonomy_id": "taxonomy_term_id", "taxonomy_detail": "value"},
        owner=("service", "service_id"),
    ),
    "service_attribute": Shape("attribute", owner=("service", "service_id")),
    "other_attribute": Shape("attribute", rename={"link_type": "link_entity"}),
    "accessibility_for_disabilities": Shape(
        "accessibility", rename={"accessibility": "description"}
    ),
}
"""Shape by source table, of HSDS 1.0 to 3.x."""

FOLDED: dict[str, Folded] = {
    "eligibility": Folded("eligibility", "eligibility_description"),
    "fee": Folded("fee", "fees_description"),
    "payment_accepted": Folded("payment", "fees_description", "Accepted: ", ", "),
    "interpretation_services": Folded("language", "interpretation_services"),
}
"""Source tables whose rows are added to their service, in the order in which they are added."""
