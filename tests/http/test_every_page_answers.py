"""Every page that can be opened answers, whoever opens it, and whatever token comes along."""

import pytest

from tests.http.hub_browser import Browser
from tests.http.one_of_everything import World, doors


@pytest.mark.parametrize(
    "caller", ["nobody", "case manager", "supervisor", "administrator", "steward"]
)
def test_no_page_fails(world: World, caller: str) -> None:
    browser = Browser(world.app.test_client(), world.tokens.get(caller, ""))
    for rule, method in doors(world.app):
        if method != "GET":
            continue
        values = {name: world.value(rule.rule, name) for name in rule.arguments}
        path = world.app.url_map.bind("localhost").build(rule.endpoint, values)
        answer = browser.get(path)
        assert answer.status_code < 500, path
        answer.close()


@pytest.mark.parametrize(
    "path", ["/oauth/userinfox", "/oauth/userinfo/", "/oauth/userinfo", "/api/v1/x"]
)
def test_a_token_that_is_none_breaks_no_error_page(world: World, path: str) -> None:
    client = world.app.test_client()
    for method in ("GET", "PUT"):
        answer = client.open(path, method=method, headers={"Authorization": "Bearer nonsense"})
        assert 400 <= answer.status_code < 500, (method, path)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
