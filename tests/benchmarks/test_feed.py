"""The benchmark of the HSDS API reads what it says, from a hub that runs."""

import pytest

from benchmarks.feed import report


@pytest.mark.slow
def test_whole_pages_are_read_and_counted() -> None:
    lines = report(120, 2).splitlines()
    (services,) = (line for line in lines if line.startswith("| SQLite") and "services  " in line)
    records = float(services.split("|")[6])
    assert 20 <= records <= 100
