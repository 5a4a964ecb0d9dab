"""The audit is sealed while people work, and tells of everything that is done to it."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from referral_hub.gateways.audit_head import KeptHead
from referral_hub.models import AuditRow
from referral_hub.rules.actor import Anonymous, System
from referral_hub.rules.audit import Head
from referral_hub.rules.errors import AuditBroken, SignInNeeded
from referral_hub.use_cases.seal_audit import BATCH, audit_head, seal_audit, verify_audit
from referral_hub.use_cases.steps.audit import add_audit
from referral_hub.use_cases.transaction import transaction

KEY = b"k" * 32
HUB = System("test")


def write(session: Session, count: int, now: datetime) -> None:
    with transaction(session):
        for number in range(count):
            add_audit(session, HUB, "test:act", detail=f"field_{number}", now=now)


def sealed(session: Session) -> int:
    done = 0
    while batch := seal_audit(session, HUB, KEY):
        done += batch
    return done


@pytest.fixture
def six_rows(session: Session, now: datetime) -> Session:
    """A session on an audit with six sealed rows."""
    write(session, 6, now)
    assert sealed(session) == 6
    return session


def faults(session: Session, now: datetime, head: Head | None = None) -> list[str]:
    found = verify_audit(session, HUB, KEY, head=head, now=now)
    return [f"{fault.kind} {fault.position or fault.number}" for fault in found.faults]


def tamper(session: Session, statement: str) -> None:
    session.execute(text(statement))
    session.commit()


def test_rows_get_positions_without_gaps_in_the_order_of_their_numbers(
    six_rows: Session, now: datetime
) -> None:
    write(six_rows, 2, now)
    sealed(six_rows)
    rows = six_rows.execute(select(AuditRow.position).order_by(AuditRow.id)).scalars().all()
    assert list(rows) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert faults(six_rows, now) == []


def test_more_rows_than_a_batch_are_sealed_in_several(session: Session, now: datetime) -> None:
    write(session, BATCH + 3, now)
    assert seal_audit(session, HUB, KEY) == BATCH
    assert seal_audit(session, HUB, KEY) == 3
    assert seal_audit(session, HUB, KEY) == 0
    assert verify_audit(session, HUB, KEY, now=now).checked == BATCH + 3


def test_an_edited_row_is_named(six_rows: Session, now: datetime) -> None:
    tamper(six_rows, "UPDATE audit SET detail = 'other' WHERE position = 3")
    assert faults(six_rows, now) == ["edited 3"]


def test_a_deleted_row_is_named(six_rows: Session, now: datetime) -> None:
    tamper(six_rows, "DELETE FROM audit WHERE position = 3")
    assert faults(six_rows, now) == ["missing 3", "unproved 4"]


def test_a_swapped_pair_is_named(six_rows: Session, now: datetime) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        tamper(six_rows, f"UPDATE audit SET position = {new} WHERE position = {old}")
    assert faults(six_rows, now)[:2] == ["edited 3", "edited 4"]


def test_an_inserted_row_is_named(six_rows: Session, now: datetime) -> None:
    six_rows.add(AuditRow(at=now, actor="person:x", action="a", position=7, seal=b"x" * 32))
    six_rows.commit()
    assert faults(six_rows, now) == ["edited 7"]


def test_a_cut_tail_is_named_against_the_head_that_was_exported(
    six_rows: Session, now: datetime
) -> None:
    head = audit_head(six_rows, HUB)
    assert head is not None
    assert faults(six_rows, now, head) == []
    tamper(six_rows, "DELETE FROM audit WHERE position > 4")
    assert faults(six_rows, now) == []
    assert faults(six_rows, now, head) == ["cut 5", "cut 6"]
    write(six_rows, 3, now)
    sealed(six_rows)
    assert faults(six_rows, now, head) == ["cut 6"]


def test_a_row_that_was_edited_and_sealed_anew_shows_against_the_head(
    six_rows: Session, now: datetime
) -> None:
    head = audit_head(six_rows, HUB)
    tamper(
        six_rows,
        "UPDATE audit SET actor = 'x', position = NULL, seal = NULL WHERE position = 6",
    )
    sealed(six_rows)
    assert faults(six_rows, now) == []
    assert faults(six_rows, now, head) == ["cut 6"]


def test_a_row_that_waits_long_for_its_seal_is_named(six_rows: Session, now: datetime) -> None:
    write(six_rows, 1, now)
    number = six_rows.scalar(select(func.max(AuditRow.id)))
    assert faults(six_rows, now + timedelta(seconds=59)) == []
    assert faults(six_rows, now + timedelta(seconds=61)) == [f"unsealed {number}"]


def test_an_empty_audit_is_whole(session: Session, now: datetime) -> None:
    assert audit_head(session, HUB) is None
    assert verify_audit(session, HUB, KEY, now=now).is_whole


def test_nobody_but_the_hub_itself_seals(session: Session) -> None:
    with pytest.raises(SignInNeeded):
        seal_audit(session, Anonymous(), KEY)


def test_writers_and_several_sealers_at_once_lose_nothing(engine: Engine, now: datetime) -> None:
    writers, sealers, each = 4, 3, 25
    ready = Barrier(writers + sealers)
    faulty: list[Exception] = []
    running = [True]

    def write_rows() -> None:
        with Session(engine) as session:
            ready.wait()
            for _ in range(each):
                write(session, 1, now)

    def seal_rows() -> None:
        with Session(engine) as session:
            ready.wait()
            while running[0]:
                seal_audit(session, HUB, KEY)

    def safely(act: object) -> None:
        try:
            act()  # type: ignore[operator]
        except Exception as error:  # the thread's own failure must fail the test
            faulty.append(error)

    writing = [Thread(target=safely, args=(write_rows,)) for _ in range(writers)]
    sealing = [Thread(target=safely, args=(seal_rows,)) for _ in range(sealers)]
    for thread in (*writing, *sealing):
        thread.start()
    for thread in writing:
        thread.join()
    running[0] = False
    for thread in sealing:
        thread.join()
    assert faulty == []
    with Session(engine) as session:
        sealed(session)
        found = verify_audit(session, HUB, KEY, now=now)
        assert (found.checked, found.faults) == (writers * each, ())
        last = audit_head(session, HUB)
        assert last is not None
        assert last.position == writers * each


def test_what_was_unsealed_is_not_sealed_again_and_is_named(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    kept = KeptHead(tmp_path / "head.json")
    write(session, 6, now)
    assert seal_audit(session, HUB, KEY, kept) == 6
    tamper(session, "UPDATE audit SET detail = 'forged' WHERE position = 3")
    tamper(session, "UPDATE audit SET position = NULL, seal = NULL")
    with pytest.raises(AuditBroken):
        seal_audit(session, HUB, KEY, kept)
    assert sealed_rows(session) == 0
    assert faults(session, now, kept.read()) == [f"cut {position}" for position in range(1, 7)]


def test_a_tail_that_was_sealed_otherwise_stops_the_sealing(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    kept = KeptHead(tmp_path / "head.json")
    write(session, 2, now)
    seal_audit(session, HUB, KEY, kept)
    tamper(session, "UPDATE audit SET position = NULL, seal = NULL WHERE position = 2")
    write(session, 1, now)
    with pytest.raises(AuditBroken):
        seal_audit(session, HUB, KEY, kept)


def test_sealing_goes_on_from_an_older_head_that_still_stands(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    kept = KeptHead(tmp_path / "head.json")
    write(session, 2, now)
    seal_audit(session, HUB, KEY, kept)
    older = kept.read()
    assert older is not None
    write(session, 2, now)
    seal_audit(session, HUB, KEY, kept)
    kept.keep(older)
    write(session, 1, now)
    assert seal_audit(session, HUB, KEY, kept) == 1
    assert kept.read() == audit_head(session, HUB)


def sealed_rows(session: Session) -> int:
    count = select(func.count()).select_from(AuditRow).where(AuditRow.position.is_not(None))
    return session.scalar(count) or 0
