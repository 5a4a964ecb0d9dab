"""Measuring one engine, small, with its processes."""

import json
from pathlib import Path

import pytest

from benchmarks.contract import Factory
from benchmarks.engines import PEERS
from benchmarks.speed import AREAS, Child, run, save
from benchmarks.speed_report import report


def test_a_run_measures_everything(tmp_path: Path) -> None:
    [figures] = run(300, [PEERS["sqlite"]], passes=1)
    assert figures.inside == 1
    assert figures.complete == figures.overlap == 1
    assert figures.memory_mb["rss_mb"] > figures.memory_mb["rss_anon_mb"] > 1
    assert set(figures.cold_ms) == set(figures.warm_ms) == set(figures.best_ms) == set(AREAS)
    assert all(figures.best_ms[area]["p50"] <= figures.warm_ms[area]["p99"] for area in AREAS)
    save([figures], tmp_path / "figures.json")
    assert json.loads((tmp_path / "figures.json").read_text())[0]["records"] == 300
    assert "| country | sqlite |" in report([figures])


def test_an_engine_that_ends_early_is_named(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="lost ended with 1"):
        Child(Factory("lost", "benchmarks.peers.lost"), tmp_path)
