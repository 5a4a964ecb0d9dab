"""What happened in the demo network: everything that can, as it happens, the same each time."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.models import (
    Agency,
    Client,
    Consent,
    Membership,
    Need,
    Notice,
    Referral,
    ReferralClock,
    ReferralEvent,
    Task,
)
from referral_hub.rules.actor import System
from referral_hub.rules.capacity import CapacityState, CapacityWord
from referral_hub.rules.consent import Method
from referral_hub.rules.referral_lifecycle import OPEN, TERMINAL, UNDECIDED, Status
from referral_hub.rules.referral_state import replay
from referral_hub.rules.referrals import (
    AppointmentState,
    ClientAnswer,
    Clock,
    ConflictCheck,
    Fact,
    Priority,
)
from referral_hub.use_cases.import_directory import ImportOptions, import_documents
from referral_hub.use_cases.importing.report import ImportReport
from referral_hub.use_cases.load_demo_people import load_demo_people
from referral_hub.use_cases.load_vocabulary import load_vocabulary
from referral_hub.use_cases.record_capacity import record_capacity
from referral_hub.use_cases.steps.people import person_with_email
from referral_hub.use_cases.steps.referrals import happening_of, state_of
from referral_hub.web.hub import EXTENSION
from seed.casework.load import REFERRALS, load_casework
from seed.demo_network import demo_capacities, demo_documents
from seed.demo_people import demo_accounts, demo_agencies, demo_stewards
from tests.figure_integrity import require_true_figures
from tests.http.hub_browser import Browser
from tests.network import VAULT, Network, PlainPasswords

OPERATOR = System("test")
AN_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def load_network(session: Session, gazetteer: Gazetteer, now: datetime) -> None:
    """The demo's directory, agencies and people."""
    load_vocabulary(session, OPERATOR, now=now)
    import_documents(
        session, OPERATOR, demo_documents(now.date()), ImportOptions("demo"),
        gazetteer=gazetteer, vault=VAULT, report=ImportReport("demo", "", dry_run=False), now=now,
    )  # fmt: skip
    for said in demo_capacities():
        record_capacity(
            session,
            OPERATOR,
            said.service_id,
            CapacityWord(CapacityState(said.state), note=said.note),
            now=now,
        )
    load_demo_people(
        session, OPERATOR, demo_agencies(), demo_stewards(), VAULT, PlainPasswords(), now=now
    )


@pytest.fixture
def gazetteer(gazetteer_folder: Path) -> Gazetteer:
    return Gazetteer(gazetteer_folder)


@pytest.fixture(autouse=True)
def nothing_breaks_off(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A story that broke off is told in the log."""
    yield
    told = [record.getMessage() for record in caplog.get_records("call")]
    assert [each for each in told if "broke off" in each] == []


def shape_of(session: Session) -> Counter[tuple[str, str, int]]:
    """How many referrals there are of each agency in each status, with how many events."""
    names = {row.id: row.name for row in session.scalars(select(Agency))}
    return Counter(
        (names[row.to_agency_id], row.status, row.seq) for row in session.scalars(select(Referral))
    )


def require_truth(session: Session, now: datetime) -> None:
    """Every row is the fold of its events, nothing is of the future, and nothing waits that the
    hub should have seen to."""
    events: dict[UUID, list[ReferralEvent]] = {}
    for event in session.scalars(select(ReferralEvent).order_by(ReferralEvent.seq)):
        events.setdefault(event.referral_id, []).append(event)
        assert event.recorded_at <= now
        assert event.position is not None
    positions = [event.position for some in events.values() for event in some]
    assert sorted(positions, key=int) == list(range(1, len(positions) + 1))  # type: ignore[arg-type]
    for row in session.scalars(select(Referral)):
        assert replay(map(happening_of, events[row.id])) == state_of(row)
        assert row.status in OPEN or row.due_at is None
        if row.status in UNDECIDED:
            assert row.accepted_at is None
    for clock in session.scalars(select(ReferralClock).where(ReferralClock.ended_at.is_(None))):
        assert clock.act_at is None or clock.act_at > now
        status = session.get_one(Referral, clock.referral_id).status
        assert status not in TERMINAL
        assert clock.clock != Clock.EXPIRE or status in UNDECIDED


@pytest.mark.parametrize("hours", [0, 64])
def test_a_small_past_is_true_at_any_hour(
    sqlite_session: Session, gazetteer: Gazetteer, now: datetime, hours: int, tmp_path: Path
) -> None:
    session, now = sqlite_session, now + timedelta(hours=hours)
    load_network(session, gazetteer, now)
    assert load_casework(session, VAULT, now=now, count=25) == 25
    require_truth(session, now)
    require_true_figures(session, gazetteer, tmp_path, now)
    before = shape_of(session)
    assert load_casework(session, VAULT, now=now, count=25) == 0
    assert shape_of(session) == before


def test_agencies_that_came_lately_have_no_past(
    sqlite_session: Session, gazetteer: Gazetteer, now: datetime
) -> None:
    load_network(sqlite_session, gazetteer, now)
    before = now - timedelta(days=60)
    assert load_casework(sqlite_session, VAULT, now=before, count=5) == 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_thousand_referrals_show_everything(
    session: Session, gazetteer: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    load_network(session, gazetteer, now)
    assert load_casework(session, VAULT, now=now) == REFERRALS
    require_truth(session, now)
    require_true_figures(session, gazetteer, tmp_path, now)
    by_status = Counter(session.scalars(select(Referral.status)))
    assert set(by_status) == set(Status)
    assert set(session.scalars(select(Referral.priority))) == set(Priority)
    assert set(session.scalars(select(Consent.method))) == set(Method)
    sent = [row for row in session.scalars(select(Referral)) if row.first_sent_at is not None]
    assert 0.6 < sum(row.accepted_at is not None for row in sent) / len(sent) < 0.75
    assert 0.38 < by_status[Status.COMPLETED] / len(sent) < 0.52
    told = [
        event
        for event in session.scalars(select(ReferralEvent))
        if event.kind in (Fact.APPOINTMENT, Fact.CLIENT_CONFIRMED)
    ]
    assert {event.data.get("state") for event in told} == {None, *AppointmentState}
    assert {event.data.get("answer") for event in told} == {None, *ClientAnswer}
    said = Counter(event.data.get("answer") for event in told)
    assert said["yes"] > said["partly"] + said["no"] + said["not_reached"]
    require_work_for_everybody(session, now)


def require_work_for_everybody(session: Session, now: datetime) -> None:
    """Each account of the demo has something to do."""

    def person(local: str) -> UUID:
        found = person_with_email(session, VAULT, f"{local}@demo.example")
        assert found is not None
        return found.id

    def count(*conditions: object) -> int:
        query = select(func.count()).select_from(Referral).where(*conditions)  # type: ignore[arg-type]
        return session.scalar(query) or 0

    worker, intake = person("casemanager"), person("intake")
    open_cases = Client.closed_at.is_(None)
    caseload = (
        select(func.count()).select_from(Client).where(Client.worker_id == worker, open_cases)
    )
    assert 20 <= (session.scalar(caseload) or 0) <= 60
    for status in (Status.DRAFT, Status.INFO_REQUESTED, Status.SENT, Status.IN_PROGRESS):
        assert count(Referral.sender_id == worker, Referral.status == status) >= 2, status
    assert count(Referral.assignee_id == intake, Referral.status.in_(OPEN)) >= 4
    harbor = agency_named(session, "Harbor Street Homes")
    assert count(Referral.to_agency_id == harbor, Referral.status == Status.SENT) >= 4
    assert count(Referral.to_agency_id == harbor, Referral.due_at < now) >= 2
    law = agency_named(session, "Prairie Tenant Law")
    pending = Referral.conflict_check == ConflictCheck.PENDING
    assert count(Referral.to_agency_id == law, pending, Referral.status.in_(UNDECIDED)) >= 3
    lantern = agency_named(session, "Safe Lantern")
    own = select(func.count()).select_from(Client).where(Client.agency_id == lantern)
    assert (session.scalar(own) or 0) >= 5
    unread = select(func.count()).select_from(Notice).where(Notice.read_at.is_(None))
    assert 0 < (session.scalar(unread) or 0) < 400
    overdue = select(func.count()).select_from(Task).where(
        Task.done_at.is_(None), Task.due_on < now.date()
    )  # fmt: skip
    assert (session.scalar(overdue) or 0) > 5
    assert set(session.scalars(select(Need.status))) >= {"open", "met"}


def agency_named(session: Session, name: str) -> UUID:
    return session.scalars(select(Agency.id).where(Agency.name == name)).one()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_page_of_every_account_opens_and_names_things(
    app: Flask, sqlite_session: Session, gazetteer: Gazetteer, now: datetime
) -> None:
    """Lists show names; an id is only ever part of an address."""
    session, vault = sqlite_session, app.extensions[EXTENSION].vault
    load_vocabulary(session, OPERATOR, now=now)
    import_documents(
        session, OPERATOR, demo_documents(now.date()), ImportOptions("demo"),
        gazetteer=gazetteer, vault=VAULT, report=ImportReport("demo", "", dry_run=False), now=now,
    )  # fmt: skip
    load_demo_people(
        session, OPERATOR, demo_agencies(), demo_stewards(), vault, PlainPasswords(), now=now
    )
    load_casework(session, vault, now=now)
    app.extensions[EXTENSION].searcher.rebuild([])
    network = Network(session, vault, now)
    for email, _ in demo_accounts():
        person = person_with_email(session, vault, email)
        assert person is not None
        held = session.scalars(select(Membership).where(Membership.person_id == person.id)).all()
        agency_id = held[0].agency_id
        browser = Browser(app.test_client(), network.sign_in(person.id, agency_id))
        seen = 0
        for path in pages(app):
            answer = browser.get(path)
            assert answer.status_code in (200, 303, 302, 403, 404), (email, path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                seen += 1
                shown = re.sub(r"<[^>]*>", " ", answer.text)
                if not path.startswith("/network/audit"):
                    assert not AN_ID.search(shown), (email, path)
        assert seen > 5, email


def pages(app: Flask) -> list[str]:
    """The addresses of all pages that need no parameter."""
    found = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.methods and "GET" in rule.methods and not rule.arguments
    }
    others = ("/api", "/oauth", "/static", "/readyz")  # for programs
    return sorted(path for path in found if not path.startswith(others))
