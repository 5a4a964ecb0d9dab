"""What was measured of speed and size, as tables."""

from collections.abc import Sequence

from benchmarks.records import AROUND_KM, Spread
from benchmarks.results import Cell, circumstances, table
from benchmarks.speed import AREAS, Figures

_SPREAD = {
    Spread.COUNTRY: "all over the country",
    Spread.CITIES: f"within {AROUND_KM:.0f} km of eight cities",
}

_TIMES = """\
`cold`: the first time that the process is asked; `warm`: all later passes; `best`: the fastest of
them for each request, which leaves out what else the machine had to do."""
_COSTS = """\
`index`: seconds to index, and the most memory of the process that did (a server's not counted).
`start`: a new process until the index is open, with Python and imports; `open`: the index alone,
a server with its start; `first`: the first search after that. `memory`: resident after all
searches, of it `own` pages and mapped `file` pages, which processes share; `server`: what a server
of its own holds. `change`: from a single change until a search finds it."""
_CHECKS = """\
`inside`: share of all answers truly within the radius. The other two compare searches within a
radius with the engine's own full ranking, filtered exactly: all that lies inside, and the first 20
(below 100 where an engine ranks what is nearer higher)."""


def report(measured: Sequence[Figures]) -> str:
    """Return the tables of one size in Markdown, with the circumstances."""
    return "\n\n".join([
        f"## Speed: {measured[0].records:,} records, {_SPREAD[Spread(measured[0].spread)]}",
        circumstances(figures.version for figures in measured),
        "Milliseconds for the first 20 answers, any-word queries, all engines in turns.",
        _times(measured),
        _TIMES,
        _costs(measured),
        _COSTS,
        _checks(measured),
        _CHECKS,
    ])  # fmt: skip


def _times(measured: Sequence[Figures]) -> str:
    head = ["area", "engine", "cold p50", "cold p95", "warm p50", "warm p95", "warm p99",
            "best p50", "best p95"]  # fmt: skip
    rows: list[list[Cell]] = []
    for area in AREAS:
        for figures in measured:
            cold, warm, best = (
                each[area] for each in (figures.cold_ms, figures.warm_ms, figures.best_ms)
            )
            rows.append([area, figures.engine, cold["p50"], cold["p95"],
                         *warm.values(), best["p50"], best["p95"]])  # fmt: skip
    return table(head, rows, digits=2)


def _costs(measured: Sequence[Figures]) -> str:
    head = ["engine", "index s", "peak MB", "disk MB", "start s", "open ms", "first ms",
            "memory MB", "own MB", "file MB", "peak MB", "server MB", "change ms"]  # fmt: skip
    memory = ("rss_mb", "rss_anon_mb", "rss_file_mb", "peak_mb", "others_mb")
    return table(head, [
        [f.engine, f.index_seconds, f.index_peak_mb, f.disk_mb, f.start_seconds, f.open_ms,
         f.first_ms, *(f.memory_mb[name] for name in memory), f.change_ms]
        for f in measured
    ])  # fmt: skip


def _checks(measured: Sequence[Figures]) -> str:
    head = ["engine", "inside %", "complete %", "overlap@20 %"]
    shares = ((f.engine, (f.inside, f.complete, f.overlap)) for f in measured)
    return table(head, [
        [engine, *(None if share is None else share * 100 for share in row)]
        for engine, row in shares
    ])  # fmt: skip
