"""The audit as a file."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest

from referral_hub.formats.audit_files import COLUMNS, audit_csv, audit_json_lines
from tests.rules.test_audit import SealedRow

ROW = SealedRow(
    id=7, position=3, seal=b"\x01\xff", at=datetime(2026, 11, 18, 15, 0, tzinfo=UTC),
    agency_id=UUID(int=1), record_id=UUID(int=2), table_name="person", detail='a, "b"\nc',
)  # fmt: skip
UNSEALED = SealedRow(id=8, position=None)


def test_a_csv_file_holds_every_column_as_it_was() -> None:
    rows = list(csv.DictReader(StringIO("".join(audit_csv([ROW, UNSEALED])), newline="")))
    assert rows[0] == {
        "position": "3", "number": "7", "at": "2026-11-18T15:00:00.000000+00:00",
        "actor": "person:1", "agency_id": str(UUID(int=1)), "action": "session:end",
        "outcome": "done", "table": "person", "record_id": str(UUID(int=2)),
        "detail": 'a, "b"\nc', "seal": "01ff",
    }  # fmt: skip
    assert (rows[1]["position"], rows[1]["seal"], rows[1]["agency_id"]) == ("", "", "")


@pytest.mark.parametrize("sign", "=+-@\t\r")
def test_no_cell_is_a_formula(sign: str) -> None:
    row = SealedRow(id=1, position=1, detail=f"{sign}1+1")
    (cells,) = csv.DictReader(StringIO("".join(audit_csv([row])), newline=""))
    assert cells["detail"] == f"'{sign}1+1"


def test_each_line_of_json_is_one_row() -> None:
    lines = list(audit_json_lines([ROW, UNSEALED]))
    first, second = map(json.loads, lines)
    assert list(first) == list(COLUMNS)
    assert (first["position"], first["seal"], first["detail"]) == (3, "01ff", 'a, "b"\nc')
    assert (second["position"], second["agency_id"]) == (None, None)
    assert all(line.count("\n") == 1 for line in lines)
