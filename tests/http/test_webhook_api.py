"""Webhooks over the API."""

from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from referral_hub.gateways.webhooks import Receipt
from referral_hub.web.hub import EXTENSION
from tests.http.api_caller import a_caller
from tests.http.api_world import ApiWorld, an_api_world

NEW = {"url": "https://partner.example.org/hooks", "kinds": ["send", "accept"]}
REST = ("enable", "disable", "secret", "test")


class Told:
    """A receiver that takes everything."""

    def send(self, *_: object) -> Receipt:
        """Take a message."""
        return Receipt(204, None, 3)


@pytest.fixture
def api(app: Flask, sqlite_session: Session, tmp_path: Path) -> ApiWorld:
    """Two agencies with one of everything."""
    object.__setattr__(app.extensions[EXTENSION], "webhook_sender", Told())
    return an_api_world(app, sqlite_session, tmp_path)


def test_a_system_adds_a_webhook_and_sees_its_secret_once(api: ApiWorld) -> None:
    made = api.sender.made("/webhooks", NEW)
    assert made["secret"].startswith("whsec_")
    answer = api.sender.get(f"/webhooks/{made['id']}")
    assert (answer.get_json()["url"], answer.get_json()["kinds"]) == (NEW["url"], NEW["kinds"])
    assert made["secret"] not in answer.text + api.sender.get("/webhooks").text
    renewed = api.sender.made(f"/webhooks/{made['id']}/secret", None)
    assert renewed["secret"] != made["secret"]


def test_a_key_gives_the_same_secret_again(api: ApiWorld) -> None:
    answers = [api.sender.post("/webhooks", NEW, key="w-1").get_json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(api.sender.read("/webhooks")["webhooks"]) == 2


def test_it_is_switched_off_and_on_and_tested(api: ApiWorld) -> None:
    path = f"/webhooks/{api.ids['webhook_id'][0]}"
    assert api.sender.post(f"{path}/disable", None).get_json()["disabled_at"] is not None
    assert api.sender.post(f"{path}/enable", None).get_json()["disabled_at"] is None
    told = api.sender.post(f"{path}/test", None).get_json()
    assert told == {"arrived": True, "status": 204, "fault": "", "milliseconds": 3}


def test_tests_that_are_too_many_say_how_long_to_wait(api: ApiWorld) -> None:
    path = f"/webhooks/{api.ids['webhook_id'][0]}/test"
    answers = [api.sender.post(path, None) for _ in range(21)]
    assert [each.status_code for each in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_one_that_is_deleted_is_not_there(api: ApiWorld) -> None:
    path = f"/webhooks/{api.ids['webhook_id'][0]}"
    gone = api.sender._send("DELETE", path, None, None, None)
    assert (gone.status_code, gone.data, gone.content_type) == (204, b"", None)
    assert api.sender.get(path).status_code == 404


def test_deliveries_are_read_page_by_page_and_sent_again(api: ApiWorld) -> None:
    path = f"/webhooks/{api.ids['webhook_id'][0]}"
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.sender.read(f"{path}/deliveries", limit=1, cursor=cursor)
        seen += [each["id"] for each in page["deliveries"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 3
    assert api.sender.post(f"{path}/replay", {"delivery_id": seen[0]}).get_json() == {"messages": 1}
    since = {"since": "2026-01-01T00:00:00Z"}
    assert api.sender.post(f"{path}/replay", since).get_json() == {"messages": 2}
    for body in ({}, {**since, "delivery_id": seen[0]}):
        assert "since" in api.sender.post(f"{path}/replay", body).get_json()["fields"]


@pytest.mark.parametrize("url", ["http://partner.example.org", "https://a.example:99", "nonsense"])
def test_an_address_that_the_hub_does_not_send_to_is_refused(api: ApiWorld, url: str) -> None:
    answer = api.sender.post("/webhooks", {"url": url})
    assert answer.status_code == 422, answer.text
    assert (answer.status_code, list(answer.get_json()["fields"])) == (422, ["url"])


def test_what_is_another_agencys_is_answered_like_what_is_not_there(api: ApiWorld) -> None:
    answers = []
    for webhook_id in (api.ids["webhook_id"][0], uuid4()):
        path = f"/webhooks/{webhook_id}"
        asked = [
            api.stranger.get(path),
            api.stranger.get(f"{path}/deliveries"),
            api.stranger._send("DELETE", path, None, None, None),
            api.stranger.post(f"{path}/replay", {"since": "2026-01-01T00:00:00Z"}),
            *(api.stranger.post(f"{path}/{what}", None) for what in REST),
        ]
        answers.append([(each.status_code, each.get_json()) for each in asked])
    assert answers[0] == answers[1]
    assert {status for status, _ in answers[0]} == {404}
    assert api.stranger.read("/webhooks")["webhooks"] == []


def test_another_scope_opens_nothing(api: ApiWorld) -> None:
    caller = a_caller(api.app, api.played.world.sender.agency_id, "referrals.read")
    assert caller.get("/webhooks").status_code == 403
    assert caller.post("/webhooks", NEW).status_code == 403
