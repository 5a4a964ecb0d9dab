"""A hub that really runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.clients.running import Running, running_hub


@pytest.fixture
def running(sqlite_template: Path, tmp_path: Path, gazetteer_folder: Path) -> Iterator[Running]:
    """The hub on a port of its own."""
    with running_hub(sqlite_template, tmp_path, gazetteer_folder) as hub:
        yield hub
