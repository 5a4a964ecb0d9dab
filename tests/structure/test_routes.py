"""The public surface changes only on purpose."""

from pathlib import Path

from flask import Flask

GOLDEN = Path(__file__).parent / "routes.txt"


def test_the_routes_are_these_and_no_others(app: Flask) -> None:
    found = sorted(
        f"{method} {rule.rule} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    )
    assert found == GOLDEN.read_text().split("\n")[:-1]


def test_no_route_takes_anything_but_a_get(app: Flask) -> None:
    safe = {"GET", "HEAD", "OPTIONS"}
    unsafe = [rule.rule for rule in app.url_map.iter_rules() if (rule.methods or set()) - safe]
    assert unsafe == []
