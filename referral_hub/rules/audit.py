"""How acts are told in the audit, and how its rows are sealed into a chain that shows tampering.

Each seal covers the row, its place, and the seal before. Whoever has the database but not the key
can neither change, remove, add nor reorder a sealed row unseen. A tail that was cut off, or
unsealed, shows against a head that is kept elsewhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hmac import compare_digest, digest
from json import dumps
from typing import Protocol
from uuid import UUID

START = b""
"""What stands for the seal before the first row."""
LONGEST_UNSEALED = timedelta(minutes=1)
_VERSION = b"\x01"


class Outcome(StrEnum):
    """What came of an act."""

    DONE = "done"
    REFUSED = "refused"


class FaultKind(StrEnum):
    """What is wrong with the audit at a place."""

    MISSING = "missing"
    EDITED = "edited"
    UNPROVED = "unproved"
    UNSEALED = "unsealed"
    CUT = "cut"


FAULT_MEANING: dict[FaultKind, str] = {
    FaultKind.MISSING: "the row is not there",
    FaultKind.EDITED: "the row was changed or moved, or another one was put in its place",
    FaultKind.UNPROVED: "the row cannot be checked, since the one before it is missing",
    FaultKind.UNSEALED: "the row has waited for its seal for more than a minute; "
    "is the worker running?",
    FaultKind.CUT: "the row was cut off, or is another one than in the exported head",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: at a position of the chain, or with a row that has none, by its number."""

    kind: FaultKind
    position: int | None
    number: int | None = None

    def __str__(self) -> str:
        place = f"position {self.position}" if self.position is not None else f"row {self.number}"
        return f"{self.kind}: {place}: {FAULT_MEANING[self.kind]}"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: kept elsewhere, it shows whether what it stands for is still there."""

    position: int
    seal: bytes


class Act(Protocol):
    """What a row of the audit tells. `id` is its number."""

    id: int
    at: datetime
    actor: str
    agency_id: UUID | None
    action: str
    outcome: str
    table_name: str | None
    record_id: UUID | None
    detail: str | None


class SealedAct(Act, Protocol):
    """A row with its place in the chain."""

    position: int | None
    seal: bytes | None


def canonical(act: Act, position: int) -> bytes:
    """The one way to write a row at a place: a version byte, then JSON as RFC 8785 has it."""
    content = {
        "action": act.action,
        "actor": act.actor,
        "agency_id": _text(act.agency_id),
        "at": act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "detail": act.detail,
        "id": act.id,
        "outcome": str(act.outcome),
        "position": position,
        "record_id": _text(act.record_id),
        "table_name": act.table_name,
    }
    text = dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return _VERSION + text.encode("utf-8", "surrogatepass")


def next_seal(key: bytes, before: bytes, act: Act, position: int) -> bytes:
    """The seal of a row at a place, after a seal."""
    return digest(key, before + canonical(act, position), "sha256")


def check_chain(key: bytes, acts: Iterable[SealedAct]) -> Iterator[Fault]:
    """What is wrong with sealed rows, which come in the order of their positions."""
    before: bytes | None = START
    expected = 1
    for act in acts:
        position = act.position or 0
        if position < expected:
            yield Fault(FaultKind.EDITED, position, act.id)
            continue
        if position > expected:
            yield from (Fault(FaultKind.MISSING, lost) for lost in range(expected, position))
            before = None
        seal = act.seal or b""
        if before is None:
            yield Fault(FaultKind.UNPROVED, position, act.id)
        elif not compare_digest(seal, next_seal(key, before, act, position)):
            yield Fault(FaultKind.EDITED, position, act.id)
        before, expected = seal, position + 1


def check_head(head: Head, last: int, found: bytes | None) -> Iterator[Fault]:
    """What is gone since a head was exported: `found` is the seal now at its position, if any,
    and `last` the last position of the chain."""
    if found is None:
        cut = range(min(last, head.position - 1) + 1, head.position + 1)
        yield from (Fault(FaultKind.CUT, position) for position in cut)
    elif not compare_digest(found, head.seal):
        yield Fault(FaultKind.CUT, head.position)


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
