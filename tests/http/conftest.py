"""The application as a client sees it, on small known data or on the demo network."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from referral_hub.extensions import db
from referral_hub.gateways.tokens import token_hash
from referral_hub.models import SignInSession
from referral_hub.rules.actor import Person
from referral_hub.web.hub import EXTENSION
from tests.http.hub_browser import Browser
from tests.http.one_of_everything import World, one_of_everything
from tests.network import Network


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


@pytest.fixture
def network(app: Flask, sqlite_session: Session) -> Network:
    """Agencies and people in the hub that the pages show."""
    return Network(sqlite_session, app.extensions[EXTENSION].vault, datetime.now(UTC))


Opener = Callable[..., Browser]


@pytest.fixture
def browse(app: Flask, network: Network) -> Opener:
    """Opens a browser for somebody who has signed in; without anybody, for a stranger.

    `proved_ago` is how long ago they proved who they are.
    """

    def opened(person: Person | None = None, proved_ago: timedelta = timedelta()) -> Browser:
        if person is None:
            return Browser(app.test_client())
        token = network.sign_in(person.person_id, person.agency_id)
        held = network.session.scalars(
            select(SignInSession).where(SignInSession.token_hash == token_hash(token))
        ).one()
        held.proved_at = network.now - proved_ago
        network.session.commit()
        return Browser(app.test_client(), token)

    return opened


@pytest.fixture
def world(app: Flask, network: Network, sqlite_session: Session, tmp_path: Path) -> World:
    """A hub with one of everything."""
    return one_of_everything(app, network, sqlite_session, tmp_path)
