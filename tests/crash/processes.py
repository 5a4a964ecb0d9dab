"""A hub of real processes that can be killed at any moment, and started again."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from threading import Event
from time import monotonic, sleep

import requests

ROOT = Path(__file__).parent.parent.parent
VICTIMS = ("web server", "web process", "worker")
WEB_PROCESSES = 2
SECONDS_TO_START = 60


@dataclass
class Process:
    """A command with its children, all of which die together."""

    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    started_at: datetime = field(init=False)
    _running: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start it, in a group of its own."""
        self.started_at = datetime.now(UTC)
        with self.log.open("ab") as log:
            self._running = subprocess.Popen(
                self.command,
                cwd=ROOT, env={**os.environ, **self.environment}, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """Kill it and its children, without a warning."""
        os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait(timeout=30)

    def kill_a_child(self, luck: Random) -> bool:
        """Kill one of its children; returns whether there was one."""
        pid = self._running.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
        if not children:
            return False
        try:
            os.kill(int(luck.choice(children)), signal.SIGKILL)
        except ProcessLookupError:
            return False
        return True

    def end(self) -> None:
        """End it as an operator does."""
        self._running.terminate()
        try:
            self._running.wait(timeout=30)
        finally:
            if self._running.returncode is None:
                self.kill()


@dataclass
class Hub:
    """A web server of several processes, and a worker."""

    address: str
    web: Process
    worker: Process
    kills: dict[str, int] = field(default_factory=dict)

    def kill(self, victim: str, luck: Random) -> None:
        """Kill the web server, one of its processes, or the worker; and have it started again."""
        match victim:
            case "worker":
                self.worker.kill()
                self.worker.start()
            case "web server":
                self.web.kill()
                self._wait_until_free()
                self.web.start()
                self.wait_until_up()
            case _ if not self.web.kill_a_child(luck):
                return
        self.kills[victim] = self.kills.get(victim, 0) + 1

    def kill_until(
        self, over: Event, luck: Random, pause: float, victims: Sequence[str] = VICTIMS
    ) -> None:
        """Kill again and again, at random moments about `pause` seconds apart: all in turn, in an
        order that changes."""
        deck: list[str] = []
        while not over.wait(luck.uniform(0.2, 1.8) * pause):
            deck = deck or luck.sample(victims, len(victims))
            self.kill(deck.pop(), luck)

    def wait_until_up(self) -> None:
        """Wait until it answers."""
        deadline = monotonic() + SECONDS_TO_START
        while monotonic() < deadline:
            try:
                if requests.get(f"{self.address}/healthz", timeout=5).ok:
                    return
            except requests.RequestException:
                sleep(0.05)
        raise AssertionError(self.web.log.read_text(encoding="utf-8"))

    def _wait_until_free(self) -> None:
        """Wait until no child of a killed server listens any more."""
        host, port = self.address.removeprefix("http://").split(":")
        while True:
            try:
                socket.create_connection((host, int(port)), timeout=1).close()
            except OSError:
                return
            sleep(0.01)


@contextmanager
def running(
    folder: Path, environment: Mapping[str, str], port: int, variant: str | None
) -> Iterator[Hub]:
    """Run a hub until the end of the block; a variant is broken on purpose (`variants.py`)."""
    start = [sys.executable, "-m", "referral_hub.cli"]
    if variant is not None:
        start = [sys.executable, "-m", "tests.crash.variants", variant]
    serve = [*start, "serve", "--port", str(port), "--workers", str(WEB_PROCESSES)]
    web = Process(serve, environment, folder / "web.log")
    worker = Process([*start, "worker"], environment, folder / "worker.log")
    hub = Hub(f"http://127.0.0.1:{port}", web, worker)
    web.start()
    worker.start()
    try:
        hub.wait_until_up()
        yield hub
    finally:
        web.end()
        worker.end()
