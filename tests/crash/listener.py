"""Partner systems that hear of events, and check every signature with a library of others."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook as Verifier
from standardwebhooks import WebhookVerificationError

from referral_hub.gateways.webhooks import new_secret

SIDES = ("sender", "receiver")


@dataclass(frozen=True)
class Heard:
    """A message with a valid signature."""

    side: str
    message_id: str
    kind: str
    data: Mapping[str, Any]


@dataclass
class Listener:
    """What the systems of both agencies heard, in the order in which it came."""

    port: int
    secrets: dict[str, str] = field(default_factory=lambda: {side: new_secret() for side in SIDES})
    heard: list[Heard] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        """host:port, as it is allowed."""
        return f"localhost:{self.port}"

    def url(self, side: str) -> str:
        """Where one of them listens."""
        return f"http://{self.host}/{side}"

    def hear(self, side: str, headers: dict[str, str], body: bytes) -> int:
        """Keep a message; returns what is answered."""
        try:
            message = Verifier(self.secrets[side]).verify(body, headers)
        except WebhookVerificationError as error:
            self.forged.append(f"{side}: {error}")
            return 400
        kind = message["type"].removeprefix("referral.")
        self.heard.append(Heard(side, headers["webhook-id"], kind, message["data"]))
        return 204


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        listener: Listener = self.server.listener  # type: ignore[attr-defined]
        try:
            self.send_response(listener.hear(self.path.lstrip("/"), headers, body))
            self.end_headers()
        except OSError:
            """The worker was killed before it could read the answer."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.daemon_threads = True
    listener = Listener(server.server_port)
    server.listener = listener  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
