"""A light HTTP client: one question at a time over a connection that is kept.

It shares the machine with the server that it measures, so it reads no more of HTTP/1.1 than the
servers here speak.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

Address = tuple[str, int]

_LARGEST_PART = 4 * 1024 * 1024


class BadAnswer(Exception):
    """The answer is not HTTP/1.1 as it is read here."""


class _Dropped(BadAnswer):
    """The server has closed the connection before it answered."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of an answer."""

    status: int
    body: bytes


class Connection:
    """A connection to a server, opened at first use, and again when the server has closed it."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, path: str) -> Answer:
        """The answer to GET. Raises BadAnswer, or OSError when the server cannot be reached."""
        if self._ends is not None:
            with suppress(_Dropped):  # a server may close what is idle at any moment
                return await self._ask(path)
        return await self._ask(path)

    async def _ask(self, path: str) -> Answer:
        """One exchange; whatever goes wrong, the connection is not used again."""
        try:
            if self._ends is None:
                self._ends = await asyncio.open_connection(*self._address, limit=_LARGEST_PART)
            reader, writer = self._ends
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._address[0]}\r\n\r\n".encode())
            answer, is_kept = await _read_answer(reader)
        except BaseException:
            self.close()
            raise
        if not is_kept:
            self.close()
        return answer

    def close(self) -> None:
        """Let go of the connection."""
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


async def _read_answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """The answer, and whether the connection may be used again."""
    lines = (await _read_head(reader)).split("\r\n")
    status = _status(lines[0])
    headers = {
        name.lower(): value.strip().lower()
        for name, _, value in (line.partition(":") for line in lines[1:])
    }
    try:
        body = await _read_body(reader, headers)
    except asyncio.IncompleteReadError:
        raise BadAnswer("cut short in the body") from None
    return Answer(status, body), headers.get("connection") != "close"


async def _read_head(reader: asyncio.StreamReader) -> str:
    try:
        return (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except ConnectionResetError:
        raise _Dropped("closed without an answer") from None
    except asyncio.IncompleteReadError as end:
        if end.partial:
            raise BadAnswer("cut short in the head") from None
        raise _Dropped("closed without an answer") from None
    except asyncio.LimitOverrunError:
        raise BadAnswer("a head without an end") from None


def _status(line: str) -> int:
    version, _, rest = line.partition(" ")
    if version != "HTTP/1.1" or not rest[:3].isdecimal():
        raise BadAnswer("no status line of HTTP/1.1")
    return int(rest[:3])


async def _read_body(reader: asyncio.StreamReader, headers: dict[str, str]) -> bytes:
    coding = headers.get("transfer-encoding", "")
    if coding == "chunked":
        return await _read_chunks(reader)
    length = headers.get("content-length", "")
    if coding or not length.isdecimal():
        raise BadAnswer(f"a body of transfer coding {coding!r}, length {length!r}")
    return await reader.readexactly(int(length))


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
    chunks: list[bytes] = []
    while True:
        size = (await reader.readuntil(b"\r\n")).strip()
        try:
            chunk = await reader.readexactly(int(size, 16) + 2)
        except ValueError:
            raise BadAnswer("a chunk without a size") from None
        if len(chunk) == 2:
            return b"".join(chunks)
        chunks.append(chunk[:-2])
