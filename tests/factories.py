"""HSDS objects with complete defaults: a test says only what matters to it."""

from typing import Any
from uuid import NAMESPACE_DNS, uuid5

Json = dict[str, Any]


def uid(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid5(NAMESPACE_DNS, name))


def an_address(slug: str = "address", /, **fields: Any) -> Json:
    return {
        "id": uid(slug),
        "address_1": "1200 W 18th St",
        "city": "Chicago",
        "state_province": "IL",
        "postal_code": "60608",
        "country": "US",
        "address_type": "physical",
    } | fields


def a_location(slug: str = "location", /, **fields: Any) -> Json:
    return {
        "id": uid(slug),
        "location_type": "physical",
        "name": "Pilsen Center",
        "latitude": 41.857,
        "longitude": -87.657,
        "addresses": [an_address(f"{slug} address")],
    } | fields


def a_service(slug: str = "service", /, location: Json | None = None, **fields: Any) -> Json:
    service = {
        "id": uid(slug),
        "name": "Eviction Defense",
        "description": "Lawyers for tenants who got an eviction notice.",
        "status": "active",
    }
    if location is not None:
        link = {"id": uid(f"{slug} at location"), "location": location}
        service["service_at_locations"] = [link]
    return service | fields


def an_organization(slug: str = "organization", /, **fields: Any) -> Json:
    return {
        "id": uid(slug),
        "name": "Fair Homes Legal Aid",
        "description": "Free lawyers.",
        "website": "https://fairhomes.example.org",
    } | fields


def a_directory(**service: Any) -> list[Json]:
    """One organization with one service at one location."""
    return [an_organization(services=[a_service(location=a_location(), **service)])]
