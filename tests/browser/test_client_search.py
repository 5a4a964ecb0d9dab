"""A case manager chooses a client, searches, puts services aside, compares, and refers."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import select

from referral_hub.extensions import db
from referral_hub.models import Agency, Client, Membership, Need, Team
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.roles import Role
from referral_hub.web.hub import EXTENSION
from seed.demo_people import PASSWORD
from tests.browser.conftest import SIZES
from tests.browser.test_every_page import FAULTS

pytestmark = pytest.mark.browser

PROFILE = Profile(
    given_name="Rosa", family_name="Quintero-Vega", birth_date=date(1988, 4, 17),
    languages=("es",), zip="60608", state="IL", household_size=4, income=1900,
)  # fmt: skip


@pytest.fixture(scope="module")
def address(site: tuple[Flask, str]) -> str:
    """The demo network with its people, and a client of one agency."""
    app, address = site
    with app.app_context():
        add_client(app.extensions[EXTENSION].vault, datetime.now(UTC))
    return address


def add_client(vault: object, now: datetime) -> UUID:
    """A client who needs food, of the agency of the demo's case manager."""
    session = db.session()
    agency = session.scalars(select(Agency).where(Agency.name == "Front Door Network")).one()
    team = session.scalars(select(Team).where(Team.agency_id == agency.id)).first()
    worker = session.scalars(
        select(Membership.person_id).where(
            Membership.agency_id == agency.id, Membership.role == Role.CASE_MANAGER
        )
    ).first()
    client = Client(
        id=uuid4(), agency_id=agency.id, team_id=team.id, worker_id=worker,
        opened_at=now, changed_at=now,
    )  # fmt: skip
    sealed = vault.seal("client.profile", client.id, to_json(PROFILE))  # type: ignore[attr-defined]
    client.profile_sealed = sealed
    session.add(client)
    session.flush()
    session.add(
        Need(client_id=client.id, need_code="food", urgency=3, importance=3, acuity=3,
             opened_at=now)
    )  # fmt: skip
    session.commit()
    return client.id


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The case manager, signed in; complaints of the browser fail the test."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
    context.set_default_timeout(20_000)
    opened = context.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    opened.on("console", on_console)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto("/sign-in")
    opened.get_by_label("E-mail address").fill("casemanager@demo.example")
    opened.get_by_label("Password").fill(PASSWORD)
    with opened.expect_navigation():
        opened.get_by_role("button", name="Sign in", exact=True).click()
    yield opened
    context.close()
    assert complaints == []


def test_from_a_client_to_a_shortlist(page: Page) -> None:
    page.goto("/find")
    page.get_by_role("link", name="Search for a client").click()
    page.get_by_label("Client").select_option(label="Rosa Quintero-Vega")
    page.get_by_role("button", name="Search for this client").click()
    expect(page.get_by_text("Searching for R. Q.")).to_be_visible()
    expect(page.get_by_role("link", name="Age 38")).to_be_visible()
    expect(page.locator("#results-heading")).to_contain_text("of Chicago, IL 60608")
    without_age_and_language(page)

    first = page.locator(".card").first
    name = first.locator(".card-name").inner_text()
    first.get_by_text("Reasons").click()
    expect(first.locator(".answers")).to_be_visible()
    assert page.evaluate(FAULTS) == []
    first.get_by_role("button", name="Add to the shortlist").click()
    expect(page.get_by_role("link", name="Shortlist: 1 service")).to_be_visible()
    assert "no_age=1" in page.url

    page.get_by_role("link", name="Shortlist: 1 service").click()
    expect(page.get_by_role("columnheader", name=name)).to_be_visible()
    assert page.evaluate(FAULTS) == []
    page.get_by_role("link", name="Sheet to print").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert page.evaluate(FAULTS) == []
    page.go_back()
    page.get_by_role("button", name="take it off").click()
    expect(page.get_by_text("Nothing is on the list.")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Searching for R. Q.")).to_have_count(0)


def without_age_and_language(page: Page) -> None:
    """Leave out two facts: the list changes in place, and no value comes into the address."""
    for what in ("age", "language"):
        page.get_by_role("link", name=f"Do not use the client’s {what}").click()
        expect(
            page.get_by_role("link", name=f"Use the client’s {what}", exact=True)
        ).to_be_visible()
    page.locator("#q").fill("meals")
    page.get_by_role("button", name="Search", exact=True).click()
    page.wait_for_url("**q=meals**")
    expect(page.locator(".fit").first).to_be_visible()
    for value in ("60608", "38", "Spanish", "food", "Rosa"):
        assert value not in page.url.partition("?")[2]
