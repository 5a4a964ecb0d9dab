"""What the server writes into its logs."""

import logging
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from referral_hub.server import PlainLines


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Error handling request /find?q=secret", "Error handling request /find?…"),
        ("Bad line: 'GET /x?token=secret&b HTTP/1.1'", "Bad line: 'GET /x?… HTTP/1.1'"),
        ('"GET /calendar/secret.ics HTTP/1.1" 200', '"GET /calendar/… HTTP/1.1" 200'),
        ("Worker timeout (pid:7)", "Worker timeout (pid:7)"),
        ("GET /a\nforged line", "GET /a\N{REPLACEMENT CHARACTER}forged line"),
    ],
)
def test_a_line_holds_no_parameters_and_stays_one_line(line: str, shown: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "", 1, "%s", (line,), None)
    assert PlainLines().filter(record)
    assert record.getMessage() == shown


def test_the_access_log_tells_paths_without_their_parameters(
    tmp_path: Path, sqlite_url: str
) -> None:
    log = tmp_path / "access.log"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "REFERRAL_HUB_MODE": "test",
        "REFERRAL_HUB_DATA_DIR": str(tmp_path),
        "REFERRAL_HUB_DATABASE_URL": sqlite_url,
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    server = subprocess.Popen(
        [
            sys.executable, "-m", "referral_hub.cli", "serve", "--port", str(port),
            "--workers", "1", "--access-log", str(log),
        ],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        _wait_for(port)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz?name=secret") as answer:
            assert answer.status == 200
    finally:
        server.terminate()
        _, errors = server.communicate(timeout=30)
    lines = log.read_text()
    assert re.search(r'"GET /healthz HTTP/1.1" 200', lines)
    assert "secret" not in lines + errors


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not start")
