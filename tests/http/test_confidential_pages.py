"""The page on which an address becomes confidential, is looked up, and becomes public again."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from referral_hub.extensions import db
from referral_hub.models import AgencyOrganization, AuditRow, Location, Organization
from tests.demo import load_documents
from tests.factories import uid
from tests.http.hub_browser import Browser, text_of
from tests.http.one_of_everything import STEWARD, World
from tests.secret_place import STREET, a_shelter, told

HOUSE = UUID(uid("house"))
PAGE = f"/listings/locations/{HOUSE}/confidential"


@pytest.fixture
def shelter(world: World, now: Any) -> World:
    """A public shelter of the agency, whose own words name its street."""
    with world.app.app_context():
        load_documents(world.app, a_shelter(), now)
        rose = UUID(uid("rose"))
        agency = db.session.scalars(select(AgencyOrganization.agency_id)).first()
        db.session.add(AgencyOrganization(organization_id=rose, agency_id=agency))
        db.session.execute(
            update(Organization)
            .where(Organization.id == rose)
            .values(description=f"Come to {STREET}.")
        )
        db.session.commit()
        db.session.remove()
    return world


def ask(world: World, query: Any) -> Any:
    with world.app.app_context():
        return db.session.scalars(query).all()


def at(world: World, caller: str) -> Browser:
    return Browser(world.app.test_client(), world.tokens[caller])


def test_from_public_to_confidential_and_back(shelter: World) -> None:
    administrator = at(shelter, "administrator")
    before = text_of(administrator.get(PAGE))
    assert "These still say where it is" in before
    assert "Rose Aid" in before
    untold = administrator.post(f"{PAGE}/keep")
    assert untold.status_code == 422
    assert "Tick that you have read it." in text_of(untold)
    assert administrator.post(f"{PAGE}/keep", understood="true").status_code == 303
    page = text_of(administrator.get(PAGE))
    assert "Chicago, IL 60608" in page
    assert told(page) == set()
    assert "Make it public" not in page
    assert administrator.post(f"{PAGE}/address").status_code == 422
    seen = administrator.post(f"{PAGE}/address", why_read="client_goes_there")
    assert STREET in text_of(seen)
    assert "no-store" in seen.headers["Cache-Control"]
    rows = select(AuditRow.detail).where(AuditRow.action == "location:read-address")
    assert ask(shelter, rows) == ["client_goes_there"]
    steward = at(shelter, STEWARD)
    offered = text_of(steward.get(PAGE))
    assert "Make it public" in offered
    assert "Look the address up" not in offered
    assert steward.post(f"{PAGE}/open").status_code == 422
    assert steward.post(f"{PAGE}/open", why_open="marked_by_mistake").status_code == 303
    assert ask(shelter, select(Location.confidential).where(Location.id == HOUSE)) == [False]


def test_a_refused_edit_gives_back_what_was_typed(shelter: World) -> None:
    with shelter.app.app_context():
        db.session.query(AgencyOrganization).delete()
        db.session.commit()
    steward = at(shelter, STEWARD)
    assert steward.post(f"{PAGE}/keep", understood="true").status_code == 303
    where = f"/listings/locations/{HOUSE}/edit/about"
    answer = steward.post(where, **{"address.address_1": "2 Hidden Ln", "address.city": "Chicago"})
    assert answer.status_code in (409, 422)
    assert "2 Hidden Ln" in answer.get_data(as_text=True)
