"""Figures over the API."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from tests.http.api_caller import Caller, a_caller
from tests.http.figure_world import FigureWorld, a_figure_world
from tests.referral_world import A_PROFILE

REPORTS = ("figures", "comparison", "times", "waiting", "needs")


@pytest.fixture
def figures(app: Flask, sqlite_session: Session) -> FigureWorld:
    return a_figure_world(app, sqlite_session)


@pytest.fixture
def caller(figures: FigureWorld) -> Caller:
    """A system of the agency that sends."""
    return a_caller(figures.app, figures.world.sender.agency_id, "reports.read")


def test_a_rate_comes_with_what_it_is_of(caller: Caller) -> None:
    answer = caller.read("/reports/figures")
    (rate,) = (each for each in answer["rates"] if each["measure"] == "completion")
    definition = rate.pop("definition")
    assert "at least 90 days ago" in definition
    interval = rate.pop("interval")
    assert 0 < interval["low"] < 0.4 < interval["high"] < 1
    assert rate == {
        "measure": "completion", "label": "Completed", "met": 2, "of": 5, "rate": 0.4,
        "still_open": 1, "maturing": 2, "left_out": [{"part": "stopped", "number": 1}],
    }  # fmt: skip
    assert datetime.fromisoformat(answer["as_of"]) <= datetime.now(UTC)
    assert answer["stages"][0]["code"] == "sent"


def test_months_add_up_to_all_that_count(caller: Caller) -> None:
    answer = caller.read("/reports/figures")
    months = [rate for month in answer["months"] for rate in month["rates"]]
    for measure in ("completion", "acceptance", "response"):
        whole = next(rate for rate in answer["rates"] if rate["measure"] == measure)
        parts = [rate for rate in months if rate["measure"] == measure]
        assert sum(rate["met"] for rate in parts) == whole["met"]
        assert sum(rate["of"] for rate in parts) == whole["of"]


def test_times_tell_each_way_to_end(caller: Caller) -> None:
    waits = {each["wait"]: each for each in caller.read("/reports/times")["waits"]}
    assert list(waits) == [
        "acknowledgement", "decision", "acceptance", "contact_from_sending", "contact",
        "completion", "closure",
    ]  # fmt: skip
    acceptance = waits["acceptance"]
    assert acceptance["begun"] == 8
    ends = {each["end"]: each["by_day"][0] for each in acceptance["ends"]}
    assert ends["accepted"]["share"] == pytest.approx(5 / 8, abs=0.01)
    assert ends["accepted"]["interval"]["low"] < 5 / 8 < ends["accepted"]["interval"]["high"]


def test_closed_is_all_ends_together(caller: Caller) -> None:
    waits = {each["wait"]: each for each in caller.read("/reports/times")["waits"]}
    closure = waits["closure"]
    by_end = {each["end"]: each["by_day"][2] for each in closure["ends"]}
    closed = by_end.pop(closure["goal"])
    assert closure["goal"] == "closed"
    assert set(by_end) == {"completed", "unmet", "declined", "withdrawn"}
    assert closed["share"] == pytest.approx(sum(each["share"] for each in by_end.values()))
    assert closed["interval"]["low"] < closed["share"] < closed["interval"]["high"]


def test_plain_shares_are_of_what_is_old_enough(caller: Caller) -> None:
    """Six were sent 120 days ago and two 3 days ago; of those four and one were accepted."""
    waits = {each["wait"]: each for each in caller.read("/reports/times")["waits"]}
    told = [(each["day"], each["met"], each["of"]) for each in waits["acceptance"]["followed"]]
    assert told == [(2, 5, 8), (7, 4, 6), (30, 4, 6), (90, 4, 6)]
    day_7 = waits["acceptance"]["followed"][1]
    assert day_7["rate"] == pytest.approx(4 / 6)
    assert day_7["interval"]["low"] < 4 / 6 < day_7["interval"]["high"]


def test_acceptance_and_completion_are_told_without_standing_still_too(caller: Caller) -> None:
    waits = caller.read("/reports/times")["waits"]
    moving = {each["wait"]: each["moving"] for each in waits if each["moving"]}
    assert set(moving) == {"acceptance", "completion"}
    assert [each["day"] for each in moving["completion"]["by_day"]] == [2, 7, 30, 90]


def test_what_waits_adds_up(caller: Caller) -> None:
    answer = caller.read("/reports/waiting")
    assert answer["open"] == 3
    for name in ("since_sent", "in_status"):
        assert sum(sum(each[name]) for each in answer["ages"]) == 3
        assert all(len(each[name]) == len(answer["age_groups"]) for each in answer["ages"])
    for week in answer["weeks"]:
        change = week["sent"] + week["reopened"] - week["ended"] - week["voided"]
        assert week["opening"] + change == week["closing"]
    assert answer["weeks"][-1]["closing"] == 3


def test_groups_are_told_by_name_with_what_chance_does(caller: Caller) -> None:
    answer = caller.read("/reports/comparison", by="priority", show="acceptance")
    (group,) = answer["groups"]
    assert (group["key"], group["label"], group["sent"]) == ("routine", "Routine", 8)
    assert group["position"] == "inside"
    assert answer["total"]["measure"] == "acceptance"


def test_a_system_sees_its_own_agency_alone(figures: FigureWorld) -> None:
    stranger = a_caller(figures.app, figures.world.stranger.agency_id, "reports.read")
    assert stranger.read("/reports/figures")["sent"] == 0
    assert stranger.read("/reports/waiting")["open"] == 0
    assert stranger.read("/reports/comparison")["groups"] == []


def test_reports_need_their_scope_and_known_parameters(figures: FigureWorld) -> None:
    agency = figures.world.sender.agency_id
    without = a_caller(figures.app, agency, "referrals.read")
    caller = a_caller(figures.app, agency, "reports.read")
    for report in REPORTS:
        assert without.get(f"/reports/{report}").status_code == 403
        for wrong, name in (
            ({"colour": "red"}, "unknown-parameter"), ({"since": "soon"}, "since"),
            ({"as_of": "2199-01-01"}, "as_of"), ({"as_of": "2026-01-01T10:00"}, "as_of"),
            ({"since": "2026-05-02", "until": "2026-05-01"}, "since"),
        ):  # fmt: skip
            answer = caller.get(f"/reports/{report}", **wrong)
            assert answer.status_code == 422
            found = answer.get_json()
            assert name == found["code"] or name in found["fields"]


def test_no_client_is_in_a_report(caller: Caller) -> None:
    for report in REPORTS:
        text = caller.get(f"/reports/{report}").text
        assert "as_of" in text
        assert A_PROFILE.given_name not in text
        assert str(A_PROFILE.family_name) not in text


def test_answers_fit_what_the_document_says(caller: Caller) -> None:
    document = caller.client.get("/api/openapi.json").get_json()
    for report in REPORTS:
        ok = document["paths"][f"/api/v1/reports/{report}"]["get"]["responses"]["200"]
        schema = ok["content"]["application/json"]["schema"]
        described = {**schema, "components": document["components"]}
        Draft202012Validator(described).validate(caller.read(f"/reports/{report}"))


def test_reports_are_answered_as_known_at_a_moment(caller: Caller) -> None:
    answer = caller.read("/reports/figures", as_of="2020-01-01T00:00:00Z")
    assert (answer["sent"], answer["as_of"]) == (0, "2020-01-01T00:00:00+00:00")


def test_needs_count_once_whichever_agencies_were_asked(caller: Caller) -> None:
    answer = caller.read("/reports/needs")
    assert answer["referred"] == 8
    rates = {rate["measure"]: rate for rate in answer["rates"]}
    assert set(rates) == {"need_met", "need_met_or_partly", "first_choice", "came_back"}
    assert rates["need_met"]["met"] == 2
    assert answer["hops"] == [{"tried": 1, "needs": answer["hops"][0]["needs"]}]


def test_reports_say_whose_referrals_they_are_of(caller: Caller) -> None:
    assert {caller.read(f"/reports/{each}")["whose"] for each in REPORTS} == {"North Side Housing"}


def test_needs_are_the_senders_and_have_no_other_side(caller: Caller) -> None:
    refused = caller.get("/reports/needs", side="receiver")
    assert (refused.status_code, refused.get_json()["code"]) == (422, "invalid-input")
    assert "whom you refer" in refused.get_json()["fields"]["side"]
    assert caller.read("/reports/needs", side="sender") == caller.read("/reports/needs")


def test_before_anything_is_published_the_answer_is_empty(caller: Caller) -> None:
    answer = caller.read("/reports/published")
    assert (answer["quarter"], answer["quarters"], answer["tables"]) == (None, [], [])
    refused = caller.get("/reports/published", quarter="2026")
    assert refused.status_code == 422
