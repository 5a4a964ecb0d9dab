"""The pages of figures: what they tell to whom, where their numbers lead, and their files."""

import csv
import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from io import StringIO
from urllib.parse import parse_qsl

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.formats.figure_files import ASKED_COLUMNS
from referral_hub.models import AuditRow, Publication, Service, Team
from referral_hub.rules.measures import Measure
from referral_hub.rules.referral_lifecycle import Move
from referral_hub.rules.teams import TeamPart
from tests.http.api_caller import a_caller
from tests.http.conftest import Opener
from tests.http.figure_world import FigureWorld, a_figure_world
from tests.http.hub_browser import Browser
from tests.network import CASE_MANAGER, SUPERVISOR, Network
from tests.referral_acts import CHICAGO, an_expired_one, in_status
from tests.referral_world import A_PROFILE

PAGES = ("", "/times", "/compare", "/reasons", "/waiting", "/referrals", "/report")
FILES = ("/figures.csv", "/compare.csv", "/referrals.csv")
NUMBER = re.compile(r'<a href="(/supervision/referrals\?[^"]*)" aria-label="([\d,]+), [^"]*"')
WORD = re.compile(r"<[^>]+>")


@pytest.fixture
def figures(app: Flask, sqlite_session: Session) -> FigureWorld:
    return a_figure_world(app, sqlite_session)


@pytest.fixture
def supervisor(figures: FigureWorld, browse: Opener) -> Browser:
    """The supervisor of the agency that sends."""
    return browse(figures.world.sender.supervisor)


@pytest.fixture
def steward(figures: FigureWorld, browse: Opener) -> Browser:
    return browse(figures.world.steward)


def plain(page: str) -> str:
    """What people read of a page."""
    return re.sub(r"\s+", " ", unescape(WORD.sub("", page)))


def rows_of(browser: Browser, path: str, **query: str) -> list[dict[str, str]]:
    answer = browser.get(f"/supervision{path}", **query)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(StringIO(answer.text)))


def test_a_supervisor_reads_at_a_glance_what_became_of_referrals(supervisor: Browser) -> None:
    page = plain(supervisor.page("/supervision"))
    assert "Of 5 referrals sent long enough ago, 2 were completed: 40.0%" in page
    assert "1 is still open" in page
    assert "2 younger than 90 days, not counted yet" in page
    assert "1 left out: stopped by the client, or sent in error" in page
    assert "Drafts and what was entered in error are in no figure." in page


def test_page_file_and_api_tell_the_same_numbers(supervisor: Browser, figures: FigureWorld) -> None:
    page = plain(supervisor.page("/supervision"))
    file = {row["key"]: row for row in rows_of(supervisor, "/figures.csv") if row["met"]}
    caller = a_caller(figures.app, figures.world.sender.agency_id, "reports.read")
    answer = caller.read("/reports/figures")
    assert {rate["measure"] for rate in answer["rates"]} == {*Measure}
    for rate in answer["rates"]:
        row = file[rate["measure"]]
        numbers = (rate["met"], rate["of"], rate["still_open"], rate["maturing"])
        told = tuple(int(row[name]) for name in ("met", "of", "still_open", "maturing"))
        assert told == numbers
        assert int(row["left_out"]) == sum(each["number"] for each in rate["left_out"])
        if rate["measure"] != "completion":
            assert f"{rate['met']} of {rate['of']}" in page
    standings = {each["code"]: each["number"] for each in answer["standings"]}
    filed = {row["key"]: int(row["number"]) for row in rows_of(supervisor, "/figures.csv")
             if row["kind"] == "standing"}  # fmt: skip
    assert standings == filed
    assert sum(standings.values()) == answer["sent"] == 8


def test_the_comparison_is_the_same_on_page_in_file_and_api(
    supervisor: Browser, figures: FigureWorld
) -> None:
    page = plain(supervisor.page("/supervision/compare", by="to_agency"))
    (group,) = a_caller(
        figures.app, figures.world.sender.agency_id, "reports.read"
    ).read("/reports/comparison")["groups"]  # fmt: skip
    rows = {row["figure"]: row for row in rows_of(supervisor, "/compare.csv")}
    assert group["label"] == "Lawndale Legal Aid"
    assert {rate["measure"] for rate in group["rates"]} == set(rows)
    for rate in group["rates"]:
        assert (rows[rate["measure"]]["met"], rows[rate["measure"]]["of"]) == (
            str(rate["met"]),
            str(rate["of"]),
        )
        assert f"{rate['met']} of {rate['of']}" in page
    assert rows["completion"]["position"] == group["position"] == "inside"


def test_every_number_opens_a_list_of_exactly_as_many(supervisor: Browser) -> None:
    for path, least in (
        ("", 20),
        ("/compare", 6),
        ("/waiting", 20),
        ("/times", 2),
        ("/needs", 8),
        ("/reasons", 2),
    ):
        found = set(NUMBER.findall(supervisor.page(f"/supervision{path}")))
        assert len(found) >= least
        for address, number in found:
            page = plain(supervisor.page(unescape(address)))
            counted = f"{number} referral{'' if number == '1' else 's'}, the last sent on top"
            assert counted in page, address


def test_needs_for_which_no_agency_had_a_place_open_their_list(
    figures: FigureWorld, supervisor: Browser, sqlite_session: Session
) -> None:
    vault = figures.old[0].vault
    then = datetime.now(UTC) - timedelta(days=5)
    declined = in_status(sqlite_session, "declined", world=figures.world, vault=vault, now=then)
    figures.count()
    found = dict(NUMBER.findall(supervisor.page("/supervision/unmet")))
    assert found
    assert set(found.values()) == {"1"}
    for address in found:
        page = supervisor.page(unescape(address))
        assert "1 referral, the last sent on top" in plain(page)
        assert f"/referrals/{declined.row.id}" in page


def test_what_was_sent_again_is_shown_by_its_first_sending(
    figures: FigureWorld, supervisor: Browser, sqlite_session: Session
) -> None:
    again = an_expired_one(
        sqlite_session, world=figures.world, vault=figures.old[0].vault,
        now=figures.old[0].now + timedelta(days=30),
    )  # fmt: skip
    first = again.row.first_sent_at
    again.move(Move.RESEND)
    assert first
    assert again.row.sent_at == again.now > first + timedelta(days=7)
    figures.count()
    day = first.astimezone(CHICAGO).date().isoformat()
    of_that_day = {"since": day, "until": day}
    page = supervisor.page("/supervision/referrals", **of_that_day)
    (shown,) = re.findall(r'data-label="First sent">([^<]*)<', page)
    there = first.astimezone(CHICAGO)
    assert shown.startswith(f"{there:%b} {there.day}, ")
    (row,) = rows_of(supervisor, "/referrals.csv", **of_that_day)
    assert row["first_sent_at"] == first.isoformat(timespec="seconds")


def test_the_reasons_of_an_end_lead_to_their_referrals(supervisor: Browser) -> None:
    page = supervisor.page("/supervision/reasons")
    assert "Most often: no place free (1). Due to: the receiver 1." in plain(page)
    (address,) = set(re.findall(r'href="([^"]*reason=no_capacity[^"]*)"', page))
    assert "Declined; for the reason: No place free" in plain(supervisor.page(unescape(address)))
    assert len(rows_of(supervisor, "/referrals.csv", standing="declined")) == 1


def test_each_line_of_a_file_says_what_it_is_of(
    figures: FigureWorld, supervisor: Browser, steward: Browser
) -> None:
    receiver = str(figures.world.receiver.agency_id)
    team = figures.session.get_one(Team, next(iter(figures.world.sender.supervisor.teams))).name
    asked = {
        "since": "2026-01-01", "until": "2027-12-31", "to_agency_id": receiver, "side": "sender",
    }  # fmt: skip
    ours = f"North Side Housing, these teams alone: {team}"
    filters = "Side: Sent by us; Receiving agency: Lawndale Legal Aid"
    for path, more in zip(FILES, ("", "", "Sent; "), strict=True):
        rows = rows_of(supervisor, path, **asked)
        assert rows
        told = {tuple(row[name] for name in ASKED_COLUMNS if name != "as_of") for row in rows}
        assert told == {("2026-01-01", "2027-12-31", ours, more + filters)}, path
        (as_of,) = {row["as_of"] for row in rows}
        assert datetime.fromisoformat(as_of) <= datetime.now(UTC)
        assert {row["whose"] for row in rows_of(steward, path)} == {"The network"}
    (known,) = {row["as_of"] for row in rows_of(supervisor, FILES[0], as_of="2026-02-01T12:00:00Z")}
    assert known == "2026-02-01T12:00:00+00:00"


def test_what_is_published_holds_as_of_the_day_when_it_was_ripe(
    figures: FigureWorld, supervisor: Browser
) -> None:
    published_at = datetime(2026, 8, 1, 12, tzinfo=UTC)
    cells = [[None, None, None, "completed", 9], [None, "food", None, "completed", 9]]
    figures.session.add(
        Publication(
            quarter=date(2026, 1, 1), published_at=published_at, follow_up_days=90, cells=cells
        )
    )
    figures.session.commit()
    (row,) = rows_of(supervisor, "/published.csv")
    assert [row[name] for name in ASKED_COLUMNS] == [
        "2026-01-01", "2026-03-31", "2026-06-30T05:00:00+00:00", "The network", "",
    ]  # fmt: skip


def test_a_service_that_is_asked_for_has_its_name(
    figures: FigureWorld, supervisor: Browser
) -> None:
    service = str(figures.world.receiver.service_id)
    name = figures.session.get_one(Service, figures.world.receiver.service_id).name
    assert f"Service: {name}." in plain(supervisor.page("/supervision", service_id=service))
    (told,) = {row["filters"] for row in rows_of(supervisor, "/figures.csv", service_id=service)}
    assert told == f"Service: {name}"
    elsewhere = figures.world.stranger.service_id
    page = plain(supervisor.page("/supervision", service_id=str(elsewhere)))
    assert "Service: one without referrals." in page
    assert ">Service</option>" not in supervisor.page("/supervision/compare", service_id=service)


def test_a_list_of_what_is_open_is_of_no_days(supervisor: Browser) -> None:
    rows = rows_of(supervisor, "/referrals.csv", open="1", waits="receiver")
    assert {(row["since"], row["until"]) for row in rows} == {("", "")}
    assert {row["filters"] for row in rows} == {"Open; waits on: the receiver"}


def test_what_is_open_is_told_by_age_and_by_who_has_the_next_word(supervisor: Browser) -> None:
    page = plain(supervisor.page("/supervision/waiting"))
    assert "Of 3 open referrals" in page
    caller_rows = rows_of(supervisor, "/referrals.csv", open="1")
    assert sorted(row["status"] for row in caller_rows) == ["accepted", "accepted", "sent"]


def test_times_tell_of_those_too_that_still_wait(supervisor: Browser) -> None:
    page = plain(supervisor.page("/supervision/times"))
    assert "Of 8 that began to wait." in page
    assert "It flatters: it leaves out everybody who still waits" in page
    assert "treat what was withdrawn or expired as if it would have been decided on" in page


def test_each_wait_stands_with_its_plain_shares_and_without_standing_still(
    supervisor: Browser,
) -> None:
    page = plain(supervisor.page("/supervision/times"))
    for heading in (
        "From sending until the receiver saw it", "From sending to the first contact",
        "From acceptance to the first contact", "From sending to any end",
    ):  # fmt: skip
        assert heading in page
    assert "Accepted, of those alone that were sent so long ago62.5%5 of 8" in page
    assert "Completed, of those alone that were accepted so long ago" in page
    assert page.count("Without holds and waiting lists:") == 2
    assert "Accepted, without holds and waiting lists" in page
    assert "Closed in any way" in page


def test_a_plain_share_leads_to_its_referrals(supervisor: Browser) -> None:
    found = rows_of(supervisor, "/referrals.csv", wait="acceptance", by_day="7", reached="1")
    assert sorted(row["status"] for row in found) == [
        "accepted", "closed_unmet", "completed", "completed",
    ]  # fmt: skip
    assert len(rows_of(supervisor, "/referrals.csv", wait="acceptance", by_day="7")) == 6


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"wait": "acceptance"}, "Say for what they waited, and by which day."),
        ({"by_day": "7"}, "Say for what they waited, and by which day."),
        ({"reached": "1"}, "Say for what they waited, and by which day."),
        ({"wait": "help", "by_day": "7"}, "Choose what they waited for."),
        ({"wait": "closure", "by_day": "0"}, "Use a whole number from 1 to 366."),
    ],
)
def test_a_list_by_waits_needs_both_what_and_when(
    supervisor: Browser, given: dict[str, str], message: str
) -> None:
    assert message in supervisor.page("/supervision/referrals", 422, **given)


def test_the_report_holds_all_of_it_with_its_definitions(supervisor: Browser) -> None:
    page = plain(supervisor.page("/supervision/report"))
    for part in ("Completed", "Share by days", "Due to", "Week by week", "Definitions"):
        assert part in page
    assert "Silence is no acceptance." in page


def test_nobody_is_named_in_figures_who_is_a_client(supervisor: Browser) -> None:
    for path in (*PAGES, *FILES):
        answer = supervisor.get(f"/supervision{path}")
        assert answer.status_code == 200
        for word in (A_PROFILE.given_name, A_PROFILE.family_name, "Lost her job"):
            assert word not in answer.text


def test_supervisors_of_other_agencies_see_none_of_it(figures: FigureWorld, browse: Opener) -> None:
    stranger = browse(figures.world.stranger.supervisor)
    page = plain(stranger.page("/supervision"))
    assert "No referral was sent in these days." in page
    assert "Lawndale" not in page
    sender = str(figures.world.sender.agency_id)
    listed = stranger.page("/supervision/referrals", from_agency_id=sender)
    assert "0 referrals" in plain(listed)
    assert rows_of(stranger, "/referrals.csv") == []


def test_supervisors_of_other_teams_see_none_of_it(
    figures: FigureWorld, network: Network, browse: Opener
) -> None:
    agency = figures.world.sender.agency_id
    other = network.person("Olga Other", agency, SUPERVISOR)
    network.part(network.team(agency, "Second team"), other.person_id, TeamPart.SUPERVISOR)
    assert "No referral was sent in these days." in plain(browse(other).page("/supervision"))
    assert rows_of(browse(other), "/referrals.csv") == []


def test_each_page_says_whose_referrals_it_is_of(
    figures: FigureWorld, network: Network, browse: Opener
) -> None:
    sender = figures.world.sender
    lead = browse(sender.supervisor)
    second = network.team(sender.agency_id, "Second team")
    network.part(second, sender.supervisor.person_id, TeamPart.SUPERVISOR)
    first = network.session.get_one(Team, next(iter(sender.supervisor.teams))).name
    works_too = network.person("Wanda Works", sender.agency_id, SUPERVISOR, CASE_MANAGER)
    alone = network.person("Lena Leads", sender.agency_id, SUPERVISOR)
    for path in (*PAGES, "/needs"):
        for browser, words in (
            (lead, f"Referrals of your teams: {first} and Second team."),
            (browse(works_too), "All referrals of North Side Housing."),
            (browse(alone), "No referrals: you lead no team."),
        ):
            assert words in plain(browser.page(f"/supervision{path}")), path
    steward = browse(figures.world.steward)
    for path in set(PAGES) - {"/reasons"}:
        assert "All referrals of the network." in plain(steward.page(f"/supervision{path}"))


def test_case_managers_may_not_open_figures(figures: FigureWorld, browse: Opener) -> None:
    manager = browse(figures.world.sender.case_manager)
    met = {manager.get(f"/supervision{path}").status_code for path in (*PAGES, *FILES)}
    assert met == {403}


def test_stewards_see_between_whom_and_nothing_of_the_need(steward: Browser) -> None:
    page = steward.page("/supervision")
    assert "2 were completed" in plain(page)
    for name in ("need", "area", "worker_id", "team_id", "side"):
        assert f'name="{name}"' not in page
    assert ">Reasons<" not in page
    assert "/supervision/reasons" not in page
    assert steward.get("/supervision/reasons").status_code == 403
    assert "Only the agencies" in steward.page("/supervision", 422, need="food")
    assert "Only the agencies" in steward.page("/supervision/compare", 422, by="need")
    assert "Lawndale Legal Aid" in steward.page("/supervision/referrals")
    taken = rows_of(steward, "/referrals.csv")
    assert len(taken) == 8
    assert {row["need"] + row["service"] + row["worker"] for row in taken} == {""}


WRONG = (
    ({"since": "soon"}, "Write a day as 2026-11-03."),
    ({"since": "2026-05-02", "until": "2026-05-01"}, "The first day comes before the last one"),
    ({"as_of": "2199-01-01"}, "Use a time that passed a minute ago or longer."),
    ({"priority": "high"}, "Choose a priority."),
    ({"need": "<b>"}, "Choose a need."),
)


def test_what_is_wrong_is_named_and_what_was_typed_stays(supervisor: Browser) -> None:
    for given, message in WRONG:
        page = supervisor.page("/supervision", 422, **given)
        assert message in page
        assert "2 were completed" in plain(page)
        for name in given.keys() & {"since", "until", "as_of"}:
            assert re.search(rf'name="{name}" value="{given[name]}"', page)


def test_filters_stand_in_the_address_and_in_words(
    supervisor: Browser, figures: FigureWorld
) -> None:
    receiver = str(figures.world.receiver.agency_id)
    page = plain(supervisor.page("/supervision", to_agency_id=receiver, priority="routine"))
    assert "Receiving agency: Lawndale Legal Aid." in page
    assert "Priority: Routine." in page
    assert "2 were completed" in page
    none = plain(supervisor.page("/supervision", priority="emergency"))
    assert "No referral was sent in these days." in none


def test_needs_offer_what_means_something_of_them(supervisor: Browser) -> None:
    page = supervisor.page("/supervision/needs")
    assert not re.findall(r'name="(?:side|from_agency_id)"', page)
    assert "Team that refers" in page
    assert "Side:" not in plain(page)
    wrong = plain(supervisor.page("/supervision/needs", 422, side="receiver"))
    assert "Needs are those of the clients whom you refer." in wrong
    assert "8 needs of clients were first referred" in wrong


def test_the_way_from_one_page_to_another_asks_what_can_be_asked_there(
    supervisor: Browser, figures: FigureWorld
) -> None:
    sender = figures.world.sender
    asked = {
        "from_agency_id": str(sender.agency_id), "worker_id": str(sender.case_manager.person_id),
        "priority": "routine",
    }  # fmt: skip
    for side, kept in (("receiver", set()), ("sender", {"worker_id"}), ("", {"worker_id"})):
        page = supervisor.page("/supervision", side=side, **asked)
        to_needs = asked_by(page, "/supervision/needs")
        assert to_needs.keys() - {"since", "until"} == {"priority"} | kept
        assert asked_by(page, "/supervision/reasons").items() >= asked.items()
        needs = supervisor.page("/supervision/needs", **to_needs)
        assert asked_by(needs, "/supervision/times") == to_needs


def asked_by(page: str, path: str) -> dict[str, str]:
    """What the link to a page of figures asks for."""
    (address,) = re.findall(rf'<li><a href="{path}\?([^"]*)"', page)
    return dict(parse_qsl(unescape(address)))


def test_figures_are_told_as_they_were_known(supervisor: Browser, figures: FigureWorld) -> None:
    moment = plain(supervisor.page("/supervision", as_of="2020-01-01T12:00:00Z"))
    assert "As it was known on Wed, Jan 1, 2020, 6:00 AM." in moment
    before = figures.old[0].now.date().replace(year=figures.old[0].now.year - 1).isoformat()
    page = plain(supervisor.page("/supervision", as_of=before, since=before))
    assert "As it was known at the end of" in page
    assert "No referral was sent in these days." in page


def test_taking_figures_as_a_file_is_in_the_audit(
    supervisor: Browser, figures: FigureWorld, sqlite_session: Session
) -> None:
    for path in FILES:
        supervisor.get(f"/supervision{path}")
    sqlite_session.rollback()
    told = list(
        sqlite_session.scalars(
            select(AuditRow.detail).where(AuditRow.action == "figures:export").order_by(AuditRow.id)
        )
    )
    assert len(told) == 3
    assert told[0] == "figures (since, until)"
    assert told[1].startswith("comparison by to_agency")
    assert str(figures.old[0].referral_id) in told[2]


def test_files_refuse_parameters_that_cannot_be_used(supervisor: Browser) -> None:
    assert supervisor.get("/supervision/figures.csv", since="soon").status_code == 422
    assert supervisor.get("/supervision/figures.csv", colour="red").status_code == 422


def test_figures_that_are_not_counted_yet_say_so(figures: FigureWorld, supervisor: Browser) -> None:
    folder = figures.app.extensions["referral_hub"].settings.figures_dir
    (folder / "contents.json").unlink()
    page = plain(supervisor.page("/supervision", 503))
    assert "The figures are being counted for the first time." in page
