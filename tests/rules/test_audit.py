"""The chain of the audit: whatever is done to it shows, and where."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from referral_hub.rules.audit import START, FaultKind, Head, canonical, check_chain, check_head
from referral_hub.rules.audit import next_seal as seal_of

KEY = b"k" * 32
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@dataclass
class SealedRow:
    id: int
    position: int | None
    seal: bytes | None = None
    at: datetime = NOW
    actor: str = "person:1"
    agency_id: UUID | None = None
    action: str = "session:end"
    outcome: str = "done"
    table_name: str | None = None
    record_id: UUID | None = None
    detail: str | None = None


def a_chain(length: int) -> list[SealedRow]:
    rows, before = [], START
    for position in range(1, length + 1):
        row = SealedRow(id=position + 100, position=position)
        row.seal = before = seal_of(KEY, before, row, position)
        rows.append(row)
    return rows


def faults(rows: list[SealedRow], key: bytes = KEY) -> list[tuple[str, int | None]]:
    ordered = sorted(rows, key=lambda row: row.position or 0)
    return [(fault.kind.value, fault.position) for fault in check_chain(key, ordered)]


@given(TEXT, TEXT, st.none() | TEXT, st.none() | st.uuids(), st.integers(1, 2**31 - 1))
def test_a_row_is_written_as_the_standard_says(
    actor: str, action: str, detail: str | None, record_id: UUID | None, number: int
) -> None:
    row = SealedRow(
        id=number, position=None, actor=actor, action=action, detail=detail, record_id=record_id
    )
    expected = rfc8785.dumps(
        {
            "action": action,
            "actor": actor,
            "agency_id": None,
            "at": "2026-11-18T15:00:00.000000+00:00",
            "detail": detail,
            "id": number,
            "outcome": "done",
            "position": 7,
            "record_id": None if record_id is None else str(record_id),
            "table_name": None,
        }
    )
    assert canonical(row, 7) == b"\x01" + expected


def test_a_row_is_written_the_same_in_every_time_zone() -> None:
    row = SealedRow(id=1, position=None)
    elsewhere = replace(row, at=NOW.astimezone(tz=None))
    assert canonical(row, 1) == canonical(elsewhere, 1)


def test_an_untouched_chain_has_no_fault() -> None:
    assert faults(a_chain(5)) == []
    assert faults([]) == []


@given(
    st.integers(0, 4),
    st.sampled_from(
        [
            {"actor": "person:2"}, {"action": "session:other"}, {"outcome": "refused"},
            {"detail": "x"}, {"table_name": "person"}, {"id": 7}, {"agency_id": UUID(int=1)},
            {"record_id": UUID(int=1)}, {"at": NOW + timedelta(microseconds=1)},
            {"seal": b"x" * 32}, {"seal": None},
        ]
    ),
)  # fmt: skip
def test_an_edited_row_is_named(place: int, change: dict[str, Any]) -> None:
    rows = a_chain(5)
    rows[place] = replace(rows[place], **change)
    assert ("edited", place + 1) in faults(rows)
    if "seal" not in change:
        assert faults(rows) == [("edited", place + 1)]


def test_removed_rows_are_named_and_what_stands_after_them() -> None:
    rows = a_chain(6)
    assert faults([rows[0], *rows[3:]]) == [("missing", 2), ("missing", 3), ("unproved", 4)]
    assert faults(rows[1:]) == [("missing", 1), ("unproved", 2)]


def test_a_swapped_pair_is_named() -> None:
    rows = a_chain(5)
    first, second = rows[1], rows[2]
    rows[1] = replace(second, position=2, seal=first.seal)
    rows[2] = replace(first, position=3, seal=second.seal)
    assert faults(rows) == [("edited", 2), ("edited", 3)]


def test_a_pair_that_took_its_seals_along_is_named_too() -> None:
    rows = a_chain(5)
    rows[1], rows[2] = replace(rows[2], position=2), replace(rows[1], position=3)
    assert faults(rows)[:2] == [("edited", 2), ("edited", 3)]


def test_a_row_that_was_put_in_is_named() -> None:
    rows = a_chain(3)
    forged = SealedRow(id=999, position=4, seal=b"f" * 32)
    assert faults([*rows, forged]) == [("edited", 4)]
    before_all = SealedRow(id=998, position=0, seal=b"f" * 32)
    assert faults([*rows, before_all]) == [("edited", 0)]


def test_rows_of_two_histories_that_were_both_sealed_cannot_be_mixed() -> None:
    rows, others, before = a_chain(5), a_chain(2), a_chain(2)[-1].seal or START
    for position in (3, 4, 5):
        row = SealedRow(id=position + 200, position=position)
        row.seal = before = seal_of(KEY, before, row, position)
        others.append(row)
    assert faults(others) == []
    assert faults([*others[:3], *rows[3:]]) == [("edited", 4)]


def test_whoever_has_not_the_key_cannot_seal() -> None:
    assert len(faults(a_chain(3), key=b"x" * 32)) == 3


def test_a_cut_tail_is_named_against_the_head() -> None:
    rows = a_chain(5)
    head = Head(5, rows[4].seal or b"")
    assert list(check_head(head, 5, rows[4].seal)) == []
    cut = [(fault.kind, fault.position) for fault in check_head(head, 3, None)]
    assert cut == [(FaultKind.CUT, 4), (FaultKind.CUT, 5)]
    other = [(fault.kind, fault.position) for fault in check_head(head, 8, b"o" * 32)]
    assert other == [(FaultKind.CUT, 5)]
    gone = [(fault.kind, fault.position) for fault in check_head(head, 8, None)]
    assert gone == [(FaultKind.CUT, 5)]


def test_each_fault_is_told_in_words() -> None:
    (fault,) = check_chain(KEY, [SealedRow(id=3, position=1)])
    assert str(fault).startswith("edited: position 1: the row was changed")
