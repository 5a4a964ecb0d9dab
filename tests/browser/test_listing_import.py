"""A spreadsheet of 5,000 rows, 500 of them broken, goes in through the browser."""

import csv
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from io import StringIO

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from referral_hub.models import AgencyOrganization, Service
from referral_hub.web.cookies import SESSION_COOKIE
from referral_hub.web.hub import EXTENSION
from referral_hub.worker import Worker
from tests.browser.conftest import serving
from tests.network import ADMINISTRATOR, Network
from tests.spreadsheets import rows, workbook_of

pytestmark = pytest.mark.browser
ROWS, BROKEN = 5_000, 500
PATIENCE = 240_000


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Session]:
    engine = create_engine(sqlite_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


@pytest.fixture
def desk(app: Flask, database: Session, browser: Browser) -> Iterator[Page]:
    """The browser of an agency's administrator, of a hub with a worker."""
    hub = app.extensions[EXTENSION]
    network = Network(database, hub.vault, datetime.now(UTC))
    agency = network.agency()
    admin = network.person("Ada Admin", agency, ADMINISTRATOR)
    organization = network.organization("Harbor Kitchen")
    database.add(AgencyOrganization(organization_id=organization, agency_id=agency))
    database.commit()
    token = network.sign_in(admin.person_id, agency)
    worker = Worker(app, hub.searcher, hub.gazetteer)
    job = next(job for job in worker.jobs if job.name == "imports")
    thread = threading.Thread(target=job.run, args=(app, worker.stopping))
    with serving(app) as port:
        address = f"http://127.0.0.1:{port}"
        context = browser.new_context(base_url=address)
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": address}])
        thread.start()
        yield context.new_page()
        context.close()
        worker.stopping.set()
        thread.join()


def wait_for(page: Page, words: str) -> None:
    """Look again until the page says so: it does by itself, but for one that came to nothing since
    the directory was locked for longer than a page waits."""
    address = page.url.partition("?")[0]
    for _ in range(60):
        with suppress(PlaywrightError):
            page.wait_for_selector(f"text={words}", timeout=PATIENCE / 40)
            return
        with suppress(PlaywrightError):  # it may just be about to look again by itself
            page.goto(address)
    raise AssertionError(page.inner_text("main"))


def test_each_broken_row_is_explained_and_the_good_ones_load(desk: Page, database: Session) -> None:
    table = rows(ROWS, BROKEN)
    for number in range(1, ROWS + 1):
        if number % (ROWS // BROKEN) == 0:
            table[number] = [f"r{number}", "", "Nobody knows where"]  # no name
    desk.goto("/listings/import")
    content = workbook_of(table)
    mime = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    desk.set_input_files("#file", {"name": "list.xlsx", "mimeType": mime, "buffer": content})
    desk.click("text=Look at the file")
    desk.get_by_label("What we do").select_option("description")
    desk.get_by_label("Ref", exact=True).select_option("id")
    desk.click("text=Look through the file")
    wait_for(desk, "Waits for you")
    assert "500 rows would be left out" in desk.inner_text("main")
    assert "Line 11\t" in desk.inner_text("main")
    saved = desk.request.get(f"{desk.url.partition('?')[0]}/problems.csv").text()
    told = [
        (int(row["line"]), row["reason"])
        for row in csv.DictReader(StringIO(saved))
        if row["what_became_of_it"] == "not loaded"
    ]
    assert [line for line, _ in told] == [number + 1 for number in range(10, ROWS + 1, 10)]
    assert all(reason.startswith("no name") for _, reason in told)
    desk.click("text=Load it")
    wait_for(desk, "Take it back")
    loaded = database.scalar(
        select(func.count()).select_from(Service).where(Service.status == "active")
    )
    assert loaded == ROWS - BROKEN
