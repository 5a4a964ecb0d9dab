"""The pages of caseloads: for the supervisor of a team, and for each worker."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from referral_hub.models import AuditRow, Client, Person, Team
from referral_hub.rules.actor import System
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.clients import add_client
from referral_hub.use_cases.keep_caseloads import keep_caseloads
from referral_hub.use_cases.weigh_case import weigh_case
from referral_hub.web import caseload_charts
from tests.http.conftest import Opener
from tests.network import ADMINISTRATOR, CASE_MANAGER, INTAKE, STEWARD, SUPERVISOR, Network

TEAM, MINE = "/supervision/team", "/supervision/mine"


class House:
    """An agency whose team has two workers and a supervisor; `ana` has three hard cases."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.id = network.agency()
        self.ana = network.person("Ana Able", self.id, CASE_MANAGER)
        self.ike = network.person("Ike Intake", self.id, INTAKE)
        self.sue = network.person("Sue Supervisor", self.id, SUPERVISOR)
        self.admin = network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.steward = network.person("Stella Steward", None, STEWARD)
        self.team_id = network.session.scalars(
            select(Team.id).where(Team.agency_id == self.id)
        ).one()
        network.part(self.team_id, self.sue.person_id, part=TeamPart.SUPERVISOR)
        for worker in (self.ana, self.ike):
            network.part(self.team_id, worker.person_id)
        self.cases = [self.case(f"Rosa {number}") for number in range(3)]

    def case(self, name: str, *, trauma: bool = True) -> UUID:
        network, then = self.network, self.network.now - timedelta(days=14)
        made = add_client(
            network.session, self.ana, Profile(given_name=name, family_name="Vega",
            languages=("es",)), network.vault, worker_id=self.ana.person_id, anyway=True, now=then,
        )  # fmt: skip
        weigh_case(
            network.session, self.ana, made, acuity=4, intensity=2, travels=True, trauma=trauma,
            now=then,
        )  # fmt: skip
        return made

    def worker_of(self, client_id: UUID) -> UUID | None:
        self.network.session.rollback()
        return self.network.session.get_one(Client, client_id).worker_id


@pytest.fixture
def house(network: Network) -> House:
    return House(network)


def test_the_supervisor_sees_the_team_with_the_formula_and_the_worker_sees_it_not(
    browse: Opener, house: House
) -> None:
    page = browse(house.sue).page(TEAM)
    for words in ("Ana Able", "Ike Intake", "Below the band", "19.5", "1 × acuity (1 to 5)"):
        assert words in page
    assert "weigh on the one" not in page
    assert page.count('data-chart="line"') == 1, "too few weeks for more than one chart"
    for person in (house.ana, house.admin, house.steward):
        assert browse(person).get(TEAM).status_code == 403
        assert browse(person).get(f"{TEAM}.csv").status_code == 403
        assert browse(person).get(f"{TEAM}/{house.ana.person_id}").status_code == 403


def test_cases_of_the_team_and_what_its_workers_carry_are_told_apart(
    browse: Opener, house: House
) -> None:
    page = browse(house.sue).page(TEAM)
    assert "3 open cases belong to this team, 19.5 points. The table shows all that" in page


def test_loads_are_drawn_from_their_table_with_the_band(browse: Opener, house: House) -> None:
    keep_caseloads(house.network.session, System(), now=house.network.now)
    pages = ((house.sue, TEAM), (house.sue, f"{TEAM}/{house.ana.person_id}"), (house.ana, MINE))
    for person, path in pages:
        page = browse(person).page(path)
        assert "js/charts.js" in page
        assert "The band of a worker is now" in page
        assert '<td data-value="19.5">19.5</td>' in page
        assert "Each worker" not in page


def test_where_lines_would_be_too_many_a_table_tells_of_each_worker(
    browse: Opener, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caseload_charts, "MOST_LINES", 1)
    keep_caseloads(house.network.session, System(), now=house.network.now)
    page = browse(house.sue).page(TEAM)
    assert "The median of these 2 workers" in page
    assert '<td data-low="0" data-high="19.5">0.0 to 19.5</td>' in page
    each = page[page.index("Each worker") :]
    assert '<td data-value="19.5">19.5</td><td data-value="0.0">0</td>' in each


def test_a_team_that_one_does_not_supervise_is_not_there(browse: Opener, house: House) -> None:
    sue = browse(house.sue)
    assert sue.get(TEAM, team=str(UUID(int=1))).status_code == 404
    assert sue.get(TEAM, team="x").status_code == 422
    assert sue.get(f"{TEAM}/{UUID(int=1)}").status_code == 404


def test_cases_are_moved_from_the_page_of_a_worker(browse: Opener, house: House) -> None:
    sue, path = browse(house.sue), f"{TEAM}/{house.ana.person_id}"
    page = sue.page(path)
    assert "1 × 4 + 1 × 2 + 0.5 × 0 + 0.5 = 6.5" in page
    assert "Ike Intake (0 points)" in page
    after = sue.done(path, client_id=house.cases[:2], worker_id=house.ike.person_id)
    assert "2 cases moved." in after
    assert [house.worker_of(each) for each in house.cases] == [
        house.ike.person_id, house.ike.person_id, house.ana.person_id,
    ]  # fmt: skip
    client = browse(house.ana).page(f"/clients/{house.cases[0]}")
    assert "Who was responsible" in client


def test_what_is_missing_is_said_and_what_was_ticked_stays(browse: Opener, house: House) -> None:
    sue, path = browse(house.sue), f"{TEAM}/{house.ana.person_id}"
    page = sue.wrong(path, client_id=house.cases[1])
    assert "Choose who gets them." in page
    assert page.count(" checked") == 1
    assert f'value="{house.cases[1]}"' in page[: page.index(" checked")][-120:]
    assert "Tick at least one case" in sue.wrong(path, worker_id=house.ike.person_id)
    assert house.worker_of(house.cases[1]) == house.ana.person_id


def test_the_table_leaves_as_a_file_and_the_audit_says_so(browse: Opener, house: House) -> None:
    answer = browse(house.sue).get(f"{TEAM}.csv", team=str(house.team_id))
    assert answer.mimetype == "text/csv"
    assert answer.text.splitlines()[1] == "Ana Able,19.5,Below the band,9.8,3,0,0"
    house.network.session.rollback()
    rows = house.network.session.scalars(
        select(AuditRow).where(AuditRow.action == "caseload:export")
    ).all()
    assert len(rows) == 1


def test_the_worker_is_told_first_and_shares_it_when_they_like(
    browse: Opener, house: House
) -> None:
    ana, sue = browse(house.ana), browse(house.sue)
    assert "So far only you see this" in ana.page("/")
    mine = ana.page(MINE)
    assert "Of your 3 cases 3 weigh on you, as you said (100%)" in mine
    assert "Ask how it goes" not in sue.page(TEAM)
    refused = ana.wrong(f"{MINE}/share", reason="rumour")
    assert "Choose what you share." in refused
    after = ana.done(f"{MINE}/share", reason="trauma")
    assert "Your supervisor can see it now." in after
    told = sue.page(TEAM)
    assert "Carries many cases that weigh on the one who has them. Ask how it goes." in told
    assert "100%" not in told
    assert "Your supervisor knows." in ana.page("/")
    assert "You shared this with your supervisor on" in ana.page(MINE)
    assert ana.post(f"{MINE}/share", reason="load").status_code == 409


def test_who_has_no_caseload_has_no_page_of_it(browse: Opener, house: House) -> None:
    for person in (house.sue, house.admin, house.steward):
        assert browse(person).get(MINE).status_code == 403
    assert "You said of no case" in browse(house.ike).page(MINE)
    assert "carry" not in browse(house.sue).page("/")


def test_a_worker_says_what_a_case_weighs(browse: Opener, house: House) -> None:
    ana, path = browse(house.ana), f"/clients/{house.cases[0]}/weight"
    assert "checked" in ana.page(path)
    after = ana.done(path, acuity="5", intensity="3")
    assert "1 × 5 + 1 × 3 + 0.5 × 0 = 8" in after
    assert "checked" not in ana.page(path)
    page = ana.wrong(path, acuity="5", intensity="9", trauma="true")
    assert "Choose a number from 1, light, to 3, intense." in page
    assert 'name="trauma" value="true" id="trauma" checked' in page
    assert browse(house.sue).get(path).status_code == 403


def test_suggestions_stand_above_the_choice_and_choose_nothing(
    browse: Opener, house: House
) -> None:
    ike = browse(house.ike)
    ike.done("/account/profile/languages", languages=["es", "pl"])
    house.network.session.rollback()
    assert house.network.session.get_one(Person, house.ike.person_id).languages == ["es", "pl"]
    page = browse(house.ana).page(f"/clients/{house.cases[0]}/assign")
    assert "Ike Intake</strong>: speaks Spanish" in page
    assert f'value="{house.ana.person_id}" selected' in page
