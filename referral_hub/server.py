"""Serving: gunicorn with the hub's application, and the worker beside it when asked."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

THREADS = 4


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
        return self._make_app()


def serve(
    make_app: Callable[[], Flask], host: str, port: int, workers: int, *, with_worker: bool
) -> None:
    """Serve until ended; the worker process ends with the server."""
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
                "accesslog": None,
                "loglevel": "warning",
                "limit_request_line": 0,  # a search that is too long gets the hub's own answer
            },
        ).run()
    finally:
        if worker is not None:
            worker.terminate()
            worker.wait(timeout=15)
