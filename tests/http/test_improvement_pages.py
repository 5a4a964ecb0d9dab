"""The pages of improvements, notes on charts and links by mail: who gets in, what stays typed."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from referral_hub.models import ImprovementCycle
from referral_hub.rules.improvements import Drawn, Every, Measured, Plan, Quantity, last_day_of
from referral_hub.rules.measures import Measure
from referral_hub.rules.referrals import Priority
from referral_hub.use_cases.improvements import begin_cycle
from tests.counted_figures import count_all
from tests.http.conftest import Opener
from tests.http.figure_world import FigureWorld, a_figure_world
from tests.http.hub_browser import Browser
from tests.http.one_improvement import one_improvement
from tests.network import CASE_MANAGER, STEWARD, SUPERVISOR, Network
from tests.referral_acts import in_status

HEAD = "/supervision/improvements"
PLAN = {
    "title": "Call first", "aim": "6 of 10 completed.", "change": "We call.", "measured": "sent",
    "every": "month", "drawn": "run", "baseline_on": "2026-01-01", "side": "sender",
}  # fmt: skip
NUMBER = re.compile(r'<a href="(/supervision/referrals\?[^"]*)" aria-label="([\d,]+), [^"]*"')


class Office:
    """An agency whose figures are counted, with a supervisor and one of everything."""

    def __init__(self, app: Flask, network: Network) -> None:
        self.network = network
        count_all(app, network.session)
        self.id = network.agency()
        self.supervisor = network.person("Sol Super", self.id, SUPERVISOR)
        self.colleague = network.person("Sue Super", self.id, SUPERVISOR)
        self.worker = network.person("Carl Case", self.id, CASE_MANAGER)
        self.steward = network.person("Stella Steward", None, STEWARD)
        self.ids = one_improvement(network, self.supervisor)
        self.page = f"{HEAD}/{self.ids['cycle_id']}"

    def cycle(self) -> ImprovementCycle:
        self.network.session.rollback()
        return self.network.session.get_one(ImprovementCycle, self.ids["cycle_id"])


@pytest.fixture
def office(app: Flask, network: Network) -> Office:
    return Office(app, network)


@pytest.fixture
def browser(browse: Opener, office: Office) -> Browser:
    return browse(office.supervisor)


def test_an_improvement_is_begun_from_the_choice_of_a_page_with_figures(
    browser: Browser, office: Office
) -> None:
    html = browser.page(f"{HEAD}/new", side="sender", since="2026-01-01", measure="response")
    assert '<option value="sender" selected>' in html
    assert '<option value="response" selected>' in html
    page = browser.done(f"{HEAD}/new", **PLAN)
    assert "It is begun." in page
    assert "Side: Sent by us" in page
    assert "Call first" in browser.page(HEAD)


def test_who_is_told_nothing_of_what_clients_say_is_not_offered_to_follow_it(
    browser: Browser, browse: Opener, office: Office
) -> None:
    option = '<option value="client_confirmed"'
    assert option in browser.page(f"{HEAD}/new")
    assert option not in browse(office.steward).page(f"{HEAD}/new")
    asked = PLAN | {"measured": "client_confirmed", "side": "receiver"}
    assert "What clients say is told to the agency that sent" in browser.wrong(
        f"{HEAD}/new", **asked
    )


def test_a_choice_that_no_list_offers_is_kept_and_told(browser: Browser, office: Office) -> None:
    service = office.network.organization("Some id")
    html = browser.page(f"{HEAD}/new", service_id=str(service))
    assert f'<input type="hidden" name="service_id" value="{service}">' in html
    assert "Service: one without referrals" in html


def test_what_was_typed_stays_where_something_is_wrong(browser: Browser) -> None:
    html = browser.wrong(f"{HEAD}/new", **PLAN | {"aim": "", "title": "Call & ask"})
    assert 'value="Call &amp; ask"' in html
    assert "Say what is to be better" in html
    assert '<option value="sender" selected>' in html


def test_an_old_version_keeps_what_was_typed_and_saves_at_the_second_try(
    browser: Browser, browse: Opener, office: Office
) -> None:
    change = PLAN | {"stage": "do"}
    mine = change | {"aim": "Mine."}
    browse(office.colleague).done(f"{office.page}/change", **change, version=1)
    html = browser.wrong(f"{office.page}/change", 409, **mine, version=1)
    assert "Mine.</textarea>" in html
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version
    assert version[1] == "2"
    assert "Mine." in browser.done(f"{office.page}/change", **mine, version=2)


def test_marks_and_log_stand_on_the_page_and_their_faults_too(
    browser: Browser, office: Office
) -> None:
    tomorrow = (office.network.now + timedelta(days=2)).date().isoformat()
    html = browser.wrong(f"{office.page}/marks", day=tomorrow, words="Tomorrow")
    assert 'value="Tomorrow"' in html
    html = browser.wrong(f"{office.page}/log", text="")
    assert "Write what happened." in html
    day = (office.network.now - timedelta(days=20)).date().isoformat()
    assert "Second step" in browser.done(f"{office.page}/marks", day=day, words="Second step")
    assert "We saw it." in browser.done(f"{office.page}/log", text="We saw it.")
    mark = f"{office.page}/marks/{office.ids['mark_id']}/withdraw"
    assert ": Begun" not in browser.done(mark)


def test_it_is_closed_with_what_was_learned(browser: Browser, office: Office) -> None:
    html = browser.wrong(f"{office.page}/close", learned="", version=1)
    assert "Say what was learned" in html
    html = browser.done(f"{office.page}/close", learned="Calls help.", version=1)
    assert "Calls help." in html
    assert f"{office.page}/change" not in html
    assert office.cycle().stage == "closed"


def test_the_series_is_a_file(browser: Browser, office: Office) -> None:
    answer = browser.get(f"{office.page}/series.csv")
    assert answer.mimetype == "text/csv"
    head = "since,until,as_of,whose,filters,figure,begins,referrals,met,value,"
    assert answer.text.startswith(head)


def test_each_line_of_the_series_says_what_it_is_of(figures: FigureWorld, browse: Opener) -> None:
    browser = browse(figures.world.sender.supervisor)
    page = a_series(figures, browser, Quantity.SENT, Every.MONTH)
    (address,) = re.findall(r'href="([^"]*series.csv)"', page)
    rows = list(csv.DictReader(StringIO(browser.get(address).text)))
    assert {row["since"] for row in rows} == {rows[0]["begins"]}
    last = date.fromisoformat(rows[-1]["begins"])
    assert {row["until"] for row in rows} == {last_day_of(Every.MONTH, last).isoformat()}
    assert {(row["figure"], row["filters"]) for row in rows} == {("sent", "Priority: Routine")}
    (whose,) = {row["whose"] for row in rows}
    assert whose.startswith("North Side Housing, these teams alone: ")


def test_the_series_names_its_conditions_as_other_files_of_figures_do(
    figures: FigureWorld, browse: Opener
) -> None:
    browser = browse(figures.world.sender.supervisor)
    receiver = figures.world.receiver
    of = {
        "side": "sender", "need": "food", "to_agency_id": str(receiver.agency_id),
        "service_id": str(receiver.service_id),
    }  # fmt: skip
    page = a_series(figures, browser, Quantity.SENT, Every.MONTH, **of)
    (address,) = re.findall(r'href="([^"]*series.csv)"', page)
    told = [
        {row["filters"] for row in csv.DictReader(StringIO(answer.text))}
        for answer in (browser.get(address), browser.get("/supervision/figures.csv", **of))
    ]
    assert told[0] == told[1]
    assert told[0] == {
        "Side: Sent by us; Receiving agency: Lawndale Legal Aid; Need: Food; "
        "Service: Lawndale Legal Aid help"
    }


def a_series(
    figures: FigureWorld, browser: Browser, measured: Measured, every: Every, **of: str
) -> str:
    """The page of an improvement since before the first referral was sent, of routine ones where
    nothing else is said."""
    vault, now = figures.old[0].vault, datetime.now(UTC)
    plan = Plan(
        "Call first", "More.", "We call.", measured, every, Drawn.CONTROL,
        (now - timedelta(days=190)).date(), None,
    )  # fmt: skip
    cycle = begin_cycle(
        figures.session, figures.world.sender.supervisor, vault, plan,
        of or {"priority": "routine"}, now=now,
    )  # fmt: skip
    return browser.page(f"{HEAD}/{cycle}")


@pytest.fixture
def figures(app: Flask, sqlite_session: Session) -> FigureWorld:
    """Referrals of two agencies, with an urgent one that is completed like others of its week."""
    found = a_figure_world(app, sqlite_session)
    old = found.old[0]
    in_status(
        sqlite_session, "completed", world=found.world, vault=old.vault, now=old.now,
        priority=Priority.URGENT,
    )  # fmt: skip
    found.count()
    return found


@pytest.mark.parametrize("every", Every)
def test_the_numbers_of_a_series_open_lists_of_exactly_as_many(
    figures: FigureWorld, browse: Opener, every: Every
) -> None:
    browser = browse(figures.world.sender.supervisor)
    for measured in (*Measure, Quantity.SENT, Quantity.DAYS_TO_DECISION):
        found = NUMBER.findall(a_series(figures, browser, measured, every))
        told = measured is Measure.CLIENT_CONFIRMED or found
        assert told, measured
        for address, number in found:
            counted = f"{number} referral{'' if number == '1' else 's'}, the last sent on top"
            assert counted in browser.page(unescape(address)), (measured, address)


def test_a_share_leads_to_those_that_met_it_and_to_all_that_it_is_of(
    figures: FigureWorld, browse: Opener
) -> None:
    browser = browse(figures.world.sender.supervisor)
    page = a_series(figures, browser, Measure.COMPLETION, Every.WEEK)
    (_, met), (of_whom, of) = NUMBER.findall(page)
    assert (met, of) == ("2", "5")
    (point,) = re.findall(r'<th scope="row"[^>]*><a href="(/supervision/referrals[^"]*)">', page)
    assert point == of_whom


def test_what_was_overdue_at_past_times_is_a_plain_number(
    figures: FigureWorld, browse: Opener
) -> None:
    browser = browse(figures.world.sender.supervisor)
    page = a_series(figures, browser, Quantity.OVERDUE, Every.MONTH)
    assert "Overdue" in page
    assert not NUMBER.findall(page)


def test_others_find_nothing_or_may_not(browse: Opener, office: Office) -> None:
    assert browse(office.colleague).get(office.page).status_code == 200
    assert browse(office.steward).get(office.page).status_code == 404
    assert browse(office.worker).get(HEAD).status_code == 403


def test_a_note_is_pinned_under_its_chart_and_only_its_author_can_take_it_back(
    app: Flask, browser: Browser, browse: Opener, office: Office
) -> None:
    path = "/supervision/report?need=food&since=2026-01-01"
    html = browser.page(path)
    assert "/supervision/improvements/new?need=food" in html
    assert "/supervision/links/new?view=/supervision/report%3Fneed%3Dfood%26since" in html
    answer = _pin(browser, path, "A quiet month.")
    assert answer.headers["Location"] == path
    html = browser.page(path)
    assert "A quiet month." in html
    assert "/withdraw" in html
    theirs = browse(office.colleague).page(path)
    assert "A quiet month." in theirs
    assert "/withdraw" not in theirs
    assert "A quiet month." not in browser.page("/supervision")
    assert "A quiet month." not in browse(office.steward).page("/supervision")


def _pin(browser: Browser, back: str, text: str) -> TestResponse:
    return browser.post("/supervision/notes", chart="overview.months", back=back, text=text)


def test_a_note_that_cannot_be_pinned_keeps_its_words(browser: Browser) -> None:
    html = browser.wrong(
        "/supervision/notes", chart="overview.months", back="/supervision?need=food",
        text="x" * 2001,
    )  # fmt: skip
    assert "x" * 2001 in html
    assert 'name="back" value="/supervision?need=food"' in html
    assert "Use at most 2,000 characters." in html


NO_VIEWS = (
    "https://evil.example/", "//evil.example", "/\\evil.example", "/clients", "", "x",
    "/supervision/../clients", "/supervision/notes/../../sign-out", "/supervision/team",
    "/supervision?since=yesterday", "/supervision?since=0001-01-01", "/supervision?worker_id=me",
)  # fmt: skip


@pytest.mark.parametrize("back", NO_VIEWS)
def test_a_note_is_pinned_to_views_of_figures_alone(browser: Browser, back: str) -> None:
    html = browser.wrong(
        "/supervision/notes", chart="overview.months", back=back, text="A note.", about_on=""
    )
    assert "Open the page with the chart again." in html
    assert "A note.</textarea>" in html
    assert 'href="/supervision">To the figures, without a note' in html
    assert "A note." not in browser.page("/supervision/notes")


@pytest.mark.parametrize("back", NO_VIEWS)
def test_who_takes_back_a_note_gets_to_figures_and_nowhere_else(
    browser: Browser, office: Office, back: str
) -> None:
    answer = browser.post(f"/supervision/notes/{office.ids['note_id']}/withdraw", back=back)
    assert answer.headers["Location"] == "/supervision"


@pytest.mark.parametrize(
    ("back", "where"),
    [
        ("/supervision/notes", "/supervision/notes"),
        ("/supervision/times?need=food&next=//evil.example", "/supervision/times?need=food"),
        ("/supervision/referrals?measure=completion&part=met", None),
        ("/supervision/compare?by=priority&as_of=2026-05-01", None),
    ],
)
def test_who_takes_back_a_note_gets_to_where_it_was_seen(
    browser: Browser, office: Office, back: str, where: str | None
) -> None:
    answer = browser.post(f"/supervision/notes/{office.ids['note_id']}/withdraw", back=back)
    assert answer.headers["Location"] == (where or back)


def test_notes_are_listed_with_a_way_to_their_chart(browser: Browser) -> None:
    html = browser.page("/supervision/notes")
    assert "Closed in May." in html
    assert 'href="/supervision"' in html


def test_a_link_is_saved_opened_from_the_mail_and_ended_from_it(
    browser: Browser, browse: Opener, office: Office
) -> None:
    form = {"view": "/supervision?need=food&since=2026-01-01", "every": "week", "hour": "8"}
    html = browser.wrong("/supervision/links/new", **form, name="Food", latest="true")
    assert "Choose a day of the week." in html
    assert 'value="/supervision?need=food&amp;since=2026-01-01"' in html
    html = browser.done("/supervision/links/new", **form, name="Food", latest="true", weekday="0")
    assert "each Monday at 8 AM" in html
    link = re.search(r"/supervision/links/([0-9a-f-]{36})/end[^>]*>End it<[^>]*>: Food", html)
    assert link
    page = f"/supervision/links/{link[1]}"
    assert browser.get(f"{page}/open").headers["Location"] == "/supervision?need=food"
    assert browse(office.colleague).get(f"{page}/open").status_code == 404
    assert "Send me no more" in browser.page(f"{page}/end")
    assert "Food" not in browser.done(f"{page}/end")
    assert "mailed no more" in browser.page(f"{page}/end")


MAILED = {"name": "Food in time", "every": "week", "weekday": "0", "hour": "8"}


@pytest.mark.parametrize("view", NO_VIEWS)
def test_a_link_is_to_views_of_figures_alone(browser: Browser, view: str) -> None:
    html = browser.page("/supervision/links/new", view=view)
    assert 'name="view" value="/supervision"' in html
    html = browser.wrong("/supervision/links/new", **MAILED, view=view)
    assert "Only pages with figures can be mailed." in html
    assert "Food in time" not in browser.page("/supervision/links")


def test_a_link_keeps_those_parameters_that_pages_with_figures_know(browser: Browser) -> None:
    view = "/supervision/times?need=food&next=//evil.example"
    html = browser.done("/supervision/links/new", **MAILED, view=view)
    assert 'href="/supervision/times?need=food"' in html


def test_a_list_of_one_week_is_mailed_with_its_week_alone(browser: Browser) -> None:
    view = "/supervision/referrals?flow=sent&week=2026-03-02"
    html = browser.wrong("/supervision/links/new", **MAILED, view=view, latest="true")
    assert "This list is of one week, and stays so." in html
    html = browser.done("/supervision/links/new", **MAILED, view=view)
    assert 'href="/supervision/referrals?flow=sent&amp;week=2026-03-02"' in html


def test_who_is_not_signed_in_comes_back_to_the_link_after_signing_in(
    browse: Opener, office: Office
) -> None:
    answer = browse().get(f"/supervision/links/{office.ids['link_id']}/open")
    assert answer.status_code in (302, 303)
    assert "/sign-in?next=" in answer.headers["Location"]


def test_an_improvement_says_whose_referrals_it_is_of_a_stewards_is_of_the_network(
    browse: Opener, office: Office
) -> None:
    own = browse(office.supervisor).page(office.page)
    assert "<dd>No referrals: you lead no team</dd>" in own
    browser = browse(office.steward)
    plan = {name: value for name, value in PLAN.items() if name != "side"}
    assert "All referrals of the network" in browser.done(f"{HEAD}/new", **plan)
    assert "Choose it from the list." not in browser.wrong(f"{HEAD}/new", **PLAN)
