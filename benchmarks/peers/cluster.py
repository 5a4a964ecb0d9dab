"""A PostgreSQL cluster in a folder of its own, reached over a Unix socket in that folder."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import find_binaries

USER = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "4GB",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
}


class Cluster:
    """The programs and files of one server. Root may not run it and hands over to `postgres`."""

    def __init__(self, folder: Path) -> None:
        binaries = find_binaries()
        if binaries is None:
            raise FileNotFoundError("initdb")
        self._binaries = binaries
        self._data = folder / "cluster"
        self.socket_folder = folder

    def create(self) -> None:
        """Make an empty cluster."""
        if os.geteuid() == 0:
            shutil.chown(self.socket_folder, USER, USER)
        self._run("initdb", "-D", self._data, "-U", USER, "-A", "trust", "-E", "UTF8", "-N")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        settings = " ".join(f"-c {name}='{value}'" for name, value in _SETTINGS.items())
        log = self.socket_folder / "log"
        options = f"-k '{self.socket_folder}' {settings}"
        self._run("pg_ctl", "-D", self._data, "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        """End the server; its files stay."""
        self._run("pg_ctl", "-D", self._data, "-m", "fast", "-w", "stop")

    def processes(self) -> tuple[int, ...]:
        """Return the ids of the server's processes."""
        main = int((self._data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text().split()
        return main, *map(int, children)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", USER, "--", *command]
        # The server inherits its output: a pipe would stay open for as long as it runs.
        with (self.socket_folder / "output").open("w+") as output:
            done = subprocess.run(command, stdout=output, stderr=output, cwd="/", check=False)
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} failed: {output.read()}")


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A cluster in this folder, made where there is none: the address of its database."""
    cluster = Cluster(folder)
    if not (folder / "cluster").exists():
        cluster.create()
    cluster.start()
    try:
        yield f"postgresql+psycopg://{USER}@/{USER}?host={folder}"
    finally:
        cluster.stop()
