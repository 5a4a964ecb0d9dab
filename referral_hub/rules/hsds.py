"""The Human Services Data Specification 3.2.3 as data: 24 tables, their fields, keys and nesting.

Field names, types, required marks and closed lists are facts of the standard
(https://docs.openreferral.org, tag v3.2.3). Everything that reads, checks, stores or
writes directory records works from these tables, so that a rule stands in one place.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds. The standard checks only uuid, email, uri and datetime by schema."""

    TEXT = "text"
    UUID = "uuid"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    EMAIL = "email"
    URI = "uri"


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `references` names a table; `owner` marks the key by which a record is nested."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: frozenset[str] | None = None
    references: str | None = None


@dataclass(frozen=True, slots=True)
class Nested:
    """A JSON key under which related records stand.

    Of many, the key is in the child (`key` is the child's column); of one, in the parent.
    """

    json_key: str
    table: str
    key: str
    many: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """One HSDS object: its table name, CSV file name, fields and nesting."""

    name: str
    csv_name: str
    fields: tuple[Field, ...]
    nested: tuple[Nested, ...] = ()

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of the columns, in the order of the standard, `id` first."""
        return tuple(field.name for field in self.fields)

    @property
    def references(self) -> Iterator[Field]:
        """The foreign keys of the standard."""
        return (field for field in self.fields if field.references)


SERVICE_STATUSES = frozenset({"active", "inactive", "defunct", "temporarily closed"})
LOCATION_TYPES = frozenset({"physical", "postal", "virtual"})
ADDRESS_TYPES = frozenset({"physical", "postal", "virtual"})
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = frozenset({"WEEKLY", "MONTHLY"})

_KINDS = {kind.value: kind for kind in Kind}


def _fields(text: str, **choices: frozenset[str]) -> tuple[Field, ...]:
    """Read `name[*][:kind][->table]` words; `id` comes first by itself."""
    fields = [Field("id", Kind.UUID, required=True)]
    for word in text.split():
        head, _, table = word.partition("->")
        name, _, kind = head.partition(":")
        fields.append(
            Field(
                name.rstrip("*"),
                Kind.UUID if table else _KINDS[kind or "text"],
                required="*" in head,
                choices=choices.get(name.rstrip("*")),
                references=table or None,
            )
        )
    return tuple(fields)


_TABLES = (
    Table(
        "taxonomy",
        "taxonomies.csv",
        _fields("name* description* uri:uri version"),
    ),
    Table(
        "taxonomy_term",
        "taxonomy_terms.csv",
        _fields(
            "code name* description* parent_id:uuid taxonomy taxonomy_id->taxonomy "
            "language term_uri:uri"
        ),
        (Nested("taxonomy_detail", "taxonomy", "taxonomy_id", many=False),),
    ),
    Table("unit", "units.csv", _fields("name* scheme identifier uri:uri")),
    Table(
        "organization",
        "organizations.csv",
        _fields(
            "name* alternate_name description* email:email website:uri tax_status tax_id "
            "year_incorporated:number legal_status logo uri:uri parent_organization_id:uuid"
        ),
        (
            Nested("additional_websites", "url", "organization_id"),
            Nested("funding", "funding", "organization_id"),
            Nested("contacts", "contact", "organization_id"),
            Nested("phones", "phone", "organization_id"),
            Nested("locations", "location", "organization_id"),
            Nested("programs", "program", "organization_id"),
            Nested("organization_identifiers", "organization_identifier", "organization_id"),
            Nested("services", "service", "organization_id"),
        ),
    ),
    Table(
        "program",
        "programs.csv",
        _fields("organization_id*->organization name* alternate_name description*"),
    ),
    Table(
        "service",
        "services.csv",
        _fields(
            "organization_id*->organization program_id->program name* alternate_name description "
            "url:uri email:email status* interpretation_services application_process "
            "fees_description wait_time fees accreditations eligibility_description "
            "minimum_age:number maximum_age:number assured_date:date assurer_email:email "
            "licenses alert last_modified:datetime",
            status=SERVICE_STATUSES,
        ),
        (
            Nested("additional_urls", "url", "service_id"),
            Nested("phones", "phone", "service_id"),
            Nested("schedules", "schedule", "service_id"),
            Nested("service_areas", "service_area", "service_id"),
            Nested("service_at_locations", "service_at_location", "service_id"),
            Nested("languages", "language", "service_id"),
            Nested("organization", "organization", "organization_id", many=False),
            Nested("funding", "funding", "service_id"),
            Nested("cost_options", "cost_option", "service_id"),
            Nested("program", "program", "program_id", many=False),
            Nested("required_documents", "required_document", "service_id"),
            Nested("contacts", "contact", "service_id"),
            Nested("capacities", "service_capacity", "service_id"),
        ),
    ),
    Table(
        "location",
        "locations.csv",
        _fields(
            "location_type* url:uri organization_id->organization name alternate_name description "
            "transportation latitude:number longitude:number external_identifier "
            "external_identifier_type",
            location_type=LOCATION_TYPES,
        ),
        (
            Nested("languages", "language", "location_id"),
            Nested("addresses", "address", "location_id"),
            Nested("contacts", "contact", "location_id"),
            Nested("accessibility", "accessibility", "location_id"),
            Nested("phones", "phone", "location_id"),
            Nested("schedules", "schedule", "location_id"),
        ),
    ),
    Table(
        "service_at_location",
        "service_at_location.csv",
        _fields("service_id*->service location_id*->location description"),
        (
            Nested("service_areas", "service_area", "service_at_location_id"),
            Nested("contacts", "contact", "service_at_location_id"),
            Nested("phones", "phone", "service_at_location_id"),
            Nested("schedules", "schedule", "service_at_location_id"),
            Nested("location", "location", "location_id", many=False),
            Nested("service", "service", "service_id", many=False),
        ),
    ),
    Table(
        "address",
        "addresses.csv",
        _fields(
            "location_id->location attention address_1* address_2 city* region state_province* "
            "postal_code* country* address_type*",
            address_type=ADDRESS_TYPES,
        ),
    ),
    Table(
        "contact",
        "contacts.csv",
        _fields(
            "organization_id->organization service_id->service "
            "service_at_location_id->service_at_location location_id->location "
            "name title department email:email"
        ),
        (Nested("phones", "phone", "contact_id"),),
    ),
    Table(
        "phone",
        "phones.csv",
        _fields(
            "location_id->location service_id->service organization_id->organization "
            "contact_id->contact service_at_location_id->service_at_location number* "
            "extension:number type description"
        ),
        (Nested("languages", "language", "phone_id"),),
    ),
    Table(
        "url",
        "url.csv",
        _fields("label url*:uri organization_id->organization service_id->service"),
    ),
    Table(
        "language",
        "languages.csv",
        _fields("service_id->service location_id->location phone_id->phone name code note"),
    ),
    Table(
        "accessibility",
        "accessibility.csv",
        _fields("location_id->location description details url:uri"),
    ),
    Table(
        "schedule",
        "schedules.csv",
        _fields(
            "service_id->service location_id->location "
            "service_at_location_id->service_at_location valid_from:date valid_to:date "
            "dtstart:date timezone:number until:date count:number wkst freq interval:number "
            "byday byweekno bymonthday byyearday description opens_at:time closes_at:time "
            "schedule_link:uri attending_type notes",
            wkst=frozenset(WEEKDAYS),
            freq=FREQUENCIES,
        ),
    ),
    Table(
        "service_area",
        "service_areas.csv",
        _fields(
            "service_id->service service_at_location_id->service_at_location name description "
            "extent extent_type uri"
        ),
    ),
    Table(
        "service_capacity",
        "service_capacity.csv",
        _fields(
            "service_id*->service unit_id*->unit available*:number maximum:number description "
            "updated*:datetime"
        ),
        (Nested("unit", "unit", "unit_id", many=False),),
    ),
    Table(
        "cost_option",
        "cost_options.csv",
        _fields(
            "service_id*->service valid_from:date valid_to:date option currency amount:number "
            "amount_description"
        ),
    ),
    Table(
        "funding",
        "funding.csv",
        _fields("organization_id->organization service_id->service source"),
    ),
    Table(
        "required_document",
        "required_documents.csv",
        _fields("service_id->service document uri:uri"),
    ),
    Table(
        "organization_identifier",
        "organization_identifiers.csv",
        _fields("organization_id*->organization identifier_scheme identifier_type* identifier*"),
    ),
    Table(
        "attribute",
        "attributes.csv",
        _fields("link_id:uuid taxonomy_term_id->taxonomy_term link_type link_entity value label"),
        (Nested("taxonomy_term", "taxonomy_term", "taxonomy_term_id", many=False),),
    ),
    Table(
        "metadata",
        "metadata.csv",
        _fields(
            "resource_id:uuid resource_type last_action_date*:date last_action_type* field_name* "
            "previous_value* replacement_value* updated_by*"
        ),
    ),
    Table(
        "meta_table_description",
        "meta_table_descriptions.csv",
        _fields("name language character_set"),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in _TABLES}
"""All 24 tables by name, parents before children: loading in this order satisfies every key."""

LISTED = ("organization", "program", "service", "location", "service_at_location")
"""Records with a life of their own: when they vanish from a source they become inactive."""

SHARED = ("taxonomy", "taxonomy_term", "unit", "meta_table_description")
"""Reference records: they stay when a source stops naming them."""

PARTS = tuple(name for name in TABLES if name not in LISTED + SHARED)
"""Records that only describe their owner: they go when their owner no longer has them."""

WITHOUT_METADATA = frozenset({"metadata"})
WITHOUT_ATTRIBUTES = frozenset({"taxonomy", "taxonomy_term", "metadata", "attribute"})

OWNER_FIELDS = {"attribute": "link_id", "metadata": "resource_id"}
"""Keys that may name a record of any table: what the row describes."""
