"""The two ways to ask: at given times whatever the server does, and as fast as it answers."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from benchmarks.load.client import Address, Answer, BadAnswer, Connection

CONNECTIONS = 64
PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where to ask and what. `count` gives the results in a body; ValueError when it is none."""

    label: str
    addresses: Sequence[Address]
    paths: Sequence[str]
    count: Callable[[bytes], int]


@dataclass(slots=True)
class Tally:
    """What was seen: every request with its seconds, errors by name, results in all answers."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    results: int = 0


def arrivals(rate: float, seconds: float, seed: int = 2026) -> list[float]:
    """Times from 0 to `seconds` at which requests arrive, `rate` a second, independent of another.

    A Poisson process of which the number is known: the mean rate is met exactly.
    """
    rng = random.Random(seed)
    return sorted(rng.uniform(0, seconds) for _ in range(round(rate * seconds)))


async def open_loop(target: Target, times: Sequence[float]) -> Tally:
    """Ask at these times, over as many connections as many people have.

    A request takes as long as since the time when it was due: waiting for a late client or for a
    free connection counts. One not answered in PATIENCE_SECONDS is an error, of that length.
    """
    loop, tally = asyncio.get_running_loop(), Tally()
    idle: asyncio.Queue[Connection] = asyncio.Queue()
    connections = _connections(target, CONNECTIONS)
    for connection in connections:
        idle.put_nowait(connection)

    async def ask(path: str) -> Answer:
        connection = await idle.get()
        try:
            return await connection.get(path)
        finally:
            idle.put_nowait(connection)

    start = loop.time()
    async with asyncio.TaskGroup() as group:
        for due, path in zip(times, cycle(target.paths), strict=False):
            await asyncio.sleep(start + due - loop.time())
            group.create_task(_measure(ask, path, start + due, target, tally))
    _close(connections)
    return tally


async def closed_loop(target: Target, clients: int, seconds: float) -> Tally:
    """So many clients that each ask again as soon as they are answered, for so long."""
    loop, tally = asyncio.get_running_loop(), Tally()
    connections, paths = _connections(target, clients), cycle(target.paths)
    end = loop.time() + seconds

    async def client(connection: Connection) -> None:
        while loop.time() < end:
            await _measure(connection.get, next(paths), loop.time(), target, tally)

    await asyncio.gather(*map(client, connections))
    _close(connections)
    return tally


async def _measure(
    ask: Callable[[str], Awaitable[Answer]], path: str, since: float, target: Target, tally: Tally
) -> None:
    loop = asyncio.get_running_loop()
    answer, error = None, ""
    try:
        async with asyncio.timeout_at(since + PATIENCE_SECONDS):
            answer = await ask(path)
    except TimeoutError:
        error = f"no answer in {PATIENCE_SECONDS:g} s"
    except BadAnswer as problem:
        error = str(problem)
    except OSError as problem:
        error = type(problem).__name__
    tally.seconds.append(loop.time() - since)
    if answer is not None:
        error = _judge(answer, target, tally)
    if error:
        tally.errors[error] += 1


def _judge(answer: Answer, target: Target, tally: Tally) -> str:
    """What is wrong with an answer, if anything; its results are counted."""
    if answer.status != 200:
        return f"status {answer.status}"
    try:
        tally.results += target.count(answer.body)
    except ValueError:
        return "malformed body"
    return ""


def _connections(target: Target, count: int) -> list[Connection]:
    """Closed ones as yet, split between the addresses."""
    return [Connection(target.addresses[n % len(target.addresses)]) for n in range(count)]


def _close(connections: Iterable[Connection]) -> None:
    for connection in connections:
        connection.close()
