"""The real ZIP codes, prepared once."""

from pathlib import Path

import pytest

from referral_hub.gateways.gazetteer import Gazetteer
from referral_hub.gateways.zip_table import ZipTable


@pytest.fixture(scope="session")
def zip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the prepared file."""
    folder = tmp_path_factory.mktemp("zip") / "new"
    ZipTable.load(folder)
    return folder


@pytest.fixture(scope="session")
def gazetteer(zip_folder: Path) -> Gazetteer:
    """The whole gazetteer."""
    return Gazetteer(zip_folder)
