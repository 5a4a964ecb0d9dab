"""Stewards find out who did what; that they looked is told too."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.gateways.field_crypto import Vault
from referral_hub.models import Agency, AuditRow
from referral_hub.models import Person as PersonRow
from referral_hub.rules.actor import Anonymous, Application, Person, System
from referral_hub.rules.agencies import AgencyStatus
from referral_hub.rules.errors import NotPermitted, SignInNeeded, TooManyTries
from referral_hub.rules.roles import Role
from referral_hub.use_cases.search_audit import (
    EXPORTS,
    PAGE_SIZE,
    AuditEntry,
    AuditQuery,
    export_audit,
    search_audit,
)
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.steps.people import seal_person
from referral_hub.use_cases.transaction import transaction

VAULT = Vault({"k": b"k" * 32})
STEWARD = Person(UUID(int=1), None, frozenset({Role.NETWORK_STEWARD}))
AGENCY = UUID(int=5)


@pytest.fixture
def audit(session: Session, now: datetime) -> Session:
    """Three acts on three days, one of them on an agency."""
    agency = Agency(
        id=AGENCY, name="Fair Homes", status=AgencyStatus.PARTNER, created_at=now, status_since=now
    )
    with transaction(session):
        session.add(agency)
        session.flush()
        add_audit(session, System("seed"), "demo:load", now=now)
        add_audit(
            session, STEWARD, "agency:decide", agency, agency_id=AGENCY, detail="status",
            now=now + timedelta(days=1),
        )  # fmt: skip
        add_audit(session, System("se_d"), "100%", now=now + timedelta(days=2))
    return session


def found(session: Session, now: datetime, **conditions: Any) -> list[str]:
    page = search_audit(session, STEWARD, AuditQuery(**conditions), VAULT, now=now)
    return [entry.action for entry in page.entries if not entry.action.startswith("audit:")]


@pytest.mark.parametrize(
    ("conditions", "actions"),
    [
        ({}, ["100%", "agency:decide", "demo:load"]),
        ({"actor": "system:"}, ["100%", "demo:load"]),
        ({"actor": "system:se_"}, ["100%"]),
        ({"actor": f"person:{STEWARD.person_id}", "table": "agency"}, ["agency:decide"]),
        ({"action": "agency:"}, ["agency:decide"]),
        ({"action": "%"}, []),
        ({"table": "agency"}, ["agency:decide"]),
        ({"record_id": AGENCY}, ["agency:decide"]),
        ({"agency_id": AGENCY}, ["agency:decide"]),
        ({"agency_id": UUID(int=6)}, []),
        ({"since": date(2026, 11, 19), "action": "1"}, ["100%"]),
        ({"until": date(2026, 11, 18), "action": "demo"}, ["demo:load"]),
        ({"since": date(2026, 11, 19), "until": date(2026, 11, 19)}, ["agency:decide"]),
    ],
)
def test_rows_are_found_by_every_condition(
    audit: Session, now: datetime, conditions: dict[str, Any], actions: list[str]
) -> None:
    assert found(audit, now, **conditions) == actions


def test_who_saw_a_record_in_a_list_is_found_by_the_record(session: Session, now: datetime) -> None:
    seen, other = UUID(int=8), UUID(int=9)
    with transaction(session):
        add_audit(session, STEWARD, "client:search", detail="2 found", shown=[other, seen], now=now)
        add_audit(session, STEWARD, "client:list", detail="1 listed", shown=[other], now=now)
        add_audit(session, STEWARD, "client:list", detail="0 listed", now=now)
    assert found(session, now, record_id=seen) == ["client:search"]
    page = search_audit(session, STEWARD, AuditQuery(action="client:"), VAULT, now=now)
    assert [entry.shown for entry in page.entries] == [
        (), (str(other),), (str(other), str(seen)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "actor", ["application:", "application:tracker", "person:", f"person:{UUID(int=7)}"]
)
def test_what_an_application_did_for_a_person_is_found_by_either(
    audit: Session, now: datetime, actor: str
) -> None:
    person = Person(UUID(int=7), AGENCY, frozenset())
    with transaction(audit):
        add_audit(audit, Application("tracker", AGENCY, frozenset(), person), "issue", now=now)
        add_audit(audit, Application("own", AGENCY, frozenset()), "alone", now=now)
    assert "issue" in found(audit, now, actor=actor)
    assert "issue" not in found(audit, now, actor="tracker")
    assert ("alone" in found(audit, now, actor=actor)) is (actor == "application:")


def test_a_row_tells_the_agency_by_name(audit: Session, now: datetime) -> None:
    (entry,) = search_audit(audit, STEWARD, AuditQuery(table="agency"), VAULT, now=now).entries
    assert (entry.agency, entry.detail, entry.record_id) == ("Fair Homes", "status", AGENCY)


def test_pages_go_back_in_time_without_losing_or_repeating_a_row(
    session: Session, now: datetime
) -> None:
    with transaction(session):
        for number in range(PAGE_SIZE + 5):
            add_audit(session, System(), f"act:{number}", now=now)
    first = search_audit(session, STEWARD, AuditQuery(action="act:"), VAULT, now=now)
    second = search_audit(
        session, STEWARD, AuditQuery(action="act:", before=first.older), VAULT, now=now
    )
    assert [len(first.entries), len(second.entries), second.older] == [PAGE_SIZE, 5, None]
    numbers = [entry.id for entry in (*first.entries, *second.entries)]
    assert numbers == sorted(set(numbers), reverse=True)


def test_that_somebody_looked_is_told_by_the_conditions_names_only(
    audit: Session, now: datetime
) -> None:
    search_audit(
        audit, STEWARD, AuditQuery(actor="person:secret", since=now.date()), VAULT, now=now
    )
    list(export_audit(audit, STEWARD, AuditQuery(), now=now))
    rows = audit.scalars(select(AuditRow).where(AuditRow.action.startswith("audit:"))).all()
    assert [(row.action, row.detail) for row in rows] == [
        ("audit:read", "actor, since"),
        ("audit:export", "everything"),
    ]


def test_an_export_holds_all_rows_the_oldest_first(audit: Session, now: datetime) -> None:
    entries: list[AuditEntry] = list(export_audit(audit, STEWARD, AuditQuery(), now=now))
    assert [entry.action for entry in entries] == [
        "demo:load", "agency:decide", "100%", "audit:export",
    ]  # fmt: skip


def test_exports_of_a_person_are_limited_those_of_the_operator_not(
    audit: Session, now: datetime
) -> None:
    for _ in range(EXPORTS.tries):
        export_audit(audit, STEWARD, AuditQuery(), now=now)
    with pytest.raises(TooManyTries):
        export_audit(audit, STEWARD, AuditQuery(), now=now)
    export_audit(audit, System(), AuditQuery(), now=now)


@pytest.mark.parametrize(("act", "needs"), [(search_audit, (VAULT,)), (export_audit, ())])
def test_only_stewards_look(session: Session, now: datetime, act: Any, needs: Any) -> None:
    administrator = Person(UUID(int=2), AGENCY, frozenset({Role.AGENCY_ADMINISTRATOR}))
    with pytest.raises(NotPermitted):
        act(session, administrator, AuditQuery(), *needs, now=now)
    with pytest.raises(SignInNeeded):
        act(session, Anonymous(), AuditQuery(), *needs, now=now)


def test_a_page_has_the_names_of_those_in_its_rows_and_no_address(
    audit: Session, now: datetime
) -> None:
    person = PersonRow(id=STEWARD.person_id, created_at=now)
    seal_person(VAULT, person, "Stella Steward", "stella@network.example")
    with transaction(audit):
        audit.add(person)
    page = search_audit(audit, STEWARD, AuditQuery(), VAULT, now=now)
    assert page.names == {
        str(STEWARD.person_id): "Stella Steward",
        f"person:{STEWARD.person_id}": "Stella Steward",
        str(AGENCY): "Fair Homes",
    }
    assert search_audit(audit, STEWARD, AuditQuery(actor="system:"), VAULT, now=now).names == {}
