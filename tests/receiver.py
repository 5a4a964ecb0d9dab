"""A partner system on this machine that behaves as well or as badly as it is told to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep


@dataclass
class Receiver:
    """What a partner system got: headers and body of each message. `path` decides the answer."""

    port: int = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def host(self) -> str:
        """host:port, as it is allowed."""
        return f"localhost:{self.port}"

    def url(self, behaviour: str = "good") -> str:
        """Where to send so that it behaves so."""
        return f"http://{self.host}/{behaviour}"


ANSWERS = {
    "good": (204, {}),
    "broken": (500, {}),
    "gone": (410, {}),
    "busy": (429, {"Retry-After": "900"}),
    "later": (503, {"Retry-After": "Mon, 30 Nov 2026 17:00:00 GMT"}),
    "whenever": (503, {"Retry-After": "soon"}),
    "never": (503, {"Retry-After": f"Mon, 30 Nov {'9' * 20} 17:00:00 GMT"}),
    "moved": (307, {"Location": "http://10.0.0.1/inside"}),
    "moved-here": (307, {"Location": "/good"}),
}


class Handler(BaseHTTPRequestHandler):
    """Keeps what comes, and answers what the path asks for."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.receiver.got.append((headers, body))  # type: ignore[attr-defined]
        behaviour = self.path.lstrip("/")
        if behaviour == "closes":
            self.connection.close()
        elif behaviour == "slow":
            sleep(1.0)
        elif behaviour == "drips":
            self._drip()
        else:
            self._answer(*ANSWERS[behaviour])

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()

    def _drip(self) -> None:
        try:
            for sign in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 40:
                self.wfile.write(bytes([sign]))
                self.wfile.flush()
                sleep(0.05)
        except OSError:
            pass


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Run one until the end of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    server.daemon_threads = True
    receiver = Receiver(server.server_port)
    server.receiver = receiver  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
