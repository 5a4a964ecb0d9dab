"""Two sources that list one legal aid office, each in its own words."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.models import DuplicateCandidate
from referral_hub.rules.actor import System
from referral_hub.use_cases.find_duplicates import find_duplicates
from tests.factories import Json, a_location, a_service, an_address, an_organization, uid

OPERATOR = System()
PHONE = "(312) 555-0142"


def first_source() -> list[Json]:
    """How the first source lists it."""
    place = a_location("first place", name="Fair Homes Legal Aid")
    service = a_service(
        "first service",
        location=place,
        phones=[{"id": uid("first phone"), "number": PHONE}],
        languages=[{"id": uid("first language"), "name": "English", "code": "en"}],
    )
    organization = an_organization("first", services=[service])
    return [organization | {"locations": []}]


def second_source(**more: str) -> list[Json]:
    """How the second source lists it, with a phone, a language and hours that the first lacks."""
    place = a_location(
        "second place",
        name="Fair Homes Legal Aid, Inc.",
        latitude=41.8571,
        longitude=-87.6571,
        addresses=[an_address("second address", address_1="1200 West 18th Street, Suite 2")],
    )
    service = a_service(
        "second service",
        location=place,
        name="Eviction defense",
        description="We help tenants in court.",
        email="help@fairhomes.example.org",
        phones=[
            {"id": uid("second phone"), "number": "+1 312-555-0142"},
            {"id": uid("second line"), "number": "312 555 0199"},
        ],
        languages=[
            {"id": uid("second English"), "name": "English", "code": "en"},
            {"id": uid("second Spanish"), "name": "Spanish", "code": "es"},
        ],
        schedules=[
            {
                "id": uid("second hours"), "freq": "WEEKLY", "byday": "MO",
                "opens_at": "09:00", "closes_at": "17:00",
            }
        ],
    )  # fmt: skip
    return [an_organization("second", **{"name": "Fair Homes Legal Aid Inc.",
                                         "services": [service]} | more)]  # fmt: skip


def look(session: Session, now: datetime) -> int:
    """Look through the whole directory; returns how many records were looked at."""
    total = 0
    while done := find_duplicates(session, OPERATOR, now=now):
        total += done
    return total


def the_pair(session: Session, table: str) -> DuplicateCandidate:
    """The one pair of a table."""
    query = select(DuplicateCandidate).where(DuplicateCandidate.table_name == table)
    return session.scalars(query).one()


def key(name: str) -> UUID:
    """The id of a record of the two sources."""
    return UUID(uid(name))
