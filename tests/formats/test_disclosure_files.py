"""The accounting of disclosures as CSV."""

import csv
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest

from referral_hub.formats.disclosure_files import COLUMNS, accounting_csv
from referral_hub.rules.consent import Category

ONE = UUID(int=1)


@dataclass(frozen=True)
class Line:
    """A disclosure."""

    id: UUID = ONE
    made_at: datetime = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    made_by: str = "Carl Case"
    agency: str = "Legal, Aid"
    referral_id: UUID = ONE
    categories: tuple[Category, ...] = (Category.NEED, Category.HEALTH)
    identity_only: bool = False
    consent_id: UUID | None = ONE
    purpose: str = 'A "quoted" line\nand another'
    override_reason: str = ""
    reading: str = "open"
    closed_at: datetime | None = None


def rows(*lines: Line) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO("".join(accounting_csv(lines)), newline="")))


def test_each_disclosure_is_a_row() -> None:
    (row,) = rows(Line())
    assert tuple(row) == COLUMNS
    assert row["time"] == "2026-11-30T16:00:00+00:00"
    assert row["shared_with"] == "Legal, Aid"
    assert row["what"] == "What the client needs, and why; Health"
    assert row["purpose"] == 'A "quoted" line\nand another'
    assert row["names_only"] == "no"
    assert (row["closed"], row["without_consent_because"]) == ("", "")


def test_what_is_not_there_is_empty() -> None:
    line = replace(
        Line(), consent_id=None, purpose="", override_reason="Danger", identity_only=True,
        reading="closed", closed_at=datetime(2026, 12, 1, tzinfo=UTC),
    )  # fmt: skip
    (row,) = rows(line)
    assert (row["consent"], row["purpose"]) == ("", "")
    assert row["without_consent_because"] == "Danger"
    assert row["names_only"] == "yes"
    assert row["closed"] == "2026-12-01T00:00:00+00:00"


def test_without_disclosures_there_is_the_head() -> None:
    assert "".join(accounting_csv([])).strip() == ",".join(COLUMNS)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(text: str) -> None:
    (row,) = rows(replace(Line(), purpose=text, override_reason=text, agency=text))
    assert row["purpose"] == row["without_consent_because"] == row["shared_with"] == f"'{text}"
