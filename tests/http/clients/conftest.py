"""A hub that really runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running_hub import RunningWorld, running_world


@pytest.fixture(scope="module")
def running(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, gazetteer_folder: Path
) -> Iterator[RunningWorld]:
    """The hub, once for all clients: each is an application of its own."""
    folder = tmp_path_factory.mktemp("clients") / "hub"
    with running_world(folder, sqlite_template, gazetteer_folder) as hub:
        yield hub
