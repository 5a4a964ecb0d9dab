"""The pages of the network's stewards: agencies, stewards, settings, and never a client."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from referral_hub.models import Agency, NetworkSetting
from referral_hub.rules.agencies import AgencyStatus
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser
from tests.network import ADMINISTRATOR, CASE_MANAGER, STEWARD, Network
from tests.use_cases.test_network_settings import form


@pytest.fixture
def steward(network: Network, browse: Opener) -> Browser:
    """A browser of a steward of the network."""
    return browse(network.person("Stella Steward", None, STEWARD))


def test_a_steward_adds_an_agency_and_approves_it(steward: Browser, network: Network) -> None:
    html = steward.done(
        "/network/agencies/add", name="New House", victim_services="true",
        admin_name="Bo Boss", admin_email="bo@new.example",
    )  # fmt: skip
    assert "New House" in html
    assert "Victim services" in html
    agency = network.session.scalars(select(Agency)).one()
    page = steward.page(f"/network/agencies/{agency.id}")
    assert "bo@new.example" in page
    assert "Invited" in page
    decide = f"/network/agencies/{agency.id}/decide"
    assert "Approve" in steward.page(decide)
    assert "Partner" in steward.done(decide, move="approve")
    assert "This cannot be done now" in steward.wrong(decide, 409, move="approve")
    assert "Choose what to do" in steward.wrong(decide, move="explode")
    assert "Suspended" in steward.done(decide, move="suspend")


def test_a_form_to_add_an_agency_keeps_what_was_typed(steward: Browser, network: Network) -> None:
    network.agency("Harbor House")
    html = steward.wrong("/network/agencies/add", name="Harbor House", admin_name="Bo Boss")
    assert "Enter both a name and an e-mail address" in html
    assert 'value="Bo Boss"' in html
    html = steward.wrong("/network/agencies/add", name="Harbor House")
    assert "There is an agency of this name already" in html
    html = steward.wrong(
        "/network/agencies/add", name="New", admin_name="Bo Boss", admin_email="bo"
    )
    assert 'id="admin_email-error"' in html


def test_a_steward_sees_people_as_names_and_roles_only(
    steward: Browser, network: Network, browse: Opener
) -> None:
    agency = network.agency()
    admin = network.person("Ada Admin", agency, ADMINISTRATOR)
    network.person("Carl Case", agency, CASE_MANAGER)
    browse(admin).done(
        "/agency/people/invite", name="Nia", email="nia@agency.example", roles="case_manager"
    )
    html = steward.page(f"/network/agencies/{agency}")
    assert "Carl Case: Case manager" in html
    assert "@agency.example" not in html


def test_an_agency_that_is_not_there_is_not_found(steward: Browser, network: Network) -> None:
    missing = network.person("Stray", None).person_id
    for path in ("", "/decide", "/organizations", "/invite"):
        steward.page(f"/network/agencies/{missing}{path}", 404)


def test_organizations_are_tied_and_taken_away(steward: Browser, network: Network) -> None:
    one = network.organization("Fair Homes")
    network.organization("Second")
    agency, other = network.agency(), network.agency("Other agency")
    path = f"/network/agencies/{agency}/organizations"
    found = steward.page(path, q="fair")
    assert "Fair Homes" in found
    assert "No organization has this in its name" in steward.page(path, q="zzz")
    assert "Take away" in steward.done(f"{path}/tie", organization_id=one)
    theirs = f"/network/agencies/{other}/organizations"
    assert "belongs to another agency" in steward.wrong(f"{theirs}/tie", organization_id=one)
    assert "Another agency's" in steward.page(theirs, q="fair")
    assert "Choose an organization" in steward.wrong(f"{path}/tie", organization_id="x")
    assert "None yet" in steward.done(f"{path}/untie", organization_id=one)


def test_a_steward_ends_an_agreement(steward: Browser, network: Network, browse: Opener) -> None:
    agency = network.agency()
    admin = network.person("Ada Admin", agency, ADMINISTRATOR)
    agreement = network.agreement(agency, admin.person_id)
    path = f"/network/agencies/{agency}/agreements/{agreement}/end"
    assert path in steward.page(f"/network/agencies/{agency}/decide")
    assert browse(admin).post(path).status_code == 403
    assert "Ended early" in steward.done(path)
    assert steward.post(path).status_code == 409


def test_stewards_are_invited_and_their_role_ends(
    steward: Browser, network: Network, browse: Opener
) -> None:
    html = steward.done("/network/stewards/invite", name="Sid", email="sid@else.example")
    assert "sid@else.example" in html
    path = f"/network/invitations/{network.the_invitation().id}"
    assert "sent again" in steward.done(f"{path}/send-again")
    assert "taken back" in steward.done(f"{path}/withdraw")
    other = network.person("Tina Two", None, STEWARD)
    hers = browse(other)
    end = f"/network/stewards/{other.person_id}/end"
    assert "Tina Two" in steward.page(end)
    assert "Tina Two" not in steward.done(end)
    assert hers.get("/network").status_code == 302
    steward.page(end, 404)
    assert steward.post(end).status_code == 404


def test_an_agencys_invitation_is_handled_by_a_steward_too(
    steward: Browser, network: Network
) -> None:
    agency = network.agency()
    path = f"/network/agencies/{agency}"
    steward.done(f"{path}/invite", name="Bo", email="bo@else.example")
    invitation = f"{path}/invitations/{network.the_invitation().id}"
    assert "sent again" in steward.done(f"{invitation}/send-again")
    assert "taken back" in steward.done(f"{invitation}/withdraw")
    assert steward.post(f"{invitation}/withdraw").status_code == 404


def test_settings_are_changed_all_or_none(steward: Browser, network: Network) -> None:
    assert "By default" in steward.page("/network/settings")
    html = steward.done("/network/settings", **form(decide_urgent=["24"]))
    assert "The settings are saved." in html
    assert 'value="24"' in html
    html = steward.wrong("/network/settings", **form(session_hours=["99"], weight_travel=["2"]))
    assert 'id="session_hours-error"' in html
    assert 'name="session_hours" value="99"' in html
    assert 'name="weight_travel" value="2"' in html
    stored = {row.name: row.value for row in network.session.scalars(select(NetworkSetting))}
    assert stored == {"decide_urgent": 24}


def test_administrators_change_nothing_of_the_network(browse: Opener, network: Network) -> None:
    agency = network.agency()
    admin = browse(network.person("Ada Admin", agency, ADMINISTRATOR))
    for path in (
        "/network/agencies/add",
        f"/network/agencies/{agency}/decide",
        f"/network/agencies/{agency}/invite",
        f"/network/agencies/{agency}/organizations/tie",
        f"/network/agencies/{agency}/organizations/untie",
        f"/network/agencies/{agency}/invitations/{agency}/withdraw",
        f"/network/agencies/{agency}/invitations/{agency}/send-again",
        f"/network/invitations/{agency}/withdraw",
        "/network/stewards/invite",
        "/network/settings",
    ):
        answer = admin.post(
            path, name="N", email="n@agency.example", move="suspend", organization_id=agency,
            **{name: value for name, value in form().items() if name not in ("name", "email")},
        )  # fmt: skip
        assert answer.status_code == 403, path
    assert network.session.get_one(Agency, agency).status == AgencyStatus.PARTNER


def test_the_network_link_stands_at_the_top_of_every_page_for_stewards_only(
    steward: Browser, browse: Opener, network: Network
) -> None:
    assert 'href="/network"' in steward.page("/")
    worker = browse(network.person("Will Worker", network.agency(), CASE_MANAGER))
    html = worker.page("/")
    assert 'href="/agency"' in html
    assert 'href="/network"' not in html
    stranger = browse().page("/")
    assert 'href="/agency"' not in stranger


def test_a_proof_that_is_too_old_is_asked_for_again(browse: Opener, network: Network) -> None:
    person = network.person("Stella Steward", None, STEWARD)
    browser = browse(person, timedelta(minutes=10))
    assert browser.get("/network/settings").status_code == 302
    assert browse(person, timedelta(minutes=9)).get("/network/settings").status_code == 200
