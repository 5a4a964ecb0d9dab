"""What is written as HSDS is read back the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from referral_hub.formats.write_csv import write_package
from referral_hub.formats.write_json import write_json_list
from referral_hub.rules.hsds import TABLES
from tests.formats.reading import reading

SERVICE = {
    "id": "s1",
    "organization_id": "o1",
    "name": 'A "quoted", name',
    "description": "two\nlines — ñ",
    "status": "active",
    "minimum_age": 18.0,
    "maximum_age": None,
}


def test_a_written_package_is_read_back(tmp_path: Path) -> None:
    write_package(tmp_path, {"service": [SERVICE], "organization": [{"id": "o1", "name": "A"}]})
    read = reading(tmp_path)
    values = {**read.one("service").values, **read.one("service").references}
    assert values == {
        "organization_id": "o1",
        "name": 'A "quoted", name',
        "description": "two\nlines — ñ",
        "status": "active",
        "minimum_age": "18",
    }
    assert read.problems == []


def test_columns_stand_in_the_order_of_the_standard(tmp_path: Path) -> None:
    write_package(tmp_path, {"phone": []})
    header = (tmp_path / "phones.csv").read_text()
    assert header == ",".join(TABLES["phone"].field_names) + "\n"


def test_the_description_names_files_types_and_links_between_them(tmp_path: Path) -> None:
    write_package(tmp_path, {"service": [], "organization": []})
    resources = json.loads((tmp_path / "datapackage.json").read_text())["resources"]
    service = next(resource for resource in resources if resource["name"] == "service")
    fields = {field["name"]: field for field in service["schema"]["fields"]}
    assert service["path"] == "services.csv"
    assert fields["minimum_age"] == {"name": "minimum_age", "type": "number"}
    assert "active" in fields["status"]["constraints"]["enum"]
    assert service["schema"]["foreignKeys"] == [
        {"fields": "organization_id", "reference": {"resource": "organization", "fields": "id"}}
    ]


def test_rows_are_written_as_they_come(tmp_path: Path) -> None:
    def rows() -> Iterator[dict[str, object]]:
        for number in range(3):
            yield {"id": str(number)}
            written.append(number)

    written: list[int] = []
    write_package(tmp_path, {"unit": rows()})
    assert written == [0, 1, 2]


@pytest.mark.parametrize("rows", [{"service": [{"colour": "red"}]}, {"staff": []}])
def test_what_the_standard_does_not_know_is_refused(
    tmp_path: Path, rows: dict[str, list[dict[str, object]]]
) -> None:
    with pytest.raises(ValueError, match=r"colour|staff"):
        write_package(tmp_path, rows)


@pytest.mark.parametrize("records", [[], [{"id": "1", "name": "Ñ"}, {"id": "2", "n": [1, None]}]])
def test_a_list_is_written_as_json(tmp_path: Path, records: list[dict[str, object]]) -> None:
    path = tmp_path / "a.json"
    write_json_list(path, iter(records))
    assert json.loads(path.read_text(encoding="utf-8")) == records
