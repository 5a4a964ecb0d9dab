"""A shelter whose feed tells where it is in every way that a feed can.

Each field of each record of the place says a word that stands nowhere else, found by walking the
tables of the standard: a table or field that is new is full of it at once.
"""

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import Base
from referral_hub.rules.hsds import TABLES, Kind
from tests.factories import Json, a_service, an_organization, uid

STREET = "1742 Zanzibar Hollow Way"
POINT = (41.8573917, -87.6571943)
NUMBER = "312-555-0142"
CANARIES = re.compile(rf"zanzibar|hollow.way|60608-?2043|8573917|6571943|{NUMBER}", re.IGNORECASE)
"""What may be seen nowhere: also in the index's forms of words, in JSON and in rounded points."""
LATER = "1743 Zanzibar Hollow Way"

MAY_BE_KNOWN = {
    "location": {"location_type"},
    "address": {"city", "state_province", "postal_code", "country", "address_type"},
    "schedule": {"wkst", "freq", "byday", "byweekno", "bymonthday", "byyearday"},
    "language": {"name", "code"},
    "service_area": {"extent", "extent_type"},
    "metadata": {"resource_type"},
    "attribute": {"link_entity"},
}
"""Fields that hold no free text, or what may be known of such a place."""


def telling(table: str, slug: str, **fields: Any) -> Json:
    """A record of a table, each text of which tells the place."""
    made: Json = {"id": uid(slug)}
    for field in TABLES[table].fields[1:]:
        if field.references or field.name in MAY_BE_KNOWN.get(table, ()):
            continue
        if field.kind is Kind.TEXT:
            made[field.name] = f"{STREET} {field.name}"
        if field.kind is Kind.URI:
            made[field.name] = f"https://zanzibar-hollow.example/{table}/{field.name}"
        if field.kind is Kind.EMAIL:
            made[field.name] = "zanzibar@hollow.example"
        if field.kind is Kind.DATE and field.required:
            made[field.name] = "2026-01-01"
    return made | fields


def described(table: str, slug: str, **fields: Any) -> Json:
    """Such a record with history and attributes of its own."""
    return telling(
        table, slug, metadata=[telling("metadata", f"{slug} metadata")],
        attributes=[telling("attribute", f"{slug} attribute")], **fields,
    )  # fmt: skip


def a_secret_location(
    *, street: str = STREET, point: tuple[float, float] = POINT, zip_code: str = "60608-2043"
) -> Json:
    """The place with all of its parts."""
    latitude, longitude = point
    address = described(
        "address", "house address", address_1=street, city="Chicago", state_province="IL",
        postal_code=zip_code, country="US", address_type="physical",
    )  # fmt: skip
    phone = described("phone", "house phone", number=NUMBER, type="voice")
    hours = described(
        "schedule", "house hours", freq="WEEKLY", byday="MO", opens_at="09:00", closes_at="17:00"
    )
    return described(
        "location", "house", location_type="physical", latitude=latitude, longitude=longitude,
        addresses=[address],
        phones=[phone | {"languages": [telling("language", "phone language", name="Spanish")]}],
        contacts=[
            described("contact", "house contact")
            | {"phones": [telling("phone", "contact phone", number=NUMBER)]}
        ],
        schedules=[hours],
        languages=[described("language", "house language", name="Spanish")],
        accessibility=[
            described("accessibility", "house door"),
            {"id": uid("house ramp"), "description": "ramp"},
        ],
    )  # fmt: skip


def a_shelter(location: Json | None = None, **service: Any) -> list[Json]:
    """An organization whose only service is given at the secret place."""
    location = a_secret_location() if location is None else location
    circle = {
        "extent": f"{location['latitude']},{location['longitude']},8",
        "extent_type": "circle",
    }
    link = described(
        "service_at_location", "shelter at house",
        location={"id": location["id"]},
        phones=[telling("phone", "link phone", number=NUMBER)],
        contacts=[telling("contact", "link contact")],
        schedules=[telling("schedule", "link hours", freq="WEEKLY", byday="TU")],
        service_areas=[telling("service_area", "link area", **circle)],
    )  # fmt: skip
    made = a_service(
        "shelter", name="Safe Rooms", description="Rooms for people who left a violent home.",
        service_at_locations=[link],
        service_areas=[telling("service_area", "shelter area", **circle)],
        phones=[{"id": uid("hotline"), "number": "312-555-0199", "type": "voice"}],
        **service,
    )  # fmt: skip
    return [
        an_organization("rose", name="Rose Aid", description="Help.", services=[made],
                        locations=[location])
    ]  # fmt: skip


def a_bare_shelter() -> list[Json]:
    """The same as somebody sent it who gave no more than the ZIP code."""
    address = {
        "id": uid("house address"), "address_1": "", "city": "Chicago", "state_province": "IL",
        "postal_code": "60608", "country": "US", "address_type": "physical",
    }  # fmt: skip
    place = {"id": uid("house"), "location_type": "physical", "addresses": [address]}
    link = {"id": uid("shelter at house"), "location": {"id": uid("house")}}
    service = a_service(
        "shelter", name="Safe Rooms", description="Rooms for people who left a violent home.",
        service_at_locations=[link],
    )  # fmt: skip
    return [an_organization("rose", name="Rose Aid", description="Help.", services=[service],
                            locations=[place])]  # fmt: skip


def told_by_tables(session: Session) -> dict[str, set[str]]:
    """What any table of the database tells, by table."""
    found = {}
    for table in Base.metadata.sorted_tables:
        rows = session.execute(select(table)).all()
        if what := told(repr([tuple(row) for row in rows])):
            found[table.name] = what
    session.rollback()
    return found


def told(text: str) -> set[str]:
    """The canaries that a text tells."""
    return set(CANARIES.findall(text))
