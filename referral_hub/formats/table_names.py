"""File and key names under which the tables of HSDS, old and new, are found."""

from referral_hub.rules.hsds import TABLES

OLDER_TABLES: dict[str, tuple[str, ...]] = {
    "physical_address": ("physical_addresses",),
    "postal_address": ("postal_addresses",),
    "regular_schedule": ("regular_schedules",),
    "holiday_schedule": ("holiday_schedules",),
    "service_taxonomy": ("services_taxonomy", "service_taxonomies", "services_taxonomies"),
    "service_attribute": ("service_attributes", "services_attributes"),
    "other_attribute": ("other_attributes",),
    "eligibility": ("eligibilities",),
    "fee": ("fees",),
    "payment_accepted": ("payments_accepted",),
    "interpretation_services": ("intepretation_services",),
    "accessibility_for_disabilities": (),
}
"""Tables of HSDS 1.0 to 2.0 that 3.0 folded into others, and the plurals of their file names."""

_PLURALS = {
    "service_at_location": ("services_at_location", "service_at_locations"),
    "url": ("urls",),
    "accessibility": ("accessibilities",),
    "funding": ("fundings",),
    "service_capacity": ("service_capacities",),
}

TABLE_OF_NAME: dict[str, str] = {
    name: table.name
    for table in TABLES.values()
    for name in (
        table.name,
        table.csv_name.removesuffix(".csv"),
        *_PLURALS.get(table.name, ()),
    )
} | {name: table for table, plurals in OLDER_TABLES.items() for name in (table, *plurals)}
"""Table by file name without its ending, old tables included."""
