"""The application as a client sees it, on small known data or on the demo network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral_hub.extensions import db


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client of an empty hub."""
    with app.test_client() as opened:
        yield opened


@pytest.fixture
def demo(demo_app: Flask) -> Iterator[FlaskClient]:
    """A client of a hub with the demo network."""
    with demo_app.test_client() as opened:
        yield opened
    with demo_app.app_context():
        db.session.remove()


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """The data folder of the empty hub."""
    return tmp_path
