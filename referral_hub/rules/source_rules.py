"""Who decides what a field says when a source and somebody here do not agree."""

from collections.abc import Mapping
from enum import StrEnum

from referral_hub.rules.hsds import LISTED, TABLES


class SourceWins(StrEnum):
    """What becomes of a source's word for a field.

    SOURCE: it is taken, also over what somebody here said. OURS: it is never taken once a record
    is here. ASK: it is proposed as a correction, and somebody decides.
    """

    SOURCE = "source"
    OURS = "ours"
    ASK = "ask"


MEANING: Mapping[SourceWins, str] = {
    SourceWins.SOURCE: "The source wins, also over what was changed here",
    SourceWins.OURS: "Ours wins: the source never changes it",
    SourceWins.ASK: "Ask: what the source says is proposed as a correction",
}

SILENT = frozenset({"verified_on", "vanished_at", "incomplete", "last_modified", "position"})
"""Fields that are the hub's own, or that tell of time: what was said here stays, unasked."""

RULED_TABLES = (*LISTED, "address", "phone", "schedule", "contact", "language", "url")
"""Tables of which stewards choose fields."""


def ruled_fields() -> dict[str, tuple[str, ...]]:
    """Fields by table for which a steward can say who decides."""
    return {
        table: tuple(
            spec.name for spec in TABLES[table].fields if spec.name != "id" and not spec.references
        )
        for table in RULED_TABLES
    }


def who_wins(rules: Mapping[tuple[str, str], str], table: str, field: str, edited: bool) -> str:
    """Who decides a field: as the source's rule says, else whoever here changed it is asked."""
    default = SourceWins.ASK if edited else SourceWins.SOURCE
    return rules.get((table, field), default)
