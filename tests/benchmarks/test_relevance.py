"""Judged queries: which are held out, what is in scope, how tables are made."""

from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from benchmarks.engines import PEERS
from benchmarks.relevance import Judged, in_split, is_held_out, judged, report, scores
from benchmarks.texts import Record

RECORDS: dict[str, Record] = {
    "near": {"id": "near", "name": "Chess club", "latitude": 41.88, "longitude": -87.63},
    "far": {"id": "far", "name": "Chess club", "latitude": 34.05, "longitude": -118.24},
    "phone": {"id": "phone", "name": "Chess line", "dataset": "il", "latitude": None},
    "other": {"id": "other", "name": "Chess line", "dataset": "fl", "latitude": None},
}


def query(qid: str = "Q1", radius_km: float | None = None, **judgments: int) -> dict[str, Any]:
    return {
        "qid": qid, "query": "chess", "class": "keyword", "dataset": "il",
        "lat": 41.88, "lon": -87.63, "radius_km": radius_km, "judgments": judgments,
    }  # fmt: skip


def test_a_third_is_held_out_and_always_the_same() -> None:
    held_out = [number for number in range(1, 1000) if is_held_out(f"Q{number}")]
    assert 280 < len(held_out) < 390
    assert held_out[:4] == [3, 4, 5, 10]


@pytest.mark.parametrize("qid", ["Q1", "Q3"])
def test_a_query_is_in_one_half_and_in_all(qid: str) -> None:
    asked = query(qid)
    assert in_split(asked, "held-out") != in_split(asked, "tuning")
    assert in_split(asked, "all")


def test_with_a_radius_far_records_and_foreign_hotlines_are_out_of_scope() -> None:
    asked = query(radius_km=40, near=3, far=3)
    assert scores(asked, ["far", "other", "near"], RECORDS)["MRR"] == 1
    assert scores(asked, ["phone", "near"], RECORDS)["MRR"] == 0.5
    assert scores(asked, ["far", "other"], RECORDS)["no results"] == 1


def test_without_a_radius_all_records_are_in_scope() -> None:
    assert scores(query(near=3), ["far", "near"], RECORDS)["MRR"] == 0.5


def test_an_id_that_is_told_twice_counts_once() -> None:
    figures = scores(query(near=3, far=3), ["near", "near", "far"], RECORDS)
    assert figures["nDCG@10"] == pytest.approx(1)


def test_the_tables_name_engines_and_classes() -> None:
    data = Judged(RECORDS, {"own": [query(near=3), query("Q2", radius_km=40, near=3)]})
    text = report([data], [PEERS["sqlite"]], "all")
    assert "| sqlite | 1.000" in text
    assert "| keyword | 2       | 1.000" in text


def test_every_judged_query_asks_of_records_that_there_are(test_data: Path) -> None:
    for data in judged():
        for query in chain.from_iterable(data.sets.values()):
            assert set(query["judgments"]) <= set(data.records)
            assert set(query["judgments"].values()) <= {0, 1, 2, 3}


def test_no_query_is_told_twice(test_data: Path) -> None:
    qids = [q["qid"] for data in judged() for queries in data.sets.values() for q in queries]
    assert len(qids) == len(set(qids))
