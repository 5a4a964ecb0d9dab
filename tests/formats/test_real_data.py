"""Real data sets, with counts taken from the files by other means."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from referral_hub.formats.detect import Format, detect_format
from referral_hub.rules.hsds import TABLES
from tests.formats.reading import reading


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_illinois_is_read_whole(test_data: Path) -> None:
    folder = test_data / "data" / "legal_illinois"
    read = reading(folder)
    assert detect_format(folder) is Format.HSDS_CSV
    assert read.counts == {
        "organization": 33,
        "service": 429,
        "location": 520 + 33,  # one for the mail address of each organization
        "address": 33,
        "phone": 963,
        "schedule": 2492,
    }


def test_illinois_has_blank_rows_that_are_said_with_their_lines(test_data: Path) -> None:
    folder = test_data / "data" / "legal_illinois"
    blank = [problem for problem in reading(folder).problems if problem.code == "blank_row"]
    lines = (folder / "services.csv").read_text(encoding="utf-8").splitlines()
    assert Counter(problem.table for problem in blank) == {"service": 1, "phone": 19}
    assert blank[0].origin.line == 1 + lines.index(',24441,,,,,,,,,"",,,,')


def test_illinois_links_no_service_to_a_place(test_data: Path) -> None:
    read = reading(test_data / "data" / "legal_illinois")
    assert "service_at_location" not in read.counts
    types = Counter(record.values.get("location_type") for record in read.all("location"))
    assert types == {None: 520, "postal": 33}


def test_illinois_gets_the_same_ids_from_shuffled_rows(test_data: Path, tmp_path: Path) -> None:
    folder = test_data / "data" / "legal_illinois"
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *body = csv.reader(stream)
        with (tmp_path / path.name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *reversed(body)])
    forth, back = reading(folder), reading(tmp_path)
    assert {(r.table, r.id) for r in forth.records} == {(r.table, r.id) for r in back.records}
    assert len({(r.table, r.id) for r in forth.records}) == len(forth.records)


def test_san_mateo_is_read_whole(test_data: Path) -> None:
    folder = test_data / "data" / "sample_san_mateo"
    read = reading(folder)
    assert detect_format(folder) is Format.OHANA_CSV
    assert read.counts == {
        "taxonomy_term": 290,
        "organization": 8,
        "program": 1,
        "service": 23,
        "location": 22,
        "service_at_location": 23,
        "address": 21 + 21,
        "contact": 31 + 1,  # one for the e-mail address of a location
        "phone": 54,
        "language": 32,
        "accessibility": 41,
        "schedule": 11 + 4,
        "service_area": 32,
        "funding": 59,
        "required_document": 1,
        "attribute": 189,
    }
    assert read.codes == {"bad_date": 6, "left_out": 1}


def test_san_mateo_lists_land_item_by_item(test_data: Path) -> None:
    folder = test_data / "data" / "sample_san_mateo"
    keywords = {
        (row["id"], word.strip())
        for row in rows(folder / "services.csv")
        for word in row["keywords"].split(",")
        if word.strip()
    }
    found = {
        (record.owner[1], record.values["value"])
        for record in reading(folder).all("attribute")
        if record.owner and record.values.get("link_type") == "keyword"
    }
    assert found == keywords


def test_san_mateo_services_belong_to_the_organizations_of_their_places(test_data: Path) -> None:
    folder = test_data / "data" / "sample_san_mateo"
    owners = {row["id"]: row["organization_id"] for row in rows(folder / "locations.csv")}
    expected = {row["id"]: owners[row["location_id"]] for row in rows(folder / "services.csv")}
    read = reading(folder)
    assert {s.id: s.references["organization_id"] for s in read.all("service")} == expected
    types = Counter(record.values["location_type"] for record in read.all("location"))
    assert types == {"physical": 21, "virtual": 1}


def test_food_sites_become_one_service_a_row(test_data: Path) -> None:
    path = test_data / "data" / "food_sites" / "food_sites_flat.csv"
    read = reading(path)
    sites = [row for row in rows(path) if row["name"].strip()]
    assert detect_format(path) is Format.FLAT_CSV
    assert (len(sites), read.codes["no_name"]) == (3162, 7)
    assert read.ids("service") == {row["source_hash"] for row in sites}
    assert read.counts["location"] == read.counts["service_at_location"] == 3162
    assert read.counts["phone"] == sum(bool(row["phone"].strip()) for row in sites)


def test_food_sites_share_an_organization_by_name_and_city(test_data: Path) -> None:
    path = test_data / "data" / "food_sites" / "food_sites_flat.csv"
    names = Counter(record.values["name"] for record in reading(path).all("organization"))
    akron = names["The Salvation Army Akron"] + names["The Salvation Army (Akron)"]
    assert akron == 1  # nine sites in Akron
    assert names["Emmanuel Baptist Church"] == 2  # one in Washington, one in Toledo


def test_food_sites_keep_all_hours(test_data: Path) -> None:
    path = test_data / "data" / "food_sites" / "food_sites_flat.csv"
    read = reading(path)
    told = {record.references["service_at_location_id"] for record in read.all("schedule")}
    assert len(told) == sum(bool(row["hours_raw"].strip() and row["name"]) for row in rows(path))
    timed = [record for record in read.all("schedule") if "byday" in record.values]
    assert all({"opens_at", "closes_at"} <= record.values.keys() for record in timed)
    assert len({record.references["service_at_location_id"] for record in timed}) > 600


def test_the_dirty_feed_keeps_its_400_records_apart(test_data: Path) -> None:
    path = test_data / "data" / "food_sites" / "dirty_hsds_feed.jsonl"
    read = reading(path)
    assert detect_format(path) is Format.HSDS_JSON
    assert read.errors == []
    assert {record.origin.line for record in read.all("organization")} == set(range(1, 401))
    assert len(read.ids("organization")) == 400
    assert len(read.ids("location")) == 400
    assert read.problem("duplicate_record").record == "org_1 | Clifton Park Baptist Church | 20903"


def test_the_dirty_feed_loses_nothing_that_it_nests(test_data: Path) -> None:
    read = reading(test_data / "data" / "food_sites" / "dirty_hsds_feed.jsonl")
    assert read.counts == {
        "organization": 400,
        "organization_identifier": 371 - 1,  # one holds an id only
        "location": 407 - 2,  # two only name a place of the record
        "address": 398 + 3 - 1,  # three stand on the place itself, one on an organization
        "phone": 624 + 4,  # four are plain text
        "language": 640,
        "schedule": 413 - 4,  # four stand on an organization
        "metadata": 1618,
        "attribute": 116,
        "program": 215 + 1 - 1,  # one is plain text, one only names a program
        "contact": 129 + 1 - 3,  # one is plain text, one is empty, two hold an id only
        "funding": 74,
        "service": 42,
        "taxonomy": 62 - 5,  # five hold an id only
        "taxonomy_term": 94,
        "service_at_location": 2,
    }


def test_every_record_of_the_dirty_feed_refers_to_records_of_its_own_line(
    test_data: Path,
) -> None:
    read = reading(test_data / "data" / "food_sites" / "dirty_hsds_feed.jsonl")
    lines: dict[tuple[str, str], set[int | None]] = {}
    for record in read.records:
        lines.setdefault((record.table, record.id), set()).add(record.origin.line)
    for record in read.records:
        for table in ("organization", "location", "program", "service", "contact", "phone"):
            raw = record.references.get(f"{table}_id")
            assert raw is None or record.origin.line in lines[table, raw]


EXAMPLES = {
    "service_full.json": 23,
    "organization_full.json": 23,
    "service_at_location_full.json": 23,
    "location.json": 7,
    "taxonomy.json": 1,
    "taxonomy_term.json": 2,
    "service_list.json": 3,
    "organization_list.json": 1,
    "service_at_location_list.json": 5,
    "taxonomy_list.json": 1,
    "taxonomy_term_list.json": 2,
    "tabular.json": 21,
}
"""Official examples and the number of tables that each holds a record of."""


@pytest.mark.parametrize("name", list(EXAMPLES))
def test_official_json_examples_are_read_whole(test_data: Path, name: str) -> None:
    path = test_data / "hsds" / "3.2.3" / "examples" / name
    read = reading(path)
    assert read.problems == []
    assert len(read.counts) == EXAMPLES[name]
    value = json.loads(path.read_text(encoding="utf-8"))
    values = Counter(_texts(value.get("contents", value)))
    found = Counter(
        str(text)
        for record in read.records
        for text in (*record.values.values(), *record.references.values(), record.id)
    )
    assert values.keys() <= found.keys()


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [str(value)]


def test_the_description_of_an_api_is_no_directory(test_data: Path) -> None:
    read = reading(test_data / "hsds" / "3.2.3" / "examples" / "base.json")
    assert (read.records, read.errors) == ([], ["api_description"])


def test_the_official_csv_package_is_read_whole(test_data: Path) -> None:
    read = reading(test_data / "hsds" / "3.2.3" / "examples" / "csv")
    assert read.counts == dict.fromkeys(TABLES, 1)
    assert read.problems == []
