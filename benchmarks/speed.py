"""How fast, how large and how right each engine is over the same records and requests.

Every engine has a process of its own: one builds the index and ends, another opens it. All are open
at the same time and take turns with the same requests, so that a busy minute of the machine meets
all of them. The first pass is cold (each request is new to the process, files are in the page
cache), the following are warm and move the centres a little. Requests with a radius and without
are mixed. The best of the warm passes, request by request, shows the engine where the machine has
other work.
"""

import json
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.circles import distance_km
from benchmarks.contract import Factory
from benchmarks.metrics import mean, overlap, percentile
from benchmarks.records import Request, Spread, records, requests

AREAS: dict[str, float | None] = {"15 km": 15.0, "80 km": 80.0, "country": None}
LIMIT = 20
WARM_PASSES = 3

_TURN = 40
_CHECKED = 12
_UNSURE = 0.006  # an ellipsoid and a sphere differ by so much
_FIRST = Request("food pantry", 39.1, -94.58, 15.0)
_NEW_WORD = "zyxwvutsrq"

Points = dict[str, tuple[float, float] | None]


@dataclass(slots=True)
class Figures:
    """What was measured of one engine. Times are of one search, in milliseconds, by area."""

    engine: str
    version: str
    records: int
    spread: str
    index_seconds: float
    index_peak_mb: float
    disk_mb: float
    start_seconds: float
    open_ms: float
    first_ms: float
    memory_mb: dict[str, float] = field(default_factory=dict)
    cold_ms: dict[str, dict[str, float]] = field(default_factory=dict)
    warm_ms: dict[str, dict[str, float]] = field(default_factory=dict)
    best_ms: dict[str, dict[str, float]] = field(default_factory=dict)
    inside: float | None = None
    complete: float | None = None
    overlap: float | None = None
    change_ms: float | None = None


class _Seen:
    """All searches of one engine."""

    def __init__(self) -> None:
        self.inside: list[float | None] = []
        # By area and number of the request, one pass after the other.
        self.times: dict[str, dict[int, list[float]]] = {area: defaultdict(list) for area in AREAS}

    def put_into(self, figures: Figures) -> None:
        """Sum up."""
        figures.inside = mean(self.inside)
        for area, by_request in self.times.items():
            passes = by_request.values()
            figures.cold_ms[area] = _percentiles([each[0] for each in passes])
            figures.warm_ms[area] = _percentiles([one for each in passes for one in each[1:]])
            figures.best_ms[area] = _percentiles([min(each[1:]) for each in passes])


class Child:
    """The process of one engine that has opened its index."""

    def __init__(self, factory: Factory, folder: Path) -> None:
        start = time.perf_counter()
        self.factory = factory
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.child", "serve", factory.module, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.opened = self._answer()
        self.start_seconds = time.perf_counter() - start

    def ask(self, **command: Any) -> dict[str, Any]:
        """Return the answer to one command. Raises RuntimeError if the process has ended."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def search(self, asked: Sequence[Request], limit: int = LIMIT) -> dict[str, Any]:
        """Return the milliseconds and the ids found for each request."""
        rows = [(r.text, r.latitude, r.longitude, r.radius_km) for r in asked]
        return self.ask(do="search", requests=rows, limit=limit)

    def stop(self) -> None:
        """Let the engine close and the process end."""
        with self._process:
            pass

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            self.stop()
            raise RuntimeError(f"{self.factory.name} ended with {self._process.returncode}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def run(
    size: int, factories: Sequence[Factory], passes: int, spread: Spread = Spread.COUNTRY
) -> list[Figures]:
    """Measure each engine over so many records, and print what is going on."""
    with ExitStack() as stack:
        built, points = _build_all(stack, size, factories, spread)
        children = [stack.enter_context(_serving(factory, built[factory.name][0]))
                    for factory in factories]  # fmt: skip
        measured = {child.factory.name: _opened(child, size, spread, built[child.factory.name][1])
                    for child in children}  # fmt: skip
        seen: dict[str, _Seen] = {factory.name: _Seen() for factory in factories}
        for turn in range(passes + 1):
            print(f"{size:,}: {f'warm pass {turn}' if turn else 'cold pass'}", flush=True)
            _pass(children, turn, points, seen)
        for child in children:
            seen[child.factory.name].put_into(measured[child.factory.name])
            measured[child.factory.name].memory_mb = child.ask(do="memory")
        for child in children:
            print(f"{size:,}: checking {child.factory.name}", flush=True)
            _check_radius(child, points, measured[child.factory.name])
            measured[child.factory.name].change_ms = _change(child)
        return list(measured.values())


def save(measured: Sequence[Figures], file: Path) -> None:
    """Write all figures as JSON."""
    file.write_text(json.dumps([asdict(figures) for figures in measured], indent=1))


def _build_all(
    stack: ExitStack, size: int, factories: Sequence[Factory], spread: Spread
) -> tuple[dict[str, tuple[Path, dict[str, float]]], Points]:
    """Build every index; return its folder and figures by engine, and where each record lies."""
    points: Points = {}
    source = Path(stack.enter_context(TemporaryDirectory(prefix="bench-"))) / "records.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for record in records(size, spread=spread):
            place = record["latitude"], record["longitude"]
            points[record["id"]] = None if place[0] is None else place
            file.write(json.dumps(record) + "\n")
    built = {}
    for factory in factories:
        print(f"{size:,}: indexing with {factory.name}", flush=True)
        folder = Path(stack.enter_context(TemporaryDirectory(prefix=f"bench-{factory.name}-")))
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.child", "build", factory.module, str(folder),
             str(source)], stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        built[factory.name] = folder, json.loads(done.stdout)
    return built, points


@contextmanager
def _serving(factory: Factory, folder: Path) -> Iterator[Child]:
    child = Child(factory, folder)
    try:
        yield child
    finally:
        child.stop()


def _opened(child: Child, size: int, spread: Spread, built: dict[str, float]) -> Figures:
    opened = child.opened
    return Figures(
        child.factory.name, opened["version"], size, spread, built["seconds"],
        built["peak_mb"], opened["disk_mb"], child.start_seconds, opened["open_ms"],
        first_ms=child.search([_FIRST])["ms"][0],
    )  # fmt: skip


def _pass(children: Sequence[Child], turn: int, points: Points, seen: Mapping[str, _Seen]) -> None:
    """Let all engines answer all requests of a turn, in an order of its own."""
    asked = [(area, number, request) for area, radius in AREAS.items()
             for number, request in enumerate(requests(radius, turn))]  # fmt: skip
    random.Random(turn).shuffle(asked)
    first = turn % len(children)
    for start in range(0, len(asked), _TURN):
        part = asked[start : start + _TURN]
        for child in (*children[first:], *children[:first]):
            answer = child.search([request for *_, request in part])
            log = seen[child.factory.name]
            rows = zip(part, answer["ms"], answer["found"], strict=True)
            for (area, number, request), milliseconds, found in rows:
                log.times[area][number].append(milliseconds)
                log.inside.append(_inside(request, found, points))


def _percentiles(times: Sequence[float]) -> dict[str, float]:
    return {f"p{percent}": percentile(times, percent) for percent in (50, 95, 99)}


def _inside(request: Request, ids: Sequence[str], points: Points) -> float | None:
    """Return the share of these records that lies in the circle; None without a circle or hits."""
    distances = [_distance(request, points[id_]) for id_ in ids]
    if request.radius_km is None or not ids:
        return None
    return sum(each <= request.radius_km * (1 + _UNSURE) for each in distances) / len(ids)


def _check_radius(child: Child, points: Points, figures: Figures) -> None:
    """Compare searches within a radius with the engine's full ranking, filtered here."""
    asked = [each for radius in AREAS.values() if radius for each in requests(radius)]
    complete, first = [], []
    for request in random.Random(1).sample(asked, _CHECKED):
        [near] = child.search([request], limit=len(points))["found"]
        [ranking] = child.search([Request(request.text)], limit=len(points))["found"]
        expected = [id_ for id_ in ranking if _surely_inside(request, points[id_])]
        found = [id_ for id_ in near if _surely_inside(request, points[id_])]
        complete.append(overlap(found, expected))
        first.append(overlap(found[:LIMIT], expected[:LIMIT]))
    figures.complete, figures.overlap = mean(complete), mean(first)


def _surely_inside(request: Request, point: tuple[float, float] | None) -> bool:
    return _distance(request, point) <= (request.radius_km or 0) * (1 - _UNSURE)


def _distance(request: Request, point: tuple[float, float] | None) -> float:
    if point is None or request.latitude is None or request.longitude is None:
        return float("inf")
    return distance_km(request.latitude, request.longitude, *point)


def _change(child: Child) -> float | None:
    """Return the milliseconds until a new record is found; None if the engine takes no changes."""
    if not child.opened["changing"]:
        return None
    record = {"id": "new", "name": f"{_NEW_WORD} help", "latitude": 39.1, "longitude": -94.58}
    answer: float | None = child.ask(do="change", record=record, text=_NEW_WORD)["ms"]
    return answer
