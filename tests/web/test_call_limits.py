"""One caller alone cannot keep the search busy, and others do not wait for them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from referral_hub.rules.errors import TooManyTries
from referral_hub.rules.roles import Role
from referral_hub.web.call_limits import MINUTE, CallLimit
from referral_hub.web.hub import EXTENSION
from tests.callers import sign_in
from tests.http.oauth.world import make_world

PATHS = ["/api/v1/search?q=x", "/api/v1/complete?q=x", "/find?q=x", "/calendar/x.ics"]


class AtOnce:
    """A limit for which all calls are of one moment, so that no minute begins in between."""

    def __init__(self, most: int, now: datetime) -> None:
        self._limit, self._now = CallLimit(most), now

    def spend(self, who: str, now: datetime) -> None:
        self._limit.spend(who, self._now)


@pytest.fixture
def limited(app: Flask, now: datetime) -> Flask:
    """A hub in which each caller may ask twice a minute."""
    hub = app.extensions[EXTENSION]
    app.extensions[EXTENSION] = replace(hub, call_limit=AtOnce(2, now))
    return app


def ask(app: Flask, path: str, address: str = "203.0.113.5", token: str = "") -> int:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    environ = {"REMOTE_ADDR": address}
    return app.test_client().get(path, headers=headers, environ_base=environ).status_code


@pytest.mark.parametrize("path", PATHS)
def test_who_asks_too_often_is_told_to_wait(limited: Flask, path: str) -> None:
    assert 429 not in [ask(limited, path), ask(limited, path)]
    answer = limited.test_client().get(path, environ_base={"REMOTE_ADDR": "203.0.113.5"})
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert "Wait a minute and try again" in answer.text
    assert ask(limited, path, "203.0.113.6") != 429


def test_an_api_caller_reads_the_limit_as_a_problem(limited: Flask) -> None:
    for _ in range(2):
        ask(limited, PATHS[0])
    answer = limited.test_client().get(PATHS[0], environ_base={"REMOTE_ADDR": "203.0.113.5"})
    assert answer.mimetype == "application/problem+json"
    assert (answer.get_json()["status"], answer.get_json()["code"]) == (429, "too-many-tries")


def test_completions_and_searches_are_counted_apart_but_pages_with_searches(
    limited: Flask,
) -> None:
    search, complete, page, _ = PATHS
    assert 429 not in [ask(limited, search), ask(limited, page), ask(limited, complete)]
    assert ask(limited, page) == ask(limited, search) == 429
    assert ask(limited, complete) != 429


def test_one_customer_of_ipv6_has_one_count(limited: Flask) -> None:
    for host in (1, 2):
        ask(limited, PATHS[0], f"2001:db8::{host}")
    assert ask(limited, PATHS[0], "2001:db8::3") == 429
    assert ask(limited, PATHS[0], "2001:db8:0:1::3") != 429


def test_an_application_has_its_own_count_wherever_it_calls_from(limited: Flask) -> None:
    world = make_world(limited)
    partner = world.register()
    token = world.tokens(partner)["access_token"]
    for _ in range(3):
        ask(limited, PATHS[0])
    for host in (5, 6):
        assert ask(limited, PATHS[0], f"203.0.113.{host}", token) != 429
    assert ask(limited, PATHS[0], "203.0.113.7", token) == 429


def test_people_who_are_signed_in_do_not_wait_for_their_colleagues(
    limited: Flask,
) -> None:
    client = limited.test_client()
    for _ in range(3):
        client.get(PATHS[2])
    assert client.get(PATHS[2]).status_code == 429
    sign_in(limited, client, Role.CASE_MANAGER)
    assert client.get(PATHS[2]).status_code != 429


def test_a_new_minute_begins_anew(now: datetime) -> None:
    limit = CallLimit(1)
    limit.spend("somebody", now)
    with pytest.raises(TooManyTries) as caught:
        limit.spend("somebody", now + timedelta(seconds=20))
    assert caught.value.seconds == 40
    limit.spend("somebody", now + MINUTE)


def test_a_limit_of_none_counts_nothing(now: datetime) -> None:
    limit = CallLimit(0)
    for _ in range(5):
        limit.spend("somebody", now)
