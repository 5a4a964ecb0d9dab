"""Which format an input is in, and what is said when it is none."""

import json
from pathlib import Path

import pytest

from referral_hub.formats.detect import Format, detect_format
from referral_hub.formats.errors import BadMapping, UnknownFormat
from tests.formats.reading import reading


def detected(folder: Path, **files: str) -> Format:
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return detect_format(folder)


@pytest.mark.parametrize("text", ['{"id": 1}', "  [1]", '\ufeff{"id": 1}'])
def test_json_is_known_by_how_it_begins(tmp_path: Path, text: str) -> None:
    path = tmp_path / "no-ending"
    path.write_text(text, encoding="utf-8")
    assert detect_format(path) is Format.HSDS_JSON


def test_hsds_tables_are_known_by_name_and_columns(tmp_path: Path) -> None:
    assert detected(tmp_path, services__csv="id,organization_id,name\n") is Format.HSDS_CSV


def test_tables_of_older_versions_are_hsds_too(tmp_path: Path) -> None:
    text = "id,service_id,weekday,opens_at,closes_at\n"
    assert detected(tmp_path, regular_schedules__csv=text) is Format.HSDS_CSV


def test_ohana_is_known_by_columns_of_its_own(tmp_path: Path) -> None:
    services = "id,location_id,name,keywords,audience\n"
    assert detected(tmp_path, services__csv=services) is Format.OHANA_CSV


def test_a_list_of_sites_is_flat_even_when_it_is_called_services(tmp_path: Path) -> None:
    text = "name,address,city,phone\n"
    assert detected(tmp_path, services__csv=text) is Format.FLAT_CSV


def test_a_folder_of_json_files_is_json(tmp_path: Path) -> None:
    assert detected(tmp_path, a__json="[]", b__json="[]") is Format.HSDS_JSON


def test_a_list_of_names_alone_is_no_list_of_sites(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="has the columns id, title, parent"):
        detected(tmp_path, terms__csv="id,title,parent\n1,Food,\n")


@pytest.mark.parametrize(
    ("text", "seen"), [("", "is empty"), ("<x/>", "is XML"), ("lorem ipsum", "lorem ipsum")]
)
def test_what_was_seen_and_what_is_understood_is_said(tmp_path: Path, text: str, seen: str) -> None:
    path = tmp_path / "data.bin"
    path.write_text(text)
    with pytest.raises(UnknownFormat, match=f"{seen}.*Understood are"):
        detect_format(path)


def test_a_description_without_data_is_no_directory(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"datapackage\.json"):
        detected(tmp_path, datapackage__json=json.dumps({"resources": []}))


def test_columns_are_mapped_for_a_flat_csv_only(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[]")
    with pytest.raises(BadMapping):
        reading(path, Format.HSDS_JSON, {"name": "x"})
