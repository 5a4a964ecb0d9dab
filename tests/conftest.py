"""What tests stand on: a clean database of each kind, real data, fixed time."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from referral_hub.app import create_app
from referral_hub.extensions import Base, db, migrate
from referral_hub.web.hub import EXTENSION
from tests.demo import load_demo, load_files
from tests.postgres import INSTALL_HINT, PostgresServer, find_binaries

# Landing must not hang on luck: in CI the same examples each time, elsewhere new ones.
settings.register_profile("tests", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("tests")

POSTGRES_URL = "REFERRAL_HUB_TEST_POSTGRES"
MIGRATIONS = Path(__file__).parent.parent / "referral_hub" / "migrations"
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=UTC)


class LateRule(Rule):
    """An address that makes the function that builds it when that is first asked for.

    A hub has six hundred of them, tests make thousands of hubs, and each builds a few.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = super()._compile_builder
        made: list[Callable[..., tuple[str, str]]] = []

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            if not made:
                made.append(compiled(append_unknown))
            return made[0](rule, **values)

        return build


Flask.url_rule_class = LateRule


class _Server:
    """The server that this process started, if it did."""

    running: PostgresServer | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once, in the process that hands out the tests."""
    if hasattr(config, "workerinput") or os.environ.get(POSTGRES_URL):
        return
    binaries = find_binaries()
    if binaries is None:
        if os.environ.get("CI"):
            raise pytest.UsageError(INSTALL_HINT)
        return
    server = PostgresServer(binaries)
    server.start()
    _Server.running = server
    os.environ[POSTGRES_URL] = server.url


def pytest_unconfigure() -> None:
    """Stop what was started."""
    if _Server.running is not None:
        _Server.running.stop()
        del os.environ[POSTGRES_URL]
        _Server.running = None


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The shared folder with real data and the official HSDS files."""
    default = Path(__file__).parent.parent.parent / "shared"
    folder = Path(os.environ.get("REFERRAL_HUB_TEST_DATA", default)).absolute()
    if not (folder / "data").is_dir():
        message = f"Real data was not found in {folder}; set REFERRAL_HUB_TEST_DATA."
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def worker_name() -> str:
    """The name of this test process."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    _migrate(f"sqlite:///{path}")
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_url(worker_name: str) -> Iterator[str]:
    """An empty, migrated database of this test process on the test run's server."""
    server = os.environ.get(POSTGRES_URL)
    if server is None:
        pytest.skip(INSTALL_HINT)
    admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    name = f"hub_{worker_name}"
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = f"{server}/{name}"
    _migrate(url)
    yield url
    admin.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A clean SQLite database of this test."""
    path = tmp_path / "hub.sqlite3"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A clean database of each kind, one after the other."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    url = request.getfixturevalue("postgres_url")
    yield url
    empty(url)


def empty(url: str) -> None:
    """Remove what a test left in PostgreSQL. Deleting a few rows takes milliseconds where
    TRUNCATE, which makes new files for each table, takes a second. As a replica, the session runs
    no triggers: neither foreign keys nor those that keep the history are asked."""
    statements = [
        "SET LOCAL session_replication_role = replica",
        *(f"DELETE FROM {table.name}" for table in Base.metadata.sorted_tables),
        "SELECT setval(seqrelid, seqstart, false) FROM pg_catalog.pg_sequence",
    ]
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("; ".join(statements))
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a clean database."""
    made = create_engine(database_url)
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on a clean database."""
    with Session(engine) as made:
        yield made


@pytest.fixture
def sqlite_session(sqlite_url: str) -> Iterator[Session]:
    """A session on SQLite alone, where the kind of database cannot matter."""
    made = create_engine(sqlite_url)
    with Session(made) as opened:
        yield opened
    made.dispose()


@pytest.fixture(scope="session")
def gazetteer_folder(tmp_path_factory: pytest.TempPathFactory, worker_name: str) -> Path:
    """Where all hubs of a test run keep their prepared places: making them takes seconds."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_name == "main" else base.parent) / "gazetteer"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Where all hubs of a test process keep their compiled templates."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    sqlite_url: str, tmp_path: Path, gazetteer_folder: Path, compiled_templates: BytecodeCache
) -> Iterator[Flask]:
    """The hub with an empty directory."""
    (tmp_path / "gazetteer").symlink_to(gazetteer_folder)
    made = create_app(environment(sqlite_url, tmp_path))
    made.jinja_env.bytecode_cache = compiled_templates
    yield made
    dispose(made)


@pytest.fixture(scope="session")
def demo_app(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, gazetteer_folder: Path
) -> Iterator[Flask]:
    """The hub with the demo network, loaded and indexed once; tests only read it."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "gazetteer").symlink_to(gazetteer_folder)
    shutil.copy(sqlite_template, folder / "hub.sqlite3")
    made = create_app(environment(f"sqlite:///{folder / 'hub.sqlite3'}", folder))
    with made.app_context():
        load_demo(made, NOW)
    yield made
    dispose(made)


@pytest.fixture(scope="session")
def real_app(
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    gazetteer_folder: Path,
    test_data: Path,
) -> Iterator[Flask]:
    """The hub with real directories: Illinois legal aid and food sites."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "gazetteer").symlink_to(gazetteer_folder)
    shutil.copy(sqlite_template, folder / "hub.sqlite3")
    made = create_app(environment(f"sqlite:///{folder / 'hub.sqlite3'}", folder))
    with made.app_context():
        load_files(
            made,
            [test_data / "data/legal_illinois", test_data / "data/food_sites/food_sites_flat.csv"],
            NOW,
        )
    yield made
    dispose(made)


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning in America."""
    return NOW


def environment(url: str, folder: Path) -> dict[str, str]:
    return {
        "REFERRAL_HUB_MODE": "test",
        "REFERRAL_HUB_DATABASE_URL": url,
        "REFERRAL_HUB_DATA_DIR": str(folder),
        "REFERRAL_HUB_SEARCHES_PER_MINUTE": "0",
    }


def dispose(app: Flask) -> None:
    """Close what an application holds open."""
    app.extensions[EXTENSION].tally.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions[EXTENSION].searcher.close()


def _migrate(url: str) -> None:
    app = Flask("migration")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    migrate.init_app(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        upgrade()
        db.engine.dispose()
