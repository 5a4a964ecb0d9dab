"""Misnamed keys of real feeds are understood, and said once."""

import pytest

from referral_hub.formats.json_names import ALIASES, NESTED
from referral_hub.formats.mapping import FIELDS
from tests.formats.conftest import ReadFiles, ReadJson

PLACE = {"id": "l1", "location_type": "physical", "name": "Hall"}
ADDRESS = {"id": "a1", "address_1": "1 Main St", "city": "Chicago"}


def place(**more: object) -> dict[str, object]:
    return PLACE | more


@pytest.mark.parametrize("key", ["addresses", "addresss", "address"])
def test_addresses_are_read_under_their_misspellings(read_json: ReadJson, key: str) -> None:
    read = read_json(place(**{key: [ADDRESS]}))
    assert read.one("address").references == {"location_id": "l1"}
    assert read.one("address").origin.path == f"{key}[0]"


def test_one_record_counts_as_a_list_of_one(read_json: ReadJson) -> None:
    assert read_json(place(address=ADDRESS)).one("address").values["city"] == "Chicago"


def test_address_fields_on_the_place_itself_become_its_address(read_json: ReadJson) -> None:
    read = read_json(place(address_1="1 Main St", city="Chicago", country="US"))
    assert read.one("address").values == {
        "address_1": "1 Main St",
        "city": "Chicago",
        "country": "US",
        "address_type": "physical",
    }


def test_address_fields_beside_an_address_say_nothing_new(read_json: ReadJson) -> None:
    assert len(read_json(place(addresses=[ADDRESS], city="Chicago")).all("address")) == 1


def test_an_alias_is_said_once_a_file_with_its_count(read_files: ReadFiles) -> None:
    line = '{"id": "%s", "name": "%s", "website": "x", "fundings": [{"source": "City"}]}\n'
    read = read_files({"a.jsonl": line % (1, "A") + line % (2, "B"), "b.jsonl": line % (3, "C")})
    notices = [problem for problem in read.problems if problem.code == "known_alias"]
    assert [(notice.origin.file, notice.field) for notice in notices] == [
        ("a.jsonl", "fundings"),
        ("b.jsonl", "fundings"),
    ]
    assert "(2 times)" in notices[0].reason


def test_unknown_keys_are_allowed_and_said_once_with_their_count(read_json: ReadJson) -> None:
    read = read_json([place(id="1", colour="red"), place(id="2", colour="blue", size=[])])
    assert read.problem("unknown_field").field == "colour"
    assert "(2 times)" in read.problem("unknown_field").reason


def test_a_taxonomy_in_place_of_its_name_is_read(read_json: ReadJson) -> None:
    term = {"id": "t1", "code": "f", "name": "Food", "taxonomy": {"id": "x1", "name": "Needs"}}
    read = read_json(term)
    assert read.one("taxonomy_term").references == {"taxonomy_id": "x1"}


def test_the_name_of_a_taxonomy_stays_text(read_json: ReadJson) -> None:
    read = read_json({"id": "t1", "code": "f", "name": "Food", "taxonomy": "Needs"})
    assert read.one("taxonomy_term").values["taxonomy"] == "Needs"


def test_plain_text_is_read_as_the_record_that_is_meant(read_json: ReadJson) -> None:
    read = read_json(place(phone="312-555-0100", languages=["Spanish", "Polish"]))
    assert read.one("phone").values == {"number": "312-555-0100"}
    assert [record.values["name"] for record in read.all("language")] == ["Spanish", "Polish"]


def test_the_first_of_several_programs_is_kept_with_a_warning(read_json: ReadJson) -> None:
    service = {"id": "s1", "name": "S", "status": "active", "programs": [{"id": 1}, {"id": 2}]}
    read = read_json(service)
    assert read.one("service").references == {"program_id": "1"}
    assert read.codes["one_expected"] == 1


def test_the_standard_name_wins_over_its_alias(read_json: ReadJson) -> None:
    read = read_json({"id": "o1", "name": "A", "website": "good", "url": "other"})
    assert read.one("organization").values["website"] == "good"


def test_every_alias_means_a_key_of_the_standard() -> None:
    for table, aliases in ALIASES.items():
        for key, alias in aliases.items():
            assert alias.key in FIELDS[table] | NESTED[table].keys()
            assert key not in FIELDS[table] | NESTED[table].keys()
