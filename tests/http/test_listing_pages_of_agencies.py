"""Room in one tap, listings confirmed by a link, and corrections: as browsers meet them."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from referral_hub.models import (
    AgencyOrganization,
    Correction,
    ListingChange,
    Organization,
    PendingIndex,
    Service,
    ServiceState,
)
from referral_hub.rules.corrections import Origin
from referral_hub.rules.listings import ListingKey
from referral_hub.rules.roles import Role
from referral_hub.use_cases.steps.corrections import propose
from referral_hub.use_cases.steps.listing_links import add_listing_link
from referral_hub.web.spam import shown_at
from tests.http.conftest import Opener
from tests.http.hub_browser import text_of
from tests.network import Network

BEDS = "Beds for tonight"


class Listed:
    """An agency with one service and an intake worker."""

    def __init__(self, network: Network) -> None:
        self.network, self.session = network, network.session
        self.agency = network.agency()
        organization = network.organization("Harbor House")
        self.session.add(AgencyOrganization(organization_id=organization, agency_id=self.agency))
        self.service = uuid4()
        self.session.add(
            Service(
                id=self.service, organization_id=organization, name=BEDS, status="active",
                created_at=network.long_ago, updated_at=network.long_ago,
            )
        )  # fmt: skip
        self.session.commit()
        self.worker = network.person("Ina Take", self.agency, Role.INTAKE_WORKER)

    def token(self) -> str:
        made = add_listing_link(
            self.session,
            self.worker.person_id,
            self.agency,
            [ListingKey("service", self.service)],
            now=self.network.now,
        )
        self.session.commit()
        return made

    def all(self, model: Any) -> list[Any]:
        self.session.rollback()
        return list(self.session.scalars(select(model)))


@pytest.fixture
def listed(network: Network) -> Listed:
    return Listed(network)


def test_one_tap_says_it_and_another_changes_it(browse: Opener, listed: Listed) -> None:
    browser = browse(listed.worker)
    page = browser.page("/listings/capacity")
    assert page.count('class="tap"') == 4
    for state in ("open", "closed"):
        page = browser.done("/listings/capacity", service_id=listed.service, state=state)
        assert page.count('aria-pressed="true"') == 1
    assert [row.capacity for row in listed.all(ServiceState)] == ["closed"]


def test_a_tap_that_is_none_changes_nothing(browse: Opener, listed: Listed) -> None:
    browser = browse(listed.worker)
    browser.wrong("/listings/capacity", service_id=listed.service, state="full")
    assert browser.post("/listings/capacity", service_id=uuid4(), state="open").status_code == 404
    assert listed.all(ServiceState) == []


def test_numbers_are_kept_and_a_wrong_one_loses_nothing(browse: Opener, listed: Listed) -> None:
    browser, path = browse(listed.worker), f"/listings/capacity/{listed.service}"
    typed = {"version": 1, "state": "limited", "available": "30", "maximum": "20",
             "unit": "beds", "note": "Upper floor."}  # fmt: skip
    page = browser.wrong(path, **typed)
    assert "No more can be free" in page
    assert 'value="30"' in page
    assert "Upper floor." in page
    page = browser.done(path, **typed | {"available": "3"})
    assert "3 of 20 beds free" in page
    assert "3 of 20 beds free" in browse().page(f"/services/{listed.service}")
    assert "Upper floor." not in browse().page(f"/services/{listed.service}")
    page = browser.wrong(path, 409, **typed | {"available": "4"})
    assert "meanwhile" in page


def test_for_some_people_it_is_said_apart_and_a_wrong_row_loses_nothing(
    browse: Opener, listed: Listed
) -> None:
    browser, path = browse(listed.worker), f"/listings/capacity/{listed.service}"
    typed = {
        "version": 1, "state": "open", "available": "3", "unit": "beds",
        "population-1": "women", "state-1": "closed", "available-1": "0", "maximum-1": "4",
    }  # fmt: skip
    page = browser.wrong(path, **typed, **{"population-2": "families", "available-2": "some"})
    assert "Kind of people 2" in page
    assert 'value="some"' in page
    assert "Women: closed, 0 of 4 beds free." in browser.done(path, **typed)
    assert re.search(r'value="women" selected', browser.page(path))
    page = browser.done(path, version=2, state="open", available="2", unit="beds")
    assert "Women" not in page


def test_something_changed_leads_to_the_form_of_the_listing(browse: Opener, listed: Listed) -> None:
    page = text_of(browse().send("/v/", "/v/", token=f"#{listed.token()}"))
    form = f"/listings/{listed.service}/edit/about"
    assert f'href="{form}"' in page
    assert "/sign-in" in browse().get(form).headers["Location"]
    assert "About" in browse(listed.worker).page(form)


def test_a_link_that_is_only_asked_for_shows_and_changes_nothing(
    browse: Opener, listed: Listed
) -> None:
    token, scanner = listed.token(), browse()
    for path in ("/v/", f"/v/?token={token}", f"/v/confirm?token={token}", "/v/capacity"):
        answer = scanner.get(path)
        assert answer.status_code in (200, 405)
        assert BEDS not in text_of(answer)
    assert listed.all(ListingChange) == []
    assert listed.all(PendingIndex) == []


def test_one_button_confirms_and_pressed_twice_it_is_done_once(
    browse: Opener, listed: Listed
) -> None:
    token, browser = listed.token(), browse()
    page = text_of(browser.send("/v/", "/v/", token=f"https://hub.example/v/#{token}"))
    assert BEDS in page
    assert "Still true" in page
    sent = {"token": f"#{token}", "listing_id": listed.service, "service_id": listed.service}
    pages = [text_of(browser.send("/v/confirm", "/v/", **sent)) for _ in range(2)]
    assert all("Thank you" in page and "Still true" not in page for page in pages)
    assert len(listed.all(ListingChange)) == 1
    page = text_of(browser.send("/v/capacity", "/v/", **sent, state="waiting_list"))
    assert page.count('aria-pressed="true"') == 1
    assert [row.capacity for row in listed.all(ServiceState)] == ["waiting_list"]


def test_a_link_without_its_form_or_with_another_secret_does_nothing(
    browse: Opener, listed: Listed
) -> None:
    token, browser = listed.token(), browse()
    sent = {"token": f"#{token}", "listing_id": listed.service}
    assert browser.forge("/v/confirm", **sent).status_code == 400
    answer = browser.send("/v/confirm", "/v/", **sent | {"token": f"#{token}x"})
    assert answer.status_code == 404
    assert listed.all(ListingChange) == []


def shown(page: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', page)
    assert found
    return found[1]


def proposal(listed: Listed, **more: str) -> dict[str, str]:
    return {"field": "name", "proposed": "Beds for the night", "note": ""} | more


def test_a_stranger_who_took_time_proposes_and_a_program_does_not(
    app: Flask, browse: Opener, listed: Listed
) -> None:
    browser, path = browse(), f"/services/{listed.service}/correction"
    form = browser.page(path)
    page = browser.wrong(path, **proposal(listed), shown=shown(form))
    assert "That was quick" in page
    assert "Beds for the night" in page
    assert "open for long" in browser.wrong(path, **proposal(listed), shown="made up")
    browser.done(path, **proposal(listed), shown=shown(form), nickname="Bot")
    assert listed.all(Correction) == []
    with app.app_context():
        old, long_ago = (
            shown_at(listed.network.now - timedelta(seconds=ago)) for ago in (60, 60 * 60 * 7)
        )
    assert "open for long" in browser.wrong(path, **proposal(listed), shown=long_ago)
    page = browser.done(path, **proposal(listed), shown=old)
    assert "Thank you" in page
    assert [row.proposed_by for row in listed.all(Correction)] == ["anonymous"]


def test_who_is_signed_in_need_not_wait_and_sees_what_became_of_it(
    browse: Opener, listed: Listed, network: Network
) -> None:
    other = network.agency("Elsewhere Aid")
    browser = browse(network.person("Cass Man", other, Role.CASE_MANAGER))
    path = f"/services/{listed.service}/correction"
    browser.done(path, **proposal(listed))
    assert "Name: waits" in browser.page(path)


def proposed(listed: Listed) -> UUID:
    made = propose(
        listed.session, table="service", record_id=listed.service, field="name", current=BEDS,
        proposed="Beds for the night", origin=Origin.IMPORT, proposed_by="import:x", note=None,
        now=listed.network.now,
    )  # fmt: skip
    listed.session.commit()
    return made.id


def test_the_agency_accepts_a_proposal_or_sees_what_changed(browse: Opener, listed: Listed) -> None:
    browser, path = browse(listed.worker), f"/listings/corrections/{proposed(listed)}"
    assert "Beds for the night" in browser.page("/listings/corrections")
    page = browser.wrong(f"{path}/accept", 409, seen="Something else")
    assert "by now" in page
    browser.wrong(f"{path}/refuse", reason="because")
    assert "No proposal waits" in browser.done(f"{path}/accept", seen=BEDS)
    assert [row.name for row in listed.all(Service)] == ["Beds for the night"]
    assert "already" in browser.wrong(f"{path}/refuse", 409, reason="spam")


def test_a_stale_listing_says_so_and_the_steward_confirms_it(
    browse: Opener, listed: Listed, network: Network
) -> None:
    service = listed.session.get_one(Service, listed.service)
    service.verified_on = (network.now - timedelta(days=300)).date()
    listed.session.commit()
    assert "Not confirmed since" in browse().page(f"/services/{listed.service}")
    steward = browse(network.person("Stew Ward", None, Role.NETWORK_STEWARD))
    assert BEDS in steward.page("/network/freshness")
    assert "Every listing was confirmed" in steward.done(
        "/network/freshness", listing_id=listed.service
    )
    assert "Not confirmed since" not in browse().page(f"/services/{listed.service}")


def test_an_organization_that_nobody_confirmed_for_long_says_so(
    browse: Opener, listed: Listed
) -> None:
    organization = listed.session.scalars(
        select(Organization).join(Service, Service.organization_id == Organization.id)
    ).one()
    for days, stale in ((392, False), (393, True)):
        organization.verified_on = (listed.network.now - timedelta(days=days)).date()
        listed.session.commit()
        page = browse().page(f"/services/{listed.service}")
        assert ("Not confirmed since" in page) is stale


def test_the_own_page_asks_to_confirm_what_is_due(browse: Opener, listed: Listed) -> None:
    service = listed.session.get_one(Service, listed.service)
    service.verified_on = (listed.network.now - timedelta(days=200)).date()
    listed.session.commit()
    browser = browse(listed.worker)
    assert "1 listing to confirm" in browser.page("/listings/capacity")
    page = browser.done("/listings/capacity/confirm", listing_id=listed.service)
    assert "to confirm" not in page
