"""A referral from the first search to the end, by three people in browsers of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from sqlalchemy import select

from referral_hub.extensions import db
from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, Client, Need, Person, Team, TeamMember
from referral_hub.rules.client_profile import Profile, to_json
from referral_hub.rules.clients import ContactWay
from referral_hub.use_cases.steps.people import email_of
from referral_hub.web.hub import EXTENSION
from tests.browser.conftest import SIZES
from tests.browser.test_every_page import FAULTS, sign_in

pytestmark = pytest.mark.browser
SENDER, RECEIVER = "Front Door Network", "Harbor Street Homes"
WHY = "Her landlord filed for eviction; the hearing is on the 9th."
QUESTION, ANSWER = "How much does she owe?", "Two months, 1,800 dollars."


@dataclass(frozen=True)
class Network:
    """A demo network that runs, where a client for each size of a screen waits to be referred."""

    address: str

    def name(self, size: str) -> str:
        """The client of a test."""
        return f"Rosa {size.title()}"


@pytest.fixture(scope="module")
def network(site: tuple[Flask, str]) -> Network:
    """The demo network with its people and clients."""
    app, address = site
    with app.app_context():
        for size in (*SIZES, "plain"):
            add_client(app.extensions[EXTENSION].vault, size.title(), datetime.now(UTC))
    return Network(address)


def add_client(vault: Vault, family_name: str, now: datetime) -> None:
    """A client of the demo's case manager who may lose her home."""
    session = db.session()
    agency = session.scalars(select(Agency).where(Agency.name == SENDER)).one()
    worker, team_id = next(
        (person, team_id)
        for person, team_id in session.execute(
            select(Person, Team.id)
            .join(TeamMember, TeamMember.person_id == Person.id)
            .join(Team, Team.id == TeamMember.team_id)
            .where(Team.agency_id == agency.id)
        )
        if email_of(vault, person) == "casemanager@demo.example"
    )
    profile = Profile(
        given_name="Rosa", family_name=family_name, birth_date=date(1988, 4, 17),
        languages=("es", "en"), zip="60608", state="IL", phone="+17735550143",
        contact_ways=(ContactWay.CALL,), household_size=4, income=1900,
        health="Asthma, uses an inhaler.",
    )  # fmt: skip
    client = Client(
        id=uuid4(), agency_id=agency.id, team_id=team_id, worker_id=worker.id, opened_at=now,
        changed_at=now,
    )  # fmt: skip
    client.profile_sealed = vault.seal("client.profile", client.id, to_json(profile))
    session.add(client)
    session.flush()
    session.add(
        Need(
            client_id=client.id, need_code="housing", urgency=3, importance=3, acuity=3,
            opened_at=now,
        )
    )  # fmt: skip
    session.commit()


@contextmanager
def somebody(
    browser: Browser, network: Network, who: str, size: str, *, scripts: bool = True
) -> Iterator[Page]:
    """Somebody of the demo network, signed in; what the browser complains of fails the test."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        base_url=network.address,
        java_script_enabled=scripts,
    )
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        complaints.append(f"{page.url}: {message.text}")

    def on_request(sent: Request) -> None:
        if not sent.url.startswith((network.address, "data:")):
            complaints.append(f"{page.url} asked another host: {sent.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("request", on_request)
    sign_in(page, f"{who}@demo.example")
    yield page
    context.close()
    assert complaints == []


def is_sound(page: Page) -> None:
    """Nothing sticks out, everything has a label and can be pressed with a thumb."""
    page.wait_for_load_state("networkidle")
    assert [page.url, *page.evaluate(FAULTS)] == [page.url]


def press(page: Page, name: str) -> None:
    """Press a button that leads on."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def refer(page: Page, client: str, *, look: bool = True) -> None:
    """Find a service for the client, agree with her on what is shared, and send."""
    check = is_sound if look else (lambda _: None)
    page.goto("/find")
    page.get_by_role("link", name="Search for a client").click()
    page.get_by_label("Client").select_option(label=client)
    press(page, "Search for this client")
    page.goto("/find?q=eviction&near=60608")
    card = page.locator(".card").filter(has_text=RECEIVER).first
    check(page)
    card.get_by_role("link", name="Refer").click()
    expect(page.get_by_role("heading", name=f"Refer {client}")).to_be_visible()
    check(page)
    press(page, "Next: what is shared")
    page.get_by_label("Why does the client need this?").fill(WHY)
    page.get_by_text("Household", exact=True).click()
    check(page)
    press(page, f"Record consent for {RECEIVER}")
    consent(page)
    check(page)
    press(page, "Record consent")
    expect(page.get_by_label("Why does the client need this?")).to_have_value(WHY)
    expect(page.get_by_text("Consent is recorded.")).to_be_visible()
    expect(page.get_by_label("To keep her home")).to_be_checked()
    press(page, "Next: look and send")
    preview = page.get_by_role("region", name=f"This is exactly what {RECEIVER} will see")
    expect(preview).to_contain_text(WHY)
    expect(preview).not_to_contain_text("Asthma")
    check(page)
    press(page, f"Send to {RECEIVER}")
    expect(page.get_by_text("The referral is sent.")).to_be_visible()
    check(page)


def consent(page: Page) -> None:
    """Fill in what the client agrees to: the agency is ticked already."""
    expect(page.get_by_label(RECEIVER).first).to_be_checked()
    page.get_by_label("What does the client agree to, and why?").fill("To keep her home")
    for what in ("Name and how to reach", "What the client needs", "Household"):
        page.locator("#categories label").filter(has_text=what).click()
    page.get_by_text("Signed on paper").click()
    page.get_by_label("Where the paper is").fill("Cabinet 3")


@pytest.mark.parametrize("size", SIZES)
def test_from_the_search_to_the_end(browser: Browser, network: Network, size: str) -> None:
    client = network.name(size)
    with (
        somebody(browser, network, "casemanager", size) as sender,
        somebody(browser, network, "intake", size) as receiver,
    ):
        refer(sender, client)
        ask(receiver, client)
        answer(sender, client)
        accept(receiver, client)
        reach(receiver)
        complete(receiver)
        sender.reload()
        expect(sender.get_by_role("list", name="How far it is")).to_contain_text("Completed")
        is_sound(sender)
    with somebody(browser, network, "supervisor", size) as supervisor:
        supervise(supervisor, client)


def test_the_receiver_needs_no_scripts(browser: Browser, network: Network) -> None:
    client = network.name("plain")
    with somebody(browser, network, "casemanager", "desk") as sender:
        refer(sender, client, look=False)
    with somebody(browser, network, "intake", "phone", scripts=False) as receiver:
        open_from(receiver, "/inbox", client)
        press(receiver, "Confirm that it arrived")
        expect(receiver.get_by_role("button", name="Confirm that it arrived")).to_have_count(0)
        accept(receiver, client, look=False)


def open_from(page: Page, listed_at: str, client: str) -> None:
    """Open a referral from a list."""
    page.goto(listed_at)
    with page.expect_navigation():
        page.get_by_role("link", name=client, exact=True).click()
    expect(page.get_by_role("heading", name=f"{client}: ")).to_be_visible()


def ask(page: Page, client: str) -> None:
    """The receiver sees what was shared and nothing else, and asks."""
    page.goto("/inbox")
    is_sound(page)
    open_from(page, "/inbox", client)
    expect(page.get_by_role("button", name="Confirm that it arrived")).to_have_count(0)
    expect(page.get_by_text(WHY)).to_be_visible()
    expect(page.get_by_text("Asthma")).to_have_count(0)
    is_sound(page)
    page.get_by_role("link", name="Ask a question").click()
    page.get_by_label("What do you need to know?").fill(QUESTION)
    is_sound(page)
    press(page, "Ask a question")
    expect(page.get_by_text(QUESTION).first).to_be_visible()


def answer(page: Page, client: str) -> None:
    """The sender finds the question among what waits on them."""
    open_from(page, "/referrals", client)
    page.get_by_role("link", name="Answer the question").click()
    expect(page.get_by_text(QUESTION)).to_be_visible()
    page.get_by_label("Answer").fill(ANSWER)
    is_sound(page)
    press(page, "Answer the question")
    expect(page.get_by_text(ANSWER)).to_be_visible()


def accept(page: Page, client: str, *, look: bool = True) -> None:
    """The receiver takes it on; what has to be said is filled in already."""
    open_from(page, "/inbox", client)
    page.get_by_role("link", name="Accept", exact=True).click()
    expect(page.get_by_label("Who takes it on")).to_contain_text("Ikram Vasquez")
    if look:
        is_sound(page)
    press(page, "Accept")
    expect(page.get_by_role("link", name="Open our record")).to_be_visible()


def reach(page: Page) -> None:
    """The receiver calls the client."""
    page.get_by_label("How did you try?").select_option("call")
    page.get_by_text("I reached the client").click()
    press(page, "Record it")
    expect(page.get_by_text("The try is recorded.")).to_be_visible()
    expect(page.get_by_role("list", name="How far it is")).to_contain_text("In progress")
    is_sound(page)


def complete(page: Page) -> None:
    """The receiver says what came of it."""
    page.get_by_role("link", name="Complete", exact=True).click()
    page.get_by_text("The need is met").click()
    is_sound(page)
    press(page, "Complete")
    expect(page.get_by_role("list", name="How far it is")).to_contain_text("Completed")


def supervise(page: Page, client: str) -> None:
    """The supervisor of the sender's team finds it among what has ended, and can read it."""
    page.goto("/")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Referrals").click()
    is_sound(page)
    page.get_by_role("link", name="Ended").click()
    page.get_by_role("link", name=client, exact=True).click()
    expect(page.get_by_text(ANSWER)).to_be_visible()
    expect(page.get_by_role("list", name="How far it is")).to_contain_text("Completed")
    is_sound(page)
