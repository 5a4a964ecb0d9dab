"""A hub with an agency, a signed-in person and room for applications."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from referral_hub.app import create_app
from tests.conftest import dispose
from tests.http.oauth.world import App, World, make_world


@pytest.fixture
def world(app: Flask) -> World:
    """The hub on SQLite."""
    return make_world(app)


@pytest.fixture
def partner(world: World) -> App:
    """An application that proves itself with a secret."""
    return world.register()


@pytest.fixture
def any_world(database_url: str, tmp_path: Path, gazetteer_folder: Path) -> Iterator[World]:
    """The hub on each kind of database."""
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    made = create_app(
        {
            "REFERRAL_HUB_MODE": "test",
            "REFERRAL_HUB_DATABASE_URL": database_url,
            "REFERRAL_HUB_DATA_DIR": str(tmp_path),
        }
    )
    yield make_world(made)
    dispose(made)
