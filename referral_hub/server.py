"""Serving: gunicorn with the hub's application, and the worker beside it when asked."""

import gc
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

THREADS = 4
ACCESS_LINE = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(M)sms'
"""What the access log says: the path without its parameters, which may tell of a client."""
_PARAMETERS = re.compile(r"\?[^\s'\"]*")
_SECRET = re.compile(r"(/calendar/)[^\s'\"]+")
"""The address of a calendar is all that its reader proves."""


class PlainLines(logging.Filter):
    """Takes parameters and secrets out of addresses, and line breaks out of what callers sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every line through, but for that."""
        line = _SECRET.sub(r"\1…", _PARAMETERS.sub("?…", record.getMessage()))
        record.msg = "".join(sign if sign.isprintable() else "�" for sign in line)
        record.args = ()
        return True


class ServerLogger(Logger):  # type: ignore[misc]
    """Gunicorn's logs, where requests that cannot be read are told without their parameters."""

    def setup(self, cfg: Any) -> None:
        """Set up as gunicorn does."""
        super().setup(cfg)
        for kept in (self.error_log, self.access_log):
            kept.addFilter(PlainLines())


def keep_for_good() -> None:
    """Let the collector of garbage pass over all that there is now: an application lives as long as
    its process, and to look through it again and again would hold up requests."""
    gc.collect()
    gc.freeze()


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn, told what to run by arguments instead of a file."""

    def __init__(self, make_app: Callable[[], Flask], options: dict[str, Any]) -> None:
        self._make_app = make_app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take over the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, built in each process of its own."""
        app = self._make_app()
        keep_for_good()
        return app


def serve(
    make_app: Callable[[], Flask],
    host: str,
    port: int,
    workers: int,
    *,
    with_worker: bool,
    access_log: str | None = None,
) -> None:
    """Serve until ended; the worker process ends with the server.

    `access_log` is a file, or - for the standard output; None keeps no access log.
    """
    worker = None
    if with_worker:
        worker = subprocess.Popen([sys.executable, "-m", "referral_hub.cli", "worker"])
    try:
        Server(
            make_app,
            {
                "bind": f"{host}:{port}",
                "workers": workers,
                "threads": THREADS,
                "worker_class": "gthread",
                "accesslog": access_log,
                "access_log_format": ACCESS_LINE,
                "logger_class": ServerLogger,
                "loglevel": "warning",
                "limit_request_line": 0,  # a search that is too long gets the hub's own answer
            },
        ).run()
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=15)
