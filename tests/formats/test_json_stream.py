"""JSON files of all shapes, whole and broken, read in bounded memory."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from referral_hub.formats.detect import Format
from referral_hub.formats.read import read_directory
from tests.formats.reading import Reading

GOOD = '{"id": "%s", "name": "Food Bank", "website": "x"}'
ReadText = Callable[..., Reading]


def test_a_broken_line_of_json_lines_costs_that_line_only(read_text: ReadText) -> None:
    text = "\n".join([GOOD % 1, '{"id": ', GOOD % 3])
    read = read_text(text, "a.jsonl")
    assert read.ids("organization") == {"1", "3"}
    assert read.problem("broken_json").origin.line == 2


def test_a_list_is_good_up_to_where_it_breaks(read_text: ReadText) -> None:
    good = [GOOD % number + "," for number in range(2000)]
    read = read_text("\n".join(["[", *good, '{"id": 5, "name" "x"},', *good]), "a.json")
    assert len(read.all("organization")) == 2000
    assert read.problem("broken_json").origin.line == 2002


def test_a_list_that_ends_too_early_is_said_at_its_end(read_text: ReadText) -> None:
    read = read_text(f"[{GOOD % 1},\n{GOOD % 2},", "a.json")
    assert len(read.all("organization")) == 2
    assert read.problem("broken_json").origin.line == 2


def test_a_page_is_good_up_to_where_it_breaks(read_text: ReadText) -> None:
    read = read_text(f'{{"contents": [\n{GOOD % 1},\n{GOOD % 2},\n oops', "a.json")
    assert len(read.all("organization")) == 2
    assert read.problem("broken_json").origin.line == 4


def test_records_that_follow_each_other_over_many_lines_are_read(read_text: ReadText) -> None:
    pretty = json.dumps(json.loads(GOOD % 1), indent=2)
    read = read_text(pretty + "\n" + pretty.replace('"1"', '"2"'), "a.json")
    assert read.ids("organization") == {"1", "2"}


def test_a_byte_order_mark_is_no_part_of_the_json(read_text: ReadText) -> None:
    assert read_text("\ufeff[" + GOOD % 1 + "]", "a.json").ids("organization") == {"1"}


def test_a_missing_number_is_absent(read_text: ReadText) -> None:
    text = '{"id": "1", "location_type": "physical", "latitude": NaN}'
    assert read_text(text, "a.jsonl").one("location").values == {"location_type": "physical"}


@pytest.mark.parametrize("value", ["5", '"text"', "null", "[1]", "[[]]", "{}", "[{}]"])
def test_what_is_no_record_is_an_error(read_text: ReadText, value: str) -> None:
    read = read_text(value, "a.json", Format.HSDS_JSON)
    assert read.records == []
    assert len(read.errors) == 1


def test_an_empty_list_holds_nothing_and_is_no_error(read_text: ReadText) -> None:
    assert read_text("[]", "a.json").items == ()


def test_brackets_without_end_do_no_harm(read_text: ReadText) -> None:
    deep = "[" * 100_000
    assert read_text(deep, "a.json").errors == ["broken_json"]
    assert read_text('{"id": ' + deep, "a.jsonl").errors == ["broken_json"]


@pytest.mark.parametrize("shape", ["lines", "list", "page"])
def test_a_large_feed_is_read_in_little_memory(tmp_path: Path, shape: str) -> None:
    records = [
        {"id": str(number), "name": f"N{number}", "website": "x", "description": "d" * 9000}
        for number in range(1000)
    ]
    texts = {
        "lines": "\n".join(map(json.dumps, records)),
        "list": json.dumps(records),
        "page": json.dumps({"total_items": 1000, "contents": records}),
    }
    path = tmp_path / "feed.json"
    path.write_text(texts[shape])
    del records, texts
    tracemalloc.start()
    count = sum(1 for _ in read_directory(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 1000
    assert peak < path.stat().st_size / 2
