"""A hub as it runs in real life: its own process, database and address; and a browser for it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urljoin

import requests
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from referral_hub.app import create_app
from referral_hub.auth.signing_keys import ensure_signing_keys
from referral_hub.config import read_settings
from referral_hub.gateways.field_crypto import Vault
from referral_hub.rules.actor import System
from tests.conftest import dispose
from tests.http.oauth.world import World, form_token, make_world

SECONDS_TO_START = 60


@dataclass
class RunningHub:
    """A hub that answers at `address`."""

    address: str
    environment: dict[str, str]

    @property
    def vault(self) -> Vault:
        """What opens its sealed fields."""
        return Vault(read_settings(self.environment).field_keys)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Its database."""
        engine = create_engine(self.environment["REFERRAL_HUB_DATABASE_URL"])
        with Session(engine) as opened:
            yield opened
        engine.dispose()


@dataclass
class RunningWorld:
    """A hub that runs, and a world that reads and writes its database."""

    world: World
    address: str

    def agree(self, url: str) -> str:
        """Be the person: look at the consent page, agree, and say where that leads."""
        assert url.startswith(self.address)
        cookies = {"hub_session": self.world.cookie}
        page = requests.get(url, cookies=cookies, allow_redirects=False, timeout=30)
        if page.status_code == 200:
            data = {"form_token": form_token(page.text), "decision": "allow"}
            page = requests.post(url, data, cookies=cookies, allow_redirects=False, timeout=30)
        return page.headers["Location"]


def free_port() -> int:
    """A port of this computer that nobody uses."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def running_hub(
    folder: Path, template: Path, gazetteer: Path, host: str, port: int, allow: str = ""
) -> Iterator[RunningHub]:
    """Serve a hub at http://host:port, as `init` leaves it with an empty directory."""
    folder.mkdir()
    (folder / "gazetteer").symlink_to(gazetteer)
    shutil.copy(template, folder / "hub.sqlite3")
    environment = {
        "REFERRAL_HUB_MODE": "test",
        "REFERRAL_HUB_DATABASE_URL": f"sqlite:///{folder / 'hub.sqlite3'}",
        "REFERRAL_HUB_DATA_DIR": str(folder),
        "REFERRAL_HUB_PUBLIC_URL": f"http://{host}:{port}",
        "REFERRAL_HUB_OUTGOING_ALLOW": allow,
    }
    hub = RunningHub(f"http://{host}:{port}", environment)
    with hub.session() as session:
        ensure_signing_keys(session, System("operator"), hub.vault, now=datetime.now(UTC))
    command = [sys.executable, "-m", "referral_hub.cli", "serve", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--workers", "1"], env={**os.environ, **environment}, stdout=log, stderr=log
        )
    try:
        _wait_for(f"{hub.address}/healthz", folder / "log")
        yield hub
    finally:
        process.send_signal(signal.SIGINT)  # at once: no connection is waited for
        process.wait(timeout=30)


@contextmanager
def running_world(folder: Path, template: Path, gazetteer: Path) -> Iterator[RunningWorld]:
    """Serve a hub with an agency and a person of it who is signed in."""
    with running_hub(folder, template, gazetteer, "127.0.0.1", free_port()) as hub:
        app = create_app(hub.environment)
        yield RunningWorld(make_world(app), hub.address)
        dispose(app)


def _wait_for(address: str, log: Path) -> None:
    deadline = monotonic() + SECONDS_TO_START
    while monotonic() < deadline:
        try:
            if requests.get(address, timeout=5).ok:
                return
        except requests.ConnectionError:
            sleep(0.1)
    raise AssertionError(log.read_text())


class _Forms(HTMLParser):
    """The forms of a page with their fields; and where the page leads by itself."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.leads_to = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((held.get("action", ""), {}))
        elif tag == "input" and self.forms and held.get("name"):
            self.forms[-1][1][held["name"]] = held.get("value", "")
        elif tag == "meta" and held.get("http-equiv") == "refresh":
            self.leads_to = held["content"].partition("url=")[2]


@dataclass
class Browser:
    """A browser without scripts. It follows redirects, and pages that lead on by themselves."""

    page: requests.Response = field(default_factory=requests.Response)
    wire: requests.Session = field(default_factory=requests.Session)
    leads_on: bool = True

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self.wire.close()

    def open(self, address: str) -> requests.Response:
        """Open an address."""
        return self._show(self.wire.get(address, timeout=30))

    def send(self, action: str, **fields: str) -> requests.Response:
        """Send the form of the page that goes to a path; "" is the address of the page itself."""
        for target, held in _Forms(self.page.text).forms:
            if target == action:
                address = urljoin(self.page.url, target) if target else self.page.url
                origin = "/".join(address.split("/")[:3])
                answer = self.wire.post(
                    address, data={**held, **fields}, headers={"Origin": origin}, timeout=30
                )
                return self._show(answer)
        raise AssertionError(f"no form to {action} at {self.page.url}: {self.page.text[:3000]}")

    @property
    def next_address(self) -> str:
        """Where the page leads by itself."""
        return _Forms(self.page.text).leads_to

    def _show(self, answer: requests.Response) -> requests.Response:
        self.page = answer
        if self.next_address and self.leads_on:
            return self.open(self.next_address)
        return answer
