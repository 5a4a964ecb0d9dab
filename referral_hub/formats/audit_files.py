"""The audit as a file: CSV for people, JSON lines for programs, seals included."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from uuid import UUID

from referral_hub.formats.cells import csv_line
from referral_hub.rules.audit import SealedAct

COLUMNS = (
    "position", "number", "at", "actor", "agency_id", "action", "outcome", "table", "record_id",
    "detail", "seal",
)  # fmt: skip


def audit_csv(acts: Iterable[SealedAct]) -> Iterator[str]:
    """The lines of a CSV file, RFC 4180, with a head."""
    yield csv_line(COLUMNS)
    for act in acts:
        yield csv_line("" if value is None else str(value) for value in _cells(act))


def audit_json_lines(acts: Iterable[SealedAct]) -> Iterator[str]:
    """One JSON object a line."""
    for act in acts:
        content = dict(zip(COLUMNS, _cells(act), strict=True))
        yield json.dumps(content, ensure_ascii=False) + "\n"


def _cells(act: SealedAct) -> tuple[str | int | None, ...]:
    return (
        act.position,
        act.id,
        act.at.astimezone(UTC).isoformat(timespec="microseconds"),
        act.actor,
        _text(act.agency_id),
        act.action,
        str(act.outcome),
        act.table_name,
        _text(act.record_id),
        act.detail,
        None if act.seal is None else act.seal.hex(),
    )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
