"""A server under both loads, in figures, and figures as a table."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from benchmarks.load.loops import Tally, Target, arrivals, closed_loop, open_loop
from benchmarks.load.servers import Running
from benchmarks.metrics import percentile
from benchmarks.results import table

WARM_UP_SECONDS = 5.0
_COLUMNS = (
    "server", "load", "requests", "per_second", "p50_ms", "p95_ms", "p99_ms", "max_ms", "failed",
    "results", "server_cpu_ms", "client_cpu_ms",
)  # fmt: skip
_EXPLAINED = """\
Rows only: a page of results. Rows, total and counts: also how many there are in all, and what
each value of a filter would give; the hub always answers so.
ms: from the time a request was due to its whole answer. results: on a page, on average.
cpu_ms: processor time a request, of all processes of the server, and of the client."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is asked: seconds of each load, requests a second, clients."""

    seconds: float
    rate: float
    clients: int


@dataclass(frozen=True, slots=True)
class Row:
    """One run. Times are milliseconds; results and processor time are means of a request."""

    server: str
    load: str
    requests: int
    per_second: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    failed: int
    results: float
    server_cpu_ms: float | None
    client_cpu_ms: float
    errors: dict[str, int]


def measure(target: Target, running: Running, plan: Plan) -> Iterator[Row]:
    """Ask in both ways, after a few seconds that do not count.

    The open loop comes last: what a server has not answered then still keeps it busy afterwards.
    """
    print(f"Measuring {target.label} …", file=sys.stderr)
    asyncio.run(closed_loop(target, plan.clients, min(plan.seconds, WARM_UP_SECONDS)))
    asking = partial(closed_loop, target, plan.clients, plan.seconds)
    yield _row(f"{plan.clients} clients", target, running, asking)
    times = arrivals(plan.rate, plan.seconds)
    yield _row(f"{plan.rate:g} a second", target, running, partial(open_loop, target, times))


def _row(
    load: str, target: Target, running: Running, ask: Callable[[], Coroutine[Any, Any, Tally]]
) -> Row:
    since, server_since, client_since = time.monotonic(), running.cpu_seconds(), time.process_time()
    tally = asyncio.run(ask())
    seconds, client_cpu = time.monotonic() - since, time.process_time() - client_since
    server_now = running.cpu_seconds()
    requests, failed = len(tally.seconds), tally.errors.total()
    p50, p95, p99, longest = (
        round(percentile(tally.seconds, share) * 1000, 1) for share in (50, 95, 99, 100)
    )
    return Row(
        server=target.label,
        load=load,
        requests=requests,
        per_second=round((requests - failed) / seconds, 1),
        p50_ms=p50,
        p95_ms=p95,
        p99_ms=p99,
        max_ms=longest,
        failed=failed,
        results=round(tally.results / max(requests - failed, 1), 1),
        server_cpu_ms=_each(server_now, server_since, requests),
        client_cpu_ms=round(client_cpu / requests * 1000, 2),
        errors=dict(tally.errors),
    )


def _each(now: float | None, before: float | None, requests: int) -> float | None:
    if now is None or before is None:
        return None
    return round((now - before) / requests * 1000, 2)


def report(heading: str, conditions: str, rows: Sequence[Row]) -> str:
    """The rows as Markdown for people, errors by name below."""
    figures = [asdict(row) for row in rows]
    cells = [[_cell(row[name]) for name in _COLUMNS] for row in figures]
    errors = [
        f"{row.server}, {row.load}: {count:,} × {error}"
        for row in rows
        for error, count in row.errors.items()
    ]
    shown = table([name.replace("_", " ") for name in _COLUMNS], cells)
    return "\n\n".join([f"## {heading}", conditions, shown, *errors, _EXPLAINED])


def _cell(value: float | str | None) -> str | None:
    return f"{value:,}" if isinstance(value, int | float) else value
