"""A PostgreSQL server of the test run's own: started once, on a free loopback port, then gone."""

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

INSTALL_HINT = (
    "PostgreSQL was not found. Install it, for example with "
    "`apt-get install postgresql postgresql-postgis`, or set REFERRAL_HUB_TEST_POSTGRES_BIN "
    "to the folder that holds initdb."
)


def find_binaries() -> Path | None:
    """The folder of PostgreSQL's programs, newest version first."""
    stated = os.environ.get("REFERRAL_HUB_TEST_POSTGRES_BIN")
    candidates = [Path(stated)] if stated else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    candidates += [Path(found).parent] if found else []
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


class PostgresServer:
    """One throw-away cluster. Root may not run PostgreSQL, so root hands over to `postgres`."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="referral-hub-postgres-"))
        self.port = _free_port()

    @property
    def url(self) -> str:
        """The SQLAlchemy address of the server, without a database."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}"

    def start(self) -> None:
        """Make the cluster and start it, fast and not durable."""
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres", "postgres")
        data = self._folder / "data"
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self._folder} "
            "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        )
        log = self._folder / "log"
        self._run("pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")

    def stop(self) -> None:
        """End the server and remove its files."""
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._binaries / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr or done.stdout}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
