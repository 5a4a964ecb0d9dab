"""The one door for everything that the hub fetches from addresses that somebody else named.

Only https, only public addresses, no redirects, a cap on size and on time. A name is resolved
once, all its addresses are checked, and the connection goes to one of these very addresses.
"""

import logging
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooSlow
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from ipaddress import ip_address
from threading import Event, Thread, Timer
from time import monotonic

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from referral_hub.rules.errors import FetchRefused
from referral_hub.rules.outgoing import Target, is_public, target_of

_CHUNK = 64 * 1024
_OWN_HEADERS = {"Accept-Encoding": "identity", "User-Agent": "referral-hub"}
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer as it came. The names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def fetch(
    url: str,
    *,
    allow: frozenset[str] = frozenset(),
    most_bytes: int = 1_000_000,
    timeout: float = 5.0,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Fetched:
    """Return what an address answers, whatever the status; a redirect is not followed.

    `allow` has host:port entries that may be asked by http too, on any port and address. `timeout`
    in seconds is for the whole of it. Raises FetchRefused.
    """
    target = target_of(url, allow)
    deadline = monotonic() + timeout
    sent = {**_OWN_HEADERS, **(headers or {}), "Host": target.host_header}
    try:
        addresses = _resolve(target, timeout)
        if target.allowed:
            log.warning("Fetching from %s:%d, as OUTGOING_ALLOW says", target.host, target.port)
        elif not all(is_public(ip_address(address)) for address in addresses):
            raise FetchRefused(f"{target.host} is not on the public internet.")
        with _connected(target, addresses, deadline) as (connection, is_cut):
            connection.request(
                method, target.path, body, sent, preload_content=False, decode_content=False
            )
            # It holds the socket, also when it is not read to its end.
            with closing(connection.getresponse()) as answer:
                content = b""
                while chunk := answer.read(_CHUNK):
                    content += chunk
                    if len(content) > most_bytes:
                        message = f"{target.host} answered with more than is read."
                        raise FetchRefused(message, "failed")
            if is_cut.is_set():
                raise TooSlow
    except (HTTPError, HTTPException, OSError, ValueError, TooSlow) as error:
        # The reason may hold parts of the address, which may hold a secret: only its kind is told.
        is_slow = monotonic() >= deadline
        how = "in time" if is_slow else f"as it should ({type(error).__name__})"
        message = f"{target.host} did not answer {how}. Try again later."
        raise FetchRefused(message, "slow" if is_slow else "failed") from error
    found = {name.lower(): value for name, value in answer.headers.items()}
    return Fetched(answer.status, found, content)


def _resolve(target: Target, timeout: float) -> Sequence[str]:
    """All addresses of the host. The system's resolver knows no time limit, so a thread asks."""
    found: Future[list[str]] = Future()

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            found.set_result([str(row[4][0]) for row in rows])
        except (OSError, UnicodeError) as error:
            found.set_exception(error)

    Thread(target=ask, daemon=True).start()
    return found.result(timeout)


@contextmanager
def _connected(
    target: Target, addresses: Sequence[str], deadline: float
) -> Iterator[tuple[HTTPConnection, Event]]:
    """A connection to the first address that takes one, cut at the deadline; and whether it was."""
    connection = _connect(target, addresses, deadline)
    wire = connection.sock  # the connection forgets it when the answer has begun
    is_cut = Event()

    def cut() -> None:
        # A server that sends a byte now and then would hold a reader for ever.
        is_cut.set()
        with suppress(OSError):
            socket.socket.shutdown(wire, socket.SHUT_RDWR)

    timer = Timer(max(deadline - monotonic(), 0), cut)
    timer.daemon = True
    timer.start()
    try:
        yield connection, is_cut
    finally:
        timer.cancel()
        connection.close()


def _connect(target: Target, addresses: Sequence[str], deadline: float) -> HTTPConnection:
    failure: Exception = OSError("no address")
    for address in dict.fromkeys(addresses):
        left = deadline - monotonic()
        if left <= 0:
            raise TooSlow
        connection = _connection(target, address, left)
        try:
            connection.connect()
        except (HTTPError, OSError) as error:
            connection.close()
            failure = error
        else:
            return connection
    raise failure


def _connection(target: Target, address: str, seconds: float) -> HTTPConnection:
    """To an address, by whatever name: TLS is checked for the name that was asked for."""
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=seconds)
    return HTTPSConnection(
        address,
        target.port,
        timeout=seconds,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
        assert_hostname=target.host,
    )
