"""Whatever is typed into a form, the hub answers; it never breaks."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from referral_hub.rules.network_settings import SETTINGS
from referral_hub.rules.teams import TeamPart
from referral_hub.rules.texts import is_readable
from referral_hub.web.hub import EXTENSION
from tests.http.hub_browser import Browser
from tests.http.one_of_everything import Maker
from tests.network import ADMINISTRATOR, STEWARD, Network

NAMES = (
    "name", "email", "roles", "person_id", "part", "since", "until", "starts_on", "ends_on",
    "agree", "move", "organization_id", "admin_name", "admin_email", "victim_services", "link",
    "token", "password", "time_zone", "holiday_region", "q", "given_name", "birth_date", "phone",
    "languages", "contact_ways",
    "income", "veteran", "version", "code", "urgency", "importance", "acuity", "detail", "text",
    "kind", "occurred_on", "due_on", "need_id", "assignee_id", "done", "status", "reason",
    "content", "team_id", "worker_id", "url", "every_hours", "complete",
)  # fmt: skip
SAID = (
    "food", "contact", "moved", "met", "es", "call", "773-555-0143", "4/17/1988",
    "", " ", "\x00", "\ud7ff", "case_manager", "network_steward", "member", "supervisor", "true",
    "2026-11-18", "9999-12-31", "0001-01-01", "2026-02-30", "Nia", "nia@agency.example", "approve",
    "suspend", "lost", "1", "-1", "nan", "1e400", "٣", "9" * 400, "#", "a@b.cd\r\nBcc: x@y.zz",
)  # fmt: skip
values = st.sampled_from(SAID) | st.text(max_size=40)
forms = st.dictionaries(
    st.sampled_from(NAMES + tuple(SETTINGS)), st.lists(values, min_size=1, max_size=3), max_size=8
)


class Site:
    """An agency with a team, an administrator's browser and a steward's."""

    def __init__(self, app: Flask, session: Session) -> None:
        network = Network(session, app.extensions[EXTENSION].vault, datetime.now(UTC))
        agency = network.agency()
        admin = network.person("Ada Admin", agency, ADMINISTRATOR)
        worker = network.person("Carl Case", agency, "case_manager")  # type: ignore[arg-type]
        steward = network.person("Stella Steward", None, STEWARD)
        team = network.team(agency, "Day")
        part = network.part(team, worker.person_id, TeamPart.MEMBER)
        self.admin = Browser(app.test_client(), network.sign_in(admin.person_id, agency))
        self.steward = Browser(app.test_client(), network.sign_in(steward.person_id, None))
        self.stranger = Browser(app.test_client())
        self.worker = Browser(app.test_client(), network.sign_in(worker.person_id, agency))
        ids = Maker(network, session).client_with_work(agency, team, worker.person_id)
        client = f"/clients/{ids['client_id']}"
        self.paths = (
            (self.admin, "/agency/people/invite"),
            (self.admin, f"/agency/people/{worker.person_id}/change"),
            (self.admin, "/agency/agreement/sign"),
            (self.admin, "/agency/teams"),
            (self.admin, "/agency/working-time"),
            (self.admin, f"/agency/teams/{team}/join"),
            (self.admin, f"/agency/teams/{team}/rename"),
            (self.admin, f"/agency/teams/{team}/parts/{part}/leave"),
            (self.steward, "/network/agencies/add"),
            (self.steward, f"/network/agencies/{network.agency('Other')}/decide"),
            (self.steward, f"/network/agencies/{agency}/invite"),
            (self.steward, f"/network/agencies/{agency}/organizations/tie"),
            (self.steward, f"/network/agencies/{agency}/organizations/untie"),
            (self.steward, "/network/stewards/invite"),
            (self.steward, "/network/settings"),
            (self.admin, "/account/profile/name"),
            (self.admin, "/account/profile/email"),
            (self.admin, "/account/profile/confirm"),
            (self.admin, f"/agency/people/{worker.person_id}/second-factor"),
            (self.steward, f"/network/people/{worker.person_id}/second-factor"),
            (self.admin, "/invitation"),
            (self.admin, "/invitation/join"),
            (self.stranger, "/invitation/new-account"),
            (self.worker, "/clients/search"),
            (self.worker, "/clients/new"),
            (self.worker, "/clients/import/load"),
            (self.worker, f"{client}/edit"),
            (self.worker, f"{client}/assign"),
            (self.worker, f"{client}/weight"),
            (self.worker, f"{client}/household/add"),
            (self.worker, f"{client}/needs/add"),
            (self.worker, f"{client}/needs/{ids['need_id']}"),
            (self.worker, f"{client}/needs/{ids['need_id']}/close"),
            (self.worker, f"{client}/goals/add"),
            (self.worker, f"{client}/goals/{ids['goal_id']}/steps/add"),
            (self.worker, f"{client}/goals/{ids['goal_id']}/steps/{ids['step_id']}/mark"),
            (self.worker, f"{client}/notes/add"),
            (self.worker, f"{client}/tasks/add"),
            (self.worker, f"{client}/tasks/{ids['task_id']}"),
            (self.worker, f"{client}/close"),
            (self.admin, "/listings/import"),
            (self.steward, "/network/feeds/add"),
        )


@pytest.fixture
def site(app: Flask, sqlite_url: str, tmp_path: Path) -> Iterator[Site]:
    engine = create_engine(sqlite_url)
    with Session(engine) as session:
        yield Site(app, session)
    engine.dispose()


@settings(
    max_examples=250,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(number=st.integers(0, 99), form=forms)
def test_any_form_is_answered(site: Site, number: int, form: dict[str, list[str]]) -> None:
    browser, path = site.paths[number % len(site.paths)]
    answer = browser.post(path, **form)
    assert answer.status_code in {200, 303, 404, 409, 422, 429}, path
    assert "Traceback" not in answer.get_data(as_text=True)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=values)
def test_any_words_find_organizations_or_none(site: Site, words: str) -> None:
    _, path = site.paths[10]
    expected = 200 if is_readable(words) else 422
    assert site.steward.get(path.removesuffix("/tie"), q=words).status_code == expected
