"""The pages of one's own agency: what each role finds there, and what is not theirs."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from referral_hub.models import Agency, Agreement, Invitation, TeamMember
from referral_hub.models import Person as Account
from referral_hub.rules.actor import Person
from referral_hub.rules.agencies import AgencyMove, AgencyStatus
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.agencies import decide_agency
from tests.accounts import an_app
from tests.http.conftest import Opener
from tests.http.hub_browser import text_of
from tests.network import ADMINISTRATOR, CASE_MANAGER, INTAKE, STEWARD, SUPERVISOR, Network
from tests.use_cases.test_agencies import OPERATOR

LONG = timedelta(hours=1)


class House:
    """An agency with a team, its people, and a stranger from another agency."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.id = network.agency()
        self.admin = network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.worker = network.person("Carl Case", self.id, CASE_MANAGER)
        self.lead = network.person("Sue Supervisor", self.id, SUPERVISOR)
        self.team = network.team(self.id, "Day team")
        self.night = network.team(self.id, "Night team")
        self.part = network.part(self.team, self.worker.person_id)
        network.part(self.team, self.lead.person_id, TeamPart.SUPERVISOR)
        self.other = network.agency("Other")
        self.stranger = network.person("Sam Stranger", self.other, ADMINISTRATOR)
        self.steward = network.person("Stella Steward", None, STEWARD)


@pytest.fixture
def house(network: Network) -> House:
    return House(network)


def test_everybody_sees_how_their_agency_takes_part(browse: Opener, house: House) -> None:
    for person in (house.admin, house.worker, house.lead):
        html = browse(person).page("/agency")
        assert "Harbor House" in html
        assert "cannot send or receive referrals yet" in html
    house.network.agreement(house.id, house.admin.person_id)
    assert "an agreement is in force" in browse(house.worker).page("/agency")


def test_the_overview_offers_only_what_one_may_see(browse: Opener, house: House) -> None:
    assert "/agency/people" in browse(house.admin).page("/agency")
    lead = browse(house.lead).page("/agency")
    assert "/agency/teams" in lead
    assert 'href="/agency/people"' not in lead
    worker = browse(house.worker).page("/agency")
    assert 'href="/agency/teams"' not in worker
    assert 'href="/network"' not in worker


def test_who_is_not_signed_in_is_asked_to(browse: Opener) -> None:
    for path in ("/agency", "/agency/people", "/agency/teams", "/network", "/network/settings"):
        answer = browse().get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/agency", {"admin", "worker", "lead"}),
        ("/agency/agreement", {"admin", "worker", "lead"}),
        ("/agency/agreement/sign", {"admin"}),
        ("/agency/people", {"admin"}),
        ("/agency/people/invite", {"admin"}),
        ("/agency/people/{worker}", {"admin"}),
        ("/agency/people/{worker}/change", {"admin"}),
        ("/agency/teams", {"admin", "lead"}),
        ("/agency/teams/{team}", {"admin", "lead"}),
        ("/agency/working-time", {"admin"}),
        ("/network", {"steward"}),
        ("/network/agencies/add", {"steward"}),
        ("/network/agencies/{agency}", {"steward"}),
        ("/network/agencies/{agency}/decide", {"steward"}),
        ("/network/agencies/{agency}/invite", {"steward"}),
        ("/network/agencies/{agency}/organizations", {"steward"}),
        ("/network/stewards", {"steward"}),
        ("/network/stewards/invite", {"steward"}),
        ("/network/settings", {"steward"}),
    ],
)
def test_each_page_opens_for_these_roles_only(
    browse: Opener, house: House, path: str, allowed: set[str]
) -> None:
    where = path.format(worker=house.worker.person_id, team=house.team, agency=house.id)
    for name in ("admin", "worker", "lead", "steward"):
        person: Person = getattr(house, name)
        expected = 200 if name in allowed else 403
        assert browse(person).get(where).status_code == expected, name


def test_what_is_anothers_looks_like_what_is_not_there(browse: Opener, house: House) -> None:
    stranger = browse(house.stranger)
    nothing = uuid4()
    for path, theirs in (
        ("/agency/people/{}", house.worker.person_id),
        ("/agency/people/{}/change", house.worker.person_id),
        ("/agency/teams/{}", house.team),
    ):
        pages = [stranger.page(path.format(each), 404) for each in (theirs, nothing)]
        assert pages[0] == pages[1]
        assert "Carl" not in pages[0]
    lead = browse(house.lead)
    assert lead.page(f"/agency/teams/{house.night}", 404) == lead.page(
        f"/agency/teams/{nothing}", 404
    )


@pytest.mark.parametrize(
    ("path", "thing"),
    [
        ("/agency/people/{}/change", "worker"),
        ("/agency/people/{}/leave", "worker"),
        ("/agency/people/{}/disable", "worker"),
        ("/agency/teams/{}/rename", "team"),
        ("/agency/teams/{}/end", "team"),
        ("/agency/teams/{}/join", "team"),
        ("/agency/invitations/{}/withdraw", "invitation"),
        ("/agency/invitations/{}/send-again", "invitation"),
    ],
)
def test_nothing_of_another_agency_can_be_changed(
    browse: Opener, house: House, path: str, thing: str
) -> None:
    browse(house.admin).done("/agency/people/invite", **an_invitee())
    invitation = house.network.session.scalars(select(Invitation.id)).one()
    ids = {"worker": house.worker.person_id, "team": house.team, "invitation": invitation}
    values = {
        "roles": INTAKE, "name": "New", "person_id": house.stranger.person_id,
        "part": "member", "since": house.network.now.date(),
    }  # fmt: skip
    stranger = browse(house.stranger)
    pages = [stranger.wrong(path.format(each), 404, **values) for each in (ids[thing], uuid4())]
    assert pages[0] == pages[1]
    assert browse(house.worker).post(path.format(ids[thing]), **values).status_code == 403


def test_people_are_listed_with_roles_and_teams(browse: Opener, house: House) -> None:
    html = browse(house.admin).page("/agency/people")
    for shown in ("Ada Admin", "Carl Case", "Case manager", "Day team", "Not set up"):
        assert shown in html
    assert "Sam Stranger" not in html
    detail = browse(house.admin).page(f"/agency/people/{house.worker.person_id}")
    assert "carl@agency.example" in detail


def test_sensitive_acts_ask_for_a_proof_first(browse: Opener, house: House) -> None:
    admin, steward = browse(house.admin, LONG), browse(house.steward, LONG)
    person = house.worker.person_id
    for browser, path in (
        (admin, f"/agency/people/{person}/change"),
        (admin, "/agency/people/invite"),
        (admin, "/agency/agreement/sign"),
        (steward, f"/network/agencies/{house.id}/decide"),
        (steward, "/network/settings"),
        (steward, "/network/stewards/invite"),
    ):
        answer = browser.get(path)
        assert answer.headers["Location"].startswith("/sign-in/confirm?next=")
        assert browser.post(path, roles=INTAKE, move="suspend").status_code == 401
    for path in (f"/agency/people/{person}/leave", f"/agency/people/{person}/disable"):
        assert admin.post(path).status_code == 401
    assert house.network.roles(person, house.id) == {CASE_MANAGER}


def test_roles_are_changed_on_a_page(browse: Opener, house: House) -> None:
    admin, person = browse(house.admin), house.worker.person_id
    path = f"/agency/people/{person}/change"
    assert 'value="case_manager" id="roles-case_manager" checked' in admin.page(path)
    html = admin.done(path, roles=[INTAKE, SUPERVISOR])
    assert "The roles are changed." in html
    assert house.network.roles(person, house.id) == {INTAKE, SUPERVISOR}
    assert "Choose at least one role" in admin.wrong(path)
    assert admin.post(path, roles=STEWARD).status_code == 422
    assert (
        admin.post(f"/agency/people/{house.admin.person_id}/change", roles=INTAKE).status_code
        == 403
    )


def test_who_left_can_do_nothing_at_the_next_request(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    worker.page("/agency")
    html = browse(house.admin).done(f"/agency/people/{house.worker.person_id}/leave")
    assert "Carl Case" in html
    assert worker.get("/agency").status_code == 302


def test_a_suspended_agency_is_closed_to_its_people_at_the_next_request(
    browse: Opener, house: House
) -> None:
    admin = browse(house.admin)
    admin.page("/agency/people")
    decide_agency(
        house.network.session,
        OPERATOR,
        house.id,
        AgencyMove.SUSPEND,
        house.network.vault,
        now=house.network.now,
    )
    assert admin.get("/agency/people").status_code == 302
    again = browse(house.admin)
    assert "You act for no agency now" in again.page("/agency", 403)


def test_people_of_an_agency_that_is_not_approved_read_why_they_cannot_act(
    browse: Opener, network: Network
) -> None:
    waiting = network.agency("Waiting", AgencyStatus.INVITED)
    admin = network.person("Bo Boss", waiting, ADMINISTRATOR)
    assert "approves it first" in browse(admin).page("/agency", 403)


def test_an_invitation_is_sent_sent_again_and_taken_back(browse: Opener, house: House) -> None:
    admin = browse(house.admin)
    html = admin.done("/agency/people/invite", **an_invitee())
    assert "nia@agency.example" in html
    path = f"/agency/invitations/{house.network.the_invitation().id}"
    assert "sent again" in admin.done(f"{path}/send-again")
    assert len(house.network.mails()) == 2
    assert "nia@agency.example" not in admin.done(f"{path}/withdraw")


def test_a_form_keeps_what_was_typed_and_says_beside_each_field_what_is_wrong(
    browse: Opener, house: House
) -> None:
    html = browse(house.admin).wrong(
        "/agency/people/invite", name="<b>Nia</b>", email="nia at agency", roles=INTAKE
    )
    assert 'value="&lt;b&gt;Nia&lt;/b&gt;"' in html
    assert 'value="nia at agency"' in html
    assert 'id="email-error"' in html
    assert 'aria-describedby=" email-error"' in html
    assert 'value="intake_worker" id="roles-intake_worker" checked' in html
    assert html.count("<title>Error: ") == 1


def test_a_team_is_run_on_its_pages(browse: Opener, house: House) -> None:
    admin, network = browse(house.admin), house.network
    assert "Youth" in admin.done("/agency/teams", name="Youth")
    assert "a team of this name" in admin.wrong("/agency/teams", name="Youth")
    path = f"/agency/teams/{house.night}"
    today = network.now.date()
    html = admin.done(f"{path}/join", person_id=house.worker.person_id, part="member", since=today)
    assert "Carl Case" in html
    html = admin.wrong(
        f"{path}/join", person_id=house.worker.person_id, part="supervisor", since=today
    )
    assert "Only somebody with the role Supervisor" in html
    assert f'value="{house.worker.person_id}" selected' in html
    part = network.session.scalars(
        select(TeamMember.id).where(TeamMember.team_id == house.night)
    ).one()
    leaving = f"{path}/parts/{part}/leave"
    assert "Use a date" in admin.wrong(leaving, until="tomorrow")
    html = admin.done(leaving, until=today)
    assert "Nobody belongs to this team today" in html
    assert "Before" in html
    assert "Late team" in admin.done(f"{path}/rename", name="Late team")
    assert "Ended" in admin.done(f"{path}/end")
    assert admin.post(f"{path}/rename", name="X").status_code == 404


def test_a_supervisor_reads_their_team_and_changes_nothing(browse: Opener, house: House) -> None:
    lead = browse(house.lead)
    html = lead.page("/agency/teams")
    assert "Day team" in html
    assert "Night team" not in html
    assert "Add a team" not in html
    assert 'action="/agency' not in lead.page(f"/agency/teams/{house.team}")
    assert lead.post("/agency/teams", name="Mine").status_code == 403
    assert lead.post(f"/agency/teams/{house.team}/end").status_code == 403


def test_an_agreement_is_signed_with_dates(browse: Opener, house: House) -> None:
    admin, today = browse(house.admin), house.network.now.date()
    assert "Tick the box" in admin.wrong("/agency/agreement/sign", starts_on=today)
    html = admin.wrong(
        "/agency/agreement/sign", starts_on=today, ends_on=today - timedelta(days=1), agree="true"
    )
    assert "Use a last day" in html
    html = admin.done("/agency/agreement/sign", starts_on=today, agree="true")
    assert "Ada Admin" in html
    assert "In force" in html
    (agreement,) = house.network.session.scalars(select(Agreement))
    assert (agreement.starts_on, agreement.ends_on) == (today, None)
    assert browse(house.worker).post("/agency/agreement/sign").status_code == 403


def test_a_form_of_another_site_changes_nothing(browse: Opener, house: House) -> None:
    admin = browse(house.admin)
    path = f"/agency/people/{house.worker.person_id}/leave"
    assert admin.client.post(path).status_code == 400
    assert house.network.roles(house.worker.person_id, house.id) == {CASE_MANAGER}


def test_pages_with_names_are_kept_in_no_cache(browse: Opener, house: House) -> None:
    answer = browse(house.admin).get("/agency/people")
    assert "no-store" in answer.headers.get("Cache-Control", "")
    assert "Carl Case" in text_of(answer)


@pytest.mark.parametrize("email", ["nia..n@agency.example", "nía@agency.example", "nia@agency"])
def test_an_address_that_cannot_be_mailed_is_told_beside_its_field(
    browse: Opener, house: House, email: str
) -> None:
    sent = an_invitee(email)
    html = browse(house.admin).wrong("/agency/people/invite", **sent)
    assert 'id="email-error"' in html
    steward = browse(house.steward)
    for path in (f"/network/agencies/{house.id}/invite", "/network/stewards/invite"):
        assert 'id="email-error"' in steward.wrong(path, name="Nia", email=email)
    sent = {"name": "New Home", "admin_name": "Nia", "admin_email": email}
    assert 'id="admin_email-error"' in steward.wrong("/network/agencies/add", **sent)
    assert house.network.mails() == []


def test_the_second_step_of_a_colleague_is_reset_with_a_reason(
    browse: Opener, house: House
) -> None:
    person = house.network.session.get_one(Account, house.worker.person_id)
    an_app(house.network.session, person, vault=house.network.vault)
    token = house.network.sign_in(house.worker.person_id, house.id)
    admin, path = browse(house.admin), f"/agency/people/{house.worker.person_id}"
    assert f"{path}/second-factor" in admin.page(path)
    assert "Carl Case" in admin.page(f"{path}/second-factor")
    assert "Choose a reason." in admin.wrong(f"{path}/second-factor")
    assert "Choose a reason." in admin.wrong(f"{path}/second-factor", reason="boredom")
    html = admin.done(f"{path}/second-factor", reason="lost")
    assert "is reset" in html
    assert f"{path}/second-factor" not in html
    assert house.network.acts(token) is None
    assert "no second step" in admin.wrong(f"{path}/second-factor", 409, reason="lost")


def test_a_steward_resets_the_second_step_of_anybody_but_themselves(
    browse: Opener, house: House
) -> None:
    person = house.network.session.get_one(Account, house.worker.person_id)
    an_app(house.network.session, person, vault=house.network.vault)
    steward, path = browse(house.steward), f"/network/people/{house.worker.person_id}/second-factor"
    page = steward.page(f"/network/agencies/{house.id}")
    assert path in page
    assert f"/network/people/{house.admin.person_id}/second-factor" not in page
    assert "is reset" in steward.done(path, reason="stolen")
    assert path not in steward.page(f"/network/agencies/{house.id}")
    own = f"/network/people/{house.steward.person_id}/second-factor"
    assert steward.post(own, reason="lost").status_code == 403
    assert steward.get(f"/network/people/{uuid4()}/second-factor").status_code == 404


def an_invitee(email: str = "nia@agency.example", agency: UUID | None = None) -> dict[str, object]:
    return {"name": "Nia New", "email": email, "roles": [INTAKE]}


def test_an_administrator_says_where_the_agency_is_and_which_holidays_it_keeps(
    browse: Opener, house: House
) -> None:
    admin, path = browse(house.admin), "/agency/working-time"
    assert "As the network: America/Chicago" in admin.page(path)
    html = admin.wrong(path, time_zone="Mars/Base", holiday_region="US-ZZ")
    assert 'id="time_zone-error"' in html
    assert 'id="holiday_region-error"' in html
    assert 'value="US-ZZ"' in html
    html = admin.done(path, time_zone="America/Denver", holiday_region="US-CO")
    assert '<option value="America/Denver" selected>Mountain Time</option>' in html
    assert 'value="US-CO"' in html
    agency = house.network.session.get_one(Agency, house.id)
    assert (agency.time_zone, agency.holiday_region) == ("America/Denver", "US-CO")
    admin.done(path)
    house.network.session.rollback()
    assert (agency.time_zone, agency.holiday_region) == (None, None)
    assert house.network.audited().count("agency:change") == 2
