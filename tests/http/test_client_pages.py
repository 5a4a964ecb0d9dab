"""The pages of clients: what each role finds there, and what is in no address."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import select

from referral_hub.models import Client, ClientNote, Need, Task
from referral_hub.rules.client_profile import Profile
from referral_hub.rules.teams import TeamPart
from referral_hub.use_cases.clients import add_client
from tests.http.conftest import Opener
from tests.http.hub_browser import Browser, text_of
from tests.network import ADMINISTRATOR, CASE_MANAGER, INTAKE, STEWARD, SUPERVISOR, Network

ROSA = Profile(
    given_name="Rosa", family_name="Quintero-Vega", birth_date=date(1988, 4, 17),
    phone="773-555-0143", languages=("es",), never="Never leave a message with her brother.",
)  # fmt: skip
FORM = {"given_name": "Ana", "family_name": "Lopez", "birth_date": "1990-01-02"}


class House:
    """An agency with a client, its people, and a stranger from another agency."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.id = network.agency()
        self.worker = network.person("Carl Case", self.id, CASE_MANAGER)
        self.intake = network.person("Ike Intake", self.id, INTAKE)
        self.lead = network.person("Sue Supervisor", self.id, SUPERVISOR)
        self.admin = network.person("Ada Admin", self.id, ADMINISTRATOR)
        self.steward = network.person("Stella Steward", None, STEWARD)
        self.other = network.agency("Other")
        self.stranger = network.person("Sam Stranger", self.other, CASE_MANAGER)
        self.client_id = add_client(
            network.session, self.worker, ROSA, network.vault, now=network.now
        )
        self.path = f"/clients/{self.client_id}"

    def client(self) -> Client:
        self.network.session.expire_all()
        return self.network.session.get_one(Client, self.client_id)


@pytest.fixture
def house(network: Network) -> House:
    return House(network)


def test_only_who_works_with_clients_finds_the_link(browse: Opener, house: House) -> None:
    for person, may in (
        (house.worker, True), (house.intake, True), (house.lead, True), (house.admin, False),
        (house.steward, False),
    ):  # fmt: skip
        assert ('href="/clients"' in browse(person).page("/")) is may
    for person in (house.admin, house.steward):
        for path in ("/clients", "/clients/new", house.path, "/clients/tasks", "/clients/import"):
            assert browse(person).get(path).status_code == 403


def test_a_client_of_another_agency_is_not_there(browse: Opener, house: House) -> None:
    stranger = browse(house.stranger)
    theirs, nobodys = stranger.get(house.path), stranger.get(f"/clients/{UUID(int=1)}")
    assert theirs.status_code == nobodys.status_code == 404
    assert "Rosa" not in text_of(theirs)
    assert "No client of your agency fits" in text_of(stranger.post("/clients/search", q="rosa"))
    for path in ("/edit", "/assign", "/close", "/needs/add", "/notes/add", "/tasks/add"):
        assert stranger.get(house.path + path).status_code == 404
        assert stranger.post(house.path + path).status_code in (404, 422)


def test_a_search_finds_and_puts_no_name_into_an_address(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    for words in ("quint", "rosa 4/17/1988", "0143"):
        answer = worker.post("/clients/search", q=words)
        assert answer.status_code == 200
        page = text_of(answer)
        assert house.path in page
        assert "1 client" in page
    assert worker.get("/clients/search").status_code == 405
    assert "q=" not in worker.page("/clients")
    assert "Type part of a name" in worker.wrong("/clients/search", q="?")


def test_the_caseload_has_its_lists(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    assert "1 client" in worker.page("/clients")
    assert "There is no client here yet" in worker.page("/clients", whose="mine")
    assert "No case is closed" in worker.page("/clients", whose="closed")
    for query in ({"page": "0"}, {"page": "x"}, {"page": "9" * 30}, {"whose": "theirs"}):
        assert worker.get("/clients", **query).status_code == 422


def test_a_client_is_added_and_one_who_is_there_is_shown_first(
    browse: Opener, house: House
) -> None:
    worker = browse(house.worker)
    assert "Ana Lopez" in worker.done("/clients/new", **FORM, languages=["es", "", ""])
    again = FORM | {"given_name": "Anna", "zip": "60608"}
    page = worker.wrong("/clients/new", status=409, **again)
    assert "Ana Lopez: same date of birth and a similar name" in page
    assert 'value="60608"' in page
    assert "Anna Lopez" in worker.done("/clients/new", **again, anyway="true")


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    browse: Opener, house: House
) -> None:
    page = browse(house.worker).wrong(
        "/clients/new", given_name="Zed", phone="12", zip="1", income="lots",
        birth_date="2990-01-01", health="Asthma", contact_ways=["call"], languages=["es"],
        veteran="no",
    )  # fmt: skip
    for said in ("Use a whole number", 'value="Zed"', ">Asthma<", 'value="es" selected'):
        assert said in page
    page = browse(house.worker).wrong("/clients/new", phone="12", zip="1", birth_date="2990-01-01")
    for name in ("given_name", "phone", "zip", "birth_date"):
        assert f'id="{name}-error"' in page


def test_the_second_of_two_who_edit_keeps_their_text_and_sees_what_changed(
    browse: Opener, house: House
) -> None:
    one, two = browse(house.worker), browse(house.intake)
    typed = {"given_name": "Rosa", "family_name": "Quintero-Vega", "birth_date": "1988-04-17"}
    assert "Cicero" in one.done(f"{house.path}/edit", version="1", city="Cicero", **typed)
    page = two.wrong(
        f"{house.path}/edit", status=409, version="1", city="Berwyn", health="Asthma", **typed
    )
    assert "Somebody else changed this client" in page
    assert "Berwyn" in page
    assert "Cicero" in page
    assert ">Asthma<" in page
    assert 'name="version" value="2"' in page
    assert "Berwyn" in two.done(f"{house.path}/edit", version="2", city="Berwyn", **typed)
    assert house.client().version == 3


def test_a_supervisor_reads_and_changes_nothing(browse: Opener, house: House) -> None:
    house.network.part(house.client().team_id, house.lead.person_id, TeamPart.SUPERVISOR)
    lead = browse(house.lead)
    page = lead.page(house.path)
    assert "Never leave a message" in page
    assert f'action="{house.path}' not in page
    assert "/edit" not in page
    assert house.path in text_of(lead.post("/clients/search", q="rosa"))
    for path in ("/edit", "/needs/add", "/close"):
        assert lead.get(house.path + path).status_code == 403
        assert lead.post(house.path + path).status_code == 403


def test_the_work_goes_from_needs_to_the_end(browse: Opener, house: House) -> None:
    worker, session = browse(house.worker), house.network.session
    need = {"code": "food", "urgency": "3", "importance": "2", "acuity": "4", "detail": "No bread"}
    assert "No bread" in worker.done(f"{house.path}/needs/add", **need)
    assert "Choose a need" in worker.wrong(f"{house.path}/needs/add", **(need | {"code": "luck"}))
    need_id = session.scalars(select(Need.id)).one()
    weighed = {"urgency": "1", "importance": "1", "acuity": "1"}
    assert "1 of 5" in worker.done(f"{house.path}/needs/{need_id}", **weighed)
    page = worker.done(f"{house.path}/goals/add", text="Eat well", need_id=need_id)
    goal = page.split("/goals/")[1].split("/")[0]
    page = worker.done(f"{house.path}/goals/{goal}/steps/add", text="Ask for SNAP")
    step = page.split("/steps/")[1].split("/")[0]
    assert "1 of 1 step" in worker.done(f"{house.path}/goals/{goal}/steps/{step}/mark", done="true")
    assert "Reached" in worker.done(f"{house.path}/goals/{goal}/close", done="true")
    page = worker.done(f"{house.path}/notes/add", kind="contact", text="Spoke by phone")
    assert "Last contact today" in page
    assert "Met," in worker.done(f"{house.path}/needs/{need_id}/close", status="met")
    assert "Closed on" in worker.done(f"{house.path}/close", reason="goals_reached")
    assert worker.post(f"{house.path}/needs/add", **need).status_code == 409
    assert "Reopen" in worker.page(f"{house.path}/needs/{need_id}")
    assert "The case is open again" in worker.done(f"{house.path}/reopen")


def test_a_note_stays_and_is_corrected_by_another(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    worker.done(f"{house.path}/notes/add", kind="intake", text="Has two children")
    note = house.network.session.scalars(select(ClientNote.id)).one()
    page = worker.page(f"{house.path}/notes/add", corrects_id=str(note))
    assert "Has two children" in page
    page = worker.done(
        f"{house.path}/notes/add", kind="intake", text="Has three children", corrects_id=note
    )
    assert "Has two children" in page
    assert "Corrected by a later note" in page
    assert worker.get(f"{house.path}/notes/add", corrects_id="x").status_code == 404


def test_tasks_are_listed_by_how_they_press(browse: Opener, house: House) -> None:
    worker, me = browse(house.worker), house.worker.person_id
    today = house.network.now.date()
    for text, level in (("Send a letter", "1"), ("Call the landlord", "3")):
        worker.done(
            f"{house.path}/tasks/add", text=text, urgency=level, importance="3", assignee_id=me,
            due_on=today + timedelta(days=2),
        )  # fmt: skip
    page = worker.page("/clients/tasks")
    assert page.index("Call the landlord") < page.index("Send a letter")
    assert "No task for a client waits for you" in browse(house.intake).page("/clients/tasks")
    task = house.network.session.scalars(select(Task.id)).first()
    assert "Use a day from today on" in worker.wrong(
        f"{house.path}/tasks/{task}", urgency="1", importance="1", due_on="2020-01-01"
    )
    worker.done(f"{house.path}/tasks/{task}/mark", done="true")
    assert worker.page("/clients/tasks").count("Overdue") == 0


def test_who_lives_with_a_client_is_kept(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    page = worker.done(
        f"{house.path}/household/add",
        given_name="Luz",
        relation="daughter",
        birth_date="2018-02-01",
    )
    assert "Luz</a>, daughter" in page
    member = page.split("/household/")[1].split('"')[0]
    changed = worker.done(f"{house.path}/household/{member}", given_name="Luz María")
    assert "Luz María" in changed
    assert "until" in worker.done(f"{house.path}/household/{member}/end")


def upload(browser: Browser, content: bytes) -> str:
    browser.page("/clients/import")
    answer = browser.post("/clients/import", file=(BytesIO(content), "c.csv"))
    assert answer.status_code in (200, 422)
    return text_of(answer)


def hidden(page: str) -> str:
    return page.split('name="content" value="')[1].split('"')[0]


def test_a_file_is_looked_through_and_then_loaded(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    page = upload(
        worker,
        b"First Name,Last Name,DOB,Shoe\nRosa,Quintero,4/17/1988,37\nAna,Lopez,1/2/1990,38\n",
    )
    assert "2 can be read, 0 cannot, 1 may be here already" in page
    assert house.path in page
    assert "Shoe" in page
    assert house.network.session.scalars(select(Client)).all() == [house.client()]
    done = worker.done("/clients/import/load", content=hidden(page))
    assert "Clients added: 1. Left out, since they may be here already: 1." in done
    assert "Ana Lopez" in done


def test_a_file_with_a_bad_row_loads_nothing(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    page = upload(worker, b"First Name,DOB\nAna,1/2/1990\nEva,31/12/1990\n,\n")
    assert "Line 3" in page
    assert "there is no such day" in page
    assert "Import the clients" not in page
    for sent in ("", "!", "QQ==", "IA=="):
        answer = worker.post("/clients/import/load", content=sent)
        assert answer.status_code == 422, sent
    for nothing in (b"", b"\x00\xff\xfe", b"a,b\n1,2\n", b"First Name\n", b'First Name\n"Ana\n'):
        assert "Please check what you entered" in upload(worker, nothing), nothing
    assert len(house.network.session.scalars(select(Client)).all()) == 1


def test_pages_with_clients_are_kept_in_no_cache(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    for answer in (
        worker.get(house.path),
        worker.get("/clients"),
        worker.post("/clients/search", q="rosa"),
    ):
        assert "no-store" in answer.headers.get("Cache-Control", "")


def test_a_form_of_another_site_changes_nothing(browse: Opener, house: House) -> None:
    worker = browse(house.worker)
    assert worker.client.post(f"{house.path}/close", data={"reason": "moved"}).status_code == 400
    assert worker.client.post("/clients/search", data={"q": "rosa"}).status_code == 400
    assert house.client().closed_at is None


def test_days_are_those_of_the_agency(browse: Opener, house: House) -> None:
    evening = datetime(2026, 11, 30, 2, tzinfo=UTC)
    network = house.network
    late = add_client(
        network.session, house.worker, Profile(given_name="Lea"), network.vault, now=evening
    )
    page = browse(house.worker).page(f"/clients/{late}")
    assert "<dt>Client since</dt><dd>November 29, 2026</dd>" in page
