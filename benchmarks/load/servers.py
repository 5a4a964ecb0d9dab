"""Real servers on loopback, each a process that is ended by its id."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from secrets import token_hex, token_urlsafe

from benchmarks.load.client import Address

HOST = "127.0.0.1"
_START_SECONDS = 60.0
_END_SECONDS = 15.0


class NotServed(Exception):
    """A server or a command did not do what it should; the message has its last words."""


@dataclass(frozen=True, slots=True)
class Running:
    """Servers that answer: where, and the process groups they are."""

    addresses: tuple[Address, ...]
    groups: tuple[int, ...]

    def cpu_seconds(self) -> float | None:
        """Processor time of all their processes so far; None where the system does not tell."""
        processes = [_group_and_seconds(path) for path in Path("/proc").glob("[0-9]*/stat")]
        found = [seconds for group, seconds in filter(None, processes) if group in self.groups]
        return sum(found) if found else None


def hub_environment(folder: Path, mode: str, port: int, database_url: str = "") -> dict[str, str]:
    """What the hub is told; nothing of the hub that this process may be set up for."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("REFERRAL_HUB_")}
    if database_url:
        kept["REFERRAL_HUB_DATABASE_URL"] = database_url
    return kept | {
        "REFERRAL_HUB_MODE": mode,
        "REFERRAL_HUB_DATA_DIR": str(folder),
        "REFERRAL_HUB_SEARCHES_PER_MINUTE": "0",
        "REFERRAL_HUB_PUBLIC_URL": f"http://{HOST}:{port}",
        "REFERRAL_HUB_SECRET_KEY": token_hex(32),
        "REFERRAL_HUB_FIELD_KEYS": f"k1:{token_urlsafe(32)}",
        "REFERRAL_HUB_AUDIT_KEY": token_urlsafe(32),
    }


def seed(folder: Path, services: int) -> None:
    """Fill an empty data folder with generated services; a filled one stays. Raises NotServed."""
    command = _hub_command("seed", "--size", str(services), "--if-empty")
    environment = hub_environment(folder, "demo", free_port())
    done = subprocess.run(command, env=environment, stdout=sys.stderr, check=False)
    if done.returncode:
        raise NotServed(f"The services could not be seeded in {folder}.")


@contextmanager
def hub(folder: Path, workers: int, database_url: str = "") -> Iterator[Running]:
    """The hub on this data folder, as in production, and on its SQLite file unless another
    database is named."""
    port = free_port()
    command = _hub_command("serve", "--port", str(port), "--workers", str(workers))
    log = folder / "load-hub.log"
    with _served(
        command, port, log, hub_environment(folder, "production", port, database_url)
    ) as running:
        yield running


@contextmanager
def datasette(database: Path, metadata: Path, processes: int) -> Iterator[Running]:
    """Datasette on this file, so many processes that each have a port."""
    with ExitStack() as stack:
        each = []
        for number in range(processes):
            port = free_port()
            command = [
                *(sys.executable, "-m", "datasette", "serve", "--immutable", str(database)),
                *("--metadata", str(metadata), "--host", HOST, "--port", str(port)),
            ]
            log = database.with_name(f"load-datasette-{number}.log")
            each.append(stack.enter_context(_served(command, port, log, os.environ)))
        addresses = tuple(address for running in each for address in running.addresses)
        yield Running(addresses, tuple(group for running in each for group in running.groups))


@contextmanager
def trivial(folder: Path) -> Iterator[Running]:
    """A server that costs next to nothing."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.load.trivial", str(port)]
    with _served(command, port, folder / "load-trivial.log", os.environ) as running:
        yield running


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def _served(
    command: Sequence[str], port: int, log: Path, environment: Mapping[str, str]
) -> Iterator[Running]:
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _wait_until_it_answers(process, port, log)
        yield Running(((HOST, port),), (process.pid,))
    finally:
        _end(process)


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < end:
        with suppress(OSError, HTTPException):
            connection = HTTPConnection(HOST, port, timeout=5)
            try:
                connection.request("GET", "/")
                connection.getresponse()
                return
            finally:
                connection.close()
        time.sleep(0.1)
    words = log.read_text(errors="replace")[-2000:]
    raise NotServed(f"{' '.join(process.args)} did not start.\n{words}")  # type: ignore[arg-type]


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and, if it does not go by itself, everything that it has started."""
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _hub_command(*words: str) -> list[str]:
    return [sys.executable, "-m", "referral_hub.cli", *words]


def _group_and_seconds(path: Path) -> tuple[int, float] | None:
    """Process group and processor seconds from Linux's account of a process."""
    try:
        fields = path.read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[2]), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
