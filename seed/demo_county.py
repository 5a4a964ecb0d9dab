"""A second list of the demo network: the county's own, which knows three agencies by other words.

What it lists is listed already, so that whoever looks after the directory has duplicates to merge.
"""

from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]
COUNTY_SOURCE = "county-resource-list"

_LISTED = (
    (
        "full-table", "Full Table Neighbors, Inc.", "www.fulltable.example.org", "(872) 555-0170",
        ("Full Table Neighbors Pantry", "3842 West Division Street", "Chicago", "60651",
         41.9024, -87.7228),
        "Choice Pantry", "Groceries once a week. Bring bags.",
    ),
    (
        "doorstep", "Doorstep Kitchen NFP", "", "1-464-555-0174",
        ("Doorstep Kitchen, Oak Park", "314 Chicago Avenue", "Oak Park", "60302",
         41.8950, -87.7893),
        "Meals to your door", "Hot meals brought to people who cannot shop or cook.",
    ),
    (
        "harbor-street", "Harbor Street Homes", "harborstreet.example.org", "312.555.0101",
        ("Harbor Street Homes, Pilsen", "1846 West 18th Street, Suite 3", "Chicago", "60608",
         41.8579, -87.6718),
        "Rent help", "Overdue rent for households that were served a notice.",
    ),
)  # fmt: skip


def county_documents() -> Iterator[Json]:
    """What the county lists, as nested HSDS organizations."""
    for slug, name, website, phone, place, service, description in _LISTED:
        place_name, line, city, zip_code, latitude, longitude = place
        address = {
            "id": _id(slug, "address"), "address_1": line, "city": city, "state_province": "IL",
            "postal_code": zip_code, "country": "US", "address_type": "physical",
        }  # fmt: skip
        location = {
            "id": _id(slug, "location"), "location_type": "physical", "name": place_name,
            "latitude": latitude, "longitude": longitude, "addresses": [address],
        }  # fmt: skip
        listed = {
            "id": _id(slug, "service"), "name": service, "description": description,
            "status": "active",
            "phones": [{"id": _id(slug, "service phone"), "number": phone}],
            "service_at_locations": [{"id": _id(slug, "there"), "location": location}],
        }  # fmt: skip
        yield {
            "id": _id(slug), "name": name, "description": f"{name} in {city}.",
            **({"website": f"https://{website}"} if website else {}),
            "phones": [{"id": _id(slug, "phone"), "number": phone}],
            "services": [listed],
        }  # fmt: skip


def _id(*path: str) -> str:
    return str(uuid5(NAMESPACE_URL, "https://referral-hub.org/demo-county/" + "/".join(path)))
