"""A person lets an application in, in a real browser that holds the hub to its own policy."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.http.oauth.world import App, query
from tests.running_hub import RunningWorld, running_world

pytestmark = pytest.mark.browser
VERIFIER = "v" * 43


class Quiet(WSGIRequestHandler):
    """Writes no line for each request."""

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def hub(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, gazetteer_folder: Path
) -> Iterator[RunningWorld]:
    """A running hub with a person."""
    folder = tmp_path_factory.mktemp("consent") / "hub"
    with running_world(folder, sqlite_template, gazetteer_folder) as running:
        yield running


@pytest.fixture
def partner() -> Iterator[str]:
    """The address of an application that takes the person and shows what came with them."""

    @Request.application
    def application(request: Request) -> Response:
        if request.path == "/back":
            return redirect(f"/home?{request.query_string.decode()}")
        return Response(f"<!doctype html><title>x</title><p>{request.args.get('error', 'in')}")

    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, hub: RunningWorld) -> Iterator[Page]:
    """A browser in which the person is signed in; what the policy forbids fails the test."""
    context = browser.new_context()
    token = hub.world.sign_in(hub.world.person_id)
    context.add_cookies([{"name": "hub_session", "value": token, "url": hub.address}])
    context.set_default_timeout(10_000)
    opened = context.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    opened.on("console", on_console)
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def app(hub: RunningWorld, partner: str) -> App:
    """The application, registered."""
    return hub.world.register(redirect_uris=(f"{partner}/back",), logout_uris=(f"{partner}/back",))


def address(hub: RunningWorld, app: App, partner: str) -> str:
    return f"{hub.address}/oauth/authorize?{query(app, VERIFIER, redirect_uri=f'{partner}/back')}"


def test_agreeing_leads_to_the_application(
    page: Page, hub: RunningWorld, app: App, partner: str
) -> None:
    page.goto(address(hub, app, partner))
    expect(page.get_by_role("heading", name="Let Case Tracker in?")).to_be_visible()
    page.get_by_role("button", name="Let it in", exact=True).click()
    page.wait_for_url(f"{partner}/home?*")
    assert "code=" in page.url
    page.goto(f"{address(hub, app, partner)}&proved=1")
    page.wait_for_url(f"{partner}/home?*")


def test_refusing_leads_back_too(page: Page, hub: RunningWorld, app: App, partner: str) -> None:
    page.goto(address(hub, app, partner))
    page.get_by_role("button", name="Do not let it in").click()
    page.wait_for_url(f"{partner}/home?*")
    expect(page.get_by_text("access_denied")).to_be_visible()


def test_signing_out_leads_back(page: Page, hub: RunningWorld, app: App, partner: str) -> None:
    page.goto(address(hub, app, partner))
    page.get_by_role("button", name="Let it in", exact=True).click()
    page.wait_for_url(f"{partner}/home?*")
    code = page.url.partition("code=")[2].partition("&")[0]
    answer = hub.world.trade(app, code, VERIFIER, redirect_uri=f"{partner}/back")
    hint = answer.get_json()["id_token"]
    page.goto(
        f"{hub.address}/oauth/logout?id_token_hint={hint}"
        f"&post_logout_redirect_uri={partner}/back&state=out"
    )
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{partner}/home?*")
    page.goto(f"{hub.address}/oauth/logout")
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
