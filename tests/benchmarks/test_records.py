"""Generated records are the same for everyone and look like a directory."""

import os
import subprocess
import sys
from collections import Counter
from itertools import islice

import pytest

from benchmarks.circles import distance_km
from benchmarks.records import (
    AROUND_KM,
    CENTRES,
    QUERIES,
    Spread,
    rare_word,
    records,
    requests,
)
from benchmarks.texts import WEIGHTS, text_of, words_of


def test_they_are_the_same_each_time() -> None:
    assert list(records(200)) == list(records(200))
    assert list(records(200)) != list(records(200, seed=1))


def test_they_are_the_same_in_another_process() -> None:
    asked = "from benchmarks.records import *; print([list(records(20)), rare_word()])"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert done.stdout.strip() == str([list(records(20)), rare_word()])


def test_a_larger_run_begins_with_a_smaller_one() -> None:
    assert list(islice(records(5_010), 200)) == list(records(200))


def test_ids_are_distinct_over_several_chunks() -> None:
    assert len({record["id"] for record in records(5_500)}) == 5_500


def test_a_few_have_no_coordinates() -> None:
    without = sum(record["latitude"] is None for record in records(5_000))
    assert 100 < without < 200


def test_texts_are_as_long_as_in_directories() -> None:
    lengths = [
        sum(len(text_of(record, field).split()) for field in WEIGHTS) for record in records(500)
    ]
    assert 60 < sum(lengths) / len(lengths) < 100


def test_few_words_are_common_and_most_are_rare() -> None:
    counts = Counter(
        word
        for record in records(5_000)
        for word in words_of(f"{record['name']} {record['description']}")
    )
    common = sum(count > 500 for count in counts.values())
    rare = sum(count < 5 for count in counts.values())
    assert len(counts) > 20_000
    assert common < 300
    assert rare > len(counts) / 2
    assert 0 < counts[rare_word()] < 20


def test_big_cities_have_most() -> None:
    cities = Counter(record["city"] for record in records(5_000))
    assert 50 < cities["Houston"] < 500
    assert len(cities) > 1_000


def test_requests_ask_everything_everywhere() -> None:
    asked = requests(15)
    assert len(set(asked)) == len(asked) == (len(QUERIES) + 2) * len(CENTRES)
    assert {each.text for each in asked} == {each.text for each in requests(None)}


def test_each_turn_asks_a_little_elsewhere() -> None:
    assert requests(15, 1) == requests(15, 1)
    pairs = zip(requests(15, 1), requests(15, 2), strict=True)
    assert all(one != other and one.text == other.text for one, other in pairs)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be -1"):
        records(-1)


def test_those_of_cities_lie_around_the_centres_that_are_asked() -> None:
    points = [
        (record["latitude"], record["longitude"])
        for record in records(2_000, spread=Spread.CITIES)
        if record["latitude"] is not None
    ]
    edge = AROUND_KM + 2  # records stand up to a kilometre and a half beside their ZIP code
    assert all(any(distance_km(*centre, *point) < edge for centre in CENTRES) for point in points)
