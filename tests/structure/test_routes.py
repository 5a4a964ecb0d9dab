"""The public surface changes only on purpose."""

from pathlib import Path

from flask import Flask

from referral_hub.web.guards import access_of

GOLDEN = Path(__file__).parent / "routes.txt"


def test_the_routes_are_these_and_no_others(app: Flask) -> None:
    found = sorted(
        f"{method} {rule.rule} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )
    assert found == GOLDEN.read_text().split("\n")[:-1]


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    silent = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if access_of(rule.endpoint, app.view_functions[rule.endpoint]) is None
    ]
    assert silent == []


def test_a_route_that_says_nothing_lets_nobody_in(app: Flask) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert b"secret" not in answer.data
