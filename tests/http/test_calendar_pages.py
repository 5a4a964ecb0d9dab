"""One's own calendar: an address that is shown once, and a file for who has it."""

import re
from datetime import timedelta

from flask import Flask
from icalendar import Calendar

from referral_hub.rules.client_profile import Profile
from referral_hub.use_cases.clients import add_client
from referral_hub.use_cases.tasks import add_task
from tests.http.conftest import Opener
from tests.network import CASE_MANAGER, SUPERVISOR, Network

PAGE = "/account/calendar"


def address_in(page: str) -> str:
    """The path of the address that a page shows."""
    (found,) = re.findall(r"<code>https?://[^/<]+(/calendar/[\w-]+\.ics)</code>", page)
    return str(found)


def test_the_address_is_shown_once_and_a_program_reads_the_calendar(
    app: Flask, browse: Opener, network: Network
) -> None:
    person = network.person("Ana Able", network.agency(), CASE_MANAGER)
    client = add_client(
        network.session, person, Profile(given_name="Rosa", family_name="Vega"), network.vault,
        worker_id=person.person_id, now=network.now,
    )  # fmt: skip
    add_task(
        network.session, person, client, "Call Rosa", network.vault, urgency=2, importance=2,
        due_on=(network.now + timedelta(days=2)).date(), assignee_id=person.person_id,
        now=network.now,
    )  # fmt: skip
    ana, program = browse(person), app.test_client()
    made = ana.post(PAGE).text
    address = address_in(made)
    assert "shown only now" in made
    assert address not in ana.page(PAGE)
    answer = program.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    (event,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Task due"
    for secret in ("Rosa", "Vega", "Call"):
        assert secret not in answer.text
    assert program.post(address).status_code in {400, 405}

    renewed = address_in(ana.post(PAGE).text)
    assert [program.get(each).status_code for each in (address, renewed)] == [404, 200]
    assert "switched off" in ana.done(f"{PAGE}/end")
    gone = program.get(renewed)
    assert (gone.status_code, gone.headers["Cache-Control"]) == (404, "no-store")


def test_who_works_with_no_client_is_offered_none(browse: Opener, network: Network) -> None:
    sue = browse(network.person("Sue Supervisor", network.agency(), SUPERVISOR))
    assert PAGE not in sue.page("/account")
    assert sue.get(PAGE).status_code == 403
    assert PAGE in browse(network.person("Ana", network.agency("B"), CASE_MANAGER)).page("/account")
