"""One engine in a process of its own, so that its memory and its start are its own.

`python -m benchmarks.child build MODULE FOLDER RECORDS` indexes a file of JSON lines.
`python -m benchmarks.child serve MODULE FOLDER` opens the index and answers one JSON command a
line: {"do": "search", "requests": [[text, lat, lon, radius_km], ...], "limit": n},
{"do": "memory"} or {"do": "change", "record": {...}, "text": word}. It ends with its input.
"""

import json
import os
import re
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from benchmarks.contract import Changing, EngineModule, Opened

_KILOBYTES = re.compile(r"^(\w+):\s+(\d+) kB$", re.MULTILINE)


def build(module: EngineModule, folder: Path, records: Path) -> None:
    """Index the records and say how long it took."""
    with records.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    _say({"seconds": module.build(rows, folder), "peak_mb": _megabytes("self", "VmHWM")})


def serve(module: EngineModule, folder: Path) -> None:
    """Open the index, say how long that took, and answer commands until the input ends."""
    start = time.perf_counter()
    engine = module.load(folder)
    try:
        milliseconds = (time.perf_counter() - start) * 1000
        _say({
            "open_ms": milliseconds, "disk_mb": engine.size_on_disk() / 1e6,
            "version": module.version(), "changing": isinstance(engine, Changing),
        })  # fmt: skip
        for line in sys.stdin:
            _say(_answer(engine, json.loads(line)))
    finally:
        engine.close()


def _answer(engine: Opened, command: dict[str, Any]) -> dict[str, Any]:
    match command["do"]:
        case "search":
            return _search(engine, command["requests"], command["limit"])
        case "memory":
            return _memory(engine)
        case "change":
            return _change(cast(Changing, engine), engine, command["record"], command["text"])
        case other:
            raise ValueError(f"There is no command {other}.")


def _search(engine: Opened, requests: Sequence[list[Any]], limit: int) -> dict[str, Any]:
    times, found = [], []
    for text, latitude, longitude, radius_km in requests:
        start = time.perf_counter()
        ids = engine.search(text, latitude, longitude, radius_km, limit)
        times.append((time.perf_counter() - start) * 1000)
        found.append(ids)
    return {"ms": times, "found": found}


def _change(
    changing: Changing, engine: Opened, record: dict[str, Any], text: str
) -> dict[str, Any]:
    """Add a record and search until it is found, at most ten seconds."""
    start = time.perf_counter()
    changing.put(record)
    while record["id"] not in engine.search(text, None, None, None, 1):
        if time.perf_counter() - start > 10:
            return {"ms": None}
    return {"ms": (time.perf_counter() - start) * 1000}


def _memory(engine: Opened) -> dict[str, float]:
    """Return resident megabytes: this process, and the fair share of those that work for it."""
    return {
        "rss_mb": _megabytes("self", "VmRSS"),
        "rss_anon_mb": _megabytes("self", "RssAnon"),
        "rss_file_mb": _megabytes("self", "RssFile"),
        "peak_mb": _megabytes("self", "VmHWM"),
        "others_mb": sum(_share(process) for process in engine.processes()),
    }


def _megabytes(process: str, field: str) -> float:
    known = dict(_KILOBYTES.findall(Path(f"/proc/{process}/status").read_text()))
    return int(known[field]) / 1024


def _share(process: int) -> float:
    """Return the resident megabytes of a process, pages that it shares divided by the sharers."""
    known = dict(_KILOBYTES.findall(Path(f"/proc/{process}/smaps_rollup").read_text()))
    return int(known["Pss"]) / 1024


def _say(answer: dict[str, Any]) -> None:
    _ANSWERS.write(json.dumps(answer) + "\n")
    _ANSWERS.flush()


if __name__ == "__main__":
    # What a library prints must not be taken for an answer.
    _ANSWERS = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    task, name, where, *rest = sys.argv[1:]
    engine_module = cast(EngineModule, import_module(name))
    if task == "build":
        build(engine_module, Path(where), Path(rest[0]))
    else:
        serve(engine_module, Path(where))
