"""Searching for a client on the pages: nothing of the client in an address, a cookie or a cache."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from urllib.parse import unquote_plus
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.models import Service, ServiceCriterion, ServiceNeed, ShortlistEntry
from referral_hub.rules.actor import Person as PersonActing
from referral_hub.rules.actor import System
from referral_hub.use_cases.maintain_index import rebuild_index
from referral_hub.web.hub import EXTENSION
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser
from tests.network import Network
from tests.referral_world import A_PROFILE, World, a_client, a_need, a_world

CANARIES = ("Quintero", "Rosa", "60608", "1988", "violent", "Cermak", "Spanish", "category=food")
HREF = re.compile(r'(?:href|action|formaction|hx-get)="([^"]*)"')
FIELDS = re.compile(r'<(?:input|option)[^>]*value="([^"]*)"')


@dataclass
class Desk:
    """A case manager at a browser, with a client of their agency."""

    browser: Browser
    world: World
    client_id: UUID
    session: Session
    open: Callable[[PersonActing], Browser]

    def choose(self) -> None:
        answer = self.browser.post("/find/client", client_id=str(self.client_id))
        assert (answer.status_code, answer.location) == (303, "/find")


@pytest.fixture
def desk(app: Flask, network: Network, sqlite_session: Session, browse: Opener) -> Desk:
    world = a_world(sqlite_session, network.vault, datetime.now(UTC))
    for staff in (world.sender, world.receiver, world.stranger):
        sqlite_session.add(
            ServiceNeed(service_id=staff.service_id, need_code="food", basis="stated")
        )
    condition = {"kind": "age", "operator": "between", "values": [60, None]}
    sqlite_session.add(ServiceCriterion(service_id=world.stranger.service_id, **condition))
    client = a_client(
        sqlite_session, world.sender, replace(A_PROFILE, languages=("en",)), network.vault
    )
    client_id = client.id
    a_need(sqlite_session, client, "food")
    hub = app.extensions[EXTENSION]
    with app.app_context():
        rebuild_index(
            db.session(), System("test"), hub.searcher, hub.gazetteer, now=datetime.now(UTC)
        )
        db.session.remove()
    return Desk(browse(world.sender.case_manager), world, client_id, sqlite_session, browse)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What the hub asks of its database."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        seen.append(str(arguments[2]))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_a_client_is_chosen_searched_for_and_left(desk: Desk) -> None:
    page = desk.browser.page("/find/client")
    assert "Rosa Quintero-Vega" in page
    desk.choose()
    page = unescape(desk.browser.page("/find", radius="any"))
    assert "Searching for <strong>R. Q.</strong>" in page
    assert "Rosa" not in page
    assert "Quintero" not in page
    assert page.count("Eligible</span>") == 2
    assert page.count("Not eligible</span>") == 1
    assert "Ages 60 and older" in page
    assert desk.browser.post("/find/client/stop").location == "/find"
    page = desk.browser.page("/find", radius="any")
    assert "Searching for" not in page
    assert "eligible" not in page.casefold()


def test_the_client_stays_beside_a_search_with_faults(desk: Desk) -> None:
    desk.choose()
    answer = desk.browser.get("/find", q="food", radius="far", no_age="1")
    assert answer.status_code == 422
    page = unescape(answer.get_data(as_text=True))
    assert "Searching for <strong>R. Q.</strong>" in page
    assert "Rosa" not in page


def test_nothing_of_the_client_is_in_a_link_a_field_or_a_cookie(desk: Desk) -> None:
    desk.choose()
    for query in ({"radius": "any"}, {"q": "help"}, {"q": "zzz", "age": "5"}, {"no_age": "1"}):
        answer = desk.browser.get("/find", **query)
        page = answer.get_data(as_text=True)
        told = [*HREF.findall(page), *FIELDS.findall(page), *answer.headers.getlist("Set-Cookie")]
        told = [unquote_plus(unescape(each)) for each in told]
        others = [each for each in told if each != "Spanish"]  # a choice that everybody is offered
        for canary in CANARIES:
            assert not [each for each in others if canary in each], (query, canary)


def test_an_answer_with_a_client_is_kept_by_no_cache(desk: Desk) -> None:
    desk.choose()
    for path in ("/find", "/find/shortlist", "/find/shortlist/sheet", "/find/client"):
        assert desk.browser.get(path).headers["Cache-Control"] == "no-store"


def test_without_a_client_a_search_asks_the_database_nothing_more(
    desk: Desk, app: Flask, statements: list[str]
) -> None:
    def asked(browser: Browser) -> list[str]:
        statements.clear()
        browser.page("/find", q="help")
        return [each for each in statements if "sign_in_session" not in each]

    asked(desk.browser)
    asked(Browser(app.test_client()))
    client_tables = ("client", "need.", "shortlist_entry", "service_criterion", "agreement")
    for browser in (Browser(app.test_client()), desk.browser):
        seen = asked(browser)
        assert not [each for each in seen for table in client_tables if f"FROM {table}" in each]
    desk.choose()
    assert len(asked(desk.browser)) > len(seen)


def test_what_is_not_eligible_can_be_hidden(desk: Desk) -> None:
    desk.choose()
    page = desk.browser.page("/find", radius="any", hide_not="1")
    assert "1 service is hidden" in page
    assert "Pilsen Clinic help" not in page
    assert "2 services" in page


def test_a_fact_that_is_left_out_stays_out_and_can_be_taken_back(desk: Desk) -> None:
    desk.choose()
    page = unescape(desk.browser.page("/find", no_age="1"))
    assert "Age 38" not in page
    assert "Use the client’s age" in page
    assert '<input type="hidden" name="no_age" value="1">' in page


def test_services_are_put_aside_compared_and_handed_over(desk: Desk) -> None:
    desk.choose()
    service_id = desk.world.receiver.service_id
    back = "/find?q=help&radius=any"
    answer = desk.browser.post("/find/shortlist/add", service_id=str(service_id), next=back)
    assert answer.location == f"{back}#service-{service_id}"
    assert "take it off" in desk.browser.page("/find", radius="any")
    page = desk.browser.page("/find/shortlist")
    assert "Lawndale Legal Aid help" in page
    assert f"/referrals/new?service={service_id}" in page
    sheet = desk.browser.page("/find/shortlist/sheet")
    assert "Lawndale Legal Aid help" in sheet
    for canary in ("R. Q.", "Rosa", "Quintero", "60608"):
        assert canary not in sheet
    desk.browser.post("/find/shortlist/remove", service_id=str(service_id))
    assert "Lawndale Legal Aid help" not in desk.browser.page("/find/shortlist")


def test_after_a_change_nobody_is_led_to_another_site(desk: Desk) -> None:
    desk.choose()
    service_id = str(desk.world.receiver.service_id)
    for aim in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = desk.browser.post("/find/shortlist/add", service_id=service_id, next=aim)
        assert answer.location.startswith("/#")


def test_a_form_without_a_service_or_client_is_refused_by_name(desk: Desk) -> None:
    assert desk.browser.post("/find/client").status_code == 422
    assert desk.browser.post("/find/client", client_id="x").status_code == 422
    assert desk.browser.post("/find/shortlist/add").status_code == 422
    service_id = str(desk.world.receiver.service_id)
    answer = desk.browser.post("/find/shortlist/add", service_id=service_id)
    assert answer.status_code == 409
    assert desk.browser.get("/find/shortlist").location == "/find/client"


def test_clients_of_others_cannot_be_chosen(desk: Desk, network: Network) -> None:
    foreign = a_client(desk.session, desk.world.receiver, None, network.vault).id
    desk.session.rollback()
    answers = [
        desk.browser.post("/find/client", client_id=str(each)) for each in (foreign, UUID(int=1))
    ]
    assert [each.status_code for each in answers] == [404, 404]
    first, second = (each.get_data(as_text=True) for each in answers)
    assert first == second


def test_the_client_ends_with_the_session(desk: Desk) -> None:
    desk.choose()
    desk.browser.post("/sign-out")
    again = desk.open(desk.world.sender.case_manager)
    assert "Searching for <" not in again.page("/find")


def test_the_page_of_a_service_tells_its_conditions_and_whether_it_fits(desk: Desk) -> None:
    path = f"/services/{desk.world.stranger.service_id}"
    page = desk.browser.page(path)
    assert "Ages 60 and older" in page
    assert "stated by the agency" in page
    assert "Does it fit" not in page
    desk.choose()
    page = desk.browser.page(path)
    assert "Does it fit R. Q.?" in page
    assert "Not eligible</span>" in page


def test_who_can_see_no_clients_is_offered_no_search_for_one(desk: Desk, app: Flask) -> None:
    assert "Search for a client" in desk.browser.page("/find")
    assert "Search for a client" not in Browser(app.test_client()).page("/find")
    administrator = desk.open(desk.world.sender.administrator)
    assert "Search for a client" not in administrator.page("/find")


def test_a_hidden_service_cannot_be_put_aside(desk: Desk) -> None:
    desk.choose()
    desk.session.execute(update(Service).values(visibility="hidden"))
    desk.session.commit()
    service_id = str(desk.world.receiver.service_id)
    answer = desk.browser.post("/find/shortlist/add", service_id=service_id)
    assert answer.status_code == 404
    desk.session.rollback()
    assert desk.session.scalars(select(ShortlistEntry)).all() == []
