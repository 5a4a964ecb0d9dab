"""Fetching, from a real server on this machine and from none that is private."""

import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from time import monotonic, sleep

import pytest

from referral_hub.gateways.outgoing_http import fetch
from referral_hub.rules.errors import FetchRefused
from tests.certificates import a_certificate

SECONDS_OF_PATIENCE = 0.5


class Handler(BaseHTTPRequestHandler):
    """Answers what the path asks for."""

    def do_GET(self) -> None:
        if self.path == "/moved":
            self._answer(302, b"", {"Location": "/secret"})
        elif self.path == "/large":
            self._answer(200, b"x" * 5000)
        elif self.path == "/slow-body":
            self.send_response(200)
            self.end_headers()
            self._drip(b"x")
        elif self.path == "/slow-headers":
            self._drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200)
        else:
            self._answer(200, f"{self.path} at {self.headers['Host']}".encode())

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(202, content + self.headers.get("X-Id", "").encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _drip(self, content: bytes) -> None:
        try:
            for start in range(200):
                self.wfile.write(content[start % len(content) :][:1])
                self.wfile.flush()
                sleep(0.05)
        except OSError:
            pass


def running(server: ThreadingHTTPServer) -> Iterator[str]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def server() -> Iterator[str]:
    """host:port of a server without TLS."""
    yield from running(ThreadingHTTPServer(("127.0.0.1", 0), Handler))


@pytest.fixture
def names_asked() -> list[str]:
    """The names that clients asked the TLS server for (SNI)."""
    return []


@pytest.fixture(params=["localhost"])
def tls_server(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    names_asked: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """host:port of a server with TLS, whose certificate, for the given name, is trusted."""
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(a_certificate(request.param))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: names_asked.append(name or "")
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.handle_error = lambda *_: None  # type: ignore[method-assign]
    http.socket = context.wrap_socket(http.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    yield from running(http)


def test_an_allowed_address_is_fetched_and_that_is_logged(
    server: str, caplog: pytest.LogCaptureFixture
) -> None:
    fetched = fetch(f"http://{server}/keys?a=b", allow=frozenset({server}))
    assert fetched.status == 200
    assert fetched.body.decode() == f"/keys?a=b at {server}"
    assert fetched.headers["content-length"] == str(len(fetched.body))
    assert server in caplog.text
    assert "/keys" not in caplog.text


def test_a_body_is_posted_with_headers(server: str) -> None:
    fetched = fetch(
        f"http://{server}/",
        allow=frozenset({server}),
        method="POST",
        body=b"sent ",
        headers={"X-Id": "7"},
    )
    assert (fetched.status, fetched.body) == (202, b"sent 7")


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "127.1", "2130706433"]
)
def test_this_machine_is_not_asked_by_any_of_its_names(host: str) -> None:
    with pytest.raises(FetchRefused, match="not on the public internet"):
        fetch(f"https://{host}/")


def test_one_private_address_among_public_ones_is_enough_to_refuse(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [(socket.AF_INET, 0, 0, "", (address, 443)) for address in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(FetchRefused, match="not on the public internet"):
        fetch("https://rebinding.example/")


def test_a_name_is_resolved_once(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    port = int(server.rpartition(":")[2])
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **more: object) -> object:
        if host != "once.example":  # urllib3 hands the checked address through here
            return real(host, *rest, **more)  # type: ignore[call-overload]
        asked.append(host)
        return [(socket.AF_INET, 0, 0, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    fetched = fetch(f"http://once.example:{port}/", allow=frozenset({f"once.example:{port}"}))
    assert fetched.body.decode() == f"/ at once.example:{port}"
    assert len(asked) == 1


def test_a_redirect_is_told_and_not_followed(server: str) -> None:
    fetched = fetch(f"http://{server}/moved", allow=frozenset({server}))
    assert (fetched.status, fetched.headers["location"]) == (302, "/secret")


def test_an_answer_that_is_too_large_is_refused(server: str) -> None:
    allow = frozenset({server})
    assert len(fetch(f"http://{server}/large", allow=allow, most_bytes=5000).body) == 5000
    with pytest.raises(FetchRefused, match="more than is read"):
        fetch(f"http://{server}/large", allow=allow, most_bytes=4999)


@pytest.mark.parametrize("path", ["slow-body", "slow-headers"])
def test_a_server_that_drips_is_cut_off_in_time(server: str, path: str) -> None:
    start = monotonic()
    with pytest.raises(FetchRefused, match="in time"):
        fetch(f"http://{server}/{path}", allow=frozenset({server}), timeout=SECONDS_OF_PATIENCE)
    assert monotonic() - start < 4 * SECONDS_OF_PATIENCE


def test_a_server_that_is_not_there_is_told_without_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nowhere = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(FetchRefused) as caught:
        fetch(f"http://{nowhere}/?token=secret", allow=frozenset({nowhere}))
    assert "secret" not in caught.value.message


def test_tls_is_for_the_name_that_was_asked_for(tls_server: str, names_asked: list[str]) -> None:
    assert fetch(f"https://{tls_server}/", allow=frozenset({tls_server})).status == 200
    assert names_asked == ["localhost"]


@pytest.mark.parametrize("tls_server", ["other.example"], indirect=True)
def test_a_certificate_of_another_name_is_refused(tls_server: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(f"https://{tls_server}/", allow=frozenset({tls_server}))


def test_a_certificate_that_nobody_vouches_for_is_refused(
    tls_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(FetchRefused):
        fetch(f"https://{tls_server}/", allow=frozenset({tls_server}))
