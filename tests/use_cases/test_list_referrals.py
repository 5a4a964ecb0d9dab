"""Lists of referrals: their order, their pages, and what they cost the database."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Connection, Engine, event, insert, inspect, select
from sqlalchemy.orm import Session

from referral_hub.models import AuditRow, Referral
from referral_hub.rules.actor import Person
from referral_hub.rules.referral_lifecycle import Side, Status
from referral_hub.rules.referrals import Waiting
from referral_hub.use_cases.list_referrals import ListQuery, list_referrals
from referral_hub.use_cases.referral_views import ReferralPage
from tests.referral_acts import Played, in_status

_AGENCY = {Side.SENDER: "from_agency_id", Side.RECEIVER: "to_agency_id"}
HISTORY = 3000
"""Enough that a database with an index reads no whole table."""


def listed(played: Played, actor: Person, query: ListQuery) -> ReferralPage:
    return list_referrals(played.session, actor, played.vault, query, now=played.now)


def with_copies(played: Played, number: int, **changes: Callable[[int], Any]) -> list[UUID]:
    """Copies of a referral, each begun a minute after the one before, and itself as the first."""
    row = played.row
    base = {each.key: getattr(row, each.key) for each in inspect(Referral).column_attrs}
    copies = []
    for turn in range(1, number + 1):
        changed = {name: change(turn) for name, change in changes.items()}
        later = base["created_at"] + timedelta(minutes=turn)
        copies.append({**base, "id": uuid4(), "created_at": later, **changed})
    played.session.execute(insert(Referral), copies)
    played.session.commit()
    return [played.referral_id, *(copy["id"] for copy in copies)]


def test_pages_in_the_order_of_beginning_meet_every_referral_once(session: Session) -> None:
    played = in_status(session, "sent")
    ids = with_copies(played, 4)
    seen: list[UUID] = []
    after = None
    more = True
    while more:
        query = ListQuery(Side.RECEIVER, size=2, after=after, in_order=True)
        page = listed(played, played.world.receiver.intake_worker, query)
        seen += [line.id for line in page.lines]
        after, more = (page.lines[-1].created_at, page.lines[-1].id), page.more
    assert seen == ids


def test_a_full_last_page_has_none_behind_it(session: Session) -> None:
    played = in_status(session, "sent")
    with_copies(played, 3)
    pages = [
        listed(played, played.world.receiver.intake_worker, ListQuery(Side.RECEIVER, page=number,
               size=2)) for number in (1, 2)
    ]  # fmt: skip
    assert [(len(page.lines), page.more) for page in pages] == [(2, True), (2, False)]


def test_what_ended_last_comes_first(session: Session) -> None:
    played = in_status(session, "completed")
    ended = played.row.closed_at
    assert ended is not None
    ids = with_copies(played, 3, closed_at=lambda turn: ended + timedelta(days=turn))
    page = listed(played, played.world.sender.case_manager, ListQuery(Side.SENDER, Waiting.ENDED))
    assert [line.id for line in page.lines] == ids[::-1]


def test_the_audit_names_the_referrals_that_a_page_showed(session: Session) -> None:
    played = in_status(session, "sent")
    first, second, _ = with_copies(played, 2)
    query = ListQuery(Side.RECEIVER, size=2, in_order=True)
    listed(played, played.world.receiver.intake_worker, query)
    row = session.scalars(select(AuditRow).where(AuditRow.action == "referral:list")).one()
    assert row.detail == f"receiver, 2 referrals: {first} {second}"


@dataclass
class Asked:
    """A statement that the database got."""

    sql: str
    parameters: Any


@pytest.fixture
def asked(engine: Engine) -> Iterator[list[Asked]]:
    """What the database was asked."""
    seen: list[Asked] = []

    def note(_connection: Connection, _cursor: object, sql: str, parameters: Any, *_: Any) -> None:
        seen.append(Asked(sql, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_usual_lists_count_nothing_and_read_no_whole_table(
    session: Session, asked: list[Asked]
) -> None:
    played = _a_long_history(session)
    for side in Side:
        for waiting in (Waiting.US, Waiting.THEM, Waiting.OPEN):
            for in_order in (False, True):
                plan = _plan_of(played, asked, ListQuery(side, waiting, in_order=in_order))
                assert f"ix_referral_{_AGENCY[side]}" in plan, plan


@pytest.mark.parametrize(("in_order", "index"), [(False, "closed_at"), (True, "created_at")])
def test_a_long_list_of_what_ended_is_read_in_the_order_of_an_index(
    session: Session, asked: list[Asked], in_order: bool, index: str
) -> None:
    played = _a_long_history(session)
    for side in Side:
        plan = _plan_of(played, asked, ListQuery(side, Waiting.ENDED, in_order=in_order))
        assert f"ix_referral_{_AGENCY[side]}_{index}" in plan, plan
        assert "Sort" not in plan
        assert "TEMP B-TREE" not in plan


def _plan_of(played: Played, asked: list[Asked], query: ListQuery) -> str:
    """How the database finds the page that a supervisor asks for."""
    asked.clear()
    staff = played.world.sender if query.side is Side.SENDER else played.world.receiver
    assert listed(played, staff.supervisor, query).lines
    assert [each for each in asked if "count(" in each.sql.lower()] == []
    (page,) = [each for each in asked if each.sql.startswith("SELECT referral.id")]
    return _plan(played.session, page)


def _a_long_history(session: Session) -> Played:
    """Two agencies with much that has ended, every twentieth referral open."""
    played = in_status(session, "completed")
    ended = played.row.closed_at or played.now

    def status(turn: int) -> Status:
        open_ones = (Status.SENT, Status.INFO_REQUESTED, Status.ACCEPTED)
        return Status.COMPLETED if turn % 20 else open_ones[turn % 3]

    def closed(turn: int) -> Any:
        return ended + timedelta(minutes=turn) if turn % 20 else None

    with_copies(played, HISTORY, status=status, closed_at=closed)
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql("ANALYZE referral")
        session.commit()
    return played


def _plan(session: Session, asked: Asked) -> str:
    sqlite = session.get_bind().dialect.name == "sqlite"
    how = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    rows = session.connection().exec_driver_sql(f"{how} {asked.sql}", asked.parameters)
    return "\n".join(str(row[-1]) for row in rows)
