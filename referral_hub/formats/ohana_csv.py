"""The CSV files of Ohana, a relative of HSDS 1.0 that keeps lists in single cells."""

from collections.abc import Iterator, Mapping

from referral_hub.formats.csv_shapes import SHAPES, Join, Shape, Spread
from referral_hub.formats.csv_tables import read_tables
from referral_hub.formats.packages import Package
from referral_hub.formats.records import Item

FILE_NAMES = {"mail_addresses": "postal_address", "addresses": "physical_address"}
"""Files that Ohana has otherwise than HSDS."""

MARKS: Mapping[str, frozenset[str]] = {
    "organizations": frozenset({"date_incorporated", "funding_sources"}),
    "locations": frozenset({"admin_emails", "short_desc", "virtual", "accessibility"}),
    "services": frozenset({"keywords", "audience", "accepted_payments", "funding_sources"}),
    "phones": frozenset({"number_type", "vanity_number", "country_prefix"}),
    "mail_addresses": frozenset({"address_1"}),
}
"""Columns by which a file is known to be Ohana's."""

_SHAPES: dict[str, Shape] = SHAPES | {
    "organization": Shape(
        "organization",
        rename={"url": "website", "date_incorporated": "year_incorporated"},
        spread={
            "accreditations": Spread(
                "attribute", "value", constants={"link_type": "accreditation"}
            ),
            "licenses": Spread("attribute", "value", constants={"link_type": "license"}),
            "funding_sources": Spread("funding", "source", "organization_id"),
        },
    ),
    "location": Shape(
        "location",
        rename={"website": "url", "virtual": "location_type"},
        spread={
            "accessibility": Spread("accessibility", "description", "location_id"),
            "languages": Spread("language", "name", "location_id"),
            "email": Spread("contact", "email", "location_id", is_list=False),
            "short_desc": Spread(
                "attribute", "value", is_list=False, constants={"link_type": "short_description"}
            ),
        },
        left_out=frozenset({"admin_emails"}),
    ),
    "service": Shape(
        "service",
        rename={"website": "url", "fees": "fees_description"},
        join={
            "eligibility": Join("eligibility_description"),
            "audience": Join("eligibility_description", "Audience: "),
            "accepted_payments": Join("fees_description", "Accepted: "),
        },
        spread={
            "location_id": SHAPES["service"].spread["location_id"],
            "taxonomy_ids": SHAPES["service"].spread["taxonomy_ids"],
            "keywords": Spread("attribute", "value", constants={"link_type": "keyword"}),
            "languages": Spread("language", "name", "service_id"),
            "required_documents": Spread("required_document", "document", "service_id"),
            "service_areas": Spread("service_area", "name", "service_id"),
            "funding_sources": Spread("funding", "source", "service_id"),
        },
    ),
    "phone": Shape(
        "phone",
        rename={"number_type": "type"},
        join={
            "department": Join("description"),
            "vanity_number": Join("description", "Vanity number: "),
        },
        spread={"language": SHAPES["phone"].spread["language"]},
    ),
}


def read_ohana_csv(package: Package) -> Iterator[Item]:
    """Records and problems of an Ohana package."""
    return read_tables(package, _SHAPES, FILE_NAMES)
