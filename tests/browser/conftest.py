"""A real browser on a real server with the demo network."""

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from werkzeug.serving import make_server

from referral_hub.app import create_app
from referral_hub.extensions import db
from referral_hub.rules.actor import System
from referral_hub.use_cases.load_demo_people import load_demo_people
from referral_hub.web.hub import EXTENSION
from seed.demo_people import demo_agencies, demo_stewards
from tests.demo import load_demo

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"desk": (1280, 900), "phone": (375, 800)}


@pytest.fixture(scope="session")
def server(demo_app: Flask) -> Iterator[str]:
    """The address of a running hub with the demo network."""
    with serving(demo_app) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serving(app: Flask) -> Iterator[int]:
    """Serve a hub on a free port of this computer."""

    def whole(environ: "WSGIEnvironment", start_response: "StartResponse") -> list[bytes]:
        """Each answer read to its end first: a browser that leaves early leaves no file open."""
        answer = app(environ, start_response)
        with closing(cast(Any, answer)) if hasattr(answer, "close") else nullcontext():
            return [b"".join(answer)]

    running = make_server("127.0.0.1", 0, whole, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running.server_port
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(scope="module")
def site(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, gazetteer_folder: Path
) -> Iterator[tuple[Flask, str]]:
    """The demo network with its people, and its address."""
    folder = tmp_path_factory.mktemp("people")
    (folder / "gazetteer").symlink_to(gazetteer_folder)
    shutil.copy(sqlite_template, folder / "hub.sqlite3")
    made = create_app(
        {
            "REFERRAL_HUB_MODE": "demo",
            "REFERRAL_HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite3'}",
            "REFERRAL_HUB_DATA_DIR": str(folder),
        }
    )
    hub = made.extensions[EXTENSION]
    now = datetime.now(UTC)
    with made.app_context():
        load_demo(made, now)
        load_demo_people(
            db.session(), System("test"), demo_agencies(), demo_stewards(),
            hub.vault, hub.passwords, now=now,
        )  # fmt: skip
    with serving(made) as port:
        yield made, f"http://localhost:{port}"
    hub.tally.close()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()
    hub.searcher.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium as it is installed. It goes with the last test here: as long as it is there, its
    event loop runs in this thread, and nobody else can run one."""
    stated = os.environ.get("REFERRAL_HUB_TEST_CHROMIUM")
    path = stated or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if path is None or not Path(path).exists():
        message = "Chromium was not found. Install it, for example with apt-get install chromium."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=list(CHROMIUM_OPTIONS))
        yield opened
        opened.close()


@pytest.fixture(params=list(SIZES))
def page(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Page]:
    """A page at desk and at phone size; complaints of the browser fail the test."""
    width, height = SIZES[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=server)
    context.set_default_timeout(10_000)
    opened = context.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def on_request(sent: Request) -> None:
        if not sent.url.startswith((server, "data:")):
            complaints.append(f"asked another host: {sent.url}")

    opened.on("console", on_console)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", on_request)
    yield opened
    context.close()
    assert complaints == []


@pytest.fixture
def plain_page(browser: Browser, server: str) -> Iterator[Page]:
    """A page in a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, base_url=server)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()
