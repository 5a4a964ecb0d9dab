"""Keys that real feeds use instead of those of the standard, as data."""

from dataclasses import dataclass

from referral_hub.rules.hsds import TABLES, WITHOUT_ATTRIBUTES, WITHOUT_METADATA, Nested


@dataclass(frozen=True, slots=True)
class Alias:
    """The key that is meant. `through` is the key inside the link record that stands between."""

    key: str
    through: str = ""


_SITES = "service_at_locations"

ALIASES: dict[str, dict[str, Alias]] = {
    "organization": {
        "contact": Alias("contacts"),
        "fundings": Alias("funding"),
        "location": Alias("locations"),
        "organization_identifier": Alias("organization_identifiers"),
        "identifiers": Alias("organization_identifiers"),
        "phone": Alias("phones"),
        "program": Alias("programs"),
        "service": Alias("services"),
        "websites": Alias("additional_websites"),
        "additional_urls": Alias("additional_websites"),
        "url": Alias("website"),
    },
    "service": {
        "additional_websites": Alias("additional_urls"),
        "contact": Alias("contacts"),
        "cost_option": Alias("cost_options"),
        "fundings": Alias("funding"),
        "language": Alias("languages"),
        "location": Alias(_SITES, through="location"),
        "locations": Alias(_SITES, through="location"),
        "location_id": Alias(_SITES, through="location_id"),
        "phone": Alias("phones"),
        "programs": Alias("program"),
        "required_document": Alias("required_documents"),
        "schedule": Alias("schedules"),
        "service_area": Alias("service_areas"),
        "service_at_location": Alias(_SITES),
        "service_capacities": Alias("capacities"),
        "website": Alias("url"),
    },
    "location": {
        "accessibilities": Alias("accessibility"),
        "accessibilitys": Alias("accessibility"),
        "address": Alias("addresses"),
        "addresss": Alias("addresses"),
        "contact": Alias("contacts"),
        "language": Alias("languages"),
        "phone": Alias("phones"),
        "schedule": Alias("schedules"),
        "service": Alias(_SITES, through="service"),
        "services": Alias(_SITES, through="service"),
        "service_at_location": Alias(_SITES),
        "website": Alias("url"),
    },
    "service_at_location": {
        "contact": Alias("contacts"),
        "locations": Alias("location"),
        "phone": Alias("phones"),
        "schedule": Alias("schedules"),
        "service_area": Alias("service_areas"),
    },
    "contact": {"phone": Alias("phones")},
    "phone": {"language": Alias("languages")},
    "attribute": {"taxonomy_terms": Alias("taxonomy_term")},
    "taxonomy_term": {"term": Alias("name")},
}
"""Per table: other keys that are understood, and what each of them means."""

OBJECT_ALIASES = {("taxonomy_term", "taxonomy"): "taxonomy_detail"}
"""Fields that some feeds fill with the whole record they should only name."""

COMMON_ALIASES = {"attribute": Alias("attributes"), "metadatas": Alias("metadata")}

TEXT_FIELDS = {
    "accessibility": "description",
    "contact": "name",
    "funding": "source",
    "language": "name",
    "phone": "number",
    "program": "name",
    "required_document": "document",
    "service_area": "name",
    "url": "url",
}
"""Per table: the field that is meant where a feed gives plain text instead of a record."""

ADDRESS_FIELDS = frozenset(TABLES["address"].field_names) - {"id", "location_id"}
"""Fields that some feeds put on a location itself instead of into its addresses."""

NESTED: dict[str, dict[str, Nested]] = {
    table.name: {nested.json_key: nested for nested in table.nested} for table in TABLES.values()
}
"""Per table: its nested records by JSON key, the two kinds that any record may hold included."""

NESTED["location"][_SITES] = Nested(_SITES, "service_at_location", "location_id")
for _name, _nested in NESTED.items():
    if _name not in WITHOUT_ATTRIBUTES:
        _nested["attributes"] = Nested("attributes", "attribute", "link_id")
    if _name not in WITHOUT_METADATA:
        _nested["metadata"] = Nested("metadata", "metadata", "resource_id")


def alias_of(table: str, key: str) -> Alias | None:
    """What a key of a record of this table means, where it is not the standard's own key."""
    found = ALIASES.get(table, {}).get(key)
    if found:
        return found
    common = COMMON_ALIASES.get(key)
    return common if common and common.key in NESTED[table] else None
